"""Verdicts on measures: the latest mature month beside its limits, a year before and a target."""

import datetime as dt

import pytest
from worked import Row, made

from assets.methods.comparison import Spread, difference_of_shares, ratio_of_counts

MONTHS = [f"{year}-{month:02}-01" for year in (2024, 2025) for month in range(1, 13)]


def test_a_sudden_rise_is_a_verdict_and_a_part_of_a_few_cases_has_exact_limits() -> None:
    counts = [100 + n % 7 for n in range(23)] + [180]
    value = {"measure_code": "recorded", "breakdown": "none", "breakdown_value": "all", "period_type": "month",
             "is_drawn": True, "denominator": None}  # fmt: skip
    months = zip(MONTHS, counts, strict=True)
    given = [value | {"period_start": month, "numerator": count, "value": float(count)} for month, count in months]
    few = [row | {"breakdown": "unit", "breakdown_value": "A", "numerator": 1, "value": 1.0} for row in given]
    measures = [{"measure_code": "recorded", "kind": "count", "recording_classes": "S&H"}]
    points = made("metrics.measure_points", metrics_measure_values=given + few, reference_measures=measures)
    verdicts = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=measures)
    assert [(v["breakdown"], v["verdict"]) for v in verdicts] == [("none", "higher"), ("unit", "no_change")]
    assert verdicts[1]["chance_of_signal"] == pytest.approx(0.00405), "beyond either limit, or too long without a case"
    assert verdicts[0]["latest_period"] == dt.date(2025, 12, 1)
    assert verdicts[0]["expected_lower"] < 100 < verdicts[0]["expected_upper"] < 180


def test_a_duty_without_a_time_limit_is_drawn_and_not_judged() -> None:
    """Property returned "as soon as possible": 85% month after month, then 59, 34 and 5: the latest can still be."""
    shares = [84 + n % 3 for n in range(25)] + [59, 34, 5]
    months = [f"{2023 + n // 12}-{n % 12 + 1:02}-01" for n in range(len(shares))]
    cell = {"measure_code": "victim_property", "breakdown": "none", "breakdown_value": "all", "denominator": 100,
            "not_known_count": 0}  # fmt: skip
    cells = [cell | {"month": month, "numerator": met} for month, met in zip(months, shares, strict=True)]
    given = [{"measure_code": "victim_property", "breakdown": "none", "period_type": "month", "is_drawn": True,
              "period_start": month, "denominator": 100} for month in months]  # fmt: skip

    def verdict(*, is_open_ended: bool) -> dict[str, object]:
        duty = {"measure_code": "victim_property", "kind": "share", "recording_classes": "S&H", "unit": "share",
                "direction": "higher_is_better", "is_open_ended": is_open_ended}  # fmt: skip
        points = made("metrics.measure_points", metrics_measure_values=given, metrics_measure_cells=cells,
                      reference_measures=[duty])  # fmt: skip
        assert len(points) == len(shares)
        [row] = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=[duty],
                     core_measure_targets=[
                         {"measure_code": "victim_property", "target": 0.8, "unit": "share"}])  # fmt: skip
        return row

    limited, open_ended = verdict(is_open_ended=False), verdict(is_open_ended=True)
    assert (limited["verdict"], limited["is_new"], limited["is_target_met"]) == ("lower", True, False)
    judged = ("expected_lower", "signal", "value_before", "is_target_met", "target_verdict")
    assert open_ended["verdict"] == "not_settled" and not any(open_ended[name] is not None for name in judged)


@pytest.mark.parametrize(
    ("classes", "breakdown", "part", "segments"),
    [
        ("S&H", "none", "all", 2), ("8Q", "none", "all", 1), ("8L,8R", "none", "all", 2), ("none", "none", "all", 1),
        ("S&H", "class", "8Q", 1), ("S&H", "class", "8R", 2), ("none", "class", "8R", 1),
    ],
)  # fmt: skip
def test_a_series_restarts_at_the_recording_changes_of_its_own_classes(
    classes: str, breakdown: str, part: str, segments: int
) -> None:
    """Given the Online Safety Act, which moved 8R and so the subgroup; orders are counted whatever is recorded."""
    values = [
        {"measure_code": "m", "breakdown": breakdown, "breakdown_value": part, "period_type": "month", "is_drawn": True,
         "denominator": None, "period_start": f"2024-{month:02}-01", "numerator": month, "value": float(month)}
        for month in range(1, 13)
    ]  # fmt: skip
    points = made(
        "metrics.measure_points", metrics_measure_values=values,
        reference_measures=[{"measure_code": "m", "kind": "count", "recording_classes": classes}],
        reference_recording_regimes=[{"regime_ref": "R24", "valid_from": "2024-06-30", "title": "Act",
                                      "source_name": "", "affects_codes": "8R,S&H", "moves_counts": True,
                                      "date_precision": "day"}],
    )  # fmt: skip
    assert len({point["segment"] for point in points}) == segments


def test_a_count_has_the_spread_of_its_own_months_and_chance_alone_is_the_least() -> None:
    def verdict(counts: list[int]) -> Row:
        point = {"series_ref": "s", "measure_code": "m", "breakdown": "none", "breakdown_value": "all", "segment": 1,
                 "segment_start_reason": "", "signal": "", "signal_direction": "", "limits_status": "too_few_points",
                 "chart_type": "none", "denominator": None}  # fmt: skip
        points = [
            point | {"month": f"{2024 + n // 12}-{n % 12 + 1:02}-01", "numerator": count, "value": float(count)}
            for n, count in enumerate(counts)
        ]
        kind = {"measure_code": "m", "kind": "count", "unit": "crimes"}
        [row] = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=[kind])
        return row

    even, uneven = verdict([100, 101] * 7), verdict([80, 120] * 7)
    assert (even["extra_variance"], even["pair_count"]) == (0, 13)
    # each pair differs by 40: of 1,600 less 200, in units of twice the squared mean of 100
    assert uneven["extra_variance"] == pytest.approx((1600 - 200) / (2 * 100**2))
    expected = ratio_of_counts(120, 120, 1.96, Spread(uneven["extra_variance"], 13))
    assert (uneven["change_lower"], uneven["change_upper"]) == pytest.approx(expected, rel=0.005)
    assert verdict([50, 70] * 3)["extra_variance"] is None, "of five pairs there is no estimate"


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ((180, None), (104, None), ratio_of_counts(180, 104)),
        ((56, 70), (48, 80), difference_of_shares(56, 70, 48, 80)),
    ],
)
def test_a_month_is_compared_with_the_same_a_year_before_unless_recording_changed(
    now: tuple[int, int | None], before: tuple[int, int | None], expected: tuple[float, float]
) -> None:
    held = [{"month": day, "numerator": count, "denominator": of, "value": count / (of or 1)}
            for day, (count, of) in (("2024-12-01", before), ("2025-12-01", now))]  # fmt: skip
    point = {"series_ref": "s", "measure_code": "m", "breakdown": "none", "breakdown_value": "all", "segment": 1,
             "segment_start_reason": "", "signal": "", "signal_direction": "", "limits_status": "too_few_points",
             "chart_type": "none"}  # fmt: skip

    def verdict(segments: tuple[int, int]) -> dict[str, object]:
        points = [point | row | {"segment": segment} for row, segment in zip(held, segments, strict=True)]
        kind = {"measure_code": "m", "kind": "count" if now[1] is None else "share", "unit": "crimes"}
        [row] = made("metrics.measure_verdicts", metrics_measure_points=points, reference_measures=[kind])
        return row

    row = verdict((1, 1))
    assert row["value_before"] == held[0]["value"]
    assert (row["change_lower"], row["change_upper"]) == pytest.approx(expected)
    across = verdict((1, 2))
    assert (across["value_before"], across["change_lower"], across["change_upper"]) == (None, None, None)


def assured(direction: str, target: float | None, limits: tuple[float | None, float | None],
            unit: str = "share", by: str = "none") -> tuple[object, object, object]:  # fmt: skip
    """Target, whether it is met and assurance of a month with 0.5 between the limits."""
    lower, upper = limits
    point = {"series_ref": "s", "measure_code": "m", "breakdown": by, "breakdown_value": "a", "month": "2025-01-01",
             "value": 0.5, "chart_type": "p_prime", "segment": 1, "segment_start_reason": "", "lower_limit": lower,
             "upper_limit": upper, "signal": "", "signal_direction": "",
             "limits_status": "drawn" if lower is not None else "too_few_points"}  # fmt: skip
    targets = [] if target is None else [{"measure_code": "m", "target": target, "unit": unit}]
    measure = {"measure_code": "m", "kind": "share", "unit": unit, "direction": direction}
    [row] = made("metrics.measure_verdicts", metrics_measure_points=[point], core_measure_targets=targets,
                 reference_measures=[measure])  # fmt: skip
    return row["target"], row["is_target_met"], row["target_verdict"]


@pytest.mark.parametrize(
    ("direction", "target", "met", "verdict"),
    [
        ("higher_is_better", 0.3, True, "consistently_met"),
        ("higher_is_better", 0.4, True, "consistently_met"),  # the lower limit itself meets it
        ("higher_is_better", 0.5, True, "hit_or_miss"),
        ("higher_is_better", 0.6, False, "hit_or_miss"),  # the upper limit itself meets it
        ("higher_is_better", 0.7, False, "consistently_missed"),
        ("lower_is_better", 0.7, True, "consistently_met"),
        ("lower_is_better", 0.6, True, "consistently_met"),
        ("lower_is_better", 0.5, True, "hit_or_miss"),
        ("lower_is_better", 0.4, False, "hit_or_miss"),
        ("lower_is_better", 0.3, False, "consistently_missed"),
        ("neither", 0.3, None, None),
    ],
)
def test_assurance_compares_the_target_with_the_limits_of_the_latest_month(
    direction: str, target: float, met: bool | None, verdict: str | None
) -> None:
    assert assured(direction, target, (0.4, 0.6)) == (target, met, verdict)


def test_without_limits_or_target_there_is_no_assurance() -> None:
    assert assured("higher_is_better", 0.3, (None, None)) == (0.3, True, None)
    assert assured("higher_is_better", None, (0.4, 0.6)) == (None, None, None)


def test_a_target_of_a_count_is_for_the_whole_force_alone() -> None:
    for by, unit, expected in (("district", "crimes", None), ("none", "crimes", 0.3), ("district", "share", 0.3)):
        assert assured("higher_is_better", 0.3, (0.4, 0.6), unit, by)[0] == expected


def test_a_force_s_own_target_comes_before_one_for_every_force() -> None:
    target = {"measure_code": "recorded_24h", "unit": "share"}
    rows = made(
        "core.measure_targets",
        reference_measure_targets=[target | {"force_code": code, "target": aim}
                                   for code, aim in ((None, 0.5), ("E1", 0.9), ("E3", 0.1))],
        core_force_scope=[{"force_code": code, "force_name": code} for code in ("E1", "E2")],
    )  # fmt: skip
    assert {row["force_code"]: row["target"] for row in rows} == {"E1": 0.9, "E2": 0.5}


# the invented force, against its delivered files and against the other tables
