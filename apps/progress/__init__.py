"""What was really done: rounds, entries, their review, and where each indicator stands."""
