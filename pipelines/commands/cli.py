"""The command line. Each command imports its own heavy libraries.

So `--help` answers at once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.commands.access import account_app, log_app
from pipelines.commands.backup import backup, restore
from pipelines.commands.casework import casework_app
from pipelines.commands.export_case import export_case
from pipelines.commands.failure import Commands, explained, fail, say
from pipelines.commands.lists import lists as check_lists
from pipelines.commands.options import Data, Home, day_of
from pipelines.commands.publish import publish
from pipelines.commands.purge import purge_people
from pipelines.commands.register import register_app
from pipelines.commands.replay import replay
from pipelines.commands.reports import report_app
from pipelines.commands.serve import QUIET, dagster_pages, serve
from pipelines.commands.synth import synth
from pipelines.commands.verify import verify
from pipelines.system import stops
from pipelines.system.disk import PRIVATE

app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Recorded crime, from a delivered file to a published figure.",
)

@app.command()
def build(
    data: Data,
    home: Home,
    as_of: Annotated[
        str | None, typer.Option(help="Day the figures describe, YYYY-MM-DD; else the last day with data.")
    ] = None,
    engine: Annotated[str, typer.Option(help="Where the SQL runs: duckdb or spark.")] = "duckdb",
    spark_master: Annotated[
        str | None,
        typer.Option(
            help="local[*], local[NUMBER], spark://HOST:PORT, sc://HOST:PORT (Spark Connect); "
            "k8s://https://HOST:PORT and yarn, which were not tried."
        ),
    ] = None,
    lake: Annotated[Path | None, typer.Option(help="Folder that Spark's workers see; else below --home.")] = None,
) -> None:
    """Load what is new in the data folder, build what has changed, publish."""
    from pipelines.commands import resident
    from pipelines.engines.choice import DUCKDB, ENGINES, HERE, Choice
    from pipelines.engines.ready import EngineNotReady
    from pipelines.system.machine import MachineSettingWrong, limits

    if engine not in ENGINES:
        raise typer.BadParameter(f"expected {' or '.join(ENGINES)}, saw --engine {engine!r}")
    if engine == DUCKDB and (spark_master is not None or lake is not None):
        raise typer.BadParameter("expected --spark-master and --lake with --engine spark alone")
    chosen = Choice(engine, HERE if spark_master is None else spark_master, lake)
    wanted = day_of(as_of)
    if "%" in str(home.resolve()):
        raise typer.BadParameter(f"expected a --home without %, saw {home}: Dagster's records cannot be kept there")
    if home.exists() and not home.is_dir():
        raise typer.BadParameter(f"expected a folder as --home, saw a file: {home}")
    try:
        limits(home)
        chosen.check(home)
    except (MachineSettingWrong, EngineNotReady) as words:
        raise fail(str(words), 2) from words
    if chosen.note():
        typer.echo(chosen.note(), err=True)
    # the resident process builds with DuckDB
    code = resident.ask(home, data, as_of) if engine == DUCKDB else None
    if code is not None:
        raise typer.Exit(code)
    from pipelines.commands.build import run

    raise run(data, home, wanted, chosen)


@app.command()
def watch(
    data: Data,
    home: Home,
    every: Annotated[int, typer.Option(min=1, max=86_400, help="Seconds between two looks at the folder.")] = 30,
) -> None:
    """Build as deliveries arrive, and start every `stra build` of this home at once.

    Stop it with Ctrl-C.
    """
    from pipelines.commands.watch import Watch

    if not data.is_dir():
        raise fail(f"{data}: expected a folder with delivered files; there is none. Give the folder with --data.")
    if home.exists() and not home.is_dir():
        raise typer.BadParameter(f"expected a folder as --home, saw a file: {home}")
    Watch(data, home, every).run()


@app.command()
def combine(
    homes: Annotated[list[Path], typer.Option(help="The homes of the forces, one after the other.")],
    home: Home,
    more: Annotated[list[Path] | None, typer.Argument(hidden=True)] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Day the figures describe, YYYY-MM-DD; else that of every home.")
    ] = None,
) -> None:
    """Make one home from the homes of several forces: --homes A B C --home REGION.

    Figures are made again from the rows that the homes hold. Names stay where they are.
    """
    from pipelines.commands.combine import run

    raise run([*homes, *(more or [])], home, day_of(as_of))


@app.command(name="plan")
def plan_change(
    data: Data,
    home: Home,
    as_of: Annotated[
        str | None, typer.Option(help="Day the figures describe, YYYY-MM-DD; else the last day with data.")
    ] = None,
    accept_by: Annotated[str, typer.Option(help="Who accepts the change; without it, it is only shown.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    seen: Annotated[str, typer.Option(help="The mark of the effect, as a run without --accept-by shows it.")] = "",
) -> None:
    """Show what an edited weight, list, rule or table would move, before a build.

    Accept the change with --accept-by.
    """
    from pipelines.commands.plan import lines, plan

    if not (home / "warehouse.duckdb").is_file():
        raise fail(f"{home}: nothing has been built here yet, so nothing can change. Run stra build first.")
    if accept_by and not reason:
        raise typer.BadParameter("expected --reason with --accept-by: a change is logged with its reason")
    if accept_by and not seen:
        raise typer.BadParameter("expected --seen with --accept-by: run this without both, and read what would change")
    try:
        found = plan(data, home, day_of(as_of), lambda line: None)
    except Exception as problem:
        raise explained(problem, home) from problem
    for failure in found.failures:
        say(f"stra: {failure}", err=True)
    if found.failures:
        raise fail("the change cannot be built; what is published is unchanged.")
    for line in lines(found):
        typer.echo(line)
    if not accept_by:
        typer.echo(f"To accept exactly this: --accept-by NAME --reason WHY --seen {found.mark}")
    elif seen != found.mark:
        raise fail(
            f"the effect is {found.mark} now, and {seen} was seen: something has changed since. Read what would "
            "move again; nothing was accepted."
        )
    else:
        _accept(home, found.definitions, accept_by, reason, found.as_effect())


def _accept(home: Path, names: Sequence[str], who: str, reason: str, effect: Mapping[str, object]) -> None:
    from casework.assessment.scheme import accept_definitions
    from casework.store.database import open_store
    from casework.store.refusal import Refused
    from pipelines.delivery import accepted_lists

    version = accept_definitions(open_store(home), names, who, reason, effect)
    try:
        accepted_lists.accept(who)
    except Refused as words:  # the lists are another account's: each build goes on naming what was changed
        say(f"stra: {words}", err=True)
    typer.echo(f"Accepted as version {version} of the scheme, and logged. It applies from the next build.")


app.command(name="purge")(purge_people)
app.command()(serve)
app.command(name="dagster")(dagster_pages)


@app.command()
def fetch(
    source: Annotated[str, typer.Argument(help="Source to download; see `stra doctor` for the list.")],
    data: Data,
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")] = "",
    base_url: Annotated[str, typer.Option(help="Another address of the publisher, such as a mirror.")] = "",
) -> None:
    """Download open data into a dated folder; resumes where it stopped."""
    from assets.raw import sources
    from pipelines.fetching.checks import months_between
    from pipelines.fetching.connection import FetchError
    from pipelines.fetching.fetch import fetch as download

    offered = {name: s.download for name, s in sources().items() if s.download is not None}
    if source not in offered:
        raise typer.BadParameter(f"expected one of {', '.join(offered)}; saw {source!r}")
    chosen = offered[source]
    assert chosen is not None
    try:
        months = months_between(first, last or first) if first else []
        if "{month}" in chosen.path and not months:
            raise typer.BadParameter(f"{source} is published by month: give --from YYYY-MM, and --to for more than one")
        result = download(chosen, data, months, base_url or None, datetime.now(UTC).date(), say)
    except (FetchError, ValueError) as problem:
        raise fail(str(problem)) from problem
    typer.echo(str(result))


app.command()(synth)


@app.command()
def invent(
    home: Home,
    issue: Annotated[bool, typer.Option("--issue", help="Only issue the assessment as it is published now.")] = False,
) -> None:
    """Write what people of an invented force decided: an audit, links, overrides, registers, a panel.

    Then build again. Nothing is written into the home of a real force, or where somebody has worked.
    """
    from dashboards import invented_casework

    for line in invented_casework.issue(home) if issue else invented_casework.write(home):
        typer.echo(line)


def _request(text: str) -> dict[str, Any]:
    """A request on standard input; nothing is an empty one."""
    try:
        said = json.loads(text or "{}")
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("answers", {}), dict):
        words = "--json: expected a JSON object on standard input, its answers an object too; saw something else."
        raise fail(words, 2)
    return said


@app.command(name="map")
def map_extract(
    data: Data,
    yes: Annotated[bool, typer.Option("--yes", help="Accept certain matches unasked; leave the rest open.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="For programs: a request comes on standard input, the reply is JSON.")
    ] = False,
) -> None:
    """Guess the files and columns of a record system, ask, write DATA/mapping.toml."""
    from assets.readers.extract.mapping import FILE_NAME, MappingError
    from pipelines.commands.map import map_extract as propose
    from pipelines.commands.map_reply import reply

    def choose(question: str, answers: Sequence[str]) -> str:
        for number, answer in enumerate(answers, start=1):
            typer.echo(f"  {number}  {answer}")
        while not 1 <= (picked := int(typer.prompt(question, type=int, default=len(answers)))) <= len(answers):
            typer.echo(f"Expected a number from 1 to {len(answers)}.")
        return answers[picked - 1]

    try:
        if as_json:
            request = _request(sys.stdin.read())
            typer.echo(json.dumps(reply(data, request, lambda name: typer.echo(f"reading: {name}", err=True))))
            return
        propose(data, yes, typer.echo, lambda question, default: typer.confirm(question, default=default), choose)
    except MappingError as problem:
        raise fail(f"{FILE_NAME}: {problem}") from problem


@app.command(name="schema")
def print_schema(
    of: Annotated[str, typer.Argument(help="mapping or settings.", metavar="NAME")] = "mapping",
) -> None:
    """Print the JSON Schema of mapping.toml or of the settings."""
    from pipelines.mapping import schema

    made = {"mapping": schema.mapping_schema, "settings": schema.settings_schema}
    if of not in made:
        raise typer.BadParameter(f"expected mapping or settings; saw {of!r}")
    typer.echo(json.dumps(made[of](), indent=1, ensure_ascii=False))


@app.command(name="docs")
def write_documentation(
    out: Annotated[Path, typer.Option(help="New folder for the site, or one with an earlier site.")],
) -> None:
    """Write the documentation as a website; open index.html in it. Needs no network."""
    from docs.site import build_site

    if out.exists() and not (out / "searchindex.js").is_file() and any(out.iterdir() if out.is_dir() else [out]):
        raise fail(f"{out}: expected a new or empty folder, or an earlier site; saw other files. Give another --out.")
    try:
        problems = build_site(out)
    except OSError as problem:
        raise fail(f"{out}: could not write ({problem}). Give another --out.") from problem
    for fault in problems:
        typer.echo(fault, err=True)
    if problems:
        raise fail(f"{len(problems)} faults in the pages, listed above; the site is still in {out}.")
    typer.echo(f"The documentation is in {out / 'index.html'}")


@app.command()
def doctor(
    data: Annotated[
        Path | None, typer.Option(help="Data folder: say what a build of it would not measure, and why.")
    ] = None,
) -> None:
    """Is this machine ready? With --data: what would a build of this folder not measure?"""
    if data is not None:
        _check_folder(data)
        return
    from pipelines.commands.doctor import examine

    ready = True
    for line, is_fine in examine():
        say(("ok      " if is_fine else "MISSING ") + line)
        ready = ready and is_fine
    if not ready:
        raise typer.Exit(1)


def _check_folder(data: Path) -> None:
    from pipelines.commands.folder_check import check, lines

    sections, is_known = check(data)
    for line in lines(sections):
        say(line)
    if not is_known:
        raise typer.Exit(1)


@app.command()
def digest(
    home: Home,
    only: Annotated[str, typer.Option(help="The digest of this name; by default every one that is due.")] = "",
    show: Annotated[bool, typer.Option("--show", help="Print it; send and record nothing.")] = False,
) -> None:
    """Send what is new to those named in HOME/digests.toml, by e-mail, Teams or into a folder."""
    from pipelines.commands import digest as digests

    if not home.is_dir():
        raise fail(f"{home}: expected the home folder; there is none. Run stra build first.")
    digests.run(home, only, is_shown=show)


@app.command()
def status(
    home: Home,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: the same as JSON.")] = False,
) -> None:
    """What was built from what, when, and whether it is whole, failed, partial, late or stale."""
    from dashboards.data import home_state
    from pipelines.commands import status as home_status

    state = home_state.read_state(home, with_backups=True)
    if as_json:
        typer.echo(json.dumps(home_status.reply(home, state), indent=1))
    else:
        for line in home_status.lines(home, state):
            typer.echo(line)
    raise typer.Exit(state.exit_code)


app.command()(replay)
app.command()(verify)
app.command()(publish)
app.command()(backup)
app.command()(restore)
app.command(name="export-case")(export_case)
app.command(name="lists")(check_lists)
app.add_typer(log_app, name="log")
app.add_typer(account_app, name="account")
app.add_typer(report_app, name="report")
app.add_typer(register_app, name="register")
app.add_typer(casework_app, name="casework")


def main() -> None:
    """Entry point of the `stra` command: 0 done, 1 failed, 2 wrong use, 3 published in part, 130 and 143 stopped."""
    os.umask(PRIVATE)
    gc.set_threshold(50_000, 50, 100)  # to search all that Dagster and Great Expectations hold frees next to nothing
    os.environ.update({k: v for k, v in QUIET.items() if k not in os.environ})
    stops.hear()
    with stops.ended():
        app()


if __name__ == "__main__":
    main()
