"""Are victims protected? Risk, orders, breaches, the Victims' Code, support and the file: what is kept, what is not."""

from __future__ import annotations

import polars as pl

from dashboards import extract, page, watching
from dashboards.protection import saying, showing
from dashboards.published import Copy, NotAvailable

SETTINGS = "reference.settings"
FOLLOWED = "What came after"
NO_RECORDS = NotAvailable(
    "absent",
    "Risk, orders, contact with victims and case files stand in a force's own record-level extract, and none is in "
    "this home. Open data hold nothing of it.",
    "Put the force's extract (crime, risk_assessment, order_, victim_contact and what else there is) into the folder "
    "force/ of the data folder and build again.",
)


def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Are victims protected?",
        "What should have been done for victims of stalking and harassment, and whether the record shows that it was.",
        audience="command",
    )
    of = extract.of(copy)
    if isinstance(of, NotAvailable):
        page.answer("Not measured. Open data do not tell what was done to keep a victim safe.")
        for heading in (*saying.SECTIONS.values(), FOLLOWED):
            page.heading(heading)
            page.missing(NO_RECORDS if of is extract.NO_EXTRACT else of, heading)
        page.end()
        return
    extract.sign(of)
    rows = copy.select(showing.MEASURES, where="period_type = 'whole'", order_by="place")
    if isinstance(rows, NotAvailable):
        page.answer("Not measured. The measures of protection could not be made.")
        page.stop(rows, "the protection of victims")
    settings = _settings(copy)
    least = round(settings.get("shares.minimum_denominator", 0))
    _first(copy, rows, least)
    for name in saying.SECTIONS:
        showing.section(copy, name, rows, least)
        if name == "orders":
            days = settings.get("protection.expiry_days")
            showing.orders(copy, None if days is None else round(days))
        if name == "file":
            showing.gaps(copy)
    _followed(copy, rows, least)
    page.end()


def _settings(copy: Copy) -> dict[str, float]:
    rows = copy.select(SETTINGS, columns="key, value", may_be_empty=True)
    return {} if isinstance(rows, NotAvailable) else dict(rows.iter_rows())


def _first(copy: Copy, rows: pl.DataFrame, least: int) -> None:
    """The answer, and the duties that weigh most beside one another."""
    leading = saying.least_kept_first(rows.filter("is_lead"), least)
    page.answer(saying.answer(leading, rows, least))
    watch = watching.watch(copy)
    page.tiles([saying.tile(row, least, watch) for row in leading.iter_rows(named=True)])
    page.note(saying.READING)
    showing.measures(copy, "protection-first", leading, least, saying.first_finding(leading), is_lead=True)


def _followed(copy: Copy, rows: pl.DataFrame, least: int) -> None:
    page.heading(FOLLOWED)
    page.note(saying.FOLLOW_UP)
    showing.followed(copy, rows.filter(pl.col("kind") == "follow-up"), least)


main()
