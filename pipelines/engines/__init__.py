"""The machines on which the SELECTs of tables can run, beside DuckDB."""
