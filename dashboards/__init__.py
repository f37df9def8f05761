"""WHO: the dashboards. They read the published copy of one audience and nothing else."""
