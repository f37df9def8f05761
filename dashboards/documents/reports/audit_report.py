"""The report of an audit, one page for sharing: no reference, note or small cell.

Rule AUD-06. Its estimates come from the casework store, not from a published copy.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Engine

from assets.methods.audit_estimates import UNRECORDED_BIAS
from assets.methods.audit_sample import margin_achieved
from casework.audit import cycles, results
from casework.choices.questions import REPORT_STRATA, SIGNAL_STRATA, STRATA
from casework.store.database import exists, open_store
from casework.store.refusal import Refused
from casework.store.words import shown_name
from dashboards.data.audit import estimates
from dashboards.data.published import Copy, open_copy, optional
from dashboards.data.scope import WHOLE
from dashboards.data.settings import SMALLEST_CELL, read_small_numbers
from dashboards.documents import as_html, tables, writer
from dashboards.text import numbers
from dashboards.text.content import Block, Document, Heading, Table, paragraph
from dashboards.text.small_numbers import SmallNumbers

WITHHELD = "suppressed, to protect a small cell"


def write(home: Path, out: Path, cycle_ref: str | None = None) -> Path:
    """Write the report of a cycle; returns `out`.

    It is the cycle named, or the one signed off last, or the newest. Raises Refused when there is no audit to report
    on.
    """
    if not exists(home):
        raise Refused(f"{home}: no audit has been started here. Start one on the page Audit of the integrity audience.")
    engine = open_store(home)
    held = cycles.cycles(engine)
    if cycle_ref is None:
        closed = sorted((c for c in held if c["signed_off_at"]), key=lambda c: str(c["signed_off_at"]))
        found = closed[-1:] or held[:1]
    else:
        found = [c for c in held if c["cycle_ref"] == cycle_ref]
    if not found:
        raise Refused(f"{home}: there is no audit cycle {cycle_ref or 'yet'}.")
    ref = found[0]["cycle_ref"]
    made = page(engine, ref, writer.own_marking(), read_rule(optional(open_copy, home, "integrity", WHOLE)))
    return writer.write_page(home, out, "stra report audit", ref, lambda entry: made, purpose="audit")


def read_rule(copy: Copy | None) -> SmallNumbers:
    """The report's small-number rule: its smallest cell is an audit setting (AUD-06)."""
    return read_small_numbers(copy, SMALLEST_CELL)


def page(engine: Engine, cycle_ref: str, marking: str, rule: SmallNumbers) -> str:
    """The report as HTML."""
    return as_html.render(document(engine, cycle_ref, marking, rule)).decode()


def document(engine: Engine, cycle_ref: str, marking: str, rule: SmallNumbers) -> Document:
    """The question, sample, estimates, agreement of raters, findings and sign-off."""
    cycle = next(c for c in cycles.cycles(engine) if c["cycle_ref"] == cycle_ref)
    title = f"Audit report: {cycle['title']}"
    blocks = [
        paragraph(_state(cycle), kind="lead"),
        *_section("Question and period", [cycle["question"], _period(cycle)]),
        *_frame(engine, cycle, rule),
        *_estimates(engine, cycle_ref, rule),
        *_agreement(engine, cycle_ref, rule),
        *_findings(engine, cycle_ref),
        *_section("Sign-off", [_state(cycle), *([f"Learning: {cycle['learning']}"] if cycle["learning"] else [])]),
    ]
    return Document(title, "", marking, title, (), tuple(blocks))


def _section(heading: str, paragraphs: list[str], *more: Table) -> list[Block]:
    return [Heading(1, heading), *(paragraph(words) for words in paragraphs), *more]


def _state(cycle: dict[str, Any]) -> str:
    if not cycle["signed_off_at"]:
        return "Not signed off: figures may still change."
    due = numbers.day(dt.date.fromisoformat(cycle["reaudit_due"]))
    day = numbers.day(dt.date.fromisoformat(cycle["signed_off_at"][:10]))
    return f"Signed off {day} by the registrar, {shown_name(cycle['signed_off_by'])}. Re-audit due {due}."


def _period(cycle: dict[str, Any]) -> str:
    first, last = (dt.date.fromisoformat(cycle[k]) for k in ("period_from", "period_to"))
    return f"Period: {numbers.month(first)} to {numbers.month(last)}, full months."


def _frame(engine: Engine, cycle: dict[str, Any], rule: SmallNumbers) -> list[Block]:
    units = results.rated_units(engine, cycle["cycle_ref"])
    rows = []
    for s in cycles.strata(engine, cycle["cycle_ref"]):
        settled = sum(u["stratum"] == s["stratum"] and u["final"] is not None for u in units)
        drawn = s["drawn_count"] or 0
        rows.append(
            {
                "stratum": s["stratum"],
                "name": STRATA[s["stratum"]],
                "units": rule.suppress_count(s["unit_count"]),
                "drawn": rule.suppress_count(drawn),
                "wanted": f"± {100 * s['wanted_margin']:.0f} points" if drawn else "not drawn",
                "achieved": _achieved(s, settled),
            }
        )
    headings = {"stratum": "Stratum", "name": "Contents", "units": "Units", "drawn": "Drawn",
                "wanted": "Wanted precision", "achieved": "Precision achieved"}  # fmt: skip
    drawn = (
        f"Drawn with seed {cycle['seed']}; frame hash {cycle['frame_hash']}." if cycle["drawn_at"] else "Not drawn yet."
    )
    notes = [
        drawn
        + " Anyone with the frame can repeat the draw: units in the order of SHA-256 of seed, frame hash and ref.",
        " and ".join(REPORT_STRATA) + " are whole reports: only they can show a crime that was not recorded.",
        " and ".join(SIGNAL_STRATA) + " are chosen by a signal and reported separately.",
    ]
    schema = dict.fromkeys(headings, pl.String)
    table = tables.of_rows(pl.DataFrame(rows, schema=schema), headings, caption="Strata", row_heading="stratum")
    return _section("Frame, strata and precision", notes, table)


def _achieved(stratum: dict[str, Any], settled: int) -> str:
    if not stratum["drawn_count"] or not settled:
        return "no unit settled yet" if stratum["drawn_count"] else "not drawn"
    if settled == stratum["unit_count"]:
        return "all units were read"
    return f"± {100 * margin_achieved(stratum['unit_count'], settled, stratum['expected_share']):.1f} points"


def shared_rows(made: list[dict[str, Any]], rule: SmallNumbers) -> list[dict[str, Any]]:
    """Estimates in a form that may be shared.

    Estimates on few units are left out. Other strata of the same measure are left out too where the overall figure
    would reveal them.
    """
    found = []
    for measure in dict.fromkeys(e["metric"] for e in made):
        rows = [e for e in made if e["metric"] == measure]
        parts = [e for e in rows if e["stratum"] != estimates.OVERALL]
        small = [e["rated"] < rule.smallest_shown for e in parts]
        also = rule.suppress_others([e["rated"] for e in parts], small) if len(parts) < len(rows) else small
        hidden = {e["stratum"] for e, is_out in zip(parts, also, strict=True) if is_out}
        for e in rows:
            is_small = e["rated"] < rule.smallest_shown
            found.append(e | {"hidden": rule.few if is_small else WITHHELD if e["stratum"] in hidden else ""})
    return found


def _estimates(engine: Engine, cycle_ref: str, rule: SmallNumbers) -> list[Block]:
    made = results.estimates(engine, cycle_ref)
    if not made:
        return _section("Estimates", ["None have been made."])
    rows = [
        {name: e[name] for name in ("stratum", "strata")}
        | estimates.in_words(e)
        | (dict.fromkeys(("counts", "share", "limits"), e["hidden"]) if e["hidden"] else {})
        | {"unknown": rule.suppress_count(e["not_evaluable"])}
        for e in shared_rows(made, rule)
    ]
    headings = {"metric": "Measure", "stratum": "Stratum", "strata": "Strata", "counts": "Passed of rated",
                "share": "Estimate", "limits": "95% interval", "unknown": "Not assessed", "method": "Method",
                "caveat": "Caveat"}  # fmt: skip
    notes = ["Units not assessed count neither as passed nor as failed."]
    if any(e["metric"] == estimates.RECORDING for e in made):
        notes.append(f"Crimes left unrecorded follow from recording accuracy p as R (1 / p - 1). {UNRECORDED_BIAS}")
    else:
        notes.append(estimates.NO_REPORTS)
    table = tables.of_rows(pl.DataFrame(rows), headings, caption="Estimates with their intervals", row_heading="metric")
    return _section("Estimates", notes, table)


def _agreement(engine: Engine, cycle_ref: str, rule: SmallNumbers) -> list[Block]:
    rows = []
    for name, a in zip(("All rated twice", "Random fifth"), estimates.agreement(engine, cycle_ref), strict=True):
        words = estimates.agreement_in_words(a)
        hidden = dict.fromkeys(words, rule.few) if rule.is_small(a.pairs) else {}
        rows.append({"what": name, **words, **hidden})
    headings = {"what": "Rated twice", "same": "Same result", "kappa": "Kappa", "limits": "95% interval"}
    note = "Cohen's kappa of two raters, each blind to the other. Target: at least 0.8 (this product's choice)."
    table = tables.of_rows(pl.DataFrame(rows), headings, caption="Agreement", row_heading="what")
    return _section("Do raters agree?", [note], table)


def _findings(engine: Engine, cycle_ref: str) -> list[Block]:
    held = results.findings(engine, cycle_ref)
    if not held:
        return _section("Findings", ["None."])
    rows = pl.DataFrame(
        [{k: f[k] for k in ("finding_ref", "category", "rule_code", "severity", "owner", "due_date")}
         | {"fixed": "corrected" if f["fixed_at"] else "open", "category": numbers.readable(f["category"])}
         for f in held]
    )  # fmt: skip
    headings = {"finding_ref": "Finding", "category": "Category", "rule_code": "Rule", "severity": "Severity",
                "owner": "Owner", "due_date": "Due", "fixed": "State"}  # fmt: skip
    return _section("Findings", [], tables.of_rows(rows, headings, caption="Findings", row_heading="finding_ref"))
