"""Numbers from numbers: any figure on any screen, mail or export is worked out here, without clock, row or request."""
