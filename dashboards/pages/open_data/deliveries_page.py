"""Data received: every file and its result, months held, quarantined rows, values that could not be read."""

from __future__ import annotations

import polars as pl
import streamlit as st

from casework.store import sizes
from dashboards.charts import over_time
from dashboards.charts.breaks import regimes_of
from dashboards.data import extract, regimes
from dashboards.data.published import Copy, optional
from dashboards.parts import extract_banner, figure, filters, page, table
from dashboards.text import findings, numbers

DELIVERIES, QUARANTINE, UNKNOWN = "raw.deliveries", "raw.quarantined_rows", "raw.unrecognised_files"
UNREAD = "raw.unread_values"
OF_NO_FORCE = "core.rows_of_no_force"
COVERAGE, FORCES = "core.coverage", "reference.forces"
STATUSES = {"loaded": "✓ loaded", "superseded": "↻ superseded", "refused": "✕ refused", "unchanged": "= unchanged"}
ALL = "all"


@page.whole()
def main() -> None:
    """Draw the page."""
    copy = page.begin("Every file loaded, what happened to its rows, and the months not supplied.", by_force=False)
    extract_banner.sign_where_held(copy)
    _show_deliveries(copy)
    _show_forces(copy)
    _show_coverage(copy)
    _show_quarantine(copy)
    _show_unread(copy)
    _show_unknown(copy)
    _show_disk()


@page.section("the record of deliveries")
def _show_deliveries(copy: Copy) -> None:
    deliveries = copy.select(DELIVERIES, order_by="source, file_name")
    page.answer(findings.delivery_finding(deliveries))
    left_out = dict(copy.manifest.get("left_out") or {})
    if left_out:
        columns = {"File or sheet": lambda pair: pair[0], "Why": lambda pair: pair[1]}
        st.html(table.listed(left_out.items(), columns, "Not loaded, or with many rows in quarantine"))
    read, loaded, held = (int(deliveries[c].sum() or 0) for c in ("rows_read", "rows_loaded", "rows_quarantined"))
    lost = read - loaded - held
    counts = {s: deliveries.filter(pl.col("status") == s).height for s in STATUSES}
    page.facts(
        [
            (
                "Rows read",
                numbers.number(read),
                f"of which {numbers.number(loaded)} loaded and {numbers.number(held)} in quarantine",
            ),
            ("Rows lost", numbers.number(lost), "read less loaded less quarantined: must be 0"),
            (
                "Files refused",
                numbers.number(counts["refused"]),
                f"of {numbers.plural(deliveries.height, 'delivery', 'deliveries')}; none of their data are used",
            ),
            (
                "Superseded or unchanged",
                numbers.number(counts["superseded"] + counts["unchanged"]),
                f"{counts['superseded']} replaced by a later delivery, {counts['unchanged']} the same content again",
            ),
        ]
    )
    page.heading("Deliveries")
    places = st.columns(3)
    sources = {ALL: "All sources"} | {s: numbers.readable(s) for s in deliveries["source"].unique().sort()}
    source = filters.choose("Source of deliveries", sources, "source", place=places[0])
    status = filters.choose(
        "Status", {ALL: "All"} | {s: w for s, w in STATUSES.items() if counts[s]}, "status", place=places[1]
    )
    rows = deliveries
    rows = rows.filter(pl.col("source") == source) if source != ALL else rows
    rows = rows.filter(pl.col("status") == status) if status != ALL else rows
    is_notable = (
        (pl.col("status") == "refused") | (pl.col("rows_quarantined") > 0) | (pl.col("notices").fill_null("") != "")
    )
    rows = rows.with_columns(is_notable=is_notable).sort("is_notable", descending=True, maintain_order=True)
    notable = int(rows["is_notable"].sum())
    remarks = pl.concat_str(
        pl.col("reason").fill_null(""), pl.col("notices").fill_null(""), separator=" "
    ).str.strip_chars()
    rows = rows.with_columns(remarks=remarks, snapshot=pl.col("snapshot_date").cast(pl.String).fill_null("current"))
    figure.Figure(
        key="deliveries",
        tables=(DELIVERIES,),
        finding=f"{numbers.plural(rows.height, 'delivery', 'deliveries')}, {notable} to check",
        data=figure.Data(
            rows,
            (
                "file_name",
                "status",
                {"remarks": "Reason or notice"},
                "rows_read",
                "rows_loaded",
                "rows_quarantined",
                "source",
                "received_at",
                {"snapshot": "Snapshot of"},
                "sha256",
            ),
            {
                "status": lambda s: STATUSES.get(s, str(s)),
                "source": numbers.readable,
                "remarks": lambda t: t or "none",
                "sha256": lambda h: f"{h[:12]}…" if h else numbers.NO_VALUE,
            },
        ),
    ).draw(copy)


def _show_forces(copy: Copy) -> None:
    """Draw which forces the extract holds, and why some have no figures; nothing without an extract."""
    rows = optional(copy.select, extract.FORCES, order_by="has_figures desc, crime_count desc, force_code")
    if rows is None:
        return
    shown = rows.with_columns(pl.col("why_none").fill_null("yes"), pl.col("force_name").fill_null("no force named"))
    count = int(rows["has_figures"].sum())
    page.heading("Forces in the extract")
    page.note("Crimes of a force without figures are counted as no force's. mapping.toml may choose one force.")
    figure.Figure(
        key="extract-forces",
        tables=(extract.FORCES,),
        finding=f"{numbers.plural(count, 'force')} of {rows.height} in the extract with figures",
        data=figure.Data(
            shown,
            ("force_name", {"force_code": "Code"}, "crime_count", "first_month", "last_month", "why_none"),
            {"first_month": numbers.month, "last_month": numbers.month},
        ),
    ).draw(copy)
    unplaced = optional(copy.select, OF_NO_FORCE, order_by="record_type", may_be_empty=True)
    if unplaced is not None and not unplaced.is_empty():
        page.note(findings.records_of_no_force(unplaced))


@page.section("coverage by force and month", heading="Months supplied")
def _show_coverage(copy: Copy) -> None:
    coverage, changes = copy.select(COVERAGE), regimes.read_regimes(copy)
    names = copy.names(FORCES, "force_code, short_name")
    coverage = coverage.with_columns(force_name=pl.col("force_code").replace(names))
    places = st.columns(3)
    source = filters.choose(
        "Monthly source",
        {s: numbers.readable(s) for s in coverage["source"].unique().sort(descending=True)},
        "coverage_source",
        place=places[0],
    )
    rows = coverage.filter(pl.col("source") == source)
    years = rows["month"].dt.year().unique().sort(descending=True).to_list()
    year = filters.choose("Year", {str(y): str(y) for y in years} | {ALL: "All years"}, "year", place=places[1])
    rows = rows.filter(pl.col("month").dt.year() == int(year)) if year != ALL else rows
    supplying = rows.group_by("force_code").agg(pl.col("is_supplied").any())
    which = filters.choose(
        "Forces", {"some": "Forces that supplied any month", ALL: "All forces expected"}, "forces", place=places[2]
    )
    silent = supplying.filter(~pl.col("is_supplied"))
    shown = (
        rows.join(silent, on="force_code", how="anti") if which == "some" and silent.height < supplying.height else rows
    )
    finding = findings.coverage_finding(rows)
    if shown.height < rows.height:
        verb = "is" if silent.height == 1 else "are"
        finding += f"; {numbers.plural(silent.height, 'force')} supplied none and {verb} not shown"
    bearing = regimes_of(changes, source=source)
    table = shown.sort("force_name", "month").with_columns(
        state=pl.when("is_supplied").then(pl.lit("supplied")).otherwise(pl.lit("not supplied"))
    )
    months = rows["month"].sort().to_list()
    when = f"{numbers.month(months[0])} to {numbers.month(months[-1])}"
    figure.Figure(
        key="coverage",
        finding=finding,
        chart=over_time.coverage_matrix(shown, bearing),
        regimes=bearing,
        tables=(COVERAGE,),
        period=when,
        alt=f"Matrix of {numbers.plural(shown['force_code'].n_unique(), 'force')} by month, {when}. {finding}. "
        "Months not supplied are crossed out.",
        data=figure.Data(
            table,
            ({"force_name": "Force"}, "month", "state", "row_count", "absence_reason"),
            {
                "month": numbers.month,
                "absence_reason": lambda t: t or "none",
                "row_count": lambda n: "not supplied" if n is None else numbers.number(n),
            },
        ),
    ).draw(copy)


@page.section("rows in quarantine", heading="Quarantine")
def _show_quarantine(copy: Copy) -> None:
    rows = copy.select(QUARANTINE, order_by="delivery_ref, line_number", may_be_empty=True)
    if rows.is_empty():
        page.note("No row is in quarantine: every row of every delivery that was not refused is in use.")
        return
    _show_lines(copy, rows, QUARANTINE, "quarantine", f"{numbers.plural(rows.height, 'row')} in quarantine")


@page.section("values not read", heading="Values not read")
def _show_unread(copy: Copy) -> None:
    rows = copy.select(UNREAD, order_by="delivery_ref, line_number, column_name", may_be_empty=True)
    if rows.is_empty():
        page.note("Every value of every row that is in use could be read.")
        return
    values = numbers.plural(rows.height, "value")
    _show_lines(copy, rows, UNREAD, "unread-values", f"{values} not read, in rows that are in use without them")


def _show_lines(copy: Copy, rows: pl.DataFrame, source: str, key: str, finding: str) -> None:
    """Lines of files with a column, a value and a reason, of which one may be chosen."""
    deliveries = optional(copy.select, DELIVERIES, columns="delivery_ref, file_name")
    if deliveries is None:
        rows = rows.with_columns(file_name="delivery_ref")
    else:
        rows = rows.join(deliveries, on="delivery_ref", how="left")
    reasons = rows["reason"].value_counts(sort=True)
    options = {ALL: "All reasons"} | {r: f"{r} ({n:,})" for r, n in reasons.iter_rows()}
    reason = filters.choose("Reason", options, "reason" if source == QUARANTINE else "unread_reason")
    shown = rows.filter(pl.col("reason") == reason) if reason != ALL else rows
    figure.Figure(
        key=key,
        tables=(source,),
        finding=f"{finding}, for {numbers.plural(rows['reason'].n_unique(), 'reason')}",
        data=figure.Data(
            shown,
            ("file_name", "line_number", "column_name", "value", "reason"),
            {"value": lambda v: numbers.NO_VALUE if v is None else v[:200], "line_number": str},
        ),
    ).draw(copy)


def _show_disk() -> None:
    """What the home takes on the disk. A server with published files alone has no home to speak of."""
    home = page.server().home
    found = sizes.sizes(home) if home is not None and (home / "warehouse.duckdb").is_file() else {}
    if not found:
        return
    page.heading("Disk space")
    columns = {
        "Part of the home": lambda part: part[:1].upper() + part[1:],
        "Size": lambda part: sizes.in_words(found[part][1]),
        "Files": lambda part: found[part][0],
        "How long it is kept": lambda part: sizes.KEPT[part],
    }
    st.html(table.listed(found, columns, "What the home takes on the disk"))


@page.section("files not recognised", heading="Files not recognised")
def _show_unknown(copy: Copy) -> None:
    rows = copy.select(UNKNOWN, order_by="file_name", may_be_empty=True)
    if rows.is_empty():
        page.note("Every file in the data folder was recognised.")
        return
    figure.Figure(
        key="unrecognised-files",
        tables=(UNKNOWN,),
        finding=f"{numbers.plural(rows.height, 'file was', 'files were')} not loaded",
        data=figure.Data(rows, ("file_name", "size_bytes", "reason")),
    ).draw(copy)


main()
