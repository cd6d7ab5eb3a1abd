"""Programs and cases to evaluations: one meaning, several carriers."""
