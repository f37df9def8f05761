"""Digests that a force wants, from HOME/digests.toml: for which role and units, how often, and where to."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.choices.role_words import SUPERVISOR
from casework.store.refusal import Refused

FILE = "digests.toml"
ROLES = ("senior_leader", "analyst", "auditor", "supervisor", "commissioner", "administrator")
DAYS = {"day": 1, "week": 7}
EXAMPLE = """[registrar]
role = "auditor"
every = "day"
to = "STRA_DIGEST_REGISTRAR"
"""


@dataclass(frozen=True)
class Subscription:
    """One digest: whose rights it has, how often it is sent, and where to.

    `to` is the environment variable that holds the addresses, which can contain passwords; `folder` is where a file is
    written. `stale_days` is the number of days without a delivery after which the digest says so, else the setting.
    """

    name: str
    role: str
    every: str = "day"
    to: str = ""
    folder: str = ""
    units: tuple[str, ...] = ()
    force: str = ""
    stale_days: int | None = None

    def is_due(self, last: dt.date | None, today: dt.date) -> bool:
        """Whether the digest may be sent today: at most once a day, or once in seven days."""
        return last is None or not 0 <= (today - last).days < DAYS[self.every]  # a day to come is of a wrong clock


def read_subscriptions(home: Path) -> list[Subscription]:
    """The digests of a home. Raises Refused with file, place, what was expected and what was seen."""
    path = home / FILE
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"{path}: there is no such file, so no digest is wanted. For example:\n{EXAMPLE}") from None
    except (OSError, ValueError) as problem:
        raise Refused(f"{path}: cannot be read ({problem}).") from problem
    if not held:
        raise Refused(f"{path}: expected a digest, saw none. For example:\n{EXAMPLE}")
    return [_one(f"{path} [{name}]", name, given) for name, given in held.items()]


def _one(place: str, name: str, given: Any) -> Subscription:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name):
        raise Refused(f"{place}: expected a name of 1 to 40 letters, digits, - and _.")
    if not isinstance(given, Mapping):
        raise Refused(f"{place}: expected a table such as [registrar], saw {given!r}.")
    unknown = sorted(set(given) - {"role", "every", "to", "folder", "units", "force", "stale_days"})
    if unknown:
        raise Refused(f"{place}: no setting is called {', '.join(unknown)}.")
    for key, value in given.items():
        _typed(place, key, value)
    one = Subscription(name, **{**given, "role": given.get("role", ""), "units": tuple(given.get("units", ()))})
    if one.role not in ROLES:
        raise Refused(f"{place} role: expected one of {', '.join(ROLES)}; saw {one.role!r}.")
    if one.every not in DAYS:
        raise Refused(f"{place} every: expected day or week; saw {one.every!r}.")
    if bool(one.to) == bool(one.folder):
        raise Refused(f"{place}: expected either to, the environment variable that holds the addresses, or folder.")
    if bool(one.units) != (one.role == SUPERVISOR):
        raise Refused(f"{place} units: a supervisor's digest names units, and no other does.")
    return one


def _typed(place: str, key: str, value: object) -> None:
    if key == "units":
        if not isinstance(value, list) or not all(isinstance(unit, str) and unit for unit in value):
            raise Refused(f"{place} units: expected a list of names, saw {value!r}.")
    elif key == "stale_days":
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise Refused(f"{place} stale_days: expected a number of days from 1, saw {value!r}.")
    elif not isinstance(value, str):
        raise Refused(f"{place} {key}: expected text, saw {value!r}.")
    elif key == "folder" and value and not _is_whole_path(value):
        raise Refused(f"{place} folder: expected the whole path of a folder, as /srv/digests; saw {value[:200]!r}.")
    elif key == "to" and not re.fullmatch(r"STRA_[A-Z0-9_]{1,60}", value):
        # an address can hold a password: it is never in a file, and the value is not repeated here
        raise Refused(f"{place} to: expected the name of an environment variable that begins with STRA_.")


def _is_whole_path(text: str) -> bool:
    """Whether a path begins at the root, so that it means one folder wherever the command was started."""
    return Path(text).is_absolute() and "\0" not in text and ".." not in Path(text).parts
