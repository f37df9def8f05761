"""What the product holds: one file, one table. The sub-folder is the DuckDB schema.

`methods/` (pure statistics) and `readers/` (how a delivered file becomes rows) are not schemas.
"""
