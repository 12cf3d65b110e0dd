"""The pages on which a year is scored and a person's work is handed over; a module per page."""
