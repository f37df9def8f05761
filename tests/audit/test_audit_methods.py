"""Sample sizes, draw, agreement and estimates of an audit, against recording-standards 5.1 and by hand."""

import hashlib
import math
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from assets.methods.agreement import cohens_kappa
from assets.methods.audit_estimates import METHOD, Estimate, Report, ratio_of_totals, unrecorded
from assets.methods.audit_sample import (
    Unit,
    draw,
    frame_hash,
    margin_achieved,
    sample_size,
    second_raters_share,
)
from assets.methods.intervals import wilson_interval
from benchmarks import audit_coverage
from casework.audit.ratings import JUDGED
from casework.audit.results import final_rating
from dashboards.data.audit import estimates
from dashboards.text import numbers

ORACLES = Path(__file__).parents[1] / "oracles"
TABLE = [  # recording-standards 5.1: expected share, margin, n for frames of 500, 2,000 and 10,000
    (0.90, 0.05, (109, 130, 137)),
    (0.90, 0.03, (218, 323, 370)),
    (0.80, 0.05, (166, 220, 240)),
    (0.95, 0.03, (145, 185, 199)),
    (0.95, 0.02, (239, 372, 437)),
]
UNITS: list[Unit] = [("crime", f"C{n}") for n in range(1, 41)]


@pytest.mark.parametrize(("share", "margin", "sizes"), TABLE)
def test_sample_sizes_are_those_of_the_published_table(share: float, margin: float, sizes: tuple[int, ...]) -> None:
    assert tuple(sample_size(n, share, margin) for n in (500, 2_000, 10_000)) == sizes


def test_a_rating_counts_once_every_rating_that_is_due_is_there_and_they_agree() -> None:
    first: dict[str, object] = dict.fromkeys(JUDGED, "pass") | {"result": "pass"}
    drawn, other = {"is_second_random": True}, {"is_second_random": False}
    assert final_rating(drawn, {}) is final_rating(drawn, {"first": first}) is None
    assert final_rating(other, {"first": first}) is first
    assert final_rating(other, {"first": first | {"result": "unsure"}}) is None
    assert final_rating(drawn, {"first": first, "second": first}) is first
    assert final_rating(drawn, {"first": first, "second": first | {JUDGED[0]: "fail"}}) is None


@settings(deadline=None)
@given(st.integers(1, 10**6), st.floats(0.05, 0.95), st.floats(0.01, 0.2))
def test_the_size_asked_for_gives_the_margin_asked_for(population: int, share: float, margin: float) -> None:
    size = sample_size(population, share, margin)
    assert 1 <= size <= population
    # the table's formula is a hair above the exact one, whose margin it meets within 0.2 points
    assert margin_achieved(population, size, share) <= margin + 0.002
    assert size == 1 or sample_size(population, share, margin * 1.5) <= size


@pytest.mark.parametrize(("population", "share", "margin"), [(0, 0.9, 0.05), (10, 0, 0.05), (10, 0.9, 0), (10, 1, 0.1)])
def test_a_size_that_cannot_be_is_refused(population: int, share: float, margin: float) -> None:
    with pytest.raises(ValueError, match="no sample size"):
        sample_size(population, share, margin)


def test_a_whole_frame_has_no_margin() -> None:
    assert margin_achieved(50, 50, 0.9) == 0
    with pytest.raises(ValueError, match="no margin"):
        margin_achieved(50, 51, 0.9)


def test_the_draw_is_repeated_from_seed_and_frame_hash_by_another_hand() -> None:
    marked = frame_hash(("A", unit) for unit in UNITS)
    lines = "".join(sorted(f"A|crime:C{n}\n" for n in range(1, 41)))
    assert marked == hashlib.sha256(lines.encode()).hexdigest()
    by_hand = sorted(UNITS, key=lambda u: hashlib.sha256(f"7|{marked}|crime:{u[1]}".encode()).hexdigest())[:10]
    assert draw(UNITS, 10, 7, marked) == by_hand == draw(list(reversed(UNITS)), 10, 7, marked)
    assert draw(UNITS, 10, 8, marked) != by_hand
    assert draw(UNITS, 20, 7, marked)[:10] == by_hand  # a larger sample only adds


def test_this_draw_never_changes() -> None:
    """Written down once: a change of it would make every earlier audit unrepeatable."""
    assert [ref for _, ref in draw(UNITS, 3, 20_260_331, "f" * 64)] == WRITTEN_DOWN


WRITTEN_DOWN = ["C32", "C29", "C17"]


def test_the_hash_of_a_frame_moves_with_any_unit_and_not_with_the_order() -> None:
    frame = [("A", u) for u in UNITS]
    assert frame_hash(frame) == frame_hash(reversed(frame))
    assert frame_hash(frame) != frame_hash(frame[1:])
    assert frame_hash(frame) != frame_hash([("B", UNITS[0]), *frame[1:]])


def test_every_unit_is_drawn_about_equally_often() -> None:
    counts = dict.fromkeys(UNITS, 0)
    for seed in range(2000):
        for unit in draw(UNITS, 10, seed, "h"):
            counts[unit] += 1
    spread = math.sqrt(2000 * 0.25 * 0.75)
    assert all(abs(n - 500) < 4.5 * spread for n in counts.values())


def test_a_fifth_rounded_up_is_rated_twice() -> None:
    chosen = second_raters_share(UNITS[:11], 7, "h")
    assert len(chosen) == 3 and set(chosen) <= set(UNITS)
    assert chosen == second_raters_share(list(reversed(UNITS[:11])), 7, "h")


def test_more_than_there_is_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw(UNITS, 41, 1, "h")


# estimates


def rated(*strata: tuple[int, int, int]) -> list[Report]:
    """Units of strata, each as (population, rated, passed)."""
    return [Report(str(n), size / of, i < k, 1) for n, (size, of, k) in enumerate(strata) for i in range(of)]


def test_the_stratified_estimate_equals_the_reference() -> None:
    given_ = pl.read_csv(ORACLES / "audit_1_input.csv").select("N", "n", "k").rows()
    expected = pl.read_csv(ORACLES / "audit_1_expected.csv").row(0, named=True)
    found = ratio_of_totals(rated(*given_))
    assert found.value == pytest.approx(expected["estimate"], rel=1e-6)
    # the normal limits of the reference are a little too narrow
    assert found.lower is not None and expected["lower"] - 0.03 < found.lower < expected["lower"]
    assert found.upper is not None and expected["upper"] - 0.01 < found.upper < expected["upper"] + 0.02


def test_a_census_has_no_sampling_error() -> None:
    assert ratio_of_totals(rated((10, 10, 4))) == Estimate(0.4, 0.4, 0.4, METHOD)


def test_one_failure_does_not_vanish_beside_a_large_stratum_that_passed_whole() -> None:
    """40 of 41: 5 of 6 of a small stratum, 35 of 35 of a large one. The bootstrap gave 99.9% to 100.0%."""
    found = ratio_of_totals(rated((12, 6, 5), (2_170, 35, 35)))
    assert found.lower is not None and 0.88 < found.lower < 0.92
    # one of the 2,182 of the frame is known to have failed
    assert found.upper == pytest.approx(1 - 1 / 2_182)
    assert numbers.share(found.value) == "99.9%"
    assert numbers.limits(found.lower, found.upper).endswith("to 99.95%")


def test_the_ratio_of_totals_counts_crimes_not_reports() -> None:
    reports = [Report("E", 9, 1, 1)] * 6 + [Report("E", 9, 0, 4)] * 2 + [Report("E", 9, 2, 2)] * 4
    found = ratio_of_totals(reports)
    assert found.value == pytest.approx(14 / 22)
    assert found.lower is not None and found.upper is not None
    assert found.lower < found.value < found.upper
    naive = wilson_interval(14, 22)
    assert found.upper - found.lower > naive[1] - naive[0]  # crimes of one report are not independent


def test_weights_bring_strata_back_to_their_volume() -> None:
    reports = [Report("E", 10, 0, 1)] * 5 + [Report("H", 90, 1, 1)] * 5
    assert ratio_of_totals(reports).value == pytest.approx(0.9)


def test_reports_that_are_all_alike_do_not_feign_certainty() -> None:
    """Twelve reports of which none passed: the limits of Clopper and Pearson for twelve, a little wider."""
    found = ratio_of_totals([Report("E", 1e9, 0, 2)] * 12)
    assert found.lower == 0 and found.upper is not None
    assert 1 - 0.025 ** (1 / 12) < found.upper < 1 - 0.025 ** (1 / 10)
    with pytest.raises(ValueError, match="anything to judge"):
        ratio_of_totals([Report("E", 1, 0, 0)])


def test_one_stratum_of_many_units_has_the_limits_of_clopper_and_pearson() -> None:
    found = ratio_of_totals(rated((10**7, 2_000, 1_900)))
    low, high = proportion_confint(1_900, 2_000, method="beta")
    assert (found.lower, found.upper) == (pytest.approx(low, abs=2e-4), pytest.approx(high, abs=2e-4))


STRATA = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 400), st.integers(0, 40)).map(
        lambda s: (s[0] + s[1], s[0], min(s[0], s[2]))
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(deadline=None)
@given(STRATA)
def test_limits_hold_the_share_and_contradict_nothing_that_was_seen(strata: list[tuple[int, int, int]]) -> None:
    """Of (population, rated, passed): never all while one failed, never none while one passed."""
    found = ratio_of_totals(rated(*strata))
    frame, drawn, passed = (sum(of) for of in zip(*strata, strict=True))
    assert found.lower is not None and found.upper is not None
    assert 0 <= found.lower <= found.value + 1e-12 and found.value - 1e-12 <= found.upper <= 1
    assert found.lower >= passed / frame - 1e-12
    assert found.upper <= 1 - (drawn - passed) / frame + 1e-12
    assert drawn == passed or "100.0%" not in (numbers.share(found.value), numbers.share(found.upper))
    assert passed == 0 or "0.0%" not in (numbers.share(found.value), numbers.share(found.lower))


def test_the_limits_cover_at_least_nine_in_ten_in_each_world() -> None:
    """A small part of `benchmarks/verdicts.py audits`, whose table is in docs/recording.md."""
    found = audit_coverage.shares(1, 400, units=(30, 120), strata=(2, 8), shares=(0.9, 0.99))
    [row] = audit_coverage.summary(found).to_dicts()
    assert row["worlds"] >= 60 and row["mean"] >= 0.94 and row["least"] >= 0.89 and row["width"] <= 1.35


def test_the_limits_of_kappa_cover_in_each_world() -> None:
    found = audit_coverage.agreements(1, 400, units=(20, 120), kappas=(0.4, 0.9, 0.98))
    [row] = audit_coverage.summary(found).to_dicts()
    assert row["worlds"] >= 30 and row["mean"] >= 0.95 and row["least"] >= 0.92 and row["width"] <= 1.3


def test_the_unrecorded_by_hand() -> None:
    """9,000 recorded at 90% (80 to 95): 1,000 left, 474 to 2,250."""
    left = unrecorded(9_000, Estimate(0.9, 0.8, 0.95, "Wilson"))
    assert (left.value, left.lower, left.upper) == (
        pytest.approx(1_000),
        pytest.approx(473.684, abs=0.001),
        pytest.approx(2_250),
    )
    assert unrecorded(10, Estimate(0.5, 0.0, 1.0, "")).upper is None  # nothing bounds it from above
    with pytest.raises(ValueError, match="give no number"):
        unrecorded(10, Estimate(0.0, 0.0, 0.1, ""))


# agreement


def pairs_of(both: int, first_only: int, second_only: int, neither: int) -> list[tuple[str, str]]:
    return (
        [("pass", "pass")] * both
        + [("pass", "fail")] * first_only
        + [("fail", "pass")] * second_only
        + [("fail", "fail")] * neither
    )


def test_kappa_by_hand() -> None:
    """20, 5, 10, 15 of 50: observed 0.7, by chance 0.5, so kappa is 0.4."""
    found = cohens_kappa(pairs_of(20, 5, 10, 15))
    assert (found.pairs, found.observed, found.kappa) == (50, pytest.approx(0.7), pytest.approx(0.4))


@pytest.mark.parametrize("cells", [(20, 5, 10, 15), (80, 4, 6, 10), (30, 20, 20, 30), (40, 1, 9, 50)])
def test_the_limits_of_kappa_are_those_of_unequal_pairs(cells: tuple[int, int, int, int]) -> None:
    """By the binomial law: with as many unequal pairs as the limit has, what was seen has a chance of 1 in 40."""
    both, first, second, neither = cells
    count, unequal = sum(cells), first + second
    chance = ((both + first) * (first + neither) + (second + neither) * (both + second)) / count**2
    found = cohens_kappa(pairs_of(*cells))
    assert found.kappa == pytest.approx(1 - unequal / count / chance)
    assert found.lower is not None and found.upper is not None
    assert binom.cdf(unequal, count, (1 - found.lower) * chance) == pytest.approx(0.025)
    assert binom.sf(unequal - 1, count, (1 - found.upper) * chance) == pytest.approx(0.025)


def test_agreement_that_says_nothing_gives_no_kappa() -> None:
    assert cohens_kappa([]).reason == "no unit has been rated by two people"
    for pairs in ([("pass", "pass")] * 9, pairs_of(9, 3, 0, 0)):  # the second was 0.00 (0.00 to 0.00)
        alike = cohens_kappa(pairs)
        assert alike.kappa is alike.lower is alike.upper is None and "one and the same" in alike.reason
        words = estimates.agreement_in_words(alike)
        assert words["kappa"].startswith("not defined") and "0.00" not in " ".join(words.values())
    perfect = cohens_kappa(pairs_of(5, 0, 0, 5))
    assert (perfect.kappa, perfect.upper) == (1, 1)
    assert perfect.lower == pytest.approx(1 - 2 * (1 - 0.025**0.1))  # ten equal pairs, half by chance
    assert estimates.agreement_in_words(perfect)["same"] == "10 of 10 (100.0%)"
