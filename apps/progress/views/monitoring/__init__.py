"""The monitoring of plans: the list of a year, the officer's rounds, and the page on which one plan is filled in and passed."""
