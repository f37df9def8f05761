"""Casework: the decisions that people record, in SQLite by default or PostgreSQL by URL; imports nothing of ours."""
