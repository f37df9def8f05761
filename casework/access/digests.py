"""Digests that were sent: what each said, so that the next one of the same name says what is new."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, insert, select

from casework.access.access_log import log
from casework.store.database import LONDON, now, rows_of, writing
from casework.store.tables import digests


@dataclass(frozen=True)
class Sent:
    """A digest that was sent: the London day, and its lines."""

    day: dt.date
    lines: frozenset[str]


def last(engine: Engine, name: str) -> Sent | None:
    """The latest digest of a name; None where none was sent."""
    query = select(digests).where(digests.c.name == name).order_by(digests.c.sent_at.desc()).limit(1)
    found = rows_of(engine, query)
    if not found:
        return None
    moment = dt.datetime.fromisoformat(found[0]["sent_at"]).astimezone(LONDON)
    return Sent(moment.date(), frozenset(json.loads(found[0]["lines"])))


def record(engine: Engine, name: str, lines: Sequence[str], who: str) -> None:
    """Keep what a digest said, in the log too."""
    with writing(engine) as con:
        con.execute(insert(digests).values(name=name, sent_at=now(), lines=json.dumps(list(lines))))
        log(con, who, "digest sent", ("digest", name), {"lines": len(lines)})
