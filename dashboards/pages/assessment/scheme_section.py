"""A change of the scheme on the page: its effect on risks and ranks, by the build's own arithmetic."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from assets.methods.assessment.scheme import Scheme
from casework.assessment import scheme as kept
from casework.assessment.scheme import VALUES, Change
from casework.choices.scheme_words import LONGEST_WORDS
from casework.store.database import exists, open_store
from casework.store.words import shown_name
from dashboards.data.published import Copy, NotAvailable
from dashboards.pages.assessment import assessment_data, preview
from dashboards.parts import forms, page
from dashboards.parts.table import html_table, listed
from dashboards.text import numbers

VALUES_OF = "metrics.theme_part_values"
NO_VALUES = NotAvailable(
    "absent", "The values that scores use are not published to this copy: no change can be tried."
)
REBUILT = "metrics.theme_parts, theme_risks, theme_schemes, theme_scores, theme_gaps and theme_changes"


@dataclass(frozen=True)
class Held:
    """The inputs of scores: values, published parts and scores, scheme."""

    values: pl.DataFrame
    parts: pl.DataFrame
    scores: pl.DataFrame
    rows: pl.DataFrame

    @property
    def names(self) -> Mapping[str, str]:
        """Theme -> name."""
        return assessment_data.names(self.scores)

    @property
    def version(self) -> int:
        """The scheme's version as published."""
        return int(self.rows["scheme_version"][0])


def read_inputs(copy: Copy) -> Held:
    """The inputs from the copy. Raises Missing if it lacks one of the tables."""
    tables = (VALUES_OF, assessment_data.PARTS, assessment_data.SCORES, assessment_data.SCHEME)
    return Held(*(copy.select(table, instead=NO_VALUES) for table in tables))


def changed(rows: pl.DataFrame, subject: str, key: str, value: float) -> pl.DataFrame:
    """The scheme's rows with one number replaced."""
    is_it = (pl.col("subject") == subject) & (pl.col("key") == key)
    return rows.with_columns(value=pl.when(is_it).then(value).otherwise("value"))


def scores_by(values: pl.DataFrame, parts: pl.DataFrame, scheme: Scheme) -> dict[preview.Key, int | None]:
    """(theme, part) -> score by a scheme, with overrides in force applied."""
    found: dict[preview.Key, int | None] = {}
    for row in values.iter_rows(named=True):
        score = row["given_score"]
        if row["basis"] == "measured" and row["value"] is not None:
            score = scheme.score_of(row["part_code"], row["value"])
        if score is not None and row["floor_score"] is not None:
            score = max(score, row["floor_score"])
        found[row["theme_code"], row["part_code"]] = score
    overridden = parts.filter(pl.col("override_ref").is_not_null())
    return found | {(t, p): s for t, p, s in overridden.select("theme_code", "part_code", "score").rows()}


def effect(found: Held, rows: pl.DataFrame) -> list[dict[str, Any]]:
    """One row per theme whose risk or rank would change: both before and after, the greatest change first."""
    before, after = (_risks(found, Scheme.from_rows(of)) for of in (found.rows, rows))
    ranked = found.scores.filter(pl.col("rank").is_not_null())["theme_code"].to_list()
    return preview.moves(before, after, ranked)


def _risks(found: Held, scheme: Scheme) -> dict[str, float]:
    return preview.risks(scores_by(found.values, found.parts, scheme), scheme)


@page.section("the scoring scheme")
def draw_scheme(home: Path, copy: Copy, who: str) -> None:
    """Draw the scheme, one change with its effect, and the log."""
    found = read_inputs(copy)
    _table(found)
    page.heading("Plan a change")
    columns = st.columns(3)
    subject = columns[0].selectbox("What", list(VALUES), format_func=lambda s: VALUES[s], key="scheme_subject")
    of_it = found.rows.filter(pl.col("subject") == subject).sort("key")
    key = columns[1].selectbox("Which", of_it["key"].to_list(), key=f"scheme_key_{subject}")
    old = float(of_it.filter(pl.col("key") == key)["value"][0])
    # a value changes the present one: if a newer publication has another, the box is filled again
    new = columns[2].number_input("New value", value=old, format="%.6g", key=f"scheme_value_{subject}_{key}_{old:g}")
    if new == old:
        page.note(f"{key} is {old:g}. Enter another value to see its effect.")
    elif new < 0:
        forms.tell(f"Expected a number from 0 up; saw {new:g}.", "missing")
    else:
        _plan(home, found, Change(subject, key, old, float(new), "", {}), who)
    _log(home)


def _plan(home: Path, found: Held, change: Change, who: str) -> None:
    try:
        rows = changed(found.rows, change.subject, change.key, change.new_value)
        moved = effect(found, rows)
    except (ValueError, ZeroDivisionError):
        forms.tell(f"With {change.key} at {change.new_value:g} no score can be calculated.", "missing")
        return
    if not moved:
        page.note(preview.in_words([], {}))
    else:
        shown = pl.DataFrame(moved, infer_schema_length=None).with_columns(
            theme=pl.col("theme_code").replace_strict(dict(found.names)),
            risk=pl.Series([_pair(r["risk_before"], r["risk_after"], 1) for r in moved]),
            place=pl.Series([_places(r) for r in moved]),
        )
        headings = {"theme": "Theme", "risk": "Risk", "place": "Rank"}
        values = f"{change.key} from {change.old_value:g} to {change.new_value:g}"
        caption = f"{numbers.plural(len(moved), 'theme')} would change: {values}"
        st.html(html_table(shown, headings, caption=caption, row_heading="theme"))
        page.note(f"Published tables that would be rebuilt: {REBUILT}.")
    with st.form(f"accept_{change.subject}_{change.key}_{change.new_value}"):
        reason = st.text_input("Why", max_chars=LONGEST_WORDS)
        sent = st.form_submit_button("Accept the change", disabled=not who)
    if sent:
        told = {"themes": moved} if moved else {"themes": "none would move"}
        given = dataclasses.replace(change, reason=reason, effect=told)
        forms.attempt(
            lambda: kept.accept(open_store(home), given, who, seen_version=found.version),
            "The change was accepted and logged. It applies from the next build, as a new version of the scheme.",
        )


def _pair(before: float, after: float, places: int) -> str:
    return f"{before:.{places}f} to {after:.{places}f}"


def _places(row: Mapping[str, Any]) -> str:
    return "not ranked" if row["place_before"] is None else f"{row['place_before']} to {row['place_after']}"


def _table(found: Held) -> None:
    rows = found.rows.with_columns(
        pl.col("subject").replace_strict(VALUES),
        state=pl.when("is_changed").then(pl.lit("changed")).otherwise(pl.lit("as shipped")),
    ).sort("subject", "key")
    headings = {"subject": "What", "key": "Which", "value": "Value", "shipped_value": "As shipped", "state": "State"}
    form = {name: lambda v: f"{v:g}" for name in ("value", "shipped_value")}
    st.html(html_table(rows, headings, caption="The scheme as published", row_heading="key", formats=form))


def _log(home: Path) -> None:
    page.heading("Accepted changes")
    changes = kept.changes(open_store(home)) if exists(home) else []
    if not changes:
        page.note("None: the scheme is as shipped.")
        return
    columns = {
        "Version": lambda c: str(c["scheme_version"]),
        "Which": lambda c: c["key"],
        "Change": lambda c: "definition" if c["old_value"] is None else f"{c['old_value']:g} to {c['new_value']:g}",
        "Themes or tables changed": lambda c: _moved(c["effect"]),
        "Why": lambda c: c["reason"],
        "Accepted by": lambda c: shown_name(c["accepted_by"]),
        "When": lambda c: numbers.moment(c["accepted_at"]),
    }
    st.html(listed(changes, columns, "Changes accepted, the newest first"))


def _moved(shown: Mapping[str, Any]) -> str:
    themes, tables = shown.get("themes"), shown.get("tables")
    if isinstance(themes, list):
        return f"{numbers.plural(len(themes), 'theme')}: {numbers.listed([t['theme_code'] for t in themes], 8)}"
    return numbers.plural(len(tables), "table") if isinstance(tables, dict) else "nothing"
