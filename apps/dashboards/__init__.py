"""Pages that show the whole at a glance."""
