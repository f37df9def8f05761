"""Small-number suppression: the counts and shares that command may see.

Also the words for those that it may not see. Pages, downloads and documents all use this rule (assessment-method 6.5).
dashboards/data/settings.py reads its limits. Disclosure control for commissioning does not belong here: it is applied
before publication (metrics.released_figures).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from dashboards.text import numbers

TOO_FEW = "too few for a share"


@dataclass(frozen=True)
class SmallNumbers:
    """The small-number rule.

    Counts from 1 to below `smallest_shown` are suppressed. A share needs a total of at least `fewest_in_share`.
    """

    smallest_shown: int
    fewest_in_share: int

    @property
    def few(self) -> str:
        """The words for a suppressed count: fewer than 5."""
        return f"fewer than {self.smallest_shown}"

    @property
    def too_few_cases(self) -> str:
        """The words for a share that is not given: fewer than 30 cases."""
        return f"fewer than {self.fewest_in_share} cases"

    @property
    def small_counts(self) -> str:
        """The counts that are suppressed: 1 to 4."""
        return f"1 to {self.smallest_shown - 1}"

    def is_small(self, count: float) -> bool:
        """Whether a count has to be suppressed. Zero is shown."""
        return 0 < count < self.smallest_shown

    def reveals_small(self, count: float, total: float) -> bool:
        """Whether a part of a known total is a small count, or leaves one."""
        return self.is_small(count) or self.is_small(total - count)

    def is_enough(self, total: float | None) -> bool:
        """Whether a total is enough for a share."""
        return total is not None and total >= self.fewest_in_share

    def may_show_share(self, count: float, total: float) -> bool:
        """Whether the total is enough for a share of `count` in it, and the share reveals no small count."""
        return total > 0 and self.is_enough(total) and not self.reveals_small(count, total)

    def suppress_count(self, count: float | None) -> str:
        """A count in words: 1,200; fewer than 5; no figure if null."""
        if count is None:
            return numbers.NO_VALUE
        return self.few if self.is_small(count) else numbers.number(count)

    def suppress_count_or_none(self, count: int) -> str:
        """A count inside a sentence, where zero is "none"."""
        return self.suppress_count(count) if count else "none"

    def suppress_part(self, count: int, total: int) -> str:
        """A part of a known total in words, revealing neither itself nor the rest.

        7 of 8 is "all but fewer than 5".
        """
        is_all_but_few = count >= self.smallest_shown and self.is_small(total - count)
        return f"all but {self.few}" if is_all_but_few else self.suppress_count(count)

    def suppress_share(self, count: int, total: int) -> str:
        """A share with its interval; words if the total is too small, or it would reveal a small count."""
        return numbers.share_of(count, total) if self.may_show_share(count, total) else TOO_FEW

    def find_small(self, count: pl.Expr) -> pl.Expr:
        """is_small of a column; null where the count is null."""
        return (count > 0) & (count < self.smallest_shown)

    def find_revealing(self, count: pl.Expr, total: pl.Expr) -> pl.Expr:
        """Rows where the share of `count` in `total` would reveal a small count.

        Checks both the part and the rest.
        """
        return self.find_small(count) | self.find_small(total - count)

    def find_shown(self, count: pl.Expr, total: pl.Expr) -> pl.Expr:
        """may_show_share of two columns."""
        return (total > 0) & (total >= self.fewest_in_share) & ~self.find_revealing(count, total)

    def leave_out_shares(self, frame: pl.DataFrame, total: str, shares: Iterable[str]) -> pl.DataFrame:
        """The frame without those shares, and their limits, whose total is not enough for one."""
        enough = pl.col(total) >= self.fewest_in_share
        return frame.with_columns(pl.when(enough).then(pl.col(name)).alias(name) for name in shares)

    def suppress_columns(self, frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
        """The frame with its small counts in words.

        A column without small counts stays a column of numbers.
        """
        small = [name for name in columns if frame.select(self.find_small(pl.col(name)).any()).item()]
        return frame.with_columns(
            pl.col(name).map_elements(self.suppress_count, return_dtype=pl.String, skip_nulls=False) for name in small
        )

    def suppress_part_column(self, frame: pl.DataFrame, part: str, total: str) -> pl.DataFrame:
        """The same for a column that is a part of another: the rest may be small too."""
        counts = list(frame.select(part, total).iter_rows())
        if all(count is None or (of > 0 and not self.reveals_small(count, of)) for count, of in counts):
            return frame
        words = [numbers.NO_VALUE if count is None else self.suppress_part(count, of) for count, of in counts]
        return frame.with_columns(pl.Series(part, words, dtype=pl.String))

    def mark_hidden(self, parts: pl.DataFrame, *by: str) -> pl.DataFrame:
        """The parts of each whole, with `is_hidden`: small, or else another could be worked out from the whole.

        `by` names the columns by which wholes differ, such as the period. What is known of a whole is its count and, of
        a share, what is counted and what is not.
        """
        count, total = pl.col("numerator"), pl.col("denominator")
        is_small = self.find_small(count)
        marked = parts.with_columns(
            is_hidden=pl.when(total.is_null()).then(is_small).otherwise(is_small | ~self.find_shown(count, total))
        )
        # only where one part is hidden and another is not can the other have to be hidden with it
        some = pl.col("is_hidden").any().over(*by) & ~pl.col("is_hidden").all().over(*by)
        place = marked.select(*by, "numerator", "denominator", "is_hidden").with_row_index("place").filter(some)
        found = marked["is_hidden"].to_list()
        for _, of_whole in place.group_by(*by, maintain_order=True):
            hidden = self._hide_others(of_whole)
            for at, is_hidden in zip(of_whole["place"], hidden, strict=True):
                found[at] = is_hidden
        return marked.with_columns(is_hidden=pl.Series(found, dtype=pl.Boolean))

    def _hide_others(self, parts: pl.DataFrame) -> list[bool]:
        """is_hidden of the parts of one whole, so that no hidden part follows from the whole and the others."""
        counts, totals = parts["numerator"].to_list(), parts["denominator"].to_list()
        rests = [0 if of is None else of - count for count, of in zip(counts, totals, strict=True)]
        hidden, before = parts["is_hidden"].to_list(), list[bool]()
        while hidden != before:  # hiding one for what is counted may reveal one for what is not
            before = hidden
            hidden = self.suppress_others(rests, self.suppress_others(counts, hidden))
        return hidden

    def suppress_others(self, counts: Sequence[int], suppressed: Sequence[bool]) -> list[bool]:
        """Secondary suppression: which parts of a known total to suppress.

        Otherwise a suppressed part would be the total less the others.
        """
        # add the smallest other parts until even a reader who knows this rule cannot work out a small count
        found = list(suppressed)
        held = [count for count, is_out in zip(counts, found, strict=True) if is_out and count]
        small, total, parts = sum(map(self.is_small, held)), sum(held), len(held)
        for count, place in sorted((count, place) for place, count in enumerate(counts) if count and not found[place]):
            if not self._is_revealed(small, total, parts, count):
                break
            found[place] = True
            small, total, parts = small + self.is_small(count), total + count, parts + 1
        return found

    def _is_revealed(self, small: int, total: int, parts: int, most: int) -> bool:
        """Whether this number of small ones, among `parts` of `total`, can be worked out.

        Each other part is from smallest_shown to `most`.
        """
        least, greatest, joined = small, small * (self.smallest_shown - 1), parts - small
        low = max(least, total - joined * most)
        has_one_sum = low >= min(greatest, total - joined * self.smallest_shown)
        return self.is_small(total) or (least > 0 and has_one_sum and (least == 1 or low in (least, greatest)))
