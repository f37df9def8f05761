"""`stra report`: documents from what is published and decided, each written by the dashboards' part of the house."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import Folder, Home, Page, Template

report_app = typer.Typer(no_args_is_help=True, help="Documents from what is published and decided.")


@report_app.command()
def audit(
    home: Home,
    out: Page,
    cycle: Annotated[str, typer.Option(help="Audit cycle; the one signed off last when left out.")] = "",
) -> None:
    """The report of an audit, made to be shared: no record reference, no cell below five."""
    raise _document("audit_report", home, out, *([cycle] if cycle else []))


@report_app.command()
def assessment(
    home: Home,
    out: Folder,
    template: Template = None,
) -> None:
    """The strategic assessment as Word, PDF and HTML, a one-page brief, slides, and the register of its numbers."""
    raise _document("assessment", home, out, *_given(template))


@report_app.command()
def commissioning(
    home: Home,
    out: Folder,
    template: Template = None,
) -> None:
    """The evidence pack for commissioning services: Word, PDF, HTML, a public summary, the data as CSV and ODS."""
    raise _document("commissioning", home, out, *_given(template))


@report_app.command()
def drafts(
    home: Home,
    out: Folder,
    template: Template = None,
) -> None:
    """Drafts to complete: data protection impact, algorithmic transparency, equality impact, quality, accessibility."""
    raise _document("drafts", home, out, *_given(template))


@report_app.command(name="model-card")
def model_card(home: Home, out: Page) -> None:
    """Model card of the ranking score, ALGO-CARE self-assessment and equality template, from settings and back-test."""
    raise _document("model_card", home, out)


@report_app.command()
def lists(
    home: Home,
    out: Page,
    period: Annotated[str, typer.Option(help="daily or weekly.")] = "daily",
    unit: Annotated[str, typer.Option(help="A unit's name; the whole force when left out.")] = "all",
) -> None:
    """The lists of the daily or weekly management meeting, references only. Writing them is logged as a viewing."""
    raise _document("meeting_lists", home, out, period, unit)


@report_app.command()
def panel(
    home: Home,
    out: Page,
    sample: Annotated[str, typer.Option(help="Reference of the sample; the newest when left out.")] = "",
) -> None:
    """The pack of a scrutiny panel: closed cases under pseudonyms, each with the form for what the panel finds."""
    raise _document("panel_pack", home, out, *([sample] if sample else []))


def _given(template: Path | None) -> list[str]:
    return [str(template.resolve())] if template else []


def _document(module: str, home: Path, out: Path, *more: str) -> typer.Exit:
    """Have a document written: documents are the dashboards' part of the house, which pipelines do not import."""
    return typer.Exit(run_module(f"dashboards.reports.{module}", str(home.resolve()), str(out.resolve()), *more))


def run_module(module: str, *arguments: str) -> int:
    """Run a module of the dashboards, which pipelines do not import; its exit code."""
    import subprocess

    from pipelines.cards import ROOT

    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT, check=False).returncode
