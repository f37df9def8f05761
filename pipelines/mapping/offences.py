"""The Home Office class of an offence by its title, where that is beyond doubt."""

from __future__ import annotations

import re
from functools import cache

from assets.reference import list_rows

# words of titles that may be of stalking and harassment: one that no rule knows is asked for
_NEAR = re.compile(
    r"stalk|harass|malicious|communicat|coerciv|restraining|molest|course of conduct|fear of violence", re.I
)
# Home Office Counting Rules: the classes of the group; the first rule that fits counts
CLASSES = ("8L", "8M", "8Q", "8R", "8U")
_RULES = (
    (re.compile(r"\A(?=.*(racial|religious))(?=.*(harass|stalk))(?!.*alarm)", re.I | re.S), "8M"),
    (re.compile(r"stalk", re.I), "8Q"),
    (re.compile(r"coercive|controlling", re.I), "8U"),
    (re.compile(r"malicious communication|sending letters|indecent or offensive", re.I), "8R"),
    (re.compile(r"^harassment( \(?s\.? ?2\)?)?$|in fear of violence|harassment without violence", re.I), "8L"),
)


@cache
def _titles() -> dict[str, str]:
    found: dict[str, str] = {}
    lists = (("ho_codes", "offence_title", "class_code"), ("offence_classes", "offence_label", "offence_code"))
    for table, title, code in lists:
        for row in list_rows(table):
            if found.setdefault(_plain(row[title]), row[code]) != row[code]:
                found[_plain(row[title])] = ""
    return found


def class_of(title: str) -> str | None:
    """The class of an offence's title, such as 8Q; None if it is unknown or in doubt."""
    known = _titles().get(_plain(title))
    return known or next((code for rule, code in _RULES if rule.search(title)), None)


@cache
def _codes() -> dict[str, str]:
    return {row["ho_code"]: row["class_code"] for row in list_rows("ho_codes")}


def class_of_code(code: str) -> str | None:
    """The class of a Home Office code, '' if it is none of stalking and harassment; None if it may be."""
    if (found := re.fullmatch(r"(\d{1,9})/(\d{1,9})", code.strip(), re.ASCII)) is None:
        return None
    number, sub_class = int(found[1]), int(found[2])
    known = _codes().get(f"{number}/{sub_class}")
    return known if known is not None else None if number in (8, 195) else ""


def may_be_in_scope(title: str) -> bool:
    """Whether a title has words of stalking and harassment."""
    return _NEAR.search(title) is not None


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", title).lower().split())
