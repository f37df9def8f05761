"""Drafts that a force completes and signs.

They cover data protection, transparency, equality, quality and accessibility. The product's own statements come from
the copy and the settings. Statements that only the force can make are left open and marked.
"""
