"""The first part of an audit's page: a new cycle, frame, sample sizes and draw."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import streamlit as st

from assets.methods.audit_sample import margin_achieved, sample_size
from casework.audit import cycles
from casework.choices.questions import REPORT_STRATA, SIGNAL_STRATA, STRATA
from casework.store.database import open_store
from dashboards.data.audit import audit_sample
from dashboards.data.published import Copy
from dashboards.parts import forms, page
from dashboards.parts.forms import Desk
from dashboards.parts.table import html_table
from dashboards.text import numbers

FRAME = "metrics.audit_frame"
USUAL_MONTHS = 6
SHARES, MARGINS = (0.80, 0.85, 0.90, 0.95), (0.02, 0.03, 0.05, 0.07, 0.10)


@page.section("the sampling frame of the audit")
def new_cycle(copy: Copy, home: Path, who: str) -> None:
    """Draw the form for a new cycle: question, full months, and who decides."""
    frame = copy.select(FRAME, columns="distinct month")
    months = audit_sample.months_held(frame)
    with st.form("new_cycle"):
        title = st.text_input("Title", max_chars=120)
        question = st.text_area("Question", max_chars=500)
        first = st.selectbox("First month", months, index=min(USUAL_MONTHS, len(months)) - 1, format_func=numbers.month)
        last = st.selectbox("Last month", months, format_func=numbers.month)
        registrar = st.text_input("Force crime registrar who decides", max_chars=80)
        sent = st.form_submit_button("Create the cycle")
    if sent:
        forms.attempt(lambda: _create(home, title, question, (first, last), registrar, who), "The cycle was created.")


def _create(home: Path, title: str, question: str, period: tuple[dt.date, dt.date], registrar: str, who: str) -> None:
    ref = cycles.create_cycle(
        open_store(home), title=title, question=question, period=period, registrar=registrar, actor=who
    )
    st.session_state["filter_cycle"] = st.query_params["cycle"] = ref


def draw_plan(desk: Desk) -> None:
    """Draw frame, strata, calculator and draw, up to the cycle's present stage."""
    if not desk.cycle["frozen_at"]:
        _freeze(desk)
        return
    strata = cycles.strata(desk.engine, desk.ref)
    page.heading("Frame")
    page.note(
        f"Frozen {_day(desk.cycle['frozen_at'])}. Hash {desk.cycle['frame_hash']}."
        + (f" Drawn {_day(desk.cycle['drawn_at'])} with seed {desk.cycle['seed']}." if desk.cycle["drawn_at"] else "")
    )
    rows = pl.DataFrame(
        [
            {
                "stratum": s["stratum"],
                "name": STRATA[s["stratum"]],
                "units": s["unit_count"],
                "share": numbers.share(s["expected_share"], 0) if s["drawn_count"] else "not drawn",
                "margin": f"± {100 * s['wanted_margin']:.0f} points" if s["drawn_count"] else "not drawn",
                "drawn": s["drawn_count"] or 0,
            }
            for s in strata
        ]
    )
    headings = {"stratum": "Stratum", "name": "Contents", "units": "Units", "share": "Expected share",
                "margin": "Precision wanted", "drawn": "Drawn"}  # fmt: skip
    st.html(html_table(rows, headings, caption="Strata and their sizes", row_heading="stratum"))
    page.note(
        f"{' and '.join(REPORT_STRATA)} are whole reports: only they can show a crime that was not recorded. "
        f"{' and '.join(SIGNAL_STRATA)} are chosen by a signal and reported separately."
    )
    if not desk.cycle["drawn_at"]:
        _draw(desk, {s["stratum"]: s["unit_count"] for s in strata})


def _day(moment: str) -> str:
    return numbers.moment(moment).split(",")[0]


@page.section("the sampling frame of the audit", heading="Frame")
def _freeze(desk: Desk) -> None:
    frame = desk.copy.select(FRAME)
    first, last = (dt.date.fromisoformat(desk.cycle[k]) for k in ("period_from", "period_to"))
    units = audit_sample.units_between(frame, first, last)
    counts = pl.DataFrame({"stratum": [u["stratum"] for u in units]}, schema={"stratum": pl.String})
    rows = counts["stratum"].value_counts(name="units").sort("stratum")
    rows = rows.with_columns(name=pl.col("stratum").replace_strict(STRATA, default=""))
    headings = {"stratum": "Stratum", "name": "Contents", "units": "Units"}
    st.html(html_table(rows, headings, caption="Strata of these months", row_heading="stratum"))
    page.note("Freezing saves this list and its hash. Later builds do not change it.")
    if st.button("Freeze the frame", disabled=not desk.who):
        forms.attempt(lambda: audit_sample.freeze(desk.engine, desk.ref, units, desk.who), "The frame was frozen.")


def _draw(desk: Desk, populations: dict[str, int]) -> None:
    page.heading("Sample size and draw")
    columns = st.columns(2)
    share = columns[0].selectbox(
        "Expected share that passes", SHARES, index=2, format_func=lambda v: numbers.share(v, 0)
    )
    margin = columns[1].selectbox("Precision wanted", MARGINS, index=2, format_func=lambda v: f"± {100 * v:.0f} points")
    chosen = st.multiselect("Strata to draw from", list(populations), default=list(populations))
    sizes = {s: audit_sample.size_for(s, populations[s], share, margin) for s in chosen}
    if chosen:
        rows = pl.DataFrame(
            [
                {
                    "stratum": s,
                    "units": populations[s],
                    "size": size,
                    "precision": _precision(populations[s], size, share),
                }
                for s, size in sizes.items()
            ]
        )
        headings = {"stratum": "Stratum", "units": "Units", "size": "To draw", "precision": "Precision reached"}
        st.html(
            html_table(rows, headings, caption="Sample size with finite population correction", row_heading="stratum")
        )
        page.note(
            f"{sum(sizes.values()):,} reports and crimes to read, a fifth of them twice. Without the correction: "
            f"{sample_size(10**9, share, margin):,} a stratum. F and G are read in full when small."
        )
    seed = st.number_input("Seed", min_value=0, max_value=10**9, value=_seed_of(desk.ref), step=1)
    page.note("Anyone can repeat the draw: units in the order of SHA-256 of “seed|frame hash|kind:reference”.")
    asked = st.checkbox(f"Draw these {sum(sizes.values()):,} units: a cycle is drawn once, and not again")
    if st.button("Draw the sample", disabled=not (desk.who and chosen and asked)):
        wanted = dict.fromkeys(chosen, (share, margin))
        forms.attempt(
            lambda: audit_sample.draw(desk.engine, desk.ref, wanted, int(seed), desk.who), "The sample was drawn."
        )


def _precision(population: int, size: int, share: float) -> str:
    return "all are read" if size == population else f"± {100 * margin_achieved(population, size, share):.1f} points"


def _seed_of(cycle_ref: str) -> int:
    seeds: dict[str, int] = st.session_state.setdefault("audit_seeds", {})
    return seeds.setdefault(cycle_ref, audit_sample.new_seed())
