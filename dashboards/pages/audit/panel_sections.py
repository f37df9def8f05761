"""The steps of the scrutiny panel's page: sample, pack, findings, tracker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st
from sqlalchemy import Engine

from casework.audit import panels
from casework.choices.panel_words import ANSWERS, LONGEST_COMMENT, LONGEST_FINDING, OVERALL
from casework.store.database import UNUSABLE, in_words, open_store, today
from casework.store.refusal import Refused
from dashboards.data.audit import panel_sample
from dashboards.data.audit.panel_sample import Wish
from dashboards.data.published import Copy
from dashboards.documents.reports import panel_pack
from dashboards.parts import forms, page
from dashboards.parts.downloads import file_name
from dashboards.parts.table import html_table
from dashboards.server import visit
from dashboards.text import numbers
from dashboards.text.audit import panel_text

PAGE = "scrutiny_panel"
WHOLE = "The sample as a whole"


@dataclass(frozen=True)
class Desk:
    """The inputs of the page: home, store, sample, and the user ("" until named)."""

    home: Path
    engine: Engine
    sample: dict[str, Any]
    who: str

    @property
    def ref(self) -> str:
        """The sample's reference."""
        return str(self.sample["panel_ref"])


@page.section("closed cases")
def new_sample(copy: Copy, home: Path, who: str) -> None:
    """Draw the choice of a sample, its likely size, and the button that draws it."""
    quarters = panel_sample.quarters(copy)
    columns = st.columns(3)
    title = st.text_input("Title", max_chars=panels.LONGEST_TITLE)
    last = columns[0].selectbox("Closed up to quarter", quarters, format_func=numbers.quarter)
    earlier = [quarter for quarter in quarters if quarter <= last]
    first = columns[1].selectbox(
        "From quarter", earlier, index=min(3, len(earlier) - 1), format_func=numbers.quarter
    )
    size = columns[2].number_input("Cases", min_value=1, max_value=200, value=20, step=1)
    with_charged = st.checkbox("Include charged crimes: they may be before a court", value=False)
    wish = Wish(title, first, last, int(size), with_charged)
    frame = panel_sample.frame_of(copy, wish)
    fewest = int(panel_sample.settings(copy)["panel.cases_each"])
    planned = panel_sample.plan(frame, wish.size, fewest)
    if not planned:
        page.note("No case is closed in these quarters: there is nothing to draw from.")
        return
    rows = pl.DataFrame([{"stratum": s, "frame": n, "drawn": d} for s, (n, d) in planned.items()])
    headings = {"stratum": "Class of offence, outcome", "frame": "Closed cases", "drawn": "To be drawn"}
    st.html(html_table(rows, headings, caption="Cases to be drawn", row_heading="stratum"))
    page.note("A sample is drawn once, from a random seed, and saved: one drawn again until it suits is not random.")
    if st.button("Draw the sample", disabled=not who or not title.strip()):
        forms.attempt(lambda: _draw(home, copy, wish, who), "The sample was drawn and saved.")


def _draw(home: Path, copy: Copy, wish: Wish, who: str) -> None:
    ref = panel_sample.draw(open_store(home), copy, wish, who)
    st.session_state["filter_panel"] = st.query_params["panel"] = ref


def show_pack(desk: Desk) -> None:
    """Draw how the sample was drawn, the pack, and the look-up of a record.

    A look-up is logged.
    """
    page.heading("The pack")
    cases, frame = panels.cases(desk.engine, desk.ref), panels.frame(desk.engine, desk.ref)
    page.note(panel_text.how_drawn(desk.sample, len(cases), len(frame)))
    is_same = panel_sample.is_drawn_again(desk.engine, desk.sample)
    page.facts(
        [
            ("Cases", numbers.number(len(cases)), f"of {numbers.number(len(frame))} in the frame"),
            ("Seed", str(desk.sample["seed"]), f"frame hash {desk.sample['frame_hash'][:12]}"),
            ("Repeat draw", "the same cases" if is_same else "other cases", "from the saved seed, frame and settings"),
        ]
    )
    if not is_same:
        forms.tell("The saved sample does not match its seed and frame: the store was changed.", "missing")
    rows = pl.DataFrame(
        [
            {"case_ref": c["case_ref"]} | {name: numbers.quarter(c["facts"][name]) for name in panel_sample.FACTS}
            for c in cases
        ]
    )
    columns = {"case_ref": "Case", **panel_sample.FACTS}
    st.html(html_table(rows, columns, caption="Cases of the pack, by pseudonym", row_heading="case_ref"))
    marking = page.server().marking
    visit.hand_out(
        "Download the pack",
        lambda: panel_pack.page(desk.engine, desk.ref, marking).encode(),
        file_name(marking, f"scrutiny-{desk.ref}", "html"),
        "text/html",
        "integrity",
        is_invented=str(desk.sample["settings"].get("whose", "")).startswith(panel_sample.INVENTED),
        count=len(cases),
    )
    for words in (panel_text.PSEUDONYMS, panel_text.coarse(desk.sample), panel_text.USE):
        page.note(words)
    _look_up(desk, [c["case_ref"] for c in cases])


def _look_up(desk: Desk, refs: list[str]) -> None:
    """Show the record behind a pseudonym, for the user who prepares the case.

    It is shown once, after it is logged.
    """
    page.heading("Record behind a pseudonym")
    page.note("For staff who prepare or act on a case, never for the panel. Each look-up is logged before it is shown.")
    with st.form("look_up"):
        case_ref = st.selectbox("Case", refs)
        sent = st.form_submit_button("Log and show the record")
    if not sent:
        return
    try:
        entry = visit.consult("integrity", f"record of case {case_ref} of {desk.ref}", 1)
        record = panels.record_of(desk.engine, desk.ref, case_ref)
    except (Refused, *UNUSABLE) as problem:
        forms.tell(in_words(problem), "missing")
        return
    forms.tell(f"Case {case_ref} is {record}. Receipt of the access log: {entry.mark}.", "done")


def show_findings(desk: Desk) -> None:
    """Draw the panel's findings on each case, and the form."""
    page.heading("Panel findings")
    cases, answers = panels.cases(desk.engine, desk.ref), panels.latest_answers(desk.engine, desk.ref)
    page.note(f"{numbers.capital(panel_text.findings_answer(len(cases), answers))}. {panel_text.USE}")
    questions = desk.sample["questions"]
    if answers:
        rows = pl.DataFrame(
            [
                {"case_ref": ref, "overall": OVERALL[a["overall"]], "comment": a["comment"] or "none"}
                | {code: ANSWERS[a["answers"][code]] for code in questions}
                for ref, a in sorted(answers.items())
            ]
        )
        columns = {"case_ref": "Case", "overall": "Overall", **questions, "comment": "Comment"}
        st.html(html_table(rows, columns, caption="Findings by case", row_heading="case_ref"))
    refs = [c["case_ref"] for c in cases]
    unread = [ref for ref in refs if ref not in answers]
    case_ref = st.selectbox("Case for a finding", [*unread, *(r for r in refs if r in answers)])
    _form(desk, case_ref, answers.get(case_ref))


def _form(desk: Desk, case_ref: str, held: dict[str, Any] | None) -> None:
    revision = held["revision"] if held else 0
    with st.form(f"finding_{case_ref}_{revision}"):
        given = {
            code: st.radio(
                words,
                list(ANSWERS),
                index=list(ANSWERS).index(held["answers"][code]) if held else None,
                format_func=lambda a: ANSWERS[a],
                horizontal=True,
            )
            for code, words in desk.sample["questions"].items()
        }
        codes = list(OVERALL)
        overall = st.radio(
            "Overall",
            codes,
            index=codes.index(held["overall"]) if held else None,
            format_func=lambda code: OVERALL[code],
        )
        comment = st.text_area(
            "Comment, without names, places or references",
            value=held["comment"] if held else "",
            max_chars=LONGEST_COMMENT,
        )
        sent = st.form_submit_button("Save the finding", disabled=not desk.who)
    if sent:
        forms.attempt(
            lambda: panels.answer(
                desk.engine,
                desk.ref,
                case_ref,
                desk.who,
                answers={code: value or "" for code, value in given.items()},
                overall=overall or "",
                comment=comment,
                seen_revision=revision,
            ),
            f"The finding on case {case_ref} was saved.",
        )


def show_tracker(desk: Desk) -> None:
    """Draw the actions: owner, due date, and what was done."""
    page.heading("Findings tracker")
    held = panels.actions(desk.engine, desk.ref)
    day = today().isoformat()
    if held:
        rows = pl.DataFrame(
            [
                {k: a[k] for k in ("action_ref", "finding", "owner", "due_date")}
                | {
                    "case_ref": a["case_ref"] or WHOLE,
                    "state": panel_text.due(a, day),
                    "done": a["done_words"] or "not yet",
                }
                for a in held
            ]
        )
        columns = {"action_ref": "Finding", "case_ref": "Case", "finding": "Action needed", "owner": "Owner",
                   "due_date": "Due", "state": "State", "done": "What was done"}  # fmt: skip
        st.html(html_table(rows, columns, caption="Findings and actions", row_heading="action_ref"))
    else:
        page.note("The tracker of this sample is empty.")
    _new_action(desk, len(held))
    _finish(desk, [a for a in held if not a["done_at"]])


def _new_action(desk: Desk, number: int) -> None:
    refs = ["", *(c["case_ref"] for c in panels.cases(desk.engine, desk.ref))]
    with st.form(f"action_{number}"):
        case_ref = st.selectbox("Case it is about", refs, format_func=lambda ref: ref or WHOLE)
        given = {
            "finding": st.text_area("Action needed", max_chars=LONGEST_FINDING),
            "owner": st.text_input("Owner", max_chars=80),
            "due_date": st.text_input(f"Due date, as {forms.DAY_EXAMPLE}", max_chars=forms.LONGEST_DAY),
        }
        sent = st.form_submit_button("Add to the tracker", disabled=not desk.who)
    if sent:
        forms.attempt(
            lambda: _add_action(desk, case_ref, given), "The action is on the tracker."
        )


def _add_action(desk: Desk, case_ref: str, given: dict[str, Any]) -> None:
    due = forms.read_day("Due date", given["due_date"])
    panels.add_action(desk.engine, desk.ref, case_ref, desk.who, {**given, "due_date": due})


def _finish(desk: Desk, unfinished: list[dict[str, Any]]) -> None:
    if not unfinished:
        return
    by_ref = {a["action_ref"]: a for a in unfinished}
    with st.form(f"finish_{len(unfinished)}"):
        ref = st.selectbox("Finding that was acted on", list(by_ref))
        words = st.text_input("What was done", max_chars=LONGEST_FINDING)
        sent = st.form_submit_button("Mark as done", disabled=not desk.who)
    if sent:
        revision = by_ref[ref]["revision"]
        forms.attempt(
            lambda: panels.finish_action(desk.engine, ref, desk.who, words, seen_revision=revision),
            f"{ref} was marked as done.",
        )
