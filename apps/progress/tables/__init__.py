"""Lists of progress; a module per list."""
