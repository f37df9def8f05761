"""Pages of the command audience, one file a page."""
