"""The commands, a file for each. Nothing heavy is imported before a command runs."""
