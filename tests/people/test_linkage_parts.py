"""Pairs scored in parts, as a cluster does: each is found once, and weighs what it weighs among all records."""

from collections.abc import Iterator

import other_people
import polars as pl
import pyarrow as pa
import pytest

from assets.methods.linkage import parts as linkage_parts
from assets.methods.linkage.levels import BLOCKING
from assets.methods.linkage.parts import PartFailed, score_part
from assets.methods.linkage.process import PAIR, Limits, Linked, link, variants_of
from assets.methods.spread import KEY, Work
from assets.reference import list_path

FORMS = pl.read_csv(list_path("forename_variants")).select("full_name", "variant")
VARIANTS = variants_of(FORMS.iter_rows())
LIMITS = Limits(2.5, -4.0)
MOST = 1e9


class Parts:
    """Cuts rows into parts as an engine does, in this process, and counts them."""

    def __init__(self, most: int = 10**9) -> None:
        self.rows: list[int] = []
        self._most = most

    def __call__(
        self, rows: pa.Table, keys: tuple[str, ...], parts: int, work: Work, columns: pa.Schema
    ) -> pa.Table:
        made = [work(part) for part in self._cut(rows, keys, min(parts, self._most))]
        return pa.concat_tables([columns.empty_table(), *made])

    def _cut(self, rows: pa.Table, keys: tuple[str, ...], parts: int) -> Iterator[pa.Table]:
        frame = pl.DataFrame(rows)
        placed = pl.concat(
            frame.drop_nulls(key).select(
                pl.exclude(keys), pl.lit(number).alias(KEY), place=pl.col(key) % parts
            ) for number, key in enumerate(keys)
        )  # fmt: skip
        for part in placed.partition_by("place", include_key=False):
            self.rows.append(part.height)
            yield part.to_arrow(compat_level=pl.CompatLevel.oldest())


@pytest.fixture(scope="module")
def names() -> pl.DataFrame:
    return other_people.make(500, 5, "heavy")[0]


@pytest.fixture(scope="module")
def together(names: pl.DataFrame) -> Linked:
    return link(names, VARIANTS, LIMITS, MOST)


@pytest.mark.parametrize("rows_of_a_part", [10**9, 900])
def test_pairs_of_parts_are_those_of_all_records(
    names: pl.DataFrame, together: Linked, rows_of_a_part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One part for all, and some: a pair that several rules find is there once, and no weight differs in a bit."""
    monkeypatch.setattr(linkage_parts, "PART_ROWS", rows_of_a_part)
    spread = Parts()
    apart = link(names, VARIANTS, LIMITS, MOST, spread=spread)
    assert (len(spread.rows) == 1) == (rows_of_a_part == 10**9)
    assert apart.pairs.sort(PAIR).equals(together.pairs.sort(PAIR)) and together.pairs.height > 100
    assert apart.people.equals(together.people)


def test_many_pairs_of_a_part_are_scored_some_at_a_time(
    names: pl.DataFrame, together: Linked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkage_parts, "PART_PAIRS", 100)
    spread = Parts(most=1)
    apart = link(names, VARIANTS, LIMITS, MOST, spread=spread)
    assert len(spread.rows) == 1 and apart.pairs.sort(PAIR).equals(together.pairs.sort(PAIR))


def test_a_part_that_fails_quotes_no_name(together: Linked) -> None:
    """What a worker says of a fault is in its log, in clear."""
    broken = pl.DataFrame({"person_key": ["K1"], "forename": ["Canary"], KEY: [0]}).to_arrow()
    with pytest.raises(PartFailed, match="scoring a part stopped with BinderException") as failed:
        score_part(broken, together.model, 0.0)
    assert "Canary" not in str(failed.value) and failed.value.__cause__ is None
    assert failed.value.__suppress_context__


def test_records_that_share_no_block_have_no_pair(together: Linked) -> None:
    record = together.records.head(1).with_columns(
        pl.lit(0.5).alias(f"share_of_{term}") for term in linkage_parts.TERMS
    )
    part = record.with_columns(pl.lit(len(BLOCKING) - 1).alias(KEY)).to_arrow()
    found = score_part(part, together.model, 0.0)
    assert found.num_rows == 0 and found.schema == linkage_parts.SCORED
