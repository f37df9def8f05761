# /// card
# description = """All settings as one row: one column for each key of reference.settings, with _ for its dot. A \
#     misspelt key names no column, and a missing key stops the build."""
# grain = []
# audience = []
# caveats = ["reference.settings has the meaning, unit and authority of each number."]
# [columns]
# "*" = "reference.settings"
# ///

"""The settings as one row, so that SQL uses them as columns."""

from __future__ import annotations

import polars as pl


def settings(reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row with a column for each key."""
    held = reference_settings.select("key", "value").iter_rows()
    return pl.DataFrame([{key.replace(".", "_"): value for key, value in held}])
