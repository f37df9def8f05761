"""What people of an invented force decided: casework for a demonstration, through the functions that the pages call.

An audit, readings of links, overrides, entries of registers, a panel and a note; and an assessment issued from an
earlier delivery. The same home gets the same answers; references and moments of writing are new. Every name begins with
"Invented".
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from casework.assessment import assessments, notes, overrides, registers
from casework.audit import cycles, panels, ratings, results
from casework.choices.questions import OUTCOME_STRATA, REPORT_STRATA, questions_of
from casework.choices.scheme_words import HIGHEST_SCORE
from casework.people import links
from casework.store.database import exists, open_store, today
from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.data.audit import audit_sample, estimates, panel_sample
from dashboards.data.published import Copy, open_copy, optional
from dashboards.data.scope import WHOLE

ANALYST, SECOND, REGISTRAR = "Invented Analyst", "Invented Second Analyst", "Invented Registrar"
RATERS = {"first": "Invented Rater", "second": "Invented Second Rater"}
OFFICERS = ("Invented Head of Public Protection", "Invented Head of Crime", "Invented Force Crime Registrar",
            "Invented Head of Learning", "Invented Commissioning Manager")  # fmt: skip
FRAME = "metrics.audit_frame"
SEED = 7
SHARE, MARGIN = 0.90, 0.10  # expected to pass, and the precision that is wanted
MONTHS = 3  # of the audit
READ = 60  # pairs of records
ACTIONS = (  # theme, heading, title, live figure, days until it is due, cost, expected effect
    ("T6", "prevent", "Review every suspect who was reported by three people, with the multi-agency panel",
     "serial_suspects_managed", 45, "£92,000 a year, invented: two posts",
     "Invented: half of serial suspects managed within a year, as in the panel's first quarter"),
    ("T1", "pursue", "Consider an order in each stalking case that ends without a charge", "order_considered", -20,
     "none, invented: within present posts", "Invented: an order considered in nine of ten such cases"),
    ("T2", "protect", "Offer support to victims of stalking at the first contact", "referral_offered", 30,
     "£38,000 a year, invented: one advocate", "Invented: not known; to be read from the live figure after six months"),
    ("", "prepare", "Train first responders to assess risk with the screening tool", "risk_tool", 90, "", ""),
)  # fmt: skip
UPDATES = (  # what was done, and what is next
    "Invented: the plan is agreed with the owner; officers are briefed next.",
    "Invented: the system was changed; a dip sample follows.",
    "Invented: two of three steps are done; the training day is booked.",
    "Invented: the partnership board has it on its list; no money is agreed.",
)
GAPS = (
    ("How many victims are stalked online only", "Recorded flags miss part of it", "Ask the survey of victims"),
    ("Who supports victims outside the commissioned services", "Need is understated", "Ask the partnership"),
)
LATER, LAPSED = 200, 400  # days: until an override ends, and since the lapsed one was made


def write(home: Path) -> list[str]:
    """Write the casework into a home; what was written, in words: nothing where somebody has worked already.

    Raises Refused unless the force is invented, and Missing where the home has no copies.
    """
    command, integrity = (open_copy(home, audience, WHOLE) for audience in ("command", "integrity"))
    of = optional(extract.find_extract, command)
    if of is None or not of.is_invented:
        raise Refused(f"{home}: expected the home of an invented force; nothing was written.")
    if exists(home) and cycles.cycles(open_store(home)):
        return ["Somebody has worked in this home already: nothing was written."]
    engine = open_store(home)
    parts: tuple[Callable[[], str], ...] = (
        lambda: _audit(engine, integrity), lambda: _links(engine, integrity), lambda: _overrides(engine, command),
        lambda: _registers(engine, command), lambda: _panel(engine, integrity), lambda: _note(engine, command),
    )  # fmt: skip
    return [part() for part in parts]


def issue(home: Path) -> list[str]:
    """Issue the assessment as it is published now, so that the one of a later delivery has something to compare with.

    Raises Refused unless the force is invented, and Missing where the home has no copies.
    """
    command = open_copy(home, "command", WHOLE)
    of = optional(extract.find_extract, command)
    if of is None or not of.is_invented:
        raise Refused(f"{home}: expected the home of an invented force; nothing was written.")
    engine = open_store(home)
    if assessments.issued(engine):
        return ["An assessment was issued in this home already: nothing was written."]
    scores = command.select("metrics.theme_scores", order_by="theme_code")
    day: dt.date = scores["as_of_date"][0]
    title = f"Invented assessment of {day.year}"
    assessments.issue(engine, title, day, command.manifest_sha256(), scores.to_dicts(), ANALYST)
    return [f"The assessment of {day.isoformat()}, issued."]


def _lot(*words: str) -> float:
    """A number of 0 to 1 that is always the same for the same words."""
    return int(hashlib.sha256("|".join(words).encode()).hexdigest()[:8], 16) / 16**8


def _audit(engine: Engine, copy: Copy) -> str:
    """A signed-off audit of the latest full months: two raters, a registrar where they differ, findings."""
    frame = copy.select(FRAME)
    months = audit_sample.months_held(frame)[1 : MONTHS + 1]
    if not months:
        return f"No audit: {FRAME} has no full month."
    ref = cycles.create_cycle(
        engine, title="Invented audit of stalking", question="Is stalking recorded as stalking, and in time?",
        period=(months[-1], months[0]), registrar=REGISTRAR, actor=ANALYST,
    )  # fmt: skip
    units = audit_sample.units_between(frame, months[-1], months[0])
    audit_sample.freeze(engine, ref, units, ANALYST)
    wanted = dict.fromkeys(sorted({unit["stratum"] for unit in units}), (SHARE, MARGIN))
    count = audit_sample.draw(engine, ref, wanted, SEED, ANALYST)
    for role, who in RATERS.items():
        for unit in ratings.work_list(engine, ref, who, role):
            ratings.rate(engine, unit["sample_ref"], who, role, _answers(unit, role))
    for unit in ratings.disagreements(engine, ref, REGISTRAR):
        ratings.adjudicate(engine, unit["sample_ref"], REGISTRAR, _answers(unit, "first"))
    _findings(engine, ref)
    estimates.estimate(engine, ref, ANALYST)
    results.sign_off(engine, ref, REGISTRAR, "Invented: former partners are to be asked about at the report.", today())
    return f"An audit of {count} units, signed off."


def _answers(unit: Mapping[str, Any], role: str) -> dict[str, Any]:
    """One unit in 12 fails a question; the second rater sees one in 15 otherwise."""
    ref, stratum = str(unit["unit_ref"]), str(unit["stratum"])
    asked = questions_of(stratum)
    given: dict[str, Any] = {question.code: "pass" for question in asked}
    if _lot(ref) < 1 / 12:
        given[asked[int(_lot(ref, "which") * len(asked))].code] = "fail"
    if role == "second" and _lot(ref, role) < 1 / 15:
        given[asked[0].code] = "pass" if given[asked[0].code] == "fail" else "fail"
    if stratum in REPORT_STRATA:
        given |= {"crimes_required": 1, "crimes_recorded": int(_lot(ref, "crime") > 1 / 20)}
    if stratum in OUTCOME_STRATA:
        given["outcome_code_due"] = "not_evaluable"
    return given | {"evidence_note": "Invented."}


def _findings(engine: Engine, ref: str) -> None:
    for unit in results.rated_units(engine, ref):
        if unit["final"] is not None and unit["final"]["result"] == "fail":
            results.add_finding(engine, unit["sample_ref"], REGISTRAR, {
                "category": "not_recorded" if unit["stratum"] in REPORT_STRATA else "under_classified",
                "rule_code": "CLS-02", "severity": "medium", "owner": OFFICERS[2], "due_date": _due(28),
                "words": "Invented: see the note."})  # fmt: skip


def _links(engine: Engine, copy: Copy) -> str:
    """Two readers of the pairs in doubt; on a few they differ, and the registrar decides."""
    pairs = copy.select("core.person_pairs", columns="person_key_l, person_key_r, match_weight",
                        where="is_uncertain", order_by="match_weight desc, person_key_l, person_key_r")  # fmt: skip
    rows = pairs.head(READ).to_dicts()
    for row in rows:
        pair = (row["person_key_l"], row["person_key_r"])
        first = row["match_weight"] > 0
        second = first != (_lot(*pair) < 1 / 10)
        for who, role, is_same in ((ANALYST, "first", first), (SECOND, "second", second)):
            links.decide(engine, who, role, pair, *_verdict(is_same))
        if first != second and _lot(*pair, "registrar") < 1 / 2:
            links.decide(engine, REGISTRAR, "registrar", pair, *_verdict(first))
    return f"Two readings of {len(rows)} pairs of people."


def _verdict(is_same: bool) -> tuple[str, str]:
    return ("same", "history_agrees") if is_same else ("different", "namesakes")


def _overrides(engine: Engine, copy: Copy) -> str:
    """One of two points that waits for a second person, one approved and one that has lapsed."""
    scores = copy.select("metrics.theme_parts", where="automatic_score is not null", order_by="theme_code, part_code")
    rows = [row for row in scores.to_dicts() if row["theme_code"] in ("T1", "T3", "T5")]
    chosen = {row["theme_code"]: row for row in rows if row["automatic_score"] <= HIGHEST_SCORE - 2}
    made = []
    for place, (theme, row) in enumerate(sorted(chosen.items())):
        day = today() - dt.timedelta(days=LAPSED) if place == 2 else today()
        proposal = overrides.Proposal(
            theme, row["part_code"], row["automatic_score"], row["automatic_score"] + (1 if place else 2),
            "intelligence",
            "Invented: partners know of cases that no record of this force shows, so the score is too low.",
            "Invented note of a meeting", (day + dt.timedelta(days=LATER)).isoformat(),
        )  # fmt: skip
        ref = overrides.propose(engine, proposal, ANALYST, day)
        if place:
            overrides.decide(engine, ref, "approved", SECOND, "", seen_decisions=0, day=day)
        made.append(theme)
    return f"{len(made)} overrides, on {', '.join(made) or 'no theme'}."


def _registers(engine: Engine, copy: Copy) -> str:
    """The starters confirmed, with owners, days and updates; actions, gaps and a risk of the force's own."""
    # a placeholder asks for a text: to save it unchanged would enter nothing
    starters = copy.select(
        "core.register_entries", where="is_starter and (not is_placeholder or register = 'guidance')",
        order_by="register, entry_ref",
    ).to_dicts()  # fmt: skip
    for entry in starters:
        fields = {name: str(value) for name, value in json.loads(entry["fields"]).items()
                  if value != "To be entered"}  # fmt: skip
        kind = registers.kind_of(entry["register"])
        own = {"owner": OFFICERS[int(_lot(entry["entry_ref"]) * len(OFFICERS))],
               "due_date": _due(int(_lot(entry["entry_ref"], "due") * 240) - 40),
               "update": UPDATES[int(_lot(entry["entry_ref"], "update") * len(UPDATES))], "updated_on": _due(-30),
               "reviewed_on": _due(-120), "document": "Invented policy, second edition",
               "version": "Invented second edition", "disseminated_on": _due(-60)}  # fmt: skip
        names = {field.name for field in kind.fields}
        wanted = {name: value for name, value in own.items() if name in names and name not in fields}
        registers.save(engine, entry["register"], entry["entry_ref"], fields | wanted, ANALYST, seen_revision=0)
    shown = set(copy.select("reference.public_measures", columns="measure_code")["measure_code"])
    for place, (theme, heading, title, figure, days, cost, effect) in enumerate(ACTIONS):
        action = {"title": title, "heading": heading, "owner": OFFICERS[place], "due_date": _due(days),
                  "theme_code": theme, "cost": cost, "effect": effect,
                  "metric_code": figure, "status": "needs_decision" if place == 0 else "under_way",
                  "decision_asked": "Invented: a decision on two posts" if place == 0 else "",
                  "public_measure": figure if figure in shown else ""}  # fmt: skip
        registers.save(engine, "recommendations", "", action, ANALYST, seen_revision=0)
    for title, why, plan in GAPS:
        gap = {"title": title, "why": why, "plan": plan, "owner": OFFICERS[1], "due_date": _due(60), "status": "open"}
        registers.save(engine, "intelligence_gaps", "", gap, ANALYST, seen_revision=0)
    risk = {"title": "Repeat suspects move between districts unseen", "control": "Weekly meeting of districts",
            "owner": OFFICERS[1], "due_date": _due(80), "metric_code": "repeat_suspects_ordered",
            "status": "open"}  # fmt: skip
    risk_ref = registers.save(engine, "risk_register", "", risk, ANALYST, seen_revision=0)
    lesson = {"title": "A breach of bail was not linked to the stalking that it belonged to",
              "review": "Invented review of a death", "control": "Breaches are listed for the daily meeting",
              "risk_ref": risk_ref, "owner": OFFICERS[0], "due_date": _due(70), "metric_code": "breach_answered",
              "status": "under_way"}  # fmt: skip
    registers.save(engine, "lessons", "", lesson, ANALYST, seen_revision=0)
    practice = {"title": "Joint visits with the advocate within two days", "grade": "before_after",
                "place": "Invented District", "source": "Invented evaluation", "owner": OFFICERS[0]}  # fmt: skip
    registers.save(engine, "practice", "", practice, ANALYST, seen_revision=0)
    return f"{len(starters) + len(ACTIONS) + len(GAPS) + 3} entries of registers."


def _due(days: int) -> str:
    return (today() + dt.timedelta(days=days)).isoformat()


def _panel(engine: Engine, copy: Copy) -> str:
    """A panel that has answered for every case, with two actions, one of them done."""
    quarters = panel_sample.quarters(copy)[1:2]
    if not quarters:
        return "No panel: no quarter has closed cases."
    wish = panel_sample.Wish("Invented panel", quarters[0], quarters[0], 12, with_charged=False)
    ref = panel_sample.draw(engine, copy, wish, ANALYST, SEED)
    asked = list(panel_sample.questions(copy))
    held = panels.cases(engine, ref)
    for place, case in enumerate(held):
        overall = ("appropriate", "appropriate", "observations", "inconsistent")[place % 4]
        comment = "Invented: the risk was assessed late." if overall == "observations" else ""
        panels.answer(engine, ref, case["case_ref"], REGISTRAR, answers=dict.fromkeys(asked, "yes"), overall=overall,
                      comment=comment, seen_revision=0)  # fmt: skip
    for finding in ("Assess risk before the first visit ends", "Record why no order was sought"):
        action = panels.add_action(engine, ref, "", REGISTRAR, {
            "finding": finding, "owner": OFFICERS[0], "due_date": _due(40)})  # fmt: skip
    panels.finish_action(engine, action, REGISTRAR, "Invented: briefed at every parade.", seen_revision=1)
    return f"A panel of {len(held)} cases."


def _note(engine: Engine, copy: Copy) -> str:
    force = copy.select(extract.FORCES, where="crime_count > 0")["force_code"][0]
    month = copy.select("core.extract_forces", columns="max(last_month) as month")["month"][0]
    series = notes.Series("recorded", force, "none", "none")
    words = "Invented: a campaign asked victims to report"
    notes.save(engine, "", series, (month - dt.timedelta(days=150)).replace(day=1).isoformat(), words, ANALYST,
               seen_revision=0)  # fmt: skip
    return "A note on a chart."
