"""The page of the scrutiny panel: drawing its sample, its pack, its findings and what is done about them."""
