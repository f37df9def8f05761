"""Work in parts: what an engine with many machines offers to a method.

The rows are cut into parts, each is given to the work on some machine, and the results come back together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import pyarrow as pa

KEY = "spread_by"  # column of a part: the number of the key by which a row is there
Work = Callable[[pa.Table], pa.Table]


class Spread(Protocol):
    """Gives rows to work in parts, and returns what it makes of them, in any order."""

    def __call__(
        self, rows: pa.Table, keys: tuple[str, ...], parts: int, work: Work, columns: pa.Schema
    ) -> pa.Table:
        """What `work` makes of about `parts` parts, with these columns.

        `keys` are columns of whole numbers. A row is there once for each of them that is not null. Rows that have the
        same number in a key are in one part. The work gets all other columns, and KEY. It must be a function of a
        module, or a partial of one.
        """
