"""What people decide: the only data made here. SQLite by default, PostgreSQL by URL; imports nothing of ours."""
