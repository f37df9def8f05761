"""`stra log` and `stra account`: the processing log and accounts, on the server."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casework.store.files import write_whole
from pipelines.commands.failure import fail, refusals_told
from pipelines.commands.options import Home

if TYPE_CHECKING:
    from casework.access.accounts import Account

log_app = typer.Typer(no_args_is_help=True, help="The log of what was done with records of people.")
account_app = typer.Typer(no_args_is_help=True, help="Who may be what, where people sign in.")


@log_app.command(name="verify")
def verify_log(
    home: Home,
    mark: Annotated[
        list[str] | None,
        typer.Option(help="NUMBER:HASH as printed on a list; must be in the log. May be repeated."),
    ] = None,
) -> None:
    """Is every row of the log as it was written, none missing, none put in between?"""
    from casework.access.access_log import CHAIN, verify_in
    from casework.store.chain import mark_of
    from casework.store.refusal import Refused
    from casework.upkeep.checks import published_marks, without_mark

    try:
        witnessed = [mark_of(text) for text in mark or []]
    except Refused as words:
        raise typer.BadParameter(str(words)) from words
    published = [mark_of(marks[CHAIN.name]) for marks in published_marks(home) if CHAIN.name in marks]
    verdict = verify_in(home, [*witnessed, *published])
    for fault in verdict.faults:
        typer.echo(f"DAMAGED {fault}", err=True)
    unread = without_mark(home)
    for path in unread:
        typer.echo(f"NOT READ {path}: the log could not be compared with the receipt in it", err=True)
    if verdict.faults:
        raise fail(f"the access log of {home} is not as it was written; faults: {len(verdict.faults)}.")
    if unread:
        raise fail(
            f"nothing else is wrong with the access log, but {len(unread)} manifests of publications cannot be read. "
            "Find out who changed them: stra verify says what else is not as it was published."
        )
    told = f"; {len(witnessed)} printed receipts are in it" if witnessed else ""
    told += f"; the receipts of {len(published)} publications are in it" if published else ""
    typer.echo(f"The access log is whole: {verdict.row_count} rows, each as it was written{told}.")
    if not witnessed:
        typer.echo(
            "Anyone who may write to the whole home can forge all of it: compare it with a printed list, using --mark."
        )


@log_app.command(name="export")
def export_log(
    home: Home,
    out: Annotated[Path, typer.Option(help="The csv file to write.")],
    recipient: Annotated[str, typer.Option(help="Recipient; the disclosure is logged.")],
) -> None:
    """The whole log as csv with its hashes, so that others can check the chain."""
    from casework.access import access_log
    from casework.store.database import exists, open_store
    from casework.store.words import neutralised

    if not exists(home):
        raise fail(f"{home}: there is no casework store, so there is no log to export.")
    access_log.record_in(
        home,
        access_log.by_command("disclosure", "integrity", "stra log export", "the access log", recipient=recipient),
    )
    held = access_log.entries(open_store(home), None)[::-1]
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(held[0]))
    writer.writeheader()
    writer.writerows({name: neutralised(value) for name, value in row.items()} for row in held)
    try:
        write_whole(out, file.getvalue())
    except OSError as problem:
        raise fail(f"{out}: could not write ({problem.strerror}). Free some space or give another --out.") from problem
    typer.echo(f"Written: {out}, {len(held)} rows, of which this export's own is the last.")


@account_app.command(name="set")
def set_account(
    home: Home,
    identity: Annotated[str, typer.Option(help="The person's name at the provider or proxy.")],
    reason: Annotated[str, typer.Option(help="Why, for the record of accounts.")],
    role: Annotated[list[str] | None, typer.Option(help="A role; repeat for each role of the account.")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="A supervisor's unit; repeat for each.")] = None,
    disable: Annotated[
        bool | None, typer.Option("--disable/--enable", help="Disable within a minute, or enable; else unchanged.")
    ] = None,
    sign_out: Annotated[bool, typer.Option(help="End every sign-in begun before now.")] = False,
) -> None:
    """Make or change an account; what is not given stays as it is."""
    from casework.access import accounts
    from casework.access.access_log import server_account
    from casework.store.database import open_store

    if not home.is_dir():
        raise fail(f"{home}: expected the home folder; there is none. Run stra build first, or make the folder.")
    with refusals_told():
        made = accounts.change(
            open_store(home), identity, f"command line; {server_account()}", reason, roles=role,
            units=unit, is_disabled=disable, ends_sign_ins=sign_out,
        )  # fmt: skip
    typer.echo(f"{_in_words(made)}.")


def _in_words(account: Account) -> str:
    units = f" of {', '.join(account.units)}" if account.units else ""
    return f"{account.identity}: {', '.join(account.roles) or 'no role'}{units}{'; disabled' * account.is_disabled}"


@account_app.command(name="list")
def list_accounts(home: Home) -> None:
    """Every account as it is now, and what groups give where the home has rules for them."""
    from casework.access import accounts, groups
    from casework.access.accounts import Account
    from casework.store.database import exists, open_store
    from casework.store.words import escaped

    with refusals_told():
        rules = groups.read_groups(home)
        held = accounts.accounts(open_store(home)) if exists(home) else []
    for account in held:
        typer.echo(_in_words(account))
    for rule in () if rules is None else rules.rules:
        claim, value = rule.group
        given = _in_words(Account(f"group {value} in {', '.join(claim)}", (rule.role,), False, units=rule.units))
        typer.echo(escaped(given))
    if rules is not None:
        typer.echo("Roles come from groups alone; an account here can only be disabled or signed out.")
    elif not held:
        typer.echo("No account was made here, so nobody can sign in.")
