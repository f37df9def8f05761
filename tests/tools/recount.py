"""Headline figures counted from the delivered CSV files, in plain Python.

Nothing of the product is imported, so that no mistake is in both. Lists of codes and settings are read: they are data.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from statistics import NormalDist, fmean, median
from typing import NamedTuple
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "assets" / "reference"
LONDON = ZoneInfo("Europe/London")
FORCE = "E23000013"  # the invented force
SUBGROUP = "S&H"
OPEN = "Not yet assigned an outcome"
CHARGED = "Charged/Summonsed"
NO_GROUP = "Code in no published list"
PARTNERS = {prefix + word for prefix in ("", "ex_") for word in ("spouse", "civil_partner", "partner")}
OUTCOME_CODES = {str(number) for number in range(23)} | {"1A", "2A", "3A"}
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

Row = dict[str, str]


@cache
def rows(path: Path) -> tuple[Row, ...]:
    """All rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return tuple(csv.DictReader(handle))


def listed(name: str) -> tuple[Row, ...]:
    """A list of codes or settings."""
    return rows(REFERENCE / f"{name}.csv")


@cache
def setting(key: str) -> float:
    """The number of a setting."""
    return next(float(row["value"]) for row in listed("settings") if row["key"] == key)


@cache
def classes(group: str) -> frozenset[str]:
    """The offence classes of a group."""
    return frozenset(row["code"] for row in listed("crimes/class_groups") if row["class_group"] == group)


@cache
def outcome_groups() -> dict[str, str]:
    """Outcome code and its published group."""
    return {row["outcome_code"]: row["outcome_group"] for row in listed("outcomes/outcome_groups")}


@cache
def moment(text: str) -> datetime | None:
    """A moment in UTC; None where the field is empty."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def is_by(text: str, at: datetime) -> bool:
    """The field has a moment, and it is not after `at`."""
    found = moment(text)
    return found is not None and found <= at


def london_day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier."""
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


@dataclass(frozen=True)
class Moments:
    """The moment that figures are for, and the latest moment that records may have."""

    as_of: datetime
    known_by: datetime

    @property
    def day(self) -> date:
        """The as-of day; the midnight that ends a day belongs to it."""
        return london_day(self.as_of - timedelta(seconds=1))


@dataclass(frozen=True)
class Extract:
    """The tables that a force delivered, by crime."""

    data: Path

    def table(self, name: str) -> tuple[Row, ...]:
        return rows(self.data / "force" / f"{name}.csv")

    def of(self, name: str, crime: Row) -> list[Row]:
        """The rows of a table that belong to a crime."""
        return rows_by_crime(self, name).get(crime["crime_id"], [])

    def crimes(self) -> list[Row]:
        """The crimes of the invented force; a few others name another force."""
        return [crime for crime in self.table("crime") if crime["force_code"] == FORCE]


@cache
def rows_by_crime(extract: Extract, name: str) -> dict[str, list[Row]]:
    """The rows of a table by the crime that they name."""
    found = defaultdict(list)
    for row in extract.table(name):
        found[row["crime_id"]].append(row)
    return dict(found)


# What a crime was at a moment


def class_at(extract: Extract, crime: Row, at: datetime) -> str:
    """The principal class at a moment: a later change has not happened yet."""
    history = [row for row in extract.of("classification_history", crime) if row["changed_ts"]]
    history.sort(key=lambda row: (int(row["seq"]), moment(row["changed_ts"]), row["class_code"]))
    known = [row for place, row in enumerate(history) if place == 0 or is_by(row["changed_ts"], at)]
    return crime["class_code"] if not known or known[-1] is history[-1] else known[-1]["class_code"]


def is_in_scope(extract: Extract, crime: Row, at: datetime) -> bool:
    """Stalking or harassment at a moment, by its principal or an included class."""
    scope = classes("in scope")
    included = extract.of("included_classification", crime)
    return class_at(extract, crime, at) in scope or any(
        row["class_code"] in scope and is_by(row["added_ts"] or crime["recorded_ts"], at) for row in included
    )


def is_removed(extract: Extract, crime: Row, at: datetime) -> bool:
    """Cancelled or transferred at a moment; without a removal the status decides."""
    removals = extract.of("removal", crime)
    if not removals:
        return crime["status"] in ("cancelled", "transferred")
    return any(is_by(row["removal_ts"], at) for row in removals)


def known_outcomes(extract: Extract, crime: Row, at: datetime) -> list[Row]:
    """The outcomes with a code and a moment, up to `at`, in their order."""
    known = [r for r in extract.of("outcome", crime) if r["code"] in OUTCOME_CODES and is_by(r["outcome_ts"], at)]
    if len(known) > 1:
        known.sort(key=lambda row: (int(row["seq"]), moment(row["outcome_ts"]), row["outcome_id"]))
    return known


def is_unread(extract: Extract, crime: Row, at: datetime) -> bool:
    """Whether the last outcome is not known: a code that nobody can read, or no code or date."""
    outcomes = extract.of("outcome", crime)
    last = max((int(row["seq"]) for row in known_outcomes(extract, crime, at)), default=0)
    return any(row["code"] not in {"", *OUTCOME_CODES} for row in outcomes) or any(
        not (row["code"] and row["outcome_ts"]) and int(row["seq"]) >= last for row in outcomes
    )


# 1. Charges


class Followed(NamedTuple):
    """A crime from its recording to its outcome, or to the as-of day while it is open."""

    offence_class: str
    quarter: str
    end_day: int
    followed_days: int
    code: str  # empty while open
    group: str


def followed_crimes(extract: Extract, moments: Moments) -> list[Followed]:
    """Crimes of stalking or harassment that were not removed and whose outcome is known."""
    found = []
    for crime in extract.crimes():
        recorded = moment(crime["recorded_ts"])
        offence_class = class_at(extract, crime, moments.as_of)
        if recorded is None or recorded > moments.as_of or offence_class not in classes("in scope"):
            continue
        if is_removed(extract, crime, moments.as_of) or is_unread(extract, crime, moments.as_of):
            continue
        day = london_day(recorded)
        code, ended = current_outcome(known_outcomes(extract, crime, moments.as_of), moments.day)
        found.append(Followed(
            offence_class, f"{day.year}-Q{(day.month + 2) // 3}", max((ended - day).days, 0), (moments.day - day).days,
            code, outcome_groups().get(code, NO_GROUP) if code else "",
        ))  # fmt: skip
    return found


def current_outcome(known: Sequence[Row], today: date) -> tuple[str, date]:
    """The code of the last outcome, and the first day of its group without a break; no code while open."""
    if not known or known[-1]["code"] == "0":
        return "", today
    groups = outcome_groups()
    group = groups.get(known[-1]["code"], NO_GROUP)
    days = [today]
    for row in reversed(known):
        if groups.get(row["code"], NO_GROUP) != group:
            break
        days.append(london_day(moment(row["outcome_ts"]) or END_OF_TIME))
    return known[-1]["code"], min(days)


def by_class(crimes: Iterable[Followed]) -> dict[str, list[Followed]]:
    """The crimes of each class, and of the subgroup."""
    found = defaultdict(list)
    for crime in crimes:
        found[crime.offence_class].append(crime)
        found[SUBGROUP].append(crime)
    return dict(found)


def matured_year(crimes: Iterable[Followed]) -> list[Followed]:
    """Crimes recorded one to two years before the as-of day."""
    return [crime for crime in crimes if 365 <= crime.followed_days < 730]


def cumulative_incidence(ends: Iterable[tuple[int, str]], day: int) -> dict[str, float] | None:
    """Share that had each cause first, by a day; the empty cause is none (Aalen and Johansen).

    Each end is a day and its cause, empty where the crime was last seen open. None where nobody was followed that long.
    """
    by_day: dict[int, Counter[str]] = defaultdict(Counter)
    for end, cause in ends:
        by_day[end][cause] += 1
    at_risk, free = sum(counts.total() for counts in by_day.values()), 1.0
    if day > max(by_day) and by_day[max(by_day)][""]:
        return None
    shares: dict[str, float] = defaultdict(float)
    for end in sorted(end for end in by_day if end <= day):
        events = {cause: count for cause, count in by_day[end].items() if cause}
        for cause, count in events.items():
            shares[cause] += free * count / at_risk
        free *= 1 - sum(events.values()) / at_risk
        at_risk -= by_day[end].total()
    return {**shares, "": free}


# 2. Suspects


class Report(NamedTuple):
    """A crime of one named suspect and one victim; no victim is an empty word."""

    suspect: str
    victim: str
    crime: str
    reported: datetime


def reports(
    extract: Extract, crimes: Iterable[Row], person_of: Mapping[str, str], moments: Moments
) -> Iterator[Report]:
    """Reports of stalking or harassment on record, of suspects who are named and not eliminated."""
    for crime in crimes:
        if not all(is_by(crime[f"{step}_ts"], moments.known_by) for step in ("reported", "recorded")):
            continue
        if not is_in_scope(extract, crime, moments.known_by) or is_removed(extract, crime, moments.known_by):
            continue
        reported = moment(crime["reported_ts"])
        if reported is None or reported > moments.as_of:
            continue
        parties = [row for row in extract.of("party_role", crime) if row["person_key"]]
        victims = {person_of.get(r["person_key"], r["person_key"]) for r in parties if r["role"] == "victim"}
        for suspect in named_suspects(parties, person_of, moments.known_by):
            for victim in victims or {""}:
                yield Report(suspect, victim, crime["crime_id"], reported)


def named_suspects(parties: Iterable[Row], person_of: Mapping[str, str], at: datetime) -> set[str]:
    """Suspects and offenders named by then; one is eliminated when every row of the person is."""
    of_person = defaultdict(list)
    for row in parties:
        if row["role"] in ("suspect", "offender") and row["named"] == "true":
            of_person[person_of.get(row["person_key"], row["person_key"])].append(row)
    return {
        person for person, of in of_person.items()
        if any(not row["first_added_ts"] or is_by(row["first_added_ts"], at) for row in of)
        and not all(is_by(row["eliminated_ts"], at) for row in of)
    }  # fmt: skip


class Suspect(NamedTuple):
    """The events and victims of a suspect in a window."""

    event_count: int
    victim_count: int


def suspects(found: Iterable[Report], until: datetime, window_days: int) -> dict[str, Suspect]:
    """Suspects with an event in the window before `until`.

    A report within seven days of the one before of the same pair belongs to its event. A crime with several victims is
    one event.
    """
    pairs = defaultdict(list)
    for report in found:
        pairs[report.suspect, report.victim or report.crime].append(report)
    events: dict[str, set[tuple[str, datetime]]] = defaultdict(set)
    victims: dict[str, set[str]] = defaultdict(set)
    for (suspect, _), pair in pairs.items():
        for first in first_reports(pair):
            if first.reported > until - window_days * DAY:
                events[suspect].add((first.crime, first.reported))
                victims[suspect] |= {first.victim} - {""}
    return {suspect: Suspect(len(of), len(victims[suspect])) for suspect, of in events.items()}


def first_reports(pair: Iterable[Report]) -> list[Report]:
    """The first report of each event of a pair."""
    ordered = sorted(pair, key=lambda report: (report.reported, report.crime))
    apart = setting("events.collapse_days") * DAY
    return ordered[:1] + [now for before, now in pairwise(ordered) if now.reported - before.reported > apart]


# 3. Recorded within 24 hours


def is_recorded_in_time(crime: Row) -> bool | None:
    """Recorded within the limit of its day of recording; None where a moment is missing."""
    reported, recorded = moment(crime["reported_ts"]), moment(crime["recorded_ts"])
    if reported is None or recorded is None:
        return None
    is_early = london_day(recorded) < date(2015, 4, 1)
    key = "timeliness.limit_hours_before_2015" if is_early else "timeliness.limit_hours"
    return recorded - reported <= timedelta(hours=setting(key))


def recorded_in_a_day(extract: Extract, moments: Moments) -> dict[date, tuple[int, int]]:
    """Stalking and harassment by month of recording: recorded within 24 hours, and all with a delay that is known."""
    found: dict[date, Counter[bool]] = defaultdict(Counter)
    for crime in extract.crimes():
        reported, recorded = moment(crime["reported_ts"]), moment(crime["recorded_ts"])
        if reported is None or recorded is None or recorded < reported:
            continue
        if crime["class_code"] in classes("in scope") and not is_removed(extract, crime, moments.as_of):
            found[london_day(recorded).replace(day=1)][recorded - reported <= DAY] += 1
    return {month: (counts[True], counts.total()) for month, counts in found.items()}


# 4 and 5. Duties


def risk_state(extract: Extract, crime: Row, as_of: datetime) -> str:
    """Whether the first initial risk assessment was complete within 24 hours of the report."""
    due = (moment(crime["reported_ts"]) or END_OF_TIME) + timedelta(hours=setting("risk.first_assessment_hours"))
    initial = [moment(r["completed_ts"]) for r in extract.of("risk_assessment", crime) if r["stage"] == "initial"]
    done = min((at for at in initial if at is not None and at <= as_of), default=None)
    if as_of < due:
        return "not_yet_due"
    if done is not None:
        return "met" if done <= due else "late"
    return "not_known" if None in initial else "missed"


def risk_assessed(extract: Extract, as_of: datetime) -> Counter[str]:
    """The crimes whose risk has to be assessed, by result."""
    return Counter(
        risk_state(extract, crime, as_of) for crime in extract.crimes()
        if crime["class_code"] in classes("risk assessed")
        and is_by(crime["reported_ts"], as_of) and not is_removed(extract, crime, as_of)
    )  # fmt: skip


def referral_offered(extract: Extract, as_of: datetime) -> Counter[str]:
    """Crimes of stalking: met where support was offered by then, with consent or refusal recorded."""
    return Counter(
        "met" if any(row["consent"] and is_by(row["offered_ts"], as_of) for row in extract.of("referral", crime))
        else "missed"
        for crime in extract.crimes()
        if crime["class_code"] == "8Q"
        and is_by(crime["recorded_ts"], as_of) and not is_removed(extract, crime, as_of)
    )  # fmt: skip


# 6. Open caseload


class Caseload(NamedTuple):
    """Open crimes at a moment, and the caseload of investigators with any."""

    open_count: int
    investigator_count: int
    median_count: float
    highest_count: int


def caseload(extract: Extract, at: datetime) -> Caseload:
    """Open crimes of stalking or harassment; at a midnight, those of the day that ends."""
    last = at - TICK if at.astimezone(LONDON).time() == datetime.min.time() else at
    held = [holder(extract, crime, last) for crime in extract.crimes() if is_open(extract, crime, last)]
    known = {row["person_id"] for row in extract.table("investigator")}
    loads = Counter(name for name in held if name in known)
    return Caseload(len(held), len(loads), median(loads.values()), max(loads.values()))


def is_open(extract: Extract, crime: Row, at: datetime) -> bool:
    """Recorded, in scope, not removed, and without an outcome except 0, by the records of that moment."""
    return (
        is_by(crime["recorded_ts"], at) and is_without_outcome(extract, crime, at)
        and not has_unknown_end(extract, crime) and not is_removed(extract, crime, at)
        and is_in_scope(extract, crime, at)
    )  # fmt: skip


def is_without_outcome(extract: Extract, crime: Row, at: datetime) -> bool:
    """Whether the outcome with the highest number by then is 0, or there is none."""
    known = known_outcomes(extract, crime, at)
    return not known or known[-1]["code"] == "0"


def has_unknown_end(extract: Extract, crime: Row) -> bool:
    """Closed on a day that nobody knows: such a crime is in no caseload."""
    if is_unread(extract, crime, END_OF_TIME):
        return True
    is_ended = any(row["code"] != "0" for row in known_outcomes(extract, crime, END_OF_TIME))
    is_dated = any(row["removal_ts"] for row in extract.of("removal", crime))
    return crime["status"] not in ("", "open", "reopened") and not is_ended and not is_dated


def holder(extract: Extract, crime: Row, at: datetime) -> str:
    """The investigator of the latest allocation by then, empty where it has ended or there is none."""
    made = [row for row in extract.of("allocation", crime) if is_by(row["from_ts"], at)]
    made.sort(key=lambda row: row["investigator_id"])
    latest = max(made, key=lambda row: moment(row["from_ts"]) or END_OF_TIME, default=None)
    return "" if latest is None or is_by(latest["to_ts"], at) else latest["investigator_id"]


# 7. Months of demand and their limits


def covered_months(extract: Extract, moments: Moments) -> list[date]:
    """Whole months with at least half the crimes of a usual month of the last year."""
    recorded = [at for crime in extract.crimes() if (at := moment(crime["recorded_ts"]))]
    counts = Counter(london_day(at).replace(day=1) for at in recorded)
    first = london_day(min(recorded))
    first_month = first if first.day == 1 else next_month(first)
    end_month = (london_day(min(max(recorded), moments.as_of)) + DAY).replace(day=1)
    last_year = sorted(count for month, count in counts.items() if months_before(end_month, 12) <= month < end_month)
    least = setting("demand.covered_share") * last_year[len(last_year) // 2]
    return sorted(month for month, count in counts.items() if first_month <= month < end_month and count >= least)


def month_counts(extract: Extract, moments: Moments) -> dict[str, dict[date, int]]:
    """Crimes of each class and of the subgroup by month of recording; a covered month without any is 0."""
    covered = covered_months(extract, moments)
    found = {code: dict.fromkeys(covered, 0) for code in (*classes("in scope"), SUBGROUP)}
    for crime in extract.crimes():
        recorded = moment(crime["recorded_ts"])
        if recorded is None or crime["class_code"] not in found or is_removed(extract, crime, moments.as_of):
            continue
        month = london_day(recorded).replace(day=1)
        for code in (crime["class_code"], SUBGROUP):
            if month in found[code]:
                found[code][month] += 1
    return found


class Limits(NamedTuple):
    """The lines of a segment of a control chart; None where there are too few points."""

    centre: float | None
    lower: float | None
    upper: float | None


def recording_changes() -> list[date]:
    """The first whole months after the changes that move counts of the subgroup."""
    found = []
    for row in listed("recording/recording_regimes"):
        start = date.fromisoformat(row["valid_from"])
        is_of_subgroup = {SUBGROUP, "all"} & set(row["affects_codes"].split(","))
        if row["moves_counts"] == "true" and not row["source_name"] and is_of_subgroup:
            found.append(start if start.day == 1 else next_month(start))
    return sorted(found)


def control_limits(counts: Mapping[date, int]) -> dict[date, Limits]:
    """Mean and 2.66 mean moving ranges of the first 24 months since the last recording change."""
    changes = recording_changes()
    segments = defaultdict(list)
    for month in sorted(counts):
        segments[sum(change <= month for change in changes)].append(month)
    lines: dict[date, Limits] = {}
    for months in segments.values():
        base = months[: int(setting("spc.baseline_points"))]
        ranges = [abs(counts[b] - counts[a]) for a, b in pairwise(base) if next_month(a) == b]
        least = int(setting("spc.minimum_points"))
        drawn = Limits(None, None, None)
        if len(months) >= least and len(ranges) >= least // 2 and any(ranges):
            centre, width = fmean(counts[month] for month in base), 2.66 * fmean(ranges)
            drawn = Limits(centre, centre - width, centre + width)
        lines |= dict.fromkeys(months, drawn)
    return lines


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
