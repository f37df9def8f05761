"""Review of links in words, rows and the waterfall: what is said of a pair, a run, a group; and what is never said."""

import csv
import io
from pathlib import Path

import invented_links as invented
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from assets.methods.agreement import cohens_kappa
from assets.methods.exact import chance_of_so_few
from casework.people import links
from casework.people.links import Pair
from casework.store.database import open_store
from dashboards.pages.people import links_text, weights_chart
from dashboards.parts.downloads import csv_bytes

REASON = {"same": "history_agrees", "different": "namesakes", "unsure": "not_enough"}


def row(n: int, **changed: object) -> dict[str, object]:
    return invented.person_pairs().filter(pl.col("person_key_l") == f"P{n:03d}").row(0, named=True) | changed


# the queue


def test_pairs_are_read_the_nearest_to_the_limit_first_and_overruled_ones_before_all() -> None:
    pairs = invented.person_pairs()
    assert [left for left, _ in links_text.nearest_first(pairs, invented.LIMIT)] == [f"P{n:03d}" for n in range(6)]
    overruled = pl.col("is_linked") ^ (pl.col("person_key_l") == "P004")
    first, *_ = links_text.nearest_first(pairs.with_columns(is_linked=overruled), invented.LIMIT)
    assert first == ("P004", "P504")
    assert links_text.nearest_first(pairs.with_columns(is_uncertain=False), invented.LIMIT) == []


# the weights


def test_the_bars_of_a_waterfall_join_and_end_at_the_match_weight() -> None:
    for n in range(6):
        pair = row(n)
        rows = weights_chart.evidence(pair)
        assert rows.height == len(invented.FIELDS) + 2
        assert rows["weight"][0] == pytest.approx(invented.START)
        assert rows["total"][-2] == pytest.approx(rows["total"][-1]) == pytest.approx(pair["match_weight"])
        figure = weights_chart.waterfall(rows, invented.LIMIT)
        ends = {y: base + x for bar in figure.data for y, x, base in zip(bar.y, bar.x, bar.base)}
        starts = {y: base for bar in figure.data for y, base in zip(bar.y, bar.base)}
        bars = len(ends)
        assert bars == rows.filter(pl.col("says") != "no effect").height
        assert [starts[i] for i in range(1, bars - 1)] == pytest.approx([ends[i] for i in range(bars - 2)], abs=0.2)
        assert ends[bars - 1] == pytest.approx(pair["match_weight"])
        labels = [a.text for a in figure.layout.annotations]
        assert any(label.endswith(f"<b>{weights_chart.bits(pair['match_weight'])}</b>") for label in labels)


def test_colour_is_never_alone_and_the_words_say_what_the_bars_show() -> None:
    rows = weights_chart.evidence(row(1))
    figure = weights_chart.waterfall(rows, invented.LIMIT)
    patterns = {bar.name: bar.marker.pattern.shape for bar in figure.data}
    assert patterns["supports one person"] != patterns["supports two people"]
    words = weights_chart.in_words(rows, invented.LIMIT)
    assert "Date of birth, a generation apart: −5.8" in words and "linked at +1.5 or more" in words
    assert "Middle name" not in words  # missing: it says nothing


@pytest.mark.parametrize(
    ("n", "changed", "words"),
    [
        (0, {}, "The model links the two records: +1.6 bits, limit +1.5"),
        (3, {}, "The model keeps the two records apart: +0.5 bits, limit +1.5"),
        (1, {}, "The model keeps the two records apart regardless of the weight: birth dates a generation apart"),
        (0, {"is_linked": False}, "keeps the two records apart because of the rest of their records"),
        (0, {"is_linked": False, "is_decided": True}, "The build keeps the two records apart, as the readers decided"),
    ],
)
def test_what_the_model_makes_of_a_pair(n: int, changed: dict[str, object], words: str) -> None:
    assert words in weights_chart.finding(row(n, **changed), invented.LIMIT)
    assert "limit" not in weights_chart.finding(row(0), None)


@pytest.mark.parametrize(
    ("manner", "reason", "words"),
    [
        (
            "increment",
            "new or changed records",
            "The new and changed records were linked on 24 Nov 2026, 01:05 GMT: 4,804 records of 4,632 people; 2 rows",
        ),
        (
            "full",
            "full rebuild: the last was more than 35 days ago",
            "Every record was linked again on 24 Nov 2026, 01:05 GMT (the last was more than 35 days ago): 4,804",
        ),
        ("none", "no person_identity was delivered", "Records of people are not linked: no person_identity was"),
        ("refused", "no key", "24 Nov 2026, 01:05 GMT, was refused: no key. Earlier links still apply."),
    ],
)
def test_the_last_linkage_in_words(manner: str, reason: str, words: str) -> None:
    assert words in links_text.last_run(invented.linkage_runs(manner, reason).row(0, named=True))


# the last run


# quality


def test_a_group_that_is_linked_worse_is_named_whatever_kind_is_looked_at() -> None:
    words = links_text.worse_groups(invented.linkage_quality())
    assert "recall for “how common the name is: common”, 6 of 16 are linked by their weight (37.5%" in words
    assert "date of birth recorded: no" in words and "is: rare" not in words
    assert "8 comparisons with all other pairs" in words
    alike = invented.linkage_quality().filter(pl.col("stratum") != "common", pl.col("stratum") != "false")
    assert "No group is linked worse beyond chance" in links_text.worse_groups(alike)
    assert "cannot be compared" in links_text.worse_groups(invented.linkage_quality(0))


def test_a_single_pair_gone_wrong_is_chance() -> None:
    quality = invented.linkage_quality()
    counts = {"reviewed_pair_count": 1, "same_pair_count": 0, "linked_pair_count": 1, "right_pair_count": 0,
              "precision": 0.0, "precision_lower": 0.0, "precision_upper": 0.79}  # fmt: skip
    one = quality.filter(pl.col("stratum") == "all").with_columns(
        pl.lit("ethnicity_self_defined").alias("stratum_type"), *(pl.lit(v).alias(k) for k, v in counts.items())
    )
    both = pl.concat([quality.filter(pl.col("stratum") == "all"), one], how="vertical_relaxed")
    assert "No group is linked worse" in links_text.worse_groups(both)


@given(st.integers(1, 25), st.integers(0, 25), st.data())
def test_the_exact_test_is_that_of_scipy(of_all: int, right_all: int, data: st.DataObject) -> None:
    right_all = min(right_all, of_all)
    of = data.draw(st.integers(0, of_all))
    right = data.draw(st.integers(max(0, of - (of_all - right_all)), min(of, right_all)))
    rest = (right_all - right, (of_all - of) - (right_all - right))
    wanted = fisher_exact([[right, of - right], rest], alternative="less").pvalue
    assert chance_of_so_few(right, of, right_all, of_all) == pytest.approx(wanted, rel=1e-9)
    with pytest.raises(ValueError, match="no part of"):
        chance_of_so_few(right + 1, right, right_all, of_all)


def test_what_is_not_measured_is_said() -> None:
    whole = invented.linkage_quality(0).row(0, named=True)
    assert links_text.quality_finding(whole, "recall").startswith("Recall: not measured")
    assert links_text.kappa(cohens_kappa([])) == ("not measured", "no pair has been read by two people yet")
    assert links_text.kappa(cohens_kappa([("same", "same")]))[0] == "not defined"
    value, small = links_text.kappa(cohens_kappa([("same", "same"), ("different", "different"), ("same", "unsure")]))
    assert value == "0.50"
    assert small == "95% interval -0.36 to 0.99; 3 pairs read blind by two, same answer on 2 (66.7%)"
    many = [("same", "same"), ("different", "different"), ("same", "different")] * 12
    assert links_text.kappa(cohens_kappa(many))[1].startswith("95% interval 0.")


# what is taken away


def test_the_export_holds_keys_and_codes_and_neither_names_nor_readers(tmp_path: Path) -> None:
    engine = open_store(tmp_path)
    pairs: list[Pair] = [("P000", "P500"), ("P001", "P501"), ("P002", "P502"), ("P003", "P503"), ("gone-1", "gone-2")]
    said: list[tuple[str, ...]] = [("same", "same"), ("same", "different", "different"), ("same", "different")]
    said += [("same",), ("unsure", "unsure")]
    for pair, verdicts in zip(pairs, said):
        for who, role, verdict in zip(("Reader Ann", "Reader Ben", "Reader Cat"), links.LINK_ROLES, verdicts):
            links.decide(engine, who, role, pair, verdict, REASON[verdict])
    rows = links_text.decided(links.everything(engine), invented.person_pairs(is_decided=True))
    by_key = {r["person_key_l"]: r for r in rows.to_dicts()}
    assert set(by_key) == {"P000", "P001", "gone-1"}  # a pair in dispute or half read would tell the other reader
    assert by_key["P000"]["effect"] == "the build has applied it"
    assert by_key["P001"]["effect"] == "the build has applied it" and by_key["P001"]["third"] == "Two people"
    assert by_key["gone-1"]["effect"] == links_text.UNTOLD and by_key["gone-1"]["match_weight"] is None
    before = links_text.decided(links.everything(engine), invented.person_pairs())
    assert set(before["effect"]) == {*links_text.OBEYED.values(), links_text.UNTOLD}
    text = csv_bytes(rows, {c: c for c in rows.columns}).decode("utf-8-sig")
    assert "reader" not in text.lower()
    known = {
        *links_text.VERDICTS.values(),
        *links_text.REASONS.values(),
        *links_text.OBEYED.values(),
        links_text.UNTOLD,
        "the build has applied it",
        "not asked",
        "True",
        "False",
        "",
    }
    keys = {key for pair in pairs for key in pair}
    for line in csv.DictReader(io.StringIO(text)):
        for column, cell in line.items():
            is_number = column in ("decided_at", "match_weight") and not any(c.isalpha() for c in cell)
            assert cell in known | keys or is_number, (column, cell)
