"""How fast it is, as ratios measured in one run: machines differ, so a figure alone says little."""
