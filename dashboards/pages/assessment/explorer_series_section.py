"""One series of the explorer: the answer, the figures beside it, and the series over time with its annotations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.data import verdicts
from dashboards.pages.assessment import explorer_charts as charts
from dashboards.pages.assessment import explorer_data as data
from dashboards.pages.assessment.explorer_data import Choice, Note, Shown
from dashboards.pages.assessment.explorer_figures import table
from dashboards.parts import figure, filters, page
from dashboards.parts.icons import ASSURANCE, Icon, variation
from dashboards.text import comparisons, numbers
from dashboards.text.assessment import explorer_text as text
from dashboards.text.breakdowns import part_name
from dashboards.text.small_numbers import SmallNumbers


def answer(shown: Shown, choice: Choice, rows: pl.DataFrame, wholes: pl.DataFrame, unknown: str = "") -> None:
    """Draw the answer and the figures beside it. `unknown`: how many have no known part, "" for few."""
    beside = rows.filter(pl.col("period_start") == choice.start)
    changed = dict(zip(beside["breakdown_value"], shown.changed(choice, beside), strict=True))
    at = next(beside.filter(pl.col("breakdown_value") == choice.part).iter_rows(named=True), None)
    part = part_name(choice.breakdown, choice.part)
    if at is None:
        page.answer(f"{choice.name}, {numbers.lowered(part)}: nothing was due in this period, so there is no figure.")
    else:
        # read first: without the verdicts the page says that they are withheld, and nothing else as its answer
        facts = _facts(shown, choice, at, wholes)
        icons = _icons(_verdict(shown, choice, at), str(choice.measure["direction"]))
        say(choice, at, part, changed[choice.part], unknown)
        page.facts(facts)
        page.icons(icons)
    define(choice)


def say(choice: Choice, at: Mapping[str, Any], part: str, changed: str, unknown: str = "") -> None:
    """Draw the answer of a row: its figure, and how it `changed` on a year before. `part` is its name."""
    when = text.when(str(choice.measure["kind"]), choice.period_type, at["period_start"], at["period_end"])
    is_count, events = choice.is_count, choice.events
    value, more = (words(at, is_count=is_count, events=events) for words in (comparisons.value, comparisons.detail))
    has_before = at["value_before"] is not None
    before = comparisons.value(year_before(at), is_count=is_count, events=events) if has_before else ""
    said = text.answer(choice.name, part, when, value, more, before, changed)
    page.answer(f"{said} {unknown}".strip())


def define(choice: Choice) -> None:
    """Draw what the measure counts, which way is better, and how it differs from the standard of the same facts."""
    page.note(f"{text.counted(choice.measure)} {text.direction(choice.measure)}")
    page.fold("How it is counted", [(choice.name, str(choice.measure["definition"]))])
    if differs := text.differs(choice.measure):
        page.note(differs)


def _icons(row: Mapping[str, Any] | None, direction: str) -> list[Icon | None]:
    """Variation and assurance by the latest month of the control chart."""
    return [] if row is None else [variation(row["verdict"], direction), ASSURANCE.get(row.get("target_verdict") or "")]


def draw(shown: Shown, choice: Choice, rows: pl.DataFrame, notes: Sequence[Note]) -> None:
    """Draw the part over time."""
    with page.section(f"{choice.name} over time", listed="Over time"):
        _over_time(shown, choice, rows.filter(pl.col("breakdown_value") == choice.part), notes)


def year_before(row: Mapping[str, Any]) -> dict[str, Any]:
    """The figure of a year before, for the words of a value."""
    return {"value": row["value_before"], "is_hidden": row["is_hidden_before"]}


def _facts(shown: Shown, choice: Choice, at: Mapping[str, Any], wholes: pl.DataFrame) -> list[tuple[str, str, str]]:
    """This period, the rest of the force, whether it changed, its chart, and the target."""
    is_count, events = choice.is_count, choice.events
    items = [
        (
            "This period",
            comparisons.value(at, is_count=is_count, events=events),
            comparisons.detail(at, is_count=is_count, events=events),
        )
    ]
    if at["value_before"] is not None and at["is_whole_before"]:
        items.append(("A year before", comparisons.value(year_before(at), is_count=is_count, events=events), ""))
    if choice.breakdown != "none":
        whole = next(wholes.filter(pl.col("period_start") == choice.start).iter_rows(named=True), None)
        rest = ("", text.NO_REST) if events else of_rest(at, whole, shown.rule, shown.z, is_count=is_count)
        items.append(("Rest of the force", *rest))
        held = of_whole(shown, at, wholes) if is_count else None
        items += [("Share of the whole force", *held)] if held else []
    is_watched, row = data.verdict(shown.copy, choice) is not None, _verdict(shown, choice, at)
    said = verdicts.NOT_WATCHED if not is_watched else text.EARLIER if row is None else verdicts.verdict_words(row)
    items.append(("Has it changed?", "", said))
    if row is not None and row["q_value"] is not None:
        items.append(("Control chart by month", "", verdicts.chart_words(row)))
    aim = data.target(shown.copy, choice)
    if aim is not None:
        words = text.target(aim, choice.measure, is_count=is_count, events=events)
        items.append(("Target", words, text.assurance(row, choice.measure)))
    return items


def _verdict(shown: Shown, choice: Choice, at: Mapping[str, Any]) -> dict[str, Any] | None:
    """The verdict on the part chosen, where the period holds the month it is on. Raises Missing."""
    row = data.verdict(shown.copy, choice)
    return None if row is None or at["period_end"] < row["latest_period"] else row


def of_whole(shown: Shown, at: Mapping[str, Any], wholes: pl.DataFrame) -> tuple[str, str] | None:
    """A counted part as a share of the whole force, and beside that of a year before. None where it is hidden."""
    whole = next(wholes.filter(pl.col("period_start") == at["period_start"]).iter_rows(named=True), None)
    now = _share(at, whole, "", shown.rule)
    if now is None:
        return None
    of = f"{numbers.number(now['numerator'])} of {numbers.number(now['denominator'])}"
    before = _share(at, whole, "_before", shown.rule)
    if before is None or not at["is_whole"] or not at["is_whole_before"] or shown.crossed(at):
        return numbers.share(now["value"]), of
    return numbers.share(now["value"]), f"{of}. A year before {numbers.share(before['value'])}"


def _share(
    at: Mapping[str, Any], whole: Mapping[str, Any] | None, of: str, rule: SmallNumbers
) -> dict[str, Any] | None:
    """Numerator, denominator and value of a part in its whole; None where there is none, or the rule hides it.

    `of` is "" for the period itself, "_before" for that of a year before.
    """
    if whole is None or at[f"is_hidden{of}"] or whole[f"is_hidden{of}"]:
        return None
    count, total = at[f"numerator{of}"], whole[f"numerator{of}"]
    if count is None or not total or not rule.may_show_share(count, total):
        return None
    return {"numerator": count, "denominator": total, "value": count / total}


def of_rest(
    at: Mapping[str, Any], whole: Mapping[str, Any] | None, rule: SmallNumbers, z: float, *, is_count: bool
) -> tuple[str, str]:
    """The whole force without the part, if that reveals nothing, and how the share of the part differs from it."""
    if whole is None or at["is_hidden"] or whole["is_hidden"]:
        return comparisons.HIDDEN, ""
    count = whole["numerator"] - at["numerator"]
    if is_count:
        return rule.suppress_count(count), ""
    total = whole["denominator"] - at["denominator"]
    if not rule.may_show_share(count, total):
        return comparisons.HIDDEN, ""
    of = f"{numbers.number(count)} of {numbers.number(total)}"
    if at["value"] is None:
        return numbers.share(count / total), of
    return numbers.share(count / total), f"{of}. The part beside it: {comparisons.beside(at, count, total, z)}"


def _over_time(shown: Shown, choice: Choice, rows: pl.DataFrame, notes: Sequence[Note]) -> None:
    """Draw one part over time, its annotations numbered. A click on a period leads to its parts."""
    points = charts.points_of(rows, data.points(shown.copy, choice), shown.changes)
    if choice.period_type == "to_date" or points["value"].is_not_null().sum() < 2:
        page.note("Nothing to draw over time: fewer than two whole periods have a figure that may be shown.")
        return
    so_far, nowcasts = charts.young(rows), data.nowcasts(shown.copy, choice)
    held = [rows.filter("is_drawn"), so_far]
    if nowcasts is not None:
        so_far = so_far.join(nowcasts, on="period_start", how="anti")
        held = [held[0], so_far, nowcasts]
    whole = pl.concat(held, how="diagonal").sort("period_start", descending=True)
    placed = data.by_period(whole, notes, choice.period_type)
    marks = {start: ", ".join(str(note.number) for note in held) for start, held in placed.items()}
    starts = charts.starts_by_position(whole["period_start"].to_list(), choice.period_type)

    def choose(point: Mapping[str, Any]) -> None:
        start = starts.get(str(point.get("x"))[:10])
        if start is not None:
            filters.go(**_at(start, shown.by))

    hidden = int(points["is_hidden"].fill_null(False).sum())
    caveats = [text.OVERLAP] if choice.period_type == data.ROLLING else []
    caveats += [text.OPEN_ENDED] if choice.measure["is_open_ended"] else []
    caveats += [] if so_far.is_empty() else [text.SO_FAR]
    caveats += [] if nowcasts is None else [text.NOWCAST, text.nowcasts_before(nowcasts.row(-1, named=True))]
    caveats += [f"{numbers.plural(hidden, 'period')} left out: {comparisons.HIDDEN}."] if hidden else []
    name = text.series_name(choice.name, choice.breakdown, choice.part)
    bars = "" if nowcasts is None else f", then {numbers.plural(nowcasts.height, 'nowcast')}"
    noted = f" Annotations: {numbers.listed(_in_short(placed, choice), 20)}." if placed else ""
    figure.Figure(
        key=f"explore-{choice.code}-{choice.breakdown}-{choice.period_type}",
        finding=f"{name}: {text.PERIODS[choice.period_type].lower()} that the extract covers",
        chart=charts.part_over_time(
            points, so_far, nowcasts, shown.changes, str(choice.measure["unit"]), choice.period_type, marks
        ),
        alt=f"{name}, {numbers.plural(points.height, 'period')}{bars}.{noted} The values are in the table below.",
        regimes=shown.changes,
        data=table(
            _with_notes(whole, placed), choice, {"when": "Period"},
            links={"when": lambda row: filters.address(**_at(row["period_start"], shown.by))},
        ),
        tables=(data.VALUES, data.MEASURES, *([] if nowcasts is None else [data.NOWCASTS])),
        caveats=caveats,
        is_lead=True,
        choose=choose,
    ).draw(shown.copy)  # fmt: skip
    if shown.by != "none":
        page.note(text.CLICK_PERIOD)


def _at(start: dt.date, by: str) -> dict[str, str]:
    """The choices that lead to the parts of a period."""
    return {"until": start.isoformat(), "by": by}


def _with_notes(rows: pl.DataFrame, placed: Mapping[dt.date, Sequence[Note]]) -> pl.DataFrame:
    """The rows with the annotations of each period, if there are any: so they are in every download."""
    if not placed:
        return rows
    words = [
        "; ".join(f"{n.number}. {numbers.day(n.day)}: {n.words} ({n.author})" for n in placed.get(start, ()))
        for start in rows["period_start"]
    ]
    return rows.with_columns(notes=pl.Series(words, dtype=pl.String))


def _in_short(placed: Mapping[dt.date, Sequence[Note]], choice: Choice) -> list[str]:
    return [f"{note.number}, {numbers.day(note.day)}: {note.words}" for held in placed.values() for note in held]
