"""What will be measured of an extract, and what not for want of which field: known before a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assets.raw import extract_tables
from expectations import RULES
from expectations.rule import Rule

# page -> the fields without which it lacks a figure
PAGES = {
    "Is it changing?": ("crime.recorded_ts", "crime.class_code", "crime.force_code"),
    "Recording delay and class": ("crime.reported_ts", "crime.recorded_ts", "classification_history.changed_ts"),
    "Can we trust our recording?": ("incident.created_ts", "removal.removal_code", "crime_flag.flag", "crime.mo_text"),
    "What happened next?": ("outcome.code", "outcome.outcome_ts"),
    "Repeat and serial suspects": (
        "party_role.person_key", "party_role.role", "party_role.named", "crime.reported_ts",
    ),
    "Are victims protected?": (
        "risk_assessment.grade", "risk_assessment.completed_ts", "order_.type", "referral.offered_ts",
        "victim_contact.ts",
    ),
    "What is coming?": ("crime.recorded_ts", "crime.status", "allocation.investigator_id"),
    "Need and reach": ("party_role.role", "person.sex", "referrals.service_id", "population.persons"),
}  # fmt: skip


def gaps(absent: Mapping[str, set[str]], queries: Mapping[str, str]) -> Iterator[str]:
    """Fields that the files do not deliver, and the rules that rest on them.

    `absent`: table -> fields.
    """
    missing = [table for table in extract_tables() if table not in absent and table not in queries]
    if missing:
        yield f"Tables not found: {', '.join(missing)}."
    for table, fields in absent.items():
        if fields:
            yield f"{table} has no column for: {', '.join(name for name in extract_tables()[table] if name in fields)}."
    for page, lacking in pages(absent, missing).items():
        if lacking:
            what = "not measured" if len(lacking) == len(PAGES[page]) else "measured in part"
            yield f"Page {page!r}: {what}, for want of {', '.join(lacking)}."
    unmeasured = unmeasured_rules(absent, missing)
    measured = {rule.code for rule in RULES if _is_of_extract(rule)} - set(unmeasured)
    if unmeasured:
        yield f"Rules that will be measured: {len(measured)}."
    if unmeasured:
        listed = "; ".join(f"{code} for {', '.join(names)}" for code, names in unmeasured.items())
        yield f"Rules that will not be measured ({len(unmeasured)}): {listed}"


def unmeasured_rules(absent: Mapping[str, set[str]], missing: Sequence[str]) -> dict[str, list[str]]:
    """Rule -> the fields that it needs and no file delivers."""
    return {rule.code: lacking for rule in RULES if (lacking := _lacking(rule, absent, missing))}


def _is_of_extract(rule: Rule) -> bool:
    return any(need.partition(".")[0] in extract_tables() for need in rule.needs)


def pages(absent: Mapping[str, set[str]], missing: Sequence[str]) -> dict[str, list[str]]:
    """Page -> the fields that it lacks."""
    return {page: [need for need in needs if _is_lacking(need, absent, missing)] for page, needs in PAGES.items()}


def _lacking(rule: Rule, absent: Mapping[str, set[str]], missing: Sequence[str]) -> list[str]:
    """The fields that a rule needs and no file delivers."""
    return [need for need in rule.needs if _is_lacking(need, absent, missing)]


def _is_lacking(need: str, absent: Mapping[str, set[str]], missing: Sequence[str]) -> bool:
    table, _, name = need.partition(".")
    return table in missing or name in absent.get(table, ())
