"""What happened: one append-only, hash-chained event for every change."""
