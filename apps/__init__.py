"""The floors of the house; imports go down the staircase only."""
