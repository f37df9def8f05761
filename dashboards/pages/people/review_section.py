"""Reading pairs, blind: choose a pair, look up both records, decide.

The model's view is shown only afterwards. A third reader decides where two differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
import streamlit as st
from sqlalchemy import Engine

from casework.choices.link_reasons import REASONS, REASONS_FOR
from casework.people import links
from casework.people.links import Held, Pair
from casework.store.refusal import Refused
from dashboards.data.published import Copy
from dashboards.pages.people import links_text, weights_chart
from dashboards.parts import figure, forms, page
from dashboards.parts.table import html_table
from dashboards.text import numbers

PAIRS = "core.person_pairs"
NO_NAME = "Enter your name first: each decision is recorded under a name."
BLIND = (
    "Look up both records in the record system and decide from what they say. Until you decide, you see neither the "
    "model's weights nor the other reader's decision, so that neither influences you. You see the weights straight "
    "after and may change your decision; the change is recorded as made after seeing the weights."
)


@dataclass(frozen=True)
class Bench:
    """The inputs of the section: store, copy, pairs, reading order, limit, reader."""

    engine: Engine
    copy: Copy
    pairs: pl.DataFrame
    queue: list[Pair]
    limit: float | None
    who: str

    def published(self, pair: Pair) -> dict[str, Any] | None:
        """The pair's row in the copy; None if a newer build no longer holds it."""
        found = self.pairs.filter((pl.col("person_key_l") == pair[0]) & (pl.col("person_key_r") == pair[1]))
        return found.row(0, named=True) if found.height else None


def draw_pairs(bench: Bench) -> None:
    """Draw the reader's own pairs, one at a time."""
    page.heading("Read pairs")
    page.note(BLIND)
    if not bench.who:
        page.note(NO_NAME)
        return
    key = f"review_pair_{bench.who}"
    held = links.everything(bench.engine)
    free = sum(held.get(pair, Held()).free_role(bench.who) is not None for pair in bench.queue)
    own = links.readings(bench.engine, bench.who)
    waiting = [r for r in own if r["decision"] is None]
    page.note(
        f"{numbers.plural(len(own) - len(waiting), 'pair')} decided by you, {len(waiting):,} taken and not decided, "
        f"{numbers.number(free)} available. A pair that you take is yours for {links.HOURS_HELD} hours."
    )
    if st.button("Take the next pair", key="next_pair", type="secondary" if waiting else "primary"):
        forms.attempt(lambda: _take(bench, key), "The pair is yours: no one else can take your place as its reader.")
    if own:
        _one(bench, own, waiting, key)


def _take(bench: Bench, key: str) -> None:
    pair = links.take_next(bench.engine, bench.queue, bench.who)
    if pair is None:
        raise Refused("No pair is left for you: two people have taken each one, or you have read it.")
    _turn_to(key, pair)


def _turn_to(key: str, pair: Pair) -> None:
    """Open a pair with a new list widget, because a widget keeps its old choice."""
    st.session_state[key] = pair
    st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1


def _one(bench: Bench, own: list[dict[str, Any]], waiting: list[dict[str, Any]], key: str) -> None:
    by_pair = {r["pair"]: r for r in own}
    if st.session_state.get(key) not in by_pair:
        _turn_to(key, (waiting or own)[0]["pair"])
    listed = list(by_pair)
    pair = st.selectbox(
        "Pair",
        listed,
        index=listed.index(st.session_state[key]),
        key=f"{key}_{st.session_state[f'{key}_turn']}_{len(waiting)}",
        format_func=lambda p: _label(by_pair[p]),
    )
    st.session_state[key] = pair
    reading = by_pair[pair]
    decision = reading["decision"]
    keys_table(pair)
    if decision is None:
        given = form(pair, None, "Save decision")
        if given is not None:
            forms.attempt(partial(_decide, bench, reading, given), _kept(given[0]))
        if st.button("Give this pair back", key=f"back_{'_'.join(pair)}"):
            forms.attempt(
                lambda: links.release(bench.engine, pair, bench.who), "Pair given back for someone else to read."
            )
        return
    page.note(
        f"You decided: {links_text.VERDICTS[decision['verdict']].lower()}. {REASONS[decision['reason_code']]}. "
        "Once two readers agree, the next build applies their decision; if they disagree, a third person decides."
    )
    show_weights(bench, pair)
    st.subheader("Change your decision", anchor=False)
    if reading["closed"]:
        page.note(reading["closed"])
        return
    given = form(pair, decision, "Save change")
    if given is not None:
        forms.attempt(
            partial(_decide, bench, reading, given), "Change saved, recorded as made after seeing the weights."
        )


def _kept(verdict: str) -> str:
    if verdict == "unsure":
        return "Decision saved. Unless a third person is sure, the weight decides. The weights are below."
    return (
        f"Decision saved. Once another reader agrees, {links_text.OBEYED[verdict]}. "
        "The weights are below."
    )


def _decide(bench: Bench, reading: dict[str, Any], given: tuple[str, str]) -> None:
    seen = reading["decision"]["revision"] if reading["decision"] else 0
    _turn_to(f"review_pair_{bench.who}", reading["pair"])
    links.decide(bench.engine, bench.who, reading["role"], reading["pair"], *given, seen_revision=seen)


def _label(reading: dict[str, Any]) -> str:
    decision = reading["decision"]
    state = links_text.VERDICTS[decision["verdict"]].lower() if decision else "not decided"
    return f"{' and '.join(reading['pair'])} ({state})"


def keys_table(pair: Pair) -> None:
    """Draw the two keys to look up, and nothing else."""
    forms.look(f"pair {pair[0]} {pair[1]}", 2)
    rows = pl.DataFrame({"what": ["First record", "Second record"], "key": list(pair)})
    headings = {"what": "Record", "key": "Person key"}
    st.html(html_table(rows, headings, caption="Look up these two in the record system", row_heading="what"))


def form(pair: Pair, held: dict[str, Any] | None, label: str) -> tuple[str, str] | None:
    """(verdict, reason) once the button is pressed with both chosen, else None."""
    key = "_".join(pair) + f"_{held['revision'] if held else 0}"
    options = list(links_text.VERDICTS)
    verdict = st.radio(
        "Are the two records one person?", options, index=options.index(held["verdict"]) if held else None,
        format_func=lambda v: links_text.VERDICTS[v], horizontal=True, key=f"verdict_{key}",
    )  # fmt: skip
    reason = None
    if verdict is not None:
        reasons = REASONS_FOR[verdict]
        is_held = held is not None and held["reason_code"] in reasons and held["verdict"] == verdict
        reason = st.radio(
            "Why?", reasons, index=reasons.index(held["reason_code"]) if held and is_held else None,
            format_func=lambda code: REASONS[code], key=f"reason_{verdict}_{key}",
        )  # fmt: skip
    if not st.button(label, type="primary", key=f"keep_{key}"):
        return None
    if verdict is None or reason is None:
        forms.tell(f"Choose {'an answer' if verdict is None else 'a reason'} first: nothing was saved.", "missing")
        return None
    return verdict, reason


def show_weights(bench: Bench, pair: Pair) -> None:
    """Draw the model's view of the pair: the waterfall, and the same as a table."""
    row = bench.published(pair)
    if row is None:
        page.note("This pair is not in the last build, so there are no weights to show.")
        return
    rows = weights_chart.evidence(row)
    figure.Figure(
        key="match-weights",
        tables=(PAIRS,),
        finding=weights_chart.finding(row, bench.limit),
        chart=weights_chart.waterfall(rows, bench.limit),
        alt=weights_chart.in_words(rows, bench.limit),
        data=figure.Data(
            rows,
            (
                {"what": "Compared", "level": "Agreement", "weight": "Weight, bits"},
                "says",
                {"total": "Running total"},
            ),
            {"weight": weights_chart.bits, "total": weights_chart.bits},
        ),
        caveats=(
            weights_chart.EXPLAINED,
            f"Probability of one person, by the weight alone: {numbers.share(row['match_probability'])}.",
        ),
    ).draw(bench.copy)


def show_third(bench: Bench) -> None:
    """Draw pairs on which two readers differ, for a reader who has seen neither."""
    page.heading("Where readers disagree")
    page.note(
        "A third person reads the records again and decides: the force crime registrar or a person they name, who has "
        "not read the pair before. Both readers' decisions are shown; the model's weights are not."
    )
    if not bench.who:
        page.note(NO_NAME)
        return
    open_to, left_out = links.disputes(bench.engine, bench.who)
    own = f" You read {numbers.number(left_out)} more, which someone else decides." if left_out else ""
    page.note(f"{numbers.plural(len(open_to), 'pair')} for you to decide.{own}")
    if not open_to:
        return
    by_pair = {d["pair"]: d for d in open_to}
    pair = st.selectbox(
        "Pair to decide", list(by_pair), format_func=" and ".join, key=f"third_pair_{bench.who}_{len(open_to)}"
    )
    dispute = by_pair[pair]
    keys_table(pair)
    views = [
        {"who": who, "said": links_text.VERDICTS[d["verdict"]], "why": REASONS[d["reason_code"]]}
        for who, d in (("First reader", dispute["first"]), ("Second reader", dispute["second"]))
    ]
    headings = {"who": "Reader", "said": "Decision", "why": "Why"}
    st.html(html_table(pl.DataFrame(views), headings, caption="Both decisions", row_heading="who"))
    given = form(pair, None, "Save third decision")
    if given is not None:
        effect = links_text.OBEYED.get(given[0], "no one is sure, so the weight decides")
        forms.attempt(
            lambda: links.decide(bench.engine, bench.who, "registrar", pair, *given, seen_revision=0),
            f"Third decision saved: {effect}.",
        )
