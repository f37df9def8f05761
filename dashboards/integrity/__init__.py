"""Pages of the integrity audience, one file a page."""
