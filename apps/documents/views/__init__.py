"""Official forms as downloads, and the pages on which they are taken in."""
