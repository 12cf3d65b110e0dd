"""Long work that people wait for, with its progress."""
