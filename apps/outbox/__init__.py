"""Mail that is to be sent: the table is the truth, the broker only a bell."""
