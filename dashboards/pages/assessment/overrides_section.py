"""Overrides on the page: the present ones, a new one, decisions on proposals.

A new one is shown with its effect first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from assets.methods.assessment.scheme import Scheme
from casework.assessment import overrides
from casework.assessment.overrides import Proposal
from casework.choices.scheme_words import (
    DECISIONS,
    HIGHEST_SCORE,
    LONGEST_EVIDENCE,
    LONGEST_RATIONALE,
    LONGEST_WORDS,
    OVERRIDE_REASONS,
    STATES,
)
from casework.store.database import exists, open_store
from casework.store.words import shown_name
from dashboards.data.published import Copy, NotAvailable
from dashboards.pages.assessment import assessment_data, preview
from dashboards.parts import forms, page
from dashboards.parts.table import listed
from dashboards.text import numbers

NO_PARTS = NotAvailable(
    "absent", "The parts of the scores are not published to this copy: no override can be made."
)
SCORE_WORDS = ("none", "minor", "moderate", "severe", "critical")


@dataclass(frozen=True)
class Desk:
    """The inputs of the section: home, scores, parts, scheme, overrides, user."""

    home: Path
    scores: pl.DataFrame
    parts: pl.DataFrame
    scheme: Scheme
    held: tuple[Mapping[str, Any], ...]
    who: str

    @property
    def names(self) -> Mapping[str, str]:
        """Theme -> name."""
        return assessment_data.names(self.scores)

    @property
    def part_names(self) -> Mapping[str, str]:
        """Part -> name."""
        return dict(self.parts.select("part_code", "part_name").unique(maintain_order=True).iter_rows())

    @property
    def ranked(self) -> list[str]:
        """The themes that have a rank."""
        return self.scores.filter(pl.col("rank").is_not_null())["theme_code"].to_list()

    @property
    def in_force(self) -> list[Mapping[str, Any]]:
        """The overrides that count today."""
        return [row for row in self.held if row["state"] == "in_force"]


@page.section("overrides")
def draw_overrides(home: Path, copy: Copy, scores: pl.DataFrame, who: str) -> None:
    """Draw the section. Raises the store's own error if it is unusable."""
    parts = copy.select(assessment_data.PARTS, order_by="theme_code, place", instead=NO_PARTS)
    rows = copy.select(assessment_data.SCHEME, instead=NO_PARTS)
    held = tuple(overrides.history(open_store(home))) if exists(home) else ()
    desk = Desk(home, scores, parts, Scheme.from_rows(rows), held, who)
    with st.container():  # a container of their own: sections opened below must not close when they change
        _table(desk)
        _since(desk)
    with st.expander("Propose an override"):
        _propose(desk)
    open_ones = [row for row in held if row["state"] in ("waiting", "in_force")]
    if open_ones:
        with st.expander("Approve, refuse or withdraw"):
            _decide(desk, open_ones)


def _table(desk: Desk) -> None:
    published = sum(desk.scores["override_count"].to_list())
    page.note(
        f"{numbers.plural(published, 'override')} published here. The table below the matrix shows each "
        "theme's rank before and after overrides."
    )
    if not desk.held:
        return
    columns = {
        "Override": lambda row: row["override_ref"],
        "Theme": lambda row: desk.names.get(row["theme_code"], row["theme_code"]),
        "Part": lambda row: desk.part_names.get(row["part_code"], row["part_code"]),
        "Score": lambda row: f"{_score(row['automatic_score'])} to {_score(row['override_score'])}",
        "State": lambda row: STATES[row["state"]],
        "Last day": lambda row: numbers.day(dt.date.fromisoformat(row["valid_to"])),
        "Reason": lambda row: OVERRIDE_REASONS[row["reason_code"]],
        "Rationale": lambda row: row["rationale"],
        "Evidence": lambda row: row["evidence_ref"],
        "Proposed by": lambda row: shown_name(row["analyst"]),
        "Decided": lambda row: _decisions(row["decisions"]),
    }
    st.html(listed(desk.held, columns, "Overrides, the newest first"))


def _decisions(held: Sequence[Mapping[str, Any]]) -> str:
    told = [f"{DECISIONS[d['decision']].lower()} by {shown_name(d['decided_by'])}" for d in held]
    return "; ".join(told) or "no decision"


def _score(score: int | None) -> str:
    return "not measured" if score is None else f"{score} ({SCORE_WORDS[score]})"


def _since(desk: Desk) -> None:
    """Draw the decisions since the build, and their effect."""
    built = {ref for ref in desk.parts["override_ref"].to_list() if ref is not None}
    now = {str(row["override_ref"]) for row in desk.in_force}
    if built == now:
        return
    before = preview.risks(_published(desk.parts), desk.scheme)
    after = preview.risks(preview.overridden(preview.automatic(desk.parts), desk.in_force), desk.scheme)
    moved = preview.in_words(preview.moves(before, after, desk.ranked), desk.names)
    page.note(
        f"Since this was published {numbers.plural(len(now - built), 'override')} came into force and "
        f"{len(built - now)} lapsed or ended. With the next build: {moved}"
    )


def _published(parts: pl.DataFrame) -> dict[preview.Key, int | None]:
    return {(theme, part): score for theme, part, score in parts.select("theme_code", "part_code", "score").rows()}


def _propose(desk: Desk) -> None:
    """Draw the form of a proposal: theme, part and score first.

    Their effect is shown before anything is written.
    """
    columns = st.columns(3)
    theme = columns[0].selectbox(
        "Theme to override", list(desk.names), format_func=lambda c: f"{c} {desk.names[c]}", key="override_theme"
    )
    part = columns[1].selectbox(
        "Part to override", list(desk.part_names), format_func=lambda c: desk.part_names[c], key="override_part"
    )
    scores = preview.automatic(desk.parts)
    by_itself = scores.get((theme, part))
    score = columns[2].selectbox(
        "New score", list(range(HIGHEST_SCORE + 1)), format_func=_score, index=by_itself, key="override_score"
    )
    if score is None:
        page.note("This part is not measured. Choose a score to see its effect.")
        return
    page.note(f"Automatic score: {_score(by_itself)}. {_effect(desk, theme, part, score)}")
    agreed = any(
        overrides.is_approved(row, row["decisions"])
        for row in desk.in_force
        if (row["theme_code"], row["part_code"]) == (theme, part)
    )
    if agreed:
        page.note("An approved override is in force: another person has to approve its replacement.")
    elif overrides.needs_second_person(by_itself, score):
        page.note("This change comes into force once another person has approved it.")
    with st.form(f"override_{len(desk.held)}"):
        reason = st.selectbox("Reason", list(OVERRIDE_REASONS), format_func=lambda c: OVERRIDE_REASONS[c])
        rationale = st.text_area("Rationale: what the score misses, and how you know", max_chars=LONGEST_RATIONALE)
        evidence = st.text_input("Reference of the evidence", max_chars=LONGEST_EVIDENCE)
        valid_to = st.text_input(
            f"Last day, as {forms.DAY_EXAMPLE}; twelve months ahead at most", max_chars=forms.LONGEST_DAY
        )
        sent = st.form_submit_button("Propose the override", disabled=not desk.who)
    if sent:
        given = Proposal(theme, part, by_itself, int(score), reason, rationale, evidence, valid_to)
        forms.attempt(
            lambda: _store(desk, given),
            "The override was proposed. It reaches the published figures with the next build, once it is in force.",
        )


def _store(desk: Desk, given: Proposal) -> None:
    day = forms.read_day("Last day", given.valid_to)
    overrides.propose(open_store(desk.home), replace(given, valid_to=day), desk.who)


def _effect(desk: Desk, theme: str, part: str, score: int) -> str:
    """The effect of the override, in addition to those in force."""
    now = preview.overridden(preview.automatic(desk.parts), desk.in_force)
    then = {**now, (theme, part): score}
    moved = preview.moves(preview.risks(now, desk.scheme), preview.risks(then, desk.scheme), desk.ranked)
    return f"With the new score: {preview.in_words(moved, desk.names)}"


def _decide(desk: Desk, open_ones: Sequence[Mapping[str, Any]]) -> None:
    by_ref = {str(row["override_ref"]): row for row in open_ones}
    with st.form(f"decide_{len(open_ones)}_{sum(len(r['decisions']) for r in open_ones)}"):
        ref = st.selectbox("Override to decide on", list(by_ref), format_func=lambda r: _named(desk, by_ref[r]))
        decision = st.radio(
            "Decision", list(DECISIONS), format_func=lambda d: DECISIONS[d], index=None, horizontal=True
        )
        words = st.text_input("Why", max_chars=LONGEST_WORDS)
        sent = st.form_submit_button("Decide", disabled=not desk.who)
    if sent:
        seen = len(by_ref[ref]["decisions"])
        forms.attempt(
            lambda: overrides.decide(open_store(desk.home), ref, decision or "", desk.who, words, seen_decisions=seen),
            f"{ref} was {(decision or '').lower()}. It applies from the next build.",
        )


def _named(desk: Desk, row: Mapping[str, Any]) -> str:
    part = desk.part_names.get(row["part_code"], row["part_code"]).lower()
    score, state = _score(row["override_score"]), STATES[row["state"]].lower()
    return f"{row['override_ref']}: {row['theme_code']} {part}, {score} ({state})"
