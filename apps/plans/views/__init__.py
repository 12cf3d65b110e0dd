"""The pages on which plans are drafted, checked, passed on and listed; a module per page."""
