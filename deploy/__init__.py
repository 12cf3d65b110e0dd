"""How an installation is made, started, tested and cleaned. No part of the application imports this."""
