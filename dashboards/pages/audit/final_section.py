"""The last part: estimates with intervals and bias, findings, sign-off, report."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import streamlit as st

from assets.methods.audit_estimates import UNRECORDED_BIAS, unrecorded
from casework.audit import results
from casework.choices.questions import CATEGORIES, REPORT_STRATA, SEVERITIES
from casework.store.database import today
from casework.store.words import shown_name
from dashboards.data import extract
from dashboards.data.audit import estimates
from dashboards.documents.reports import audit_report
from dashboards.parts import forms, page
from dashboards.parts.downloads import file_name
from dashboards.parts.forms import Desk
from dashboards.parts.table import html_table
from dashboards.server import visit
from dashboards.text import numbers

ESTIMATES = {"metric": "Measure", "of": "Strata", "population": "Units in frame", "counts": "Passed of rated",
             "not_evaluable": "Could not be assessed", "share": "Estimate", "limits": "95% interval",
             "caveat": "Note"}  # fmt: skip


def show_estimates(desk: Desk) -> None:
    """Draw estimates once every unit is settled, and the number of crimes unrecorded."""
    page.heading("Estimates")
    owed = results.outstanding(desk.engine, desk.ref)
    if owed:
        page.note("Estimates can be calculated once every unit is settled. Still to do: " + "; ".join(owed) + ".")
    elif not desk.is_closed and st.button("Calculate the estimates", disabled=not desk.who):
        forms.attempt(
            lambda: estimates.estimate(desk.engine, desk.ref, desk.who), "The estimates were calculated and saved."
        )
    made = results.estimates(desk.engine, desk.ref)
    if not made:
        return
    st.html(html_table(estimate_rows(made), ESTIMATES, caption="Estimates of this audit", row_heading="metric"))
    methods = sorted({e["method"] for e in made if e["lower"] is not None})
    page.note(
        f"Of a sample, an estimate may miss the share of its strata: the interval says by how much. Method: "
        f"{numbers.listed(methods)}."
    )
    if not any(e["metric"] == estimates.RECORDING for e in made):
        forms.tell(estimates.NO_REPORTS, "missing")
    _unrecorded(made)


def estimate_rows(made: list[dict[str, Any]]) -> pl.DataFrame:
    """Estimates in words, of each measure the overall one first."""
    measures = list(dict.fromkeys(e["metric"] for e in made))
    made = sorted(made, key=lambda e: (measures.index(e["metric"]), e["stratum"] != estimates.OVERALL, e["stratum"]))
    rows = [e | estimates.in_words(e) | {"of": _strata(e)} for e in made]
    return pl.DataFrame([{name: row[name] for name in ESTIMATES} for row in rows])


def _strata(row: dict[str, Any]) -> str:
    names = row["strata"].split()
    return f"{numbers.listed(names)} together" if len(names) > 1 else names[0]


def _unrecorded(made: list[dict[str, Any]]) -> None:
    found = next((e for e in made if e["metric"] == estimates.RECORDING and e["share"]), None)
    if found is None:
        return
    page.heading("Crimes not recorded")
    recorded = st.number_input("Crimes recorded in twelve months from such reports", min_value=0, value=None, step=1)
    page.note(UNRECORDED_BIAS)
    if recorded is None:
        return
    left = unrecorded(int(recorded), estimates.as_estimate(found))
    upper = numbers.number(left.upper) if left.upper is not None else "no upper limit"
    page.facts(
        [
            (
                "Not recorded in twelve months",
                numbers.number(left.value),
                f"95% interval {numbers.number(left.lower)} to {upper}",
            )
        ]
    )


def show_findings(desk: Desk) -> None:
    """Draw the findings: the fault, who corrects it and by when."""
    page.heading("Findings")
    held = results.findings(desk.engine, desk.ref)
    forms.look(f"findings of {desk.ref}", len(held))
    units = [u for u in results.rated_units(desk.engine, desk.ref) if u["final"] is not None]
    failed = [u for u in units if u["final"]["result"] == "fail"]
    without = {u["sample_ref"] for u in failed} - {f["sample_ref"] for f in held}
    page.note(f"{numbers.plural(len(failed), 'failed unit')}, {len(without)} of them without a finding.")
    if held:
        columns = {"finding_ref": "Finding", "unit_ref": "Reference", "category": "Category", "rule_code": "Rule",
                   "severity": "Severity", "owner": "Owner", "due_date": "Due", "words": "What is wrong",
                   "fixed_ref": "Corrected"}  # fmt: skip
        shown = [f | {"category": numbers.readable(f["category"]), "due_date": _day(f["due_date"]),
                      "fixed_ref": f["fixed_ref"] or "not yet"} for f in held]  # fmt: skip
        rows = pl.DataFrame(shown, infer_schema_length=None)
        st.html(html_table(rows, columns, caption="Findings of this audit", row_heading="finding_ref"))
    if failed and not desk.is_closed:
        _new_finding(desk, sorted(without) or [u["sample_ref"] for u in failed])
    _fix(desk, [f for f in held if not f["fixed_at"]])


def _day(due: str) -> str:
    return numbers.day(dt.date.fromisoformat(due))


def _new_finding(desk: Desk, refs: list[str]) -> None:
    with st.form(f"finding_{len(results.findings(desk.engine, desk.ref))}"):
        ref = st.selectbox("Failed unit", refs)
        columns = st.columns(3)
        given = {
            "category": columns[0].selectbox("Category", CATEGORIES, format_func=numbers.readable),
            "severity": columns[1].selectbox("Severity", SEVERITIES, index=1),
            "rule_code": columns[2].text_input("Rule", max_chars=20, placeholder="CLS-02"),
            "owner": columns[0].text_input("Owner", max_chars=80),
            "due_date": columns[1].text_input(f"Due date, as {forms.DAY_EXAMPLE}", max_chars=forms.LONGEST_DAY),
            "words": st.text_area("What is wrong", max_chars=500),
        }
        sent = st.form_submit_button("Save the finding", disabled=not desk.who)
    if sent:
        forms.attempt(lambda: _keep(desk, ref, given), "The finding was saved.")


def _keep(desk: Desk, ref: str, given: dict[str, Any]) -> None:
    due = forms.read_day("Due date", given["due_date"])
    results.add_finding(desk.engine, ref, desk.who, {**given, "due_date": due})


def _fix(desk: Desk, unfixed: list[dict[str, Any]]) -> None:
    if not unfixed:
        return
    by_ref = {f["finding_ref"]: f for f in unfixed}
    with st.form(f"fix_{len(unfixed)}"):
        ref = st.selectbox("Finding that was corrected", list(by_ref))
        where = st.text_input("Where it was corrected", max_chars=80, placeholder="a task or crime reference")
        sent = st.form_submit_button("Mark as corrected", disabled=not desk.who)
    if sent:
        revision = by_ref[ref]["revision"]
        forms.attempt(
            lambda: results.fix_finding(desk.engine, ref, desk.who, where, seen_revision=revision),
            f"{ref} was marked as corrected.",
        )


def show_sign_off(desk: Desk) -> None:
    """Draw the sign-off of the cycle, and its report."""
    page.heading("Sign-off and report")
    if desk.is_closed:
        due = numbers.day(dt.date.fromisoformat(desk.cycle["reaudit_due"]))
        page.note(
            f"Signed off {numbers.moment(desk.cycle['signed_off_at']).split(',')[0]} by "
            f"{shown_name(desk.cycle['signed_off_by'])}. Re-audit due {due}."
        )
    else:
        owed = results.outstanding_for_sign_off(desk.engine, desk.ref)
        if owed:
            page.note("Still to do: " + "; ".join(owed) + ".")
        with st.form("sign_off"):
            learning = st.text_area("What was learnt", max_chars=2000)
            sent = st.form_submit_button("Sign the audit off", disabled=not desk.who)
        if sent:
            day = today()
            forms.attempt(
                lambda: results.sign_off(desk.engine, desk.ref, desk.who, learning, day), "The audit was signed off."
            )
    marking, rule = page.server().marking, audit_report.read_rule(desk.copy)
    visit.hand_out(
        "Download the report",
        lambda: audit_report.page(desk.engine, desk.ref, marking, rule).encode(),
        file_name(marking, f"audit-report-{desk.ref}", "html"),
        "text/html",
        desk.copy.audience,
        is_invented=extract.is_invented(desk.copy),
    )
    page.note(
        f"The report can be shared: it has no references and no notes, and counts below {rule.smallest_shown} are "
        f"suppressed. Strata {' and '.join(REPORT_STRATA)} are whole reports."
    )
