"""Standards in words: groups, numbers, the time they apply.

Pure: rows of quality.rule_results in, text out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from dashboards.text import numbers
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

GROUPS = {  # first letters of a rule's code -> subject of the group's rules
    "DEL": "Deliveries",
    "STR": "Form of records",
    "TIM": "Timeliness",
    "CLS": "Classification",
    "OUT": "Outcomes and removals",
    "VIC": "Service to victims",
    "RSK": "Risk",
    "NOT": "Notices",
    "INV": "Investigation",
    "ORD": "Orders",
    "FIL": "Case files",
    "AUD": "Audits",
    "PUB": "Public data",
}


def group_of(code: str) -> str:
    """The letters before the number: INV of INV-04."""
    return code.partition("-")[0]


def groups(codes: Iterable[str]) -> dict[str, str]:
    """The groups of these rules, in our order.

    Groups without a name of ours come last, unchanged.
    """
    present = {group_of(code) for code in codes}
    known = {code: name for code, name in GROUPS.items() if code in present}
    return known | {code: code for code in sorted(present - GROUPS.keys())}


def judged_count(row: Mapping[str, Any]) -> int:
    """Records examined that had the data needed: the denominator of every share."""
    return int(row["examined_count"] or 0) - int(row["not_evaluable_count"] or 0)


def breach_words(row: Mapping[str, Any], rule: SmallNumbers) -> str:
    """310 of 6,000 (5.2%): breaches of the records assessed.

    No share of too few records, and no figure if nothing could be assessed.
    """
    judged = judged_count(row)
    if row["status"] in ("NOT_EVALUABLE", "ERROR") or row["breach_count"] is None or not judged:
        return numbers.NO_VALUE
    share = numbers.share(row["breach_count"] / judged) if rule.is_enough(judged) else TOO_FEW
    return f"{numbers.number(row['breach_count'])} of {numbers.number(judged)} ({share})"


def state(row: Mapping[str, Any]) -> str:
    """Sign and words of a rule's state."""
    return " ".join(numbers.rule_state(row["status"], row["severity"]))


def key(row: Mapping[str, Any]) -> str:
    """A rule's key in a URL: a standard can apply to several tables."""
    return f"{row['rule_code']}@{row['table_name']}"


def address(rule_key: str, part: str = "", **kept: str) -> str:
    """The link to the page of one standard, from any other page; with the choices that are `kept`."""
    query = {"rule": rule_key} | ({"part": part} if part else {}) | kept
    return f"which_standards_are_breached?{urlencode(query)}"


def severity(row: Mapping[str, Any]) -> str:
    """The consequence of a breach; warnings are for the registrar to decide."""
    words = {"error": "error", "warn": "warning for the registrar", "info": "for information"}[row["severity"]]
    return words + (", to a supervisor at once" if row.get("is_escalated") else "")


def binding(row: Mapping[str, Any]) -> str:
    """The days on which the standard applies."""
    first: dt.date | None = row.get("valid_from")
    last: dt.date | None = row.get("valid_to")
    parts = [f"from {numbers.day(first)}"] if first else []
    parts += [f"to {numbers.day(last)}"] if last else []
    if not parts:
        return "always"
    return " ".join(parts) + f", by {str(row.get('dated_by') or 'date').replace('_', ' ')}"


def settings_of(row: Mapping[str, Any], settings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The settings of a rule: those it names, and those whose authority names it."""
    named = {key.strip() for key in (row.get("parameters") or "").split(",")}
    code = re.compile(rf"\b{re.escape(str(row['rule_code']))}\b(?!-)")
    return [s for s in settings if s["key"] in named or code.search(s["authority"] or "")]


def parameters(row: Mapping[str, Any], settings: Iterable[Mapping[str, Any]]) -> str:
    """Their values: 24 hours (timeliness.limit_hours)."""
    found = [f"{s['value']:g} {s['unit'] or ''}".rstrip() + f" ({s['key']})" for s in settings_of(row, settings)]
    return "; ".join(found) if found else "none"


def needs(row: Mapping[str, Any]) -> str:
    """The fields of the force extract that a rule needs."""
    return row.get("needs") or "no field of the extract"
