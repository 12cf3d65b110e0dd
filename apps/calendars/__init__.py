"""Which days are worked, holidays and make-up days included."""
