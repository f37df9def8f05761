"""Which standards are breached? Every rule's state in words and sign, and the references that fail it."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from dashboards import comparisons, figure, filters, findings, page, wording
from dashboards.published import Copy, NotAvailable

RUNS, RESULTS, BREACHES = "quality.runs", "quality.rule_results", "quality.rule_breaches"
ALL = "all"
WORST_FIRST = (
    wording.RULE_STATES["ERROR"],
    wording.RULE_STATES["BREACH"],
    wording.REFER,
    wording.FOR_INFORMATION,
    wording.RULE_STATES["NOT_EVALUABLE"],
    wording.RULE_STATES["PASS"],
)
STATE_WORDS = {  # words of a state -> what it means
    "holds": "no record fails",
    "breached": "records fail the standard",
    "refer to the registrar": "warnings: the force crime registrar decides",
    "for information": "noted; no action follows by itself",
    "not measured": "what the rule needs was not delivered",
    "could not be checked: figures withheld": "the check itself failed: what rests on it is not published",
}


def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Which standards are breached?",
        "Every rule held against the data, with the records that fail it.",
        audience="integrity",
    )
    results = copy.select(RESULTS, order_by="rule_code, table_name")
    if isinstance(results, NotAvailable):
        page.stop(results, "the results of the rules")
    results = _latest(copy, results).with_columns(
        pl.struct("status", "severity")
        .map_elements(lambda r: " ".join(wording.rule_state(r["status"], r["severity"])), return_dtype=pl.String)
        .alias("state"),
        pl.struct("breach_count", "examined_count", "status")
        .map_elements(_how_many, return_dtype=pl.String)
        .alias("how_many"),
    )
    # what needs a decision first
    order = {f"{sign} {words}": i for i, (sign, words) in enumerate(WORST_FIRST)}
    results = results.sort(pl.col("state").replace_strict(order, default=len(order)), "rule_code", "table_name")
    page.answer(findings.rules_finding(results) + ".")
    page.facts(_state_counts(results))
    places = st.columns(3)
    states = list(dict.fromkeys(results["state"]))
    state = filters.choose("State", {ALL: "All states"} | {_slug(s): s for s in states}, "state", place=places[0])
    dimension = filters.choose(
        "Quality dimension",
        {ALL: "All dimensions"} | {d: d for d in results["dimension"].unique().sort()},
        "dimension",
        place=places[1],
    )
    shown = results.filter(pl.col("state").is_in([s for s in states if _slug(s) == state])) if state != ALL else results
    shown = shown.filter(pl.col("dimension") == dimension) if dimension != ALL else shown
    if shown.is_empty():
        page.note("No rule is in that state for that dimension.")
    else:
        _show_rules(copy, shown)
        _show_chart(copy, shown)
    _show_rule(copy, results, places[2])
    page.end()


def _latest(copy: Copy, results: pl.DataFrame) -> pl.DataFrame:
    """The results of the newest run held."""
    runs = copy.select(RUNS, columns="run_ref", order_by="started_at desc")
    known = [] if isinstance(runs, NotAvailable) else runs["run_ref"].to_list()
    newest = next((run for run in known if run in set(results["run_ref"])), results["run_ref"][-1])
    return results.filter(pl.col("run_ref") == newest)


def _state_counts(results: pl.DataFrame) -> list[tuple[str, str, str]]:
    counts = dict(results["state"].value_counts().iter_rows())
    signs = {words: sign for sign, words in (*wording.RULE_STATES.values(), wording.REFER, wording.FOR_INFORMATION)}
    return [
        (
            f"{signs[words]} {words.partition(':')[0].capitalize()}",
            wording.number(counts.get(f"{signs[words]} {words}", 0)),
            meaning,
        )
        for words, meaning in STATE_WORDS.items()
    ]


def _how_many(row: dict[str, Any]) -> str:
    if row["status"] in ("NOT_EVALUABLE", "ERROR") or row["breach_count"] is None:
        return wording.NO_VALUE
    words = f"{wording.number(row['breach_count'])} of {wording.number(row['examined_count'])}"
    return words + (f" ({wording.share(row['breach_count'] / row['examined_count'])})" if row["examined_count"] else "")


def _show_chart(copy: Copy, shown: pl.DataFrame) -> None:
    failing = (
        shown.filter((pl.col("status") == "BREACH") & (pl.col("examined_count") > 0))
        .with_columns(
            breach_share=pl.col("breach_count") / pl.col("examined_count"),
            label=pl.format("{} {}\n{}", "rule_code", "title", "state"),
        )
        .sort("breach_share", descending=True)
    )
    if failing.is_empty():
        return
    top = failing.row(0, named=True)
    figure.show(
        copy,
        figure.Figure(
            key="breached-standards",
            tables=(RESULTS,),
            has_card_caveats=False,
            finding=f"{top['title']}: {top['how_many']} fail, the largest share of what was examined",
            chart=comparisons.bars(failing, label="label", value="breach_share", words="how_many"),
            alt="Bar chart of the share of examined records that fail, by rule: "
            + "; ".join(f"{r['rule_code']} {r['how_many']}" for r in failing.iter_rows(named=True))
            + ".",
            data=_data(failing),
            caveats=("Rules examine different things: shares of different rules are not to be added.",),
        ),
    )


def _show_rules(copy: Copy, shown: pl.DataFrame) -> None:
    figure.show(
        copy,
        figure.Figure(
            key="standards",
            finding=f"{wording.plural(shown.height, 'standard')}, state by state",
            tables=(RESULTS,),
            data=_data(shown),
            is_lead=True,
        ),
    )


def _data(rows: pl.DataFrame) -> figure.Data:
    return figure.Data(
        rows,
        {
            "rule_code": "Rule",
            "title": "Standard",
            "state": "State",
            "breach_count": "Fail",
            "examined_count": "Examined",
            "not_evaluable_count": "Not evaluable",
            "table_name": "Table",
            "dimension": "Dimension",
            "authority": "Authority",
        },
        {"breach_count": lambda n: wording.NO_VALUE if n is None else wording.number(n)},
        row_heading="rule_code",
    )


def _show_rule(copy: Copy, results: pl.DataFrame, place: Any) -> None:
    keys = {
        f"{r['rule_code']}@{r['table_name']}": f"{r['rule_code']} {r['title']}" for r in results.iter_rows(named=True)
    }
    failing = results.filter(pl.col("status") == "BREACH")
    first = failing if not failing.is_empty() else results
    key = filters.choose(
        "Rule looked at", keys, "rule", default=f"{first['rule_code'][0]}@{first['table_name'][0]}", place=place
    )
    rule = results.filter(pl.format("{}@{}", "rule_code", "table_name") == key).row(0, named=True)
    page.heading(f"{rule['rule_code']}: {rule['title']}")
    sign, words = wording.rule_state(rule["status"], rule["severity"])
    page.answer(f"{sign} {words[:1].upper()}{words[1:]}. {rule['description'] or ''}")
    page.facts(
        [
            (
                "Fail",
                rule["how_many"],
                f"records of {rule['table_name']}; {wording.number(rule['not_evaluable_count'])} could not be judged",
            ),
            (
                "Severity and dimension",
                f"{rule['severity']}, {rule['dimension']}",
                f"version {rule['rule_version']} of the rule",
            ),
            ("Authority", rule["authority"] or wording.NO_VALUE, "document and paragraph"),
        ]
    )
    if rule["message"]:
        page.note(str(rule["message"]))
    if rule["status"] != "BREACH":
        return
    rows = copy.select(
        BREACHES,
        columns="record_type, record_ref, detail",
        order_by="record_type, record_ref",
        may_be_empty=True,
        where="rule_code = $rule and run_ref = $run",
        rule=rule["rule_code"],
        run=rule["run_ref"],
    )
    if isinstance(rows, NotAvailable):
        page.missing(rows, "the references that fail")
        return
    action = ": refer to the registrar" if rule["severity"] == "warn" else ""
    figure.show(
        copy,
        figure.Figure(
            key=f"failing-{rule['rule_code'].lower()}",
            tables=(BREACHES,),
            finding=f"{wording.plural(rows.height, 'reference fails', 'references fail')} {rule['rule_code']}{action}",
            data=figure.Data(
                rows,
                {"record_type": "Record", "record_ref": "Reference", "detail": "What is wrong"},
                row_heading="record_ref",
            ),
        ),
    )


def _slug(state: str) -> str:
    """✕ breached -> breached: the URL carries words only."""
    return state.partition(" ")[2].replace(" ", "-").replace(":", "")


main()
