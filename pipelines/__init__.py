"""When and how: the only room that knows Dagster."""

import os

# Before NumPy is imported. Its matrices are small here; threads that wait for each other only cost time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
