"""People, the units they work in, their roles, and who stands in for whom."""
