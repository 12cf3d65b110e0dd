"""Official forms, in and out."""
