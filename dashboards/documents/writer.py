"""Documents as files: each written whole or not at all, and recorded in the home.

Documents of one kind are written together into a folder. A page for a meeting or a panel is one HTML file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from casework.access import access_log
from casework.access.access_log import Entry
from casework.store.files import written_beside
from casework.store.refusal import Refused
from dashboards.data.published import Copy, Missing, open_copy
from dashboards.data.register import Register
from dashboards.data.scope import WHOLE
from dashboards.documents import as_docx, as_html, as_pdf, records, seen
from dashboards.documents.records import Record
from dashboards.parts.downloads import file_name
from dashboards.text.content import Document

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Report:
    """Documents that are written together: their audience and how to make them.

    `refuse` raises Refused for a copy that no document may be written from.
    """

    audience: str
    documents: Callable[[Copy, str, Path | None], tuple[Files, bytes]]  # of copy, marking, template: files, register
    refuse: Callable[[Copy], None] = lambda copy: None


def write(
    report: Report,
    home: Path,
    out: Path,
    template: Path | None = None,
    *,
    force: str = "",
    is_handed_out: bool = True,
) -> list[Record]:
    """Write the documents into the folder `out` and record them in the home.

    A page that keeps them in the home hands them out, and logs it, with each download. Raises Refused if they cannot
    be written.
    """
    copy = opened(home, report.audience, force)
    if out.exists() and not out.is_dir():
        raise Refused(f"{out}: expected a folder for the documents, saw a file. Give another --out.")
    report.refuse(copy)
    files, register = report.documents(copy, own_marking(), template or own_template())
    if is_handed_out:
        what, whom = ", ".join(files), f"folder {out.name}"
        access_log.record_in(
            home, access_log.by_command("disclosure", report.audience, "stra report", what, recipient=whom)
        )
    with _naming({out / name: content for name, content in files.items()}, out) as fresh:
        return _record(home, fresh, files, copy, register)


def own_template() -> Path | None:
    """The force's own Word template, from STRA_TEMPLATE; None without one."""
    own = os.environ.get("STRA_TEMPLATE", "").strip()
    return Path(own) if own else None


def each_format(
    name: str, document: Document, register: Register, marking: str, template: Path | None
) -> dict[str, bytes]:
    """A document as Word, PDF and HTML, each under its file name."""
    return {
        file_name(marking, name, "docx"): as_docx.render(document, register, template),
        file_name(marking, name, "pdf"): as_pdf.render(document, register),
        file_name(marking, name, "html"): as_html.render(document, register),
    }


def write_page(
    home: Path, out: Path, command: str, subject: str, page: Callable[[Entry], str], *, purpose: str,
    count: int | None = None,
) -> Path:  # fmt: skip
    """Write one HTML page of the integrity audience to the file `out`; returns it.

    The access log has an entry with its recipient before it is written; `page` gets that entry. Raises Refused if it
    cannot be logged: nothing is written then.
    """
    action = access_log.by_command(
        "disclosure", "integrity", command, subject, record_count=count, recipient=f"file {out.name}", purpose=purpose
    )
    content = page(access_log.record_in(home, action))
    with _naming({out: content.encode()}, out):
        return out


def opened(home: Path, audience: str, force: str = "") -> Copy:
    """The copy that a document is made from, of one force.

    Raises Refused if nothing is published to the audience, if the extract has several forces and none is named, or if
    it has no figures of the one named.
    """
    try:
        copy = open_copy(home, audience, WHOLE)
    except Missing as why:
        raise Refused(f"{home}: {why}") from why
    held = ", ".join(f"{code} ({name})" for code, name in copy.forces.items()) or "no force"
    if force and force not in copy.forces:
        raise Refused(f"--force {force}: expected a force of this home, which has figures of {held}.")
    if not force and len(copy.forces) > 1:
        raise Refused(f"{home}: expected --force CODE, because it has figures of several forces: {held}.")
    return copy.of(force) if len(copy.forces) > 1 else copy


def own_marking() -> str:
    """The protective marking of this server: STRA_MARKING, or OFFICIAL."""
    return os.environ.get("STRA_MARKING", "").strip() or "OFFICIAL"


@contextmanager
def _naming(files: Mapping[Path, bytes], out: Path) -> Iterator[Mapping[Path, Path]]:
    """Write the files; they get their names when all are written and recorded. Raises Refused."""
    try:
        with written_beside(files) as fresh:
            yield fresh
    except OSError as problem:
        raise Refused(
            f"{out}: could not write ({problem.strerror}). Free some space or give another --out."
        ) from problem


def _record(
    home: Path, fresh: Mapping[Path, Path], files: Mapping[str, bytes], copy: Copy, register: bytes
) -> list[Record]:
    """Record documents that are on the disk and get their names next: none has one without a record."""
    digest = records.keep_register(home, register)
    entries = []
    for path, content in zip(fresh, files.values(), strict=True):
        numbers = seen.numbers(fresh[path])
        entries.append(
            {
                "path": str(path.resolve()),
                "sha256": hashlib.sha256(content).hexdigest(),
                "number_count": None if numbers is None else len(numbers),
                "audience": copy.audience,
                "publication": copy.folder.name,
                "manifest_sha256": copy.manifest_sha256(),
                "register_sha256": digest,
            }
        )
    return records.append(home, entries)
