"""The pages on which figures are filled in and reviewed; a module per page."""
