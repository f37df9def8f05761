"""Charges, suspects, duties, caseloads and demand, counted from the delivered files in plain Python.

Nothing of the product is imported, so that no mistake is in both. Lists of codes and settings are read: they are data.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from delivered_force import (
    DAY,
    END_OF_TIME,
    LONDON,
    NO_GROUP,
    SUBGROUP,
    TICK,
    Extract,
    Moments,
    Row,
    class_at,
    classes,
    is_by,
    is_in_scope,
    is_removed,
    is_unread,
    known_outcomes,
    london_day,
    moment,
    months_before,
    next_month,
    outcome_groups,
    setting,
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
    month: date  # of recording


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
            code, outcome_groups().get(code, NO_GROUP) if code else "", day.replace(day=1),
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


# 3. Duties


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


# 4. Open caseload


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


# 5. Months of demand and their limits


def covered_months(extract: Extract, moments: Moments) -> list[date]:
    """Whole months from the first to the last with half the crimes of a usual month; not those far too low between."""
    recorded = [at for crime in extract.crimes() if (at := moment(crime["recorded_ts"]))]
    counts = Counter(london_day(at).replace(day=1) for at in recorded)
    first = london_day(min(recorded))
    first_month = first if first.day == 1 else next_month(first)
    end_month = (london_day(min(max(recorded), moments.as_of)) + DAY).replace(day=1)
    last_year = sorted(count for month, count in counts.items() if months_before(end_month, 12) <= month < end_month)
    least = setting("demand.covered_share") * last_year[len(last_year) // 2]
    full = [month for month, count in counts.items() if first_month <= month < end_month and count >= least]
    usual = last_year[len(last_year) // 2]
    held, month = set(full), min(full)
    while month < max(full):
        held |= {month} if counts[month] >= usual - 3 * math.sqrt(usual) else set()
        month = next_month(month)
    return sorted(held)


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
