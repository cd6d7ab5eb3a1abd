"""Text to rulebooks, cases and programs, and back."""
