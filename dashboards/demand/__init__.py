"""Demand ahead: what is forecast, how far that is to be believed, and what is not forecast and why."""
