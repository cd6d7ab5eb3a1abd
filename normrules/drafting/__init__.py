"""The drafter's bench: rulebook tests, and what they leave untested."""
