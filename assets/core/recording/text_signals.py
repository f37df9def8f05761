"""What the words of each narrative show: the method is assets/methods/text_signals.py."""

from __future__ import annotations

import polars as pl

from assets.methods import text_signals as method


def text_signals(core_narratives: pl.DataFrame, reference_text_lexicon: pl.DataFrame) -> pl.DataFrame:
    """One row per narrative with its signals and the phrases that gave them."""
    return method.text_signals(core_narratives, reference_text_lexicon)
