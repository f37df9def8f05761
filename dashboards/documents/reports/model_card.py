"""Model card of the ranking score, ALGO-CARE self-assessment and equality template as one HTML page.

An integrity document: it reads that audience's published copy. Every figure comes from the settings or the back-test;
what only the force can answer stays a question. `python -m dashboards.documents.reports.model_card HOME OUT` writes
it; `stra report model-card` does so.
"""

from __future__ import annotations

import html
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from casework.store.refusal import Refused
from dashboards.data import points_table
from dashboards.data.published import Copy, NotAvailable, open_copy
from dashboards.data.scope import WHOLE
from dashboards.data.settings import SETTINGS, read_small_numbers
from dashboards.documents.reports import algo_care
from dashboards.documents.reports.handover import hand_over
from dashboards.pages.people import management_text, repeats_text
from dashboards.parts import extract_banner
from dashboards.parts.table import html_table
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

SUMMARY, FORCES = "metrics.repeat_summary", "core.extract_forces"
BACKTEST, GROUPS = "metrics.ranking_backtest", "metrics.ranking_by_group"
SHOWN_SETTINGS = ("rfgv.", "events.", "behaviour.", "backtest.", "v100.")
STYLE = Path(__file__).with_name("report.css")
TO_FILL = "To be answered by the force"
CHARACTERISTICS = {  # Equality Act 2010, section 4 -> the kind of group that stands for it
    "age": "age", "disability": "", "gender reassignment": "", "marriage and civil partnership": "",
    "pregnancy and maternity": "", "race": "ethnicity", "religion or belief": "", "sex": "sex",
    "sexual orientation": "",
}  # fmt: skip
NO_INTERVAL = (
    "Shares of events carry no interval: events of one person are not independent, and one would claim too much. "
    "Shares of people carry one."
)
USES = (
    (
        "Meant for: ordering suspects of stalking and harassment, so that people who know the cases decide whom to "
        "look at first for management."
    ),
    (
        "Not meant for: any decision about a person without a person; charging, bail or sentence; judging officers or "
        "units; saying that somebody is dangerous, or is not. Not being on the list says nothing of safety."
    ),
)


def write(home: Path, out: Path) -> Path:
    """Write the document; returns `out`. Raises Refused where nothing is published to the integrity audience."""
    copy = open_copy(home, "integrity", WHOLE)
    if isinstance(copy, NotAvailable):
        raise Refused(f"{home}: {copy.reason} {copy.remedy}")
    text = document(copy, os.environ.get("STRA_MARKING", "").strip() or "OFFICIAL")
    return hand_over(home, out, "stra report model-card", "model card", lambda entry: text, purpose="lawfulness")


def document(copy: Copy, marking: str) -> str:
    """The model card as HTML."""
    rows = copy.select(SETTINGS, order_by="key")
    settings = {} if isinstance(rows, NotAvailable) else dict(rows.select("key", "value").iter_rows())
    backtest, groups, summary = copy.select(BACKTEST), copy.select(GROUPS), copy.select(SUMMARY)
    tested = None if isinstance(backtest, NotAvailable) else backtest
    wide = None if isinstance(summary, NotAvailable) else summary.sort("window_days").row(-1, named=True)
    mark = f'<p class="marking">{html.escape(marking)}</p>'
    title = "Model card: the ranking score of repeat and serial suspects"
    version = str(copy.manifest.get("code_version", "not known"))
    rule = read_small_numbers(copy)
    equality, table = _equality(groups, tested, rule)
    accuracy = algo_care.accuracy(tested, rule)
    parts = [
        mark,
        f"<h1>{title}</h1>",
        f'<p class="state">{html.escape(_state(copy))}</p>',
        _section("What it is for", [repeats_text.ADVISORY, *USES]),
        _section("How the score is made", list(algo_care.formula(settings)), _settings(rows)),
        _section("The force's own points table", [points_table.of(copy).words], _bands(copy)),
        _section("What it rests on", list(algo_care.granularity(settings, wide, rule))),
        _section("How well it does", [*accuracy, *_points(tested), NO_INTERVAL], _backtest(backtest)),
        _care(algo_care.headings(settings, tested, wide, version, equality, rule)),
        _section("Equality", _equality_words(groups, equality), table + _characteristics(groups)),
        _section("What to know", _caveats(copy, tested)),
        _sign_off(),
        mark,
    ]
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE.read_text(encoding="utf-8")}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _section(heading: str, paragraphs: Sequence[str], more: str = "") -> str:
    words = "".join(f"<p>{html.escape(p)}</p>" for p in paragraphs)
    return f"<section><h2>{html.escape(heading)}</h2>{words}{more}</section>"


def _missing(what: NotAvailable) -> str:
    return f"<p>{html.escape(f'Not measured: {what.reason} {what.remedy}')}</p>"


def _state(copy: Copy) -> str:
    of = extract_banner.of(copy)
    if isinstance(of, NotAvailable):
        whose = "No extract of a force is in this home"
    else:
        whose = f"{of.force_name}{' (invented: it says nothing about any police force)' if of.is_invented else ''}"
    return (
        f"Draft, not signed off. {whose}. Published {numbers.moment(copy.manifest.get('published_at'))}; code "
        f"{copy.manifest.get('code_version', 'not known')}; settings {copy.manifest.get('settings_hash', 'not known')}."
    )


def _settings(rows: pl.DataFrame | NotAvailable) -> str:
    if isinstance(rows, NotAvailable):
        return _missing(rows)
    shown = rows.filter(pl.any_horizontal(pl.col("key").str.starts_with(start) for start in SHOWN_SETTINGS))
    if shown.is_empty():
        return _missing(NotAvailable("empty", "No setting of the score is published."))
    return html_table(
        shown,
        {"key": "Setting", "value": "Value", "unit": "Unit", "meaning": "What it does", "authority": "Authority"},
        caption="Settings that it ran with",
        formats={"value": lambda v: numbers.NO_VALUE if v is None else f"{v:g}", "unit": lambda v: v or ""},
        row_heading="key",
    )


def _bands(copy: Copy) -> str:
    """The bands of the force's own points table; "" where it loaded none."""
    bands = copy.select(points_table.BANDS, may_be_empty=True)
    if isinstance(bands, NotAvailable) or bands.is_empty():
        return ""
    return html_table(
        points_table.band_rows(bands),
        {"name": "Component", "band": "Band", "points": "Points", "band_source": "Source"},
        caption="Points table of the force: the sum of the four is ranked by",
        formats={"points": lambda v: f"{v:g}", "band_source": lambda v: v or "not stated"},
        row_heading="name",
    )


def _backtest(rows: pl.DataFrame | NotAvailable) -> str:
    if isinstance(rows, NotAvailable):
        return _missing(rows)
    shown = rows.sort("as_of_at", "method").with_columns(
        origin=pl.col("as_of_at").map_elements(numbers.local_day, return_dtype=pl.Date),
        random_share=pl.col("captured_at_random") / pl.col("high_harm_event_count"),
        without=pl.struct("listed_count", "listed_with_high_harm_count").map_elements(
            lambda r: _of(r["listed_count"] - r["listed_with_high_harm_count"], r["listed_count"]),
            return_dtype=pl.String,
        ),
    )
    return html_table(
        shown,
        {
            "origin": "Origin",
            "method": "Ranked by",
            "listed_count": "Listed",
            "ranked_count": "Ranked",
            "high_harm_event_count": "High-harm events of the year after",
            "captured_count": "By people listed",
            "captured_share": "Share",
            "random_share": "Drawn at random",
            "without": "Listed, without such an event",
            "stability": "Same as the month before",
        },
        caption="Back-test: each list knows nothing later than its origin",
        formats={
            "random_share": numbers.share,
            "captured_share": numbers.share,
            "stability": lambda v: "no list before" if v is None else numbers.share(v),
        },
        row_heading="origin",
    )


def _points(backtest: pl.DataFrame | None) -> list[str]:
    """How the force's own points table did in the back-test; nothing where it ranked nobody."""
    return [] if backtest is None else list(filter(None, [management_text.points_comparison(backtest)]))


def _of(count: int, total: int) -> str:
    return f"{numbers.number(count)}: {numbers.share_of(count, total)}"


def _care(headings: Sequence[algo_care.Heading]) -> str:
    parts = []
    for heading in headings:
        answers = "".join(f"<p>{html.escape(text)}</p>" for text in heading.answers)
        questions = "".join(f"<li>{html.escape(text)}</li>" for text in heading.questions)
        parts.append(
            f"<h3>{html.escape(heading.name)}</h3><p><em>{html.escape(heading.asks)}</em></p>{answers}"
            f"<p><strong>{TO_FILL}:</strong></p><ul>{questions}</ul>"
        )
    return f"<section><h2>ALGO-CARE self-assessment</h2>{''.join(parts)}</section>"


# equality


def group_rows(groups: pl.DataFrame, origins: Mapping[str, int], rule: SmallNumbers) -> pl.DataFrame:
    """Groups with what the list held and missed, how far from the whole, and a warning where few people stand behind.

    A person counts once at each origin, so that people are at most the places divided by the origins.
    """
    whole = groups.group_by("method", "group_type").agg(
        whole_wrong=pl.sum("listed_without_count") / (pl.sum("ranked_count") - pl.sum("high_harm_count")),
        whole_captured=pl.sum("captured_count") / pl.sum("high_harm_count"),
    )
    shared = pl.col("method").replace_strict(origins, default=1, return_dtype=pl.Int64)
    followed, spared = pl.col("high_harm_count") / shared, (pl.col("ranked_count") - pl.col("high_harm_count")) / shared
    return (
        groups.join(whole, on=["method", "group_type"], how="left")
        .with_columns(
            times_wrong=pl.when(pl.col("whole_wrong") > 0).then(pl.col("false_positive_share") / pl.col("whole_wrong")),
            is_captured_few=followed < rule.fewest_in_share,
            is_wrong_few=spared < rule.fewest_in_share,
        )
        .with_columns(
            warning=pl.concat_str(
                pl.when("is_captured_few").then(_few("captured", followed)),
                pl.when("is_wrong_few").then(_few("false positives", spared)),
                separator="; ",
                ignore_nulls=True,
            ).replace("", "none")
        )
        .sort("method", "group_type", "group_name")
    )


def _few(share: str, people: pl.Expr) -> pl.Expr:
    return pl.format(f"{share} rests on about {{}} people an origin", people.round(0).cast(pl.Int64))


def _equality(
    groups: pl.DataFrame | NotAvailable, backtest: pl.DataFrame | None, rule: SmallNumbers
) -> tuple[str, str]:
    """A sentence on how the score's list falls on groups, and the table of them."""
    if isinstance(groups, NotAvailable):
        return f"Not measured: {groups.reason}", _missing(groups)
    counts = {} if backtest is None else dict(backtest.group_by("method").len().iter_rows())
    rows = group_rows(groups, counts, rule)
    table = html_table(
        rows,
        {
            "method": "Ranked by",
            "group_type": "Kind of group",
            "group_name": "Group",
            "ranked_count": "Places ranked",
            "listed_count": "Listed",
            "high_harm_count": "Followed by a high-harm event",
            "captured_count": "Of them listed",
            "captured_share": "Captured",
            "listed_without_count": "Listed and not followed by one",
            "false_positive_share": "False positives",
            "times_wrong": "Times the share of all groups",
            "warning": "Small numbers",
        },
        caption="Groups: what the list held, and whom it held for nothing",
        formats={
            "captured_share": numbers.share,
            "false_positive_share": lambda v: numbers.share(v, 2),
            "times_wrong": lambda v: numbers.decimal(v, 2),
        },
        row_heading="group_name",
        most=2000,
    )
    return spread(rows), table


def spread(rows: pl.DataFrame) -> str:
    """The widest gap in false positives among groups of people enough, for the score's list."""
    held = rows.filter(
        (pl.col("method") == "score") & ~pl.col("is_wrong_few") & pl.col("false_positive_share").is_not_null()
    )
    found = []
    for (kind,), part in held.group_by(["group_type"], maintain_order=True):
        if part.height > 1:
            ordered = part.sort("false_positive_share")
            low, high = ordered.row(0, named=True), ordered.row(-1, named=True)
            found.append(
                f"{kind}: {numbers.share(low['false_positive_share'], 2)} ({low['group_name']}) to "
                f"{numbers.share(high['false_positive_share'], 2)} ({high['group_name']})"
            )
    if not found:
        return "Whether the list falls alike on groups is not measured: no kind of group has two of people enough."
    return (
        "Listed by the score and not followed by a high-harm event, among groups of people enough: "
        f"{'; '.join(found)}. A difference is a question, not yet an answer."
    )


def _equality_words(groups: pl.DataFrame | NotAvailable, equality: str) -> list[str]:
    words = [equality]
    if not isinstance(groups, NotAvailable):
        words.append(
            "A person counts once at each origin, so counts are of places, not of different people, and no interval is "
            "given: it would claim more than they hold."
        )
    return [*words, f"{TO_FILL}: what explains each difference, on what evidence; what will be done, by whom, by when."]


def _characteristics(groups: pl.DataFrame | NotAvailable) -> str:
    held = set() if isinstance(groups, NotAvailable) else set(groups["group_type"].to_list())
    rows = [
        {
            "name": numbers.capital(name),
            "state": f"in the table above, as {kind}" if kind and kind in held else "not measured: not in the extract",
            "answer": "",
        }
        for name, kind in CHARACTERISTICS.items()
    ]
    return html_table(
        pl.DataFrame(rows),
        {"name": "Protected characteristic", "state": "Measured", "answer": TO_FILL},
        caption="Equality Act 2010: what is measured of each protected characteristic",
        formats={"answer": lambda _: "…"},
        row_heading="name",
    )


def _caveats(copy: Copy, backtest: pl.DataFrame | None) -> list[str]:
    found = [c for table in (BACKTEST, GROUPS, SUMMARY) for c in copy.tables.get(table, {}).get("caveats", [])]
    has_sentences = backtest is not None and "sentencing harm" in set(backtest["method"].to_list())
    has_sentences = has_sentences and not any("under-represents" in text for text in found)
    return [*dict.fromkeys(found), management_text.NO_SUCCESS, *([repeats_text.SENTENCING] if has_sentences else [])]


def _sign_off() -> str:
    rows: list[dict[str, Any]] = [
        {"what": what, "name": "…", "day": "…"}
        for what in ("Owner of the score", "Data protection officer", "Equality lead", "Ethics panel", "Next review")
    ]
    table = html_table(
        pl.DataFrame(rows),
        {"what": "Role", "name": "Name", "day": "Date"},
        caption="Sign-off",
        row_heading="what",
    )
    return _section("Sign-off", [f"{TO_FILL}."], table)


if __name__ == "__main__":
    try:
        print(f"Written: {write(Path(sys.argv[1]), Path(sys.argv[2]))}")
    except Refused as words:
        print(f"stra: {words}", file=sys.stderr)
        sys.exit(1)
