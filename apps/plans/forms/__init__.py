"""What people type about plans, as clean values; a module per page."""
