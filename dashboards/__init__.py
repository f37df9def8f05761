"""WHO: the dashboards. They read one audience's published copy and nothing else."""
