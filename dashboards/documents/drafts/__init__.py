"""Drafts that a force completes and signs: data protection, transparency, equality, quality and accessibility. What the
product can say of itself comes from the copy and the settings; what only the force can say is left open, and marked."""
