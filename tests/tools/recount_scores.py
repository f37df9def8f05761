"""Funnels, need, themes and back-tests, counted from the delivered files in plain Python.

Nothing of the product is imported, so that no mistake is in both. Lists of codes and settings are read: they are data.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from statistics import NormalDist, fmean
from typing import NamedTuple

from delivered_force import (
    END_OF_TIME,
    PARTNERS,
    Extract,
    Moments,
    Row,
    class_at,
    classes,
    is_by,
    is_removed,
    listed,
    london_day,
    moment,
    rows,
    setting,
)

# 8. Funnels


class Place(NamedTuple):
    """A force in a funnel: its value, the common target, and the limits that allow for overdispersion."""

    value: float
    target: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float
    z_score: float


def funnel(counts: Mapping[str, tuple[int, int]]) -> dict[str, Place]:
    """The place of each force, of what it counts and out of how many (Spiegelhalter 2005)."""
    target = sum(count for count, _ in counts.values()) / sum(total for _, total in counts.values())
    middle = math.asin(math.sqrt(target))
    distance = {force: math.asin(math.sqrt(count / total)) - middle for force, (count, total) in counts.items()}
    weights = [4 * total for _, total in counts.values()]
    spread = between_forces([d * math.sqrt(weight) for d, weight in zip(distance.values(), weights)], weights)
    places = {}
    for force, (count, total) in counts.items():
        error = math.sqrt(1 / (4 * total) + spread)
        low_95, high_95, low_998, high_998 = (
            turned(middle + NormalDist().inv_cdf(level) * error) for level in (0.025, 0.975, 0.001, 0.999)
        )
        z_score = distance[force] / error
        places[force] = Place(count / total, target, low_95, high_95, low_998, high_998, z_score)
    return places


def turned(angle: float) -> float:
    """A share from its angle, which is cut at 0 and a quarter turn."""
    return math.sin(min(max(angle, 0.0), math.pi / 2)) ** 2


def between_forces(z: Sequence[float], weights: Sequence[float]) -> float:
    """Variance between forces that chance does not explain, from winsorised z-scores."""
    share = setting("funnel.winsorise_share")
    low, high = quantile(z, share), quantile(z, 1 - share)
    phi = fmean(min(max(score, low), high) ** 2 for score in z)
    total = math.fsum(weights)
    return max(0.0, (len(z) * phi - (len(z) - 1)) / (total - math.fsum(w * w for w in weights) / total))


def quantile(values: Sequence[float], share: float) -> float:
    """A quantile by linear interpolation between ranks."""
    ordered, place = sorted(values), share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def force_codes() -> dict[str, str]:
    """Name in lower case and code of each territorial force."""
    territorial = {r["force_code"] for r in listed("open_data/forces") if r["force_type"] == "territorial"}
    names = listed("open_data/force_names")
    return {row["name_key"]: row["force_code"] for row in names if row["force_code"] in territorial}


def year_counts(open_data: Path, year_end: str) -> dict[str, tuple[int, int]]:
    """Stalking and harassment of each force in the year to that day, and its residents of 2018."""
    residents = {r["code"]: int(r["MYE2018"]) for r in rows(open_data / "reference" / "population_data.csv")}
    codes, found = force_codes(), {}
    for row in rows(open_data / "home-office" / "rec-crime-pfa.csv"):
        code = codes.get(row["PFA"].strip().lower(), "")
        if code and row["12 months ending"] == year_end and row["Offence"].lower() == "stalking and harassment":
            found[code] = int(row["Rolling year total number of offences"]), residents[code]
    return found


def quarter_counts(open_data: Path, quarter: str) -> dict[str, tuple[int, int]]:
    """Stalking of each force in a financial quarter of 2017/18, and its stalking and harassment (8L and 8Q)."""
    codes = force_codes()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(open_data / "home-office" / "prc-pfa-mar2013-onwards-tables201718.csv"):
        code = codes.get(row["Force Name"].strip().lower(), "")
        if code and row["Financial Quarter"].strip() == quarter and row["Offence Code"].strip() in ("8L", "8Q"):
            found[code][row["Offence Code"].strip()] += int(row["Number of Offences"])
    return {code: (of["8Q"], of["8L"] + of["8Q"]) for code, of in found.items()}


# 9. Need


class Need(NamedTuple):
    """Residents, and the victims expected among them in a year, with 95% limits."""

    residents: int
    expected: float
    lower: float
    upper: float


def need(data: Path, districts: Iterable[str] | None = None) -> Need:
    """Survey prevalence by sex times residents of 16 and over, of the latest year; all districts unless named."""
    population = rows(data / "commissioning" / "population.csv")
    year = max(row["year"] for row in population)
    wanted = {row["area_code"] for row in population} if districts is None else set(districts)
    residents: Counter[str] = Counter()
    for row in population:
        is_adult = int(row["age_band"].split("-")[0].rstrip("+")) >= 16
        if row["year"] == year and row["area_code"] in wanted and is_adult:
            residents[row["sex"]] += int(row["persons"])
    expected, variance = 0.0, 0.0
    for group in listed("support/need_prevalence"):
        share, count = float(group["prevalence"]), residents[group["sex"]]
        expected += share * count
        variance += count**2 * share * (1 - share) / float(group["effective_sample"])
    width = setting("intervals.z") * math.sqrt(variance)
    return Need(residents.total(), expected, max(0.0, expected - width), expected + width)


# 10. Themes


def theme_volumes(extract: Extract, moments: Moments) -> dict[str, tuple[int, int, int]]:
    """Crimes of each theme in the last year, the year before, and the year before that."""
    starts = [moments.day.replace(year=moments.day.year - ago) for ago in (1, 2, 3)]
    standing = [
        crime for crime in extract.crimes()
        if is_by(crime["recorded_ts"], moments.as_of) and not is_removed(extract, crime, moments.as_of)
    ]  # fmt: skip
    stalking = [crime for crime in standing if class_at(extract, crime, moments.as_of) == "8Q"]
    related = sum(bool(relationships(extract, crime) - {"unknown"}) for crime in stalking)
    is_enough = related >= setting("scoring.fewest_relationships") * len(stalking)
    found: Counter[tuple[str, int]] = Counter()
    for crime in standing:
        day = london_day(moment(crime["recorded_ts"]) or END_OF_TIME)
        ago = next((place for place, start in enumerate(starts) if day > start), None)
        if ago is not None and (theme := theme_of(extract, crime, moments.as_of, is_enough)):
            found[theme, ago] += 1
    return {theme: (found[theme, 0], found[theme, 1], found[theme, 2]) for theme, _ in found}


def relationships(extract: Extract, crime: Row) -> set[str]:
    """How victims and suspects of a crime know each other, as far as recorded."""
    roles = ("victim", "suspect", "offender")
    return {row["relationship"] for row in extract.of("party_role", crime) if row["role"] in roles} - {""}


@cache
def theme_rules() -> list[Row]:
    return sorted(listed("assessment/theme_classes"), key=lambda row: int(row["rule_order"]))


@cache
def breach_codes() -> frozenset[str]:
    """Home Office codes for the breach of an order."""
    return frozenset(row["ho_code"] for row in listed("crimes/ho_codes") if row["breached_order"])


def theme_of(extract: Extract, crime: Row, at: datetime, is_enough: bool) -> str:
    """The theme of the first rule that a crime meets; empty where it meets none."""
    now = class_at(extract, crime, at)
    flags = [row for row in extract.of("crime_flag", crime) if row["flag"] == "online"]
    facts = {
        "class_code": now if now in classes("in scope") else crime["class_code"],
        "is_order_breach": said(crime["ho_code"] in breach_codes()),
        "is_partner": said(not PARTNERS.isdisjoint(relationships(extract, crime))),
        "is_online": said(any(not row["set_ts"] or is_by(row["set_ts"], at) for row in flags)),
        "is_relationship_known_enough": said(is_enough),
    }
    met = (rule for rule in theme_rules() if all(rule[name] in ("", fact) for name, fact in facts.items()))
    return next((rule["theme_code"] for rule in met), "")


def said(fact: bool) -> str:
    return "true" if fact else "false"


class Part(NamedTuple):
    """A part of a theme's score with its input."""

    theme: str
    code: str
    scale: str
    value: float | None
    verdict: int | None


def part_score(part: Part) -> int | None:
    """The score of a part, never below its floor; None where it is not measured."""
    scores = listed_scores("assessment/theme_floors", part)
    if part.scale == "entered":
        scores += listed_scores("assessment/theme_judgements", part)
    elif part.scale == "verdict":
        scores += [] if part.verdict is None else [part.verdict]
    elif part.value is not None:
        cuts = [row for row in listed("assessment/theme_cut_points") if row["part_code"] == part.code]
        scores.append(sum(part.value >= float(cut["from_value"]) for cut in cuts))
    return max(scores, default=None)


def listed_scores(name: str, part: Part) -> list[int]:
    """What a list gives for a part of a theme."""
    wanted = (part.theme, part.code)
    return [int(row["score"]) for row in listed(name) if (row["theme_code"], row["part_code"]) == wanted]


def dimension_score(parts: Iterable[Part]) -> float:
    """100 times the weighted points over their maximum; a part without a score has the mean of all points."""
    points = {int(row["score"]): float(row["points"]) for row in listed("assessment/theme_points")}
    weights = {row["part_code"]: float(row["weight"]) for row in listed("assessment/theme_parts")}
    unknown, most = fmean(points.values()), max(points.values())
    weighted, total = 0.0, 0.0
    for part in parts:
        score = part_score(part)
        weighted += weights[part.code] * (unknown if score is None else points[score])
        total += weights[part.code]
    return 100 * weighted / (total * most)


# The forecast's back-test


class Forecast(NamedTuple):
    """What a model expected of a month, from the last month that it used."""

    model: str
    origin: date
    month: date
    mean: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float


class BackTest(NamedTuple):
    """Forecasts of one model compared with the months that followed."""

    origin_count: int
    forecast_count: int
    coverage_80: float
    coverage_95: float
    mean_error: float


def back_tests(
    forecasts: Iterable[Forecast], models: Collection[str], actual: Mapping[date, int]
) -> dict[str, BackTest]:
    """The test of each model, on the months that all of them forecast from the same origin; none without any."""
    by_step = defaultdict(list)
    for forecast in forecasts:
        if forecast.month in actual and forecast.model in models:
            by_step[forecast.origin, forecast.month].append(forecast)
    shared = [forecast for of in by_step.values() if len(of) == len(models) for forecast in of]
    return {model: back_test([f for f in shared if f.model == model], actual) for model in models if shared}


def back_test(own: Sequence[Forecast], actual: Mapping[date, int]) -> BackTest:
    return BackTest(
        len({f.origin for f in own}), len(own),
        fmean(f.lower_80 <= actual[f.month] <= f.upper_80 for f in own),
        fmean(f.lower_95 <= actual[f.month] <= f.upper_95 for f in own),
        fmean(abs(f.mean - actual[f.month]) for f in own),
    )  # fmt: skip
