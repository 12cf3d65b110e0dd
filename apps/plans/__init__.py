"""Projects, their money, and what they promise for a year."""
