"""Pages of the commissioning audience, one file a page."""
