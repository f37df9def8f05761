"""What deserves attention: which findings are named, in which order, in which words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from assets.methods.attention import findings, released

SETTINGS = pl.DataFrame(
    {
        "key": [
            "attention.false_findings", "suppression.smallest_shown", "shares.minimum_denominator",
            "attention.harm_crimes", "attention.harm_protection", "attention.harm_recording",
            "attention.harm_decisions", "intervals.z",
        ],
        "value": [0.1, 5.0, 30.0, 1.0, 2.0, 1.0, 5.0, 1.96],
    }
)  # fmt: skip
MONTH, YEAR = dt.date(2026, 3, 1), dt.date(2025, 4, 1)


def candidate(kind: str, code: str, part: tuple[str, str] = ("none", "all"), **more: Any) -> dict[str, Any]:
    row = {
        "kind": kind, "measure_code": code, "breakdown": part[0], "breakdown_value": part[1], "period_start": YEAR,
        "period_end": MONTH, "numerator": 200, "denominator": None, "latest_value": 20.0, "expected": None,
        "lower": None, "upper": None, "q_value": None, "is_new": False, "rest_numerator": None,
        "rest_denominator": None,
        "measure_name": f"Measure {code}", "measure_kind": "count", "direction": "neither", "subject": "crimes",
        "post": "Head of crime", "rule_codes": None, "is_lead": True,
        "is_so_far": False, "district": None,
    }  # fmt: skip
    return row | more


def change(code: str, numerator: int, expected: float, width: float, **more: Any) -> dict[str, Any]:
    limits = {"expected": expected, "lower": expected - width, "upper": expected + width, "q_value": 0.01}
    return candidate("change", code, **({"numerator": numerator, "is_new": True} | limits | more))


def part(unit: str, numerator: int, denominator: int, whole: tuple[int, int], **more: Any) -> dict[str, Any]:
    rest = {"rest_numerator": whole[0] - numerator, "rest_denominator": whole[1] - denominator}
    share = {"measure_kind": "share", "numerator": numerator, "denominator": denominator}
    return candidate("outlier", "seen", ("unit", unit), **(share | rest | {"direction": "higher_is_better"} | more))


def units(*met: int, of: int = 400, **more: Any) -> list[dict[str, Any]]:
    whole = sum(met), of * len(met)
    return [part(name, number, of, whole, **more) for name, number in zip("ABCDEFGHIJ", met, strict=False)]


def found(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return findings(pl.DataFrame(list(rows), infer_schema_length=None), SETTINGS).to_dicts()


def test_a_change_is_said_with_its_count_since_when_and_what_was_expected() -> None:
    [one] = found(change("recorded", 354, 235, 44, breakdown="district", breakdown_value="District 3"))
    assert one["sentence"] == "Measure recorded, District 3: 354 since April 2025, 235 expected (191 to 279)."
    assert one["question"] == "What changed in District 3 in April 2025, and is it meant to last?"
    assert (one["post"], one["value"], one["weight"], one["is_better"]) == ("Head of crime", 354.0, 75.0, None)


def test_a_unit_unlike_the_others_is_named_beside_the_rest_of_its_force() -> None:
    """One unit closes 42.7% so, the rest 27.4%: named on no front page before."""
    rows = units(110, 109, 112, 171, 108, 111, 107, 110, direction="lower_is_better")
    [one] = found(*rows)
    assert one["sentence"] == "Measure seen, D: 42.8% (171 of 400), rest of the force 27.4%, April 2025 to March 2026."
    assert (one["kind"], one["is_better"], one["is_new"]) == ("outlier", False, False)
    assert one["expected"] == pytest.approx(767 / 2800) and one["lower"] < one["expected"] < one["upper"] < one["value"]


def test_units_that_all_differ_are_no_outliers_and_two_do_not_hide_each_other() -> None:
    assert found(*units(60, 90, 110, 130, 150, 170, 190, 220)) == []
    two = found(*units(110, 109, 190, 190, 108, 111, 107, 110, 109, 112))
    assert [one["breakdown_value"] for one in two] == ["C", "D"]


def test_the_weightiest_comes_first_and_what_is_better_or_not_new_or_no_leading_measure_has_half() -> None:
    rows = [
        change("small", 210, 150, 40), change("large", 400, 200, 40),
        change("old", 400, 200, 40, is_new=False, breakdown="unit"),
        change("better", 400, 200, 40, direction="higher_is_better", breakdown="district"),
        change("harm", 400, 200, 40, subject="protection"),
        change("detail", 400, 210, 40, subject="recording", is_lead=False),
    ]  # fmt: skip
    named = found(*rows)
    assert [(one["attention_rank"], one["measure_code"], one["weight"]) for one in named] == [
        (1, "harm", 320.0), (2, "large", 160.0), (3, "better", 80.0), (4, "old", 80.0), (5, "detail", 75.0),
    ]  # fmt: skip
    assert named[1]["also_count"] == 1  # the small one: the same part, subject and direction


def test_what_differs_in_a_part_and_around_it_is_one_finding() -> None:
    def rise(part: tuple[str, str], by: int, **more: Any) -> dict[str, Any]:
        return change("recorded", 100 + by, 100, 10, breakdown=part[0], breakdown_value=part[1], **more)

    north, unit = ("district", "North"), ("unit", "B")
    [whole] = found(rise(north, 150), rise(unit, 65, district="North"), rise(("unit", "A"), 59, district="North"))
    assert whole["breakdown_value"] == "North" and whole["sentence"].endswith("(90 to 110). The same in A and B.")
    [inner] = found(rise(north, 150), rise(unit, 80, district="North"), rise(("none", "all"), 170))
    assert inner["sentence"].endswith("The same in North and the force.")
    apart = [
        rise(unit, 80, district="South"), rise(unit, 80, district="North", is_new=False),
        rise(unit, -80, district="North"), rise(unit, 80, district="North", measure_code="other"),
    ]  # fmt: skip
    assert [len(found(rise(north, 150), one)) for one in apart] == [2, 2, 2, 2]


def test_a_standard_gives_way_to_a_measure_of_the_same_facts() -> None:
    own = change("recorded_24h", 560, 650, 20, subject="recording", rule_codes="TIM-01")
    of_rule = change("TIM-01", 540, 660, 20, subject="recording")
    assert [one["measure_code"] for one in found(of_rule, own)] == ["recorded_24h"]


def test_small_numbers_are_left_out() -> None:
    few = change("few", 4, 30, 5)
    missed = candidate("duty", "duty", numerator=997, denominator=1000, measure_kind="share", subject="protection")
    seldom = candidate("duty", "seldom", numerator=20, denominator=29, measure_kind="share", subject="protection")
    assert found(few, missed, seldom) == []


def test_duties_orders_and_decisions_come_after_what_is_judged_against_chance() -> None:
    duty = candidate("duty", "duty", numerator=900, denominator=1000, measure_kind="share", subject="protection")
    order = candidate("order", "orders_ending", subject="protection", numerator=73)
    decision = candidate("decision", "", subject=None, numerator=7) | {"measure_code": None}
    named = found(decision, order, duty, change("recorded", 210, 150, 40))
    assert [one["kind"] for one in named] == ["change", "duty", "order", "decision"]
    assert named[1]["sentence"] == "Measure duty: 90.0% met, 100 of 1,000 missed, April 2025 to March 2026."
    assert named[3]["sentence"] == "7 decisions or actions are overdue, the first since April 2025."
    assert all(one["question"] and one["post"] for one in named)


def test_no_share_is_said_to_be_all_while_it_is_not() -> None:
    counted = {"numerator": 29_990, "denominator": 30_000, "measure_kind": "share", "subject": "protection"}
    [one] = found(candidate("duty", "d", **counted))
    assert "99.9% met, 10 of 30,000 missed" in one["sentence"]
    [later] = found(candidate("duty", "d", is_so_far=True, **counted))  # a duty without a limit
    assert "99.9% met, 10 of 30,000 missed so far," in later["sentence"]


def quarter(code: str, value: float, before: float, half: float, **more: Any) -> dict[str, Any]:
    """A measure of a quarter as released, with half the width of its change's interval."""
    of = {"numerator": round(200 * value), "denominator": 200, "measure_kind": "share"} if value < 1 else {
        "numerator": value, "denominator": None, "measure_kind": "count"}  # fmt: skip
    verdict = "no clear change" if abs(value - before) < half else "higher" if value > before else "lower"
    row = {
        "kind": "change", "measure_code": code, "breakdown": "none", "breakdown_value": "all",
        "period_start": dt.date(2026, 1, 1), "period_end": MONTH, "value": value, "expected": before,
        "lower": before - half, "upper": before + half, "change": verdict, "is_new": True,
        "measure_name": f"Measure {code}", "direction": "higher_is_better", "subject": "protection",
        "post": "Head of public protection", "rule_codes": None, "is_lead": True,
    }  # fmt: skip
    return row | of | more


def test_commissioners_findings_are_judged_together_and_only_from_what_is_released() -> None:
    """Of 20 measures two differ by more than their own interval; one of them may do so by chance."""
    still = [quarter(f"m{n}", 0.6, 0.6 + n / 2000, 0.1) for n in range(18)]
    rows = [quarter("fell", 0.44, 0.6, 0.09), quarter("barely", 0.71, 0.6, 0.105), *still]
    found = released(pl.DataFrame(rows, infer_schema_length=None), SETTINGS)
    [one] = found.to_dicts()
    assert one["sentence"] == "Measure fell: 44% of 200, January 2026 to March 2026; 60% a year before."
    assert (one["is_better"], one["value"], one["expected"], one["attention_rank"]) == (False, 0.44, 0.6, 1)
    assert one["weight"] == pytest.approx(2 * 200 * 0.07)  # harm, cases, size beyond the limits
    alone = released(pl.DataFrame([quarter("recorded", 400.0, 300.0, 50.0)]), SETTINGS)
    assert alone["sentence"].to_list() == ["Measure recorded: 400, January 2026 to March 2026; 300 a year before."]
    assert released(pl.DataFrame(rows[2:], infer_schema_length=None), SETTINGS).is_empty()
