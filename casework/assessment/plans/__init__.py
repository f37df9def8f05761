"""A force's published action plan as entries of the register of inspection recommendations."""
