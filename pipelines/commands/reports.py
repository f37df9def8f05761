"""`stra report`: documents from what is published and decided.

Only these commands, and `stra verify`, import the dashboards' documents: each inside its function, so that `--help`
answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.failure import fail
from pipelines.commands.options import Folder, Force, Home, Page, Template

if TYPE_CHECKING:
    from dashboards.documents.writer import Report

report_app = typer.Typer(no_args_is_help=True, help="Documents from what is published and decided.")


@report_app.command()
def audit(
    home: Home,
    out: Page,
    cycle: Annotated[str, typer.Option(help="Audit cycle; by default the one signed off last.")] = "",
) -> None:
    """The report of an audit, to be shared: no record reference, no cell below five."""
    from dashboards.documents.reports import audit_report

    typer.echo(f"Written: {audit_report.write(home.resolve(), out.resolve(), cycle or None)}")


@report_app.command()
def assessment(
    home: Home,
    out: Folder,
    template: Template = None,
    force: Force = "",
) -> None:
    """The strategic assessment as Word, PDF and HTML, with its supplements.

    The supplements are a one-page brief, slides, and the register of its numbers.
    """
    from dashboards.documents.assessment.files import REPORT

    _folder(REPORT, home, out, template, force)


@report_app.command()
def commissioning(
    home: Home,
    out: Folder,
    template: Template = None,
    force: Force = "",
) -> None:
    """The evidence pack for commissioning services: Word, PDF, HTML and data.

    With it come a public summary and the data as CSV and ODS.
    """
    from dashboards.documents.pack.files import REPORT

    _folder(REPORT, home, out, template, force)


@report_app.command()
def drafts(
    home: Home,
    out: Folder,
    template: Template = None,
    force: Force = "",
) -> None:
    """Drafts of impact and quality statements, to complete.

    Data protection impact, algorithmic transparency, equality impact, quality, accessibility.
    """
    from dashboards.documents.drafts.files import REPORT

    _folder(REPORT, home, out, template, force)


@report_app.command(name="model-card")
def model_card(home: Home, out: Page, force: Force = "") -> None:
    """Model card of the ranking score, from settings and back-test.

    With it come the ALGO-CARE self-assessment and the equality template.
    """
    from dashboards.documents.reports import model_card

    typer.echo(f"Written: {model_card.write(home.resolve(), out.resolve(), force)}")


@report_app.command()
def lists(
    home: Home,
    out: Page,
    period: Annotated[str, typer.Option(help="daily or weekly.")] = "daily",
    unit: Annotated[str, typer.Option(help="A unit's name; by default the whole force.")] = "all",
    force: Force = "",
) -> None:
    """The lists of the daily or weekly management meeting, references only.

    Writing them is logged as a viewing.
    """
    from dashboards.documents.reports import meeting_lists

    typer.echo(f"Written: {meeting_lists.write(home.resolve(), out.resolve(), period, unit, force)}")


@report_app.command()
def lineage(home: Home, out: Page) -> None:
    """What each table and column is made from, as events of OpenLineage, a line of JSON each."""
    from pipelines.publication import openlineage

    try:
        count = openlineage.write(home.resolve(), out.resolve())
    except OSError as problem:
        raise fail(f"{out}: could not write ({problem.strerror}). Free some space or give another --out.") from problem
    typer.echo(f"{out}: {count:,} events.")


@report_app.command()
def panel(
    home: Home,
    out: Page,
    sample: Annotated[str, typer.Option(help="Reference of the sample; by default the newest.")] = "",
) -> None:
    """The pack of a scrutiny panel: closed cases under pseudonyms.

    Each has the form for what the panel finds.
    """
    from dashboards.documents.reports import panel_pack

    typer.echo(f"Written: {panel_pack.write(home.resolve(), out.resolve(), sample or None)}")


def _folder(report: Report, home: Path, out: Path, template: Path | None, force: str) -> None:
    """Write the documents of a report into a folder and say where each is."""
    from dashboards.documents import writer

    made = writer.write(report, home.resolve(), out.resolve(), template.resolve() if template else None, force=force)
    for record in made:
        typer.echo(f"Written: {record.path}")
    typer.echo(f"Recorded as {made[-1].mark}. Keep this receipt elsewhere: it proves what was written.")
