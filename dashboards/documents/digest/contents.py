"""What a digest says to a role, read with that role's rights from published copies and casework."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from casework.audit import cycles, results
from casework.recording import corrections
from casework.store.database import exists, open_store, today
from casework.store.refusal import Refused
from dashboards.data import extract, home_state, register
from dashboards.data.front import glance_data
from dashboards.data.published import Copy, Missing, open_copy, optional
from dashboards.data.scope import Scope
from dashboards.data.support import held_to_account_data
from dashboards.documents.digest import digest_text
from dashboards.documents.digest.digest_text import Block
from dashboards.documents.digest.subscriptions import Subscription
from dashboards.server.roles import ROLES, is_of_units
from dashboards.text.front import glance_text, work_text
from dashboards.text.recording import corrections_text
from dashboards.text.support import held_to_account_text as promises
from dashboards.text.tile import Line

LIST, RESULTS = "metrics.fix_list", "quality.rule_results"


@dataclass(frozen=True)
class Reader:
    """A home, and the digest that is wanted from it."""

    home: Path
    wanted: Subscription

    def copy(self, audience: str) -> Copy:
        """The audience's copy as far as the role may open it. Raises Missing."""
        kinds = ROLES[self.wanted.role].get(audience, frozenset())
        units = self.wanted.units if is_of_units([self.wanted.role]) else None
        copy = open_copy(self.home, audience, Scope(kinds, None, self.wanted.role, units))
        if len(copy.forces) < 2:
            return copy
        if self.wanted.force not in copy.forces:
            raise Refused(
                f"{self.wanted.name}: this home holds several forces, so the digest names one: force = one of "
                f"{', '.join(copy.forces)}."
            )
        return copy.of(self.wanted.force)


@dataclass(frozen=True)
class Contents:
    """The blocks of a digest, with what its head says."""

    blocks: tuple[Block, ...]
    force: str
    notice: str
    published_at: str


def read_contents(home: Path, wanted: Subscription) -> Contents:
    """The digest as it is now. Raises Refused where the force is not named."""
    reader = Reader(home, wanted)
    audience = next(iter(ROLES[wanted.role]), "command")  # an administrator sees the state of builds alone
    state = home_state.read_state(home, stale_days=wanted.stale_days, with_backups=wanted.role == "administrator")
    blocks = [Block("Can the figures be used?", digest_text.build(state))]
    copy = optional(open_copy, home, audience)
    if copy is None:  # nothing else can be said, and somebody must learn of it
        return Contents(tuple(blocks), "no figures", "", "")
    blocks += [Block(question, _lines(read_block, reader)) for question, read_block in BLOCKS[wanted.role]]
    force, notice = _force(reader, audience)
    return Contents(tuple(blocks), force, notice, str(copy.manifest.get("published_at")))


def _lines(read_block: Callable[[Reader], list[Line]], reader: Reader) -> list[Line]:
    """The lines of a block; where its figures are missing, the reason in their place."""
    try:
        return read_block(reader)
    except Missing as why:
        return [Line(f"Not said: {why}")]


def _force(reader: Reader, audience: str) -> tuple[str, str]:
    """The force's name, and the notice that it is invented."""
    copy = reader.copy(audience)
    found = optional(extract.find_extract, copy) or optional(extract.scope, copy)
    if found is None:
        return "no extract", ""
    return found.force_name, extract.INVENTED_FORCE if found.is_invented else ""


def _attention(reader: Reader) -> list[Line]:
    """The findings that are judged against chance, new changes first; those that stay are said once."""
    held = register.Reader(reader.copy("command"))
    rows = glance_data.read_attention(held).filter(pl.col("kind").is_in(glance_text.BY_CHANCE))
    points = map(glance_text.finding, rows.sort("is_new", descending=True, maintain_order=True).iter_rows(named=True))
    return [Line(held.in_words(point.runs), point.address) for point in points]


def _standards(reader: Reader) -> list[Line]:
    copy = reader.copy("integrity")
    rules = copy.select(RESULTS, order_by="rule_code, table_name")
    return work_text.less_often(rules, copy.select(glance_text.ATTENTION, may_be_empty=True))


def _records(reader: Reader) -> list[Line]:
    copy = reader.copy("integrity")
    rows = copy.select(
        LIST, columns="rule_code, record_type, record_ref, unit_name, is_new", may_be_empty=True
    )
    held = corrections.latest(open_store(reader.home)) if exists(reader.home) else []
    states = corrections_text.with_states(rows, held, today(), str(copy.manifest.get("published_at")))
    return digest_text.records(states.drop("record_ref"))


def _audits(reader: Reader) -> list[Line]:
    if not exists(reader.home):
        return []
    store = open_store(reader.home)
    due = results.reminders(store, today())
    held = cycles.cycles(store)
    return work_text.audits(held, due, today()) if due or any(not one["signed_off_at"] for one in held) else []


def _promises(reader: Reader) -> list[Line]:
    found = held_to_account_data.read_findings(reader.copy("commissioning"))
    return [Line(said, "held_to_account") for said in promises.findings(found)]


_CHANGED = ("What deserves attention?", _attention)
_BROKE = ("Which standards are met less often?", _standards)
_TURNS = ("Which records need somebody?", _records)
_DUE = ("Which audits are due?", _audits)
BLOCKS: Mapping[str, tuple[tuple[str, Callable[[Reader], list[Line]]], ...]] = {
    "senior_leader": (_CHANGED,),
    "analyst": (_CHANGED, _BROKE, _TURNS),
    "auditor": (_BROKE, _TURNS, _DUE),
    "supervisor": (_TURNS,),
    "commissioner": (("Does the force keep its promises?", _promises),),
    "administrator": (),
}
