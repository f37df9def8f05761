"""A reader of rows that a test gives, without a published copy."""

import polars as pl

from dashboards.data.register import Reader
from dashboards.text.small_numbers import SmallNumbers


class GivenRows(Reader):
    """The rows of each table as given; a table that is not given is in no copy."""

    def __init__(self, rule: SmallNumbers, **frames: pl.DataFrame) -> None:
        self.rule, self._frames, self._found, self._whole = rule, {}, {}, set()
        for name, frame in frames.items():
            self.hold(name.replace("__", ".", 1), frame)
