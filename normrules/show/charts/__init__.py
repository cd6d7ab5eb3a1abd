"""Pictures of comparisons, drawn here as SVG or PNG. They need the extra `charts`."""
