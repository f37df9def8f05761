"""Model card of the ranked list, with ALGO-CARE and equality template.

One page for the integrity audience, from that audience's published copy. Every figure comes from the settings or the
back-test. What only the force can answer stays a question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from dashboards.data import extract, points_table
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.register import Reader, Register
from dashboards.data.settings import SETTINGS, read_small_numbers
from dashboards.documents import as_html, parts, tables, writer
from dashboards.documents.parts import part
from dashboards.documents.reports import algo_care
from dashboards.text import numbers
from dashboards.text.content import Blank, Block, Bullets, Document, Heading, Strong, Table, paragraph, text
from dashboards.text.people import management_text, repeats_text
from dashboards.text.small_numbers import SmallNumbers

TITLE = "Model card: the ranked list of repeat and serial suspects"
SUMMARY = "metrics.repeat_summary"
BACKTEST, GROUPS = "metrics.ranking_backtest", "metrics.ranking_by_group"
CHOICE, WEIGHTS = "metrics.ranking_choice", "core.ranking_weights"
SHOWN_SETTINGS = ("rfgv.", "events.", "behaviour.", "backtest.", "v100.")
TO_FILL = "To be answered by the force"
CHARACTERISTICS = {  # Equality Act 2010, section 4 -> the kind of group that represents it
    "age": "age", "disability": "", "gender reassignment": "", "marriage and civil partnership": "",
    "pregnancy and maternity": "", "race": "ethnicity", "religion or belief": "", "sex": "sex",
    "sexual orientation": "",
}  # fmt: skip
NO_GROUPS = "Not measured: how the list affects groups is not in this copy."
USES = (
    (
        "Meant for: ordering suspects of stalking and harassment, so that people who know the cases can decide whom to "
        "consider first for management."
    ),
    (
        "Not meant for: any decision about a person without human review; charging, bail or sentence; judging officers "
        "or units; saying that someone is or is not dangerous. Absence from the list does not mean safety."
    ),
)


def write(home: Path, out: Path, force: str = "") -> Path:
    """Write the document; returns `out`.

    Raises Refused if nothing is published to the integrity audience.
    """
    made = page(writer.opened(home, "integrity", force), writer.own_marking())
    return writer.write_page(
        home, out, "stra report model-card", "model card", lambda entry: made, purpose="lawfulness"
    )


def page(copy: Copy, marking: str) -> str:
    """The model card as HTML."""
    return as_html.render(document(copy, marking), Register(Reader(copy))).decode()


def document(copy: Copy, marking: str) -> Document:
    """The score's purpose, method and performance; ALGO-CARE, equality and sign-off."""
    settings = copy.names(SETTINGS, "key, value")
    tested, groups, summary = (optional(copy.select, table) for table in (BACKTEST, GROUPS, SUMMARY))
    choice = optional(copy.select, CHOICE, order_by="place")
    way = None if choice is None else management_text.used(choice)
    method = management_text.COUNT if way is None else way["method"]
    wide = None if summary is None else summary.sort("window_days").row(-1, named=True)
    manifest = copy.manifest
    version = str(manifest.get("code_version", "not known"))
    rule = read_small_numbers(copy)
    equality = NO_GROUPS if groups is None else spread(group_rows(groups, _origins(tested), rule), method)
    blocks = [
        *_section("Purpose", [repeats_text.ADVISORY, *USES]),
        *_section("How the score is calculated", algo_care.formula(settings), *_settings(copy)),
        *_section("How the regression is fitted", [algo_care.REGRESSION], *_weights(copy)),
        *_section("The force's own points table", [points_table.find_points_table(copy).words], *_bands(copy)),
        *_section("Data used", algo_care.granularity(settings, wide, rule)),
        *_section(
            "Performance", algo_care.accuracy(choice, tested, rule), *_ways(copy), *_backtest(copy)
        ),
        *_care(algo_care.headings(settings, choice, tested, wide, version, equality, rule)),
        *_section(
            "Equality", _equality_words(groups, equality), *_groups(copy, tested, rule), _characteristics(groups)
        ),
        *_section("Caveats", _caveats(copy, tested)),
        *_sign_off(),
    ]
    facts = (
        ("State", text("Draft, not signed off")),
        *parts.publication(manifest),
        ("Code", text(version)),
        ("Settings", text(str(manifest.get("settings_hash", "not known")))),
    )
    return Document(TITLE, extract.named(optional(extract.find_extract, copy)), marking, TITLE, facts, tuple(blocks))


def _section(heading: str, paragraphs: Sequence[str], *more: Block) -> list[Block]:
    return [Heading(1, heading), *(paragraph(words) for words in paragraphs), *more]


@part()
def _settings(copy: Copy) -> list[Block]:
    rows = copy.select(SETTINGS, order_by="key")
    shown = rows.filter(pl.any_horizontal(pl.col("key").str.starts_with(start) for start in SHOWN_SETTINGS))
    if shown.is_empty():
        raise Missing("empty", "No setting of the score is published.")
    table = tables.of_rows(
        shown,
        {"key": "Setting", "value": "Value", "unit": "Unit", "meaning": "What it does", "authority": "Authority"},
        caption="Settings used",
        formats={"unit": lambda v: v or ""},
        origin=tables.Origin(SETTINGS, ("key",), {"value": "weight"}),
    )
    return [table]


def _bands(copy: Copy) -> list[Block]:
    """The bands of the force's own points table; empty if it loaded none."""
    bands = optional(copy.select, points_table.BANDS, may_be_empty=True)
    if bands is None or bands.is_empty():
        return []
    table = tables.of_rows(
        points_table.band_rows(bands),
        {"name": "Component", "band": "Band", "points": "Points", "band_source": "Source"},
        caption="Points table of the force: people are ranked by the sum of the four",
        formats={"band_source": lambda v: v or "not stated"},
        origin=tables.Origin(points_table.BANDS, ("component", "from_value"), {"points": "weight"}),
    )
    return [table]


@part()
def _weights(copy: Copy) -> list[Block]:
    """The weights of the regression that orders today's people; the earlier ones order the lists of the back-test."""
    last = copy.select(WEIGHTS, order_by="as_of_at").tail(1)
    if last["intercept"].is_null().all():
        raise Missing("empty", "No regression is fitted: too few high-harm events.")
    names = [n for n in last.columns if n not in ("as_of_at", "force_code")]
    rows = last.unpivot(names, variable_name="name", value_name="value")
    return [
        tables.of_rows(
            rows.with_columns(pl.col("name").str.replace_all("_", " ", literal=True)),
            {"name": "Feature", "value": "Weight"},
            caption="Weights of the regression, and the people and events learnt from",
            formats={"value": lambda v: f"{v:,.3f}".rstrip("0").rstrip(".")},
        )
    ]


@part()
def _ways(copy: Copy) -> list[Block]:
    """The ways of ranking and which one is used."""
    rows = copy.select(CHOICE, order_by="place")
    table = tables.of_rows(
        rows,
        {
            "method": "Ranked by",
            "is_used": "Used",
            "mean_share": "Share held",
            "share_lower": "Lower limit",
            "share_upper": "Upper limit",
            "random_share": "Share if drawn at random",
            "difference": "More than a count, points",
            "difference_lower": "Lower limit of that",
            "difference_upper": "Upper limit of that",
            "beaten_by": "Beaten by",
        },
        caption="Ways of ranking: mean of the origins, with limits",
        formats={
            "random_share": numbers.share,
            **dict.fromkeys(("difference", "difference_lower", "difference_upper"), management_text.points),
            "beaten_by": lambda v: v or "none",
        },
        origin=tables.Origin(
            CHOICE, ("method",), dict.fromkeys(("mean_share", "share_lower", "share_upper"), "share")
        ),
    )
    return [table]


@part()
def _backtest(copy: Copy) -> list[Block]:
    shown = copy.select(BACKTEST).sort("as_of_at", "method").with_columns(
        origin=pl.col("as_of_at").map_elements(numbers.local_day, return_dtype=pl.Date),
        without=pl.struct("listed_count", "listed_with_high_harm_count").map_elements(
            lambda r: _count_and_share(r["listed_count"] - r["listed_with_high_harm_count"], r["listed_count"]),
            return_dtype=pl.String,
        ),
    )
    table = tables.of_rows(
        shown,
        {
            "origin": "Origin",
            "method": "Ranked by",
            "listed_count": "Listed",
            "ranked_count": "Ranked",
            "high_harm_event_count": "High-harm events in the next year",
            "captured_count": "By people listed",
            "captured_share": "Share",
            "captured_at_random": "Share if drawn at random",
            "without": "Listed, without such an event",
            "stability": "Same as the month before",
        },
        caption="Back-test: each list uses nothing later than its origin",
        formats={
            "captured_at_random": numbers.share,
            "stability": lambda v: "no earlier list" if v is None else numbers.share(v),
        },
        origin=tables.Origin(
            BACKTEST,
            ("as_of_at", "method"),
            dict.fromkeys(("listed_count", "ranked_count", "high_harm_event_count", "captured_count"), "whole")
            | {"captured_share": "share"},
        ),
    )
    return [table]


def _count_and_share(count: int, total: int) -> str:
    return f"{numbers.number(count)}: {numbers.share_of(count, total)}"


def _care(headings: Sequence[algo_care.Heading]) -> list[Block]:
    blocks: list[Block] = [Heading(1, "ALGO-CARE self-assessment")]
    for heading in headings:
        blocks += [
            Heading(2, heading.name),
            paragraph(heading.asks, kind="note"),
            *(paragraph(answer) for answer in heading.answers),
            paragraph(Strong(f"{TO_FILL}:")),
            Bullets(tuple(text(question) for question in heading.questions)),
        ]
    return blocks


# equality


def group_rows(groups: pl.DataFrame, origins: Mapping[str, int], rule: SmallNumbers) -> pl.DataFrame:
    """Groups with what the list captured and missed, and their gap to the whole.

    Adds a warning where a group has few people. A person counts once at each origin, so people are at most the places
    divided by the origins.
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
    return pl.format(f"{share} is based on about {{}} people per origin", people.round(0).cast(pl.Int64))


def _origins(backtest: pl.DataFrame | None) -> Mapping[str, int]:
    """Method -> the origins at which the list was tested."""
    return {} if backtest is None else dict(backtest.group_by("method").len().iter_rows())


@part()
def _groups(copy: Copy, backtest: pl.DataFrame | None, rule: SmallNumbers) -> list[Block]:
    """The table of how lists affect groups."""
    rows = group_rows(copy.select(GROUPS), _origins(backtest), rule)
    table = tables.of_rows(
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
            "times_wrong": "Ratio to the share of all groups",
            "warning": "Small numbers",
        },
        caption="Groups: captured, and listed without a high-harm event",
        formats={
            "false_positive_share": lambda v: numbers.share(v, 2),
            "times_wrong": lambda v: numbers.decimal(v, 2),
        },
        row_heading="group_name",
        origin=tables.Origin(
            GROUPS,
            ("method", "group_type", "group_name"),
            dict.fromkeys(
                ("ranked_count", "listed_count", "high_harm_count", "captured_count", "listed_without_count"), "whole"
            )
            | {"captured_share": "share"},
        ),
    )
    return [table]


def spread(rows: pl.DataFrame, method: str) -> str:
    """The widest gap in false positives of lists by a way of ranking, among groups of enough people."""
    held = rows.filter(
        (pl.col("method") == method) & ~pl.col("is_wrong_few") & pl.col("false_positive_share").is_not_null()
    )
    found = []
    for (kind,), group in held.group_by(["group_type"], maintain_order=True):
        if group.height > 1:
            ordered = group.sort("false_positive_share")
            low, high = ordered.row(0, named=True), ordered.row(-1, named=True)
            found.append(
                f"{kind}: {numbers.share(low['false_positive_share'], 2)} ({low['group_name']}) to "
                f"{numbers.share(high['false_positive_share'], 2)} ({high['group_name']})"
            )
    if not found:
        return "Whether the list treats groups alike is not measured: no kind of group has two with enough people."
    return (
        f"Listed by {management_text.WAYS[method]} and not followed by a high-harm event, among groups with enough "
        f"people: {'; '.join(found)}. A difference needs explaining; it is not yet a finding."
    )


def _equality_words(groups: pl.DataFrame | None, equality: str) -> list[str]:
    words = [equality]
    if groups is not None:
        words.append(
            "A person counts once at each origin, so counts are of list places, not of different people. No interval "
            "is given: it would be too narrow."
        )
    return [*words, f"{TO_FILL}: what explains each difference, on what evidence; what will be done, by whom, by when."]


def _characteristics(groups: pl.DataFrame | None) -> Table:
    held = set() if groups is None else set(groups["group_type"].to_list())
    states = {
        name: f"in the table above, as {kind}" if kind and kind in held else "not measured: not in the extract"
        for name, kind in CHARACTERISTICS.items()
    }
    return Table(
        "Equality Act 2010: protected characteristics measured",
        ("Protected characteristic", "Measured", TO_FILL),
        tuple((text(numbers.capital(name)), text(state), (Blank(),)) for name, state in states.items()),
    )


def _caveats(copy: Copy, backtest: pl.DataFrame | None) -> list[str]:
    found = copy.caveats(CHOICE, BACKTEST, GROUPS, SUMMARY)
    has_sentences = backtest is not None and "sentencing harm" in set(backtest["method"].to_list())
    has_sentences = has_sentences and not any("under-represents" in text for text in found)
    return [*found, management_text.NO_SUCCESS, *([repeats_text.SENTENCING] if has_sentences else [])]


def _sign_off() -> list[Block]:
    roles = ("Owner of the score", "Data protection officer", "Equality lead", "Ethics panel", "Next review")
    rows = tuple((text(role), (Blank(),), (Blank(),)) for role in roles)
    return _section("Sign-off", [f"{TO_FILL}."], Table("Sign-off", ("Role", "Name", "Date"), rows))
