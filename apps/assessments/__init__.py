"""A year, scored and sealed."""
