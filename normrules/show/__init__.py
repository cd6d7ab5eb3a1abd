"""The faces of an answer: terminal, JSON, Markdown, CSV, HTML."""
