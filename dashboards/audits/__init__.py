"""Audits: what the pages calculate, hand out and take back."""
