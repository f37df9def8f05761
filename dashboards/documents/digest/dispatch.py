"""Send digests: by e-mail, Teams or another service of Apprise, or as a file into a folder.

A digest without a new line is not sent. What could not be sent is not recorded, so the next run tries again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casework.access import digests
from casework.access.access_log import server_account
from casework.store.database import open_store, today
from casework.store.files import write_whole
from casework.store.refusal import Refused
from dashboards.data.published import Missing
from dashboards.documents.digest import contents, digest_text, subscriptions
from dashboards.documents.digest.subscriptions import Subscription
from dashboards.text import numbers

NEVER = digests.Sent(today().min, frozenset())


@dataclass(frozen=True)
class Digest:
    """A digest as it would be sent now."""

    wanted: Subscription
    subject: str
    body: str
    lines: tuple[str, ...]
    new_count: int
    is_due: bool


def wanted(home: Path, only: str) -> list[Subscription]:
    """The digests of a home, or the one of a name. Raises Refused."""
    held = subscriptions.read_subscriptions(home)
    found = [one for one in held if only in ("", one.name)]
    if not found:
        raise Refused(f"Expected one of {', '.join(one.name for one in held)}; saw {only!r}.")
    return found


def made(home: Path, one: Subscription, environ: Mapping[str, str]) -> Digest:
    """The digest as it is now. Raises Refused where it cannot be made."""
    try:
        held = contents.read_contents(home, one)
    except Missing as why:
        raise Refused(f"{one.name}: {why}") from why
    last = digests.last(open_store(home), one.name) or NEVER
    new = digest_text.new_lines(held.blocks, last.lines)
    marking = environ.get("STRA_MARKING", "").strip() or "OFFICIAL"
    return Digest(
        one,
        digest_text.subject(marking, len(new), held.force, today()),
        digest_text.body(
            held.blocks, last.lines, marking=marking, notice=held.notice,
            published_at=numbers.moment(held.published_at) if held.published_at else "",
            site=environ.get("STRA_ADDRESS", ""),
        ),
        tuple(digest_text.all_lines(held.blocks)),
        len(new),
        one.is_due(None if last is NEVER else last.day, today()),
    )  # fmt: skip


def send(home: Path, digest: Digest, environ: Mapping[str, str]) -> str:
    """Send a digest and record it; return where it went. Raises Refused where it did not arrive."""
    where = _into_folder(digest) if digest.wanted.folder else _to_addresses(digest, environ)
    digests.record(open_store(home), digest.wanted.name, digest.lines, f"command line; {server_account()}")
    return where


def _into_folder(digest: Digest) -> str:
    path = Path(digest.wanted.folder) / f"digest-{digest.wanted.name}-{today()}.txt"
    try:
        write_whole(path, f"{digest.subject}\n\n{digest.body}")
    except OSError as problem:
        raise Refused(f"{digest.wanted.name}: {path} could not be written ({problem.strerror}).") from problem
    return str(path)


def _to_addresses(digest: Digest, environ: Mapping[str, str]) -> str:
    name = digest.wanted.to
    addresses = environ.get(name, "").split()
    if not addresses:
        raise Refused(f"{digest.wanted.name}: set the environment variable {name} to the addresses to send to.")
    import apprise  # only here: no other command sends anything, and it takes half a second

    # without pictures and links of its own: a message refers to nothing outside
    asset = apprise.AppriseAsset(app_id="stra", app_desc="stra", app_url="", image_url_mask="", image_url_logo="")
    sender = apprise.Apprise(asset=asset)
    for place, address in enumerate(addresses, start=1):
        if not sender.add(address):  # the address is not repeated: it can hold a password
            raise Refused(f"{digest.wanted.name}: address {place} of {name} is of no form that Apprise knows.")
    text, markdown = apprise.NotifyFormat.TEXT, apprise.NotifyFormat.MARKDOWN
    marked_up = digest_text.as_markdown(digest.body, environ.get("STRA_ADDRESS", ""))
    bodies = {markdown: (marked_up, markdown)}  # of Teams; all others take the text
    arrived = []
    for service in sender:
        body, form = bodies.get(service.notify_format, (digest.body, text))
        to = apprise.Apprise(services=service, asset=asset)
        arrived.append(to.notify(title=digest.subject, body=body, body_format=form))
    if not all(arrived):
        raise Refused(
            f"{digest.wanted.name}: not every address of {name} accepted the digest. It counts as not sent, and the "
            "next run sends it again. Check the address, its password and the mail server."
        )
    return f"{numbers.plural(len(addresses), 'address', 'addresses')} of {name}"
