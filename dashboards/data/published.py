"""The one reader of the published copy.

`<home>/published/<audience>` is a link to a complete folder: parquet files and a manifest. The link is followed once
per rerun, so a page never mixes two publications. Results are cached by their folder. What cannot be shown raises
`Missing` with a reason to print. A section of a page or of a document then shows the reason in its place.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, ParamSpec, Self, TypeVar

import duckdb
import polars as pl

from casework.store import versions
from casework.store.refusal import Refused
from dashboards.data import copies
from dashboards.data.scope import FIGURES, NOTHING, OF_UNITS, Scope, kind_of
from dashboards.text import numbers

AUDIENCES = ("command", "integrity", "commissioning")
LONGEST_QUERY_MS = 10_000
COPIES_KEPT = 2 * len(AUDIENCES)  # opened at once: a page that began before a publication ends with the earlier one

# Columns of a table on a page, in order: a name alone has its card's heading, a mapping gives the page's own words.
Columns = Sequence[str | Mapping[str, str]] | Mapping[str, str]

Kind = Literal["no_home", "not_published", "denied", "withheld", "absent", "empty", "damaged"]


class NotAvailable(NamedTuple):
    """Why something cannot be shown, in words for the page, and what would help."""

    kind: Kind
    reason: str
    remedy: str = ""


class Missing(Refused):
    """A part of what is published cannot be shown; `what` gives the reason and what would help."""

    def __init__(self, kind: Kind, reason: str, remedy: str = "") -> None:
        super().__init__(f"{reason} {remedy}".rstrip())
        self.what = NotAvailable(kind, reason, remedy)


P = ParamSpec("P")
T = TypeVar("T")


def optional(read: Callable[P, T], *args: P.args, **more: P.kwargs) -> T | None:
    """The result of a read that a page or document can do without; None if it is missing."""
    try:
        return read(*args, **more)
    except Missing:
        return None


FORCES = "core.force_scope"
ALL = "all"  # all forces of the extract together
# (how a table goes by force, whether all forces are read) -> the condition for its rows
OF_FORCE = {
    ("run", False): "force_code = $force_read",
    ("run or all", False): "force_code = $force_read",
    ("run or all", True): "force_code = $force_read",
    ("row", False): "force_code = $force_read",
    ("series", False): "(force_code = $force_read or series_ref not like 'extract|%')",
}
ONE_AT_A_TIME = NotAvailable(
    "absent", "These figures are made for one force at a time.", "Choose one force at the head of the page."
)


@dataclass(frozen=True)
class Copy:
    """One audience's published copy, from one publication, as far as `scope` allows.

    By default nothing may be opened.
    """

    audience: str
    folder: Path
    manifest: Mapping[str, Any] = field(hash=False, compare=False)
    scope: Scope = NOTHING
    force: str = ""  # the force whose rows are read, ALL, or '' where nothing is chosen

    @cached_property
    def forces(self) -> Mapping[str, str]:
        """Force code -> name, of each force of the extract with figures of its own."""
        return self.names(FORCES, "force_code, force_name", order_by="force_name, force_code")

    def of(self, force: str) -> Self:
        """The same copy with the rows of one force, or of all together (ALL)."""
        return replace(self, force=force)

    def is_of_force(self, table: str) -> bool:
        """Whether the rows read of a table are those of the force chosen."""
        mark = str(_mapping(self.tables.get(table)).get("by_force", ""))
        return bool(self.force) and mark != "series" and (mark, self.force == ALL) in OF_FORCE

    @property
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """Table name -> manifest entry (file, rows, caveats, columns, headings, sources)."""
        return _mapping(self.manifest.get("tables"))

    def select(
        self,
        table: str,
        *,
        columns: str = "*",
        where: str = "true",
        order_by: str = "",
        limit: int | None = None,
        may_be_empty: bool = False,
        about: str = "",
        instead: NotAvailable | None = None,
        **parameters: Any,
    ) -> pl.DataFrame:
        """Rows of a published table. Raises Missing if they cannot be shown.

        `columns`, `where` and `order_by` are SQL of the page; values are bound by name. A table without any row is
        "empty" unless `may_be_empty`. Empty means that nothing feeds it, not that the answer is zero. A filter that
        matches nothing gives an empty frame. `instead` is the reason to give for a table that is absent or empty.

        Rows with references are logged before they are returned, as `about`, else under the table's name with the
        values bound.
        """
        entry = self.tables.get(table)
        if entry is None:
            raise Missing(*self._why_absent(table, instead))
        refusal = self.scope.refusal(table, entry)
        if refusal:
            raise Missing("denied", refusal, "If your work needs it, ask the account administrator.")
        if not entry.get("rows") and not may_be_empty:
            said = str(entry.get("why_empty", ""))
            why = said or f"Nothing delivered so far feeds {table}: it was published empty."
            nothing = NotAvailable(
                "absent" if said else "empty", why, "Put the source's files into the data folder and build again."
            )
            raise Missing(*(nothing if said else instead or nothing))
        path = self._file(entry, table)
        mark = str(entry.get("by_force", "")) if self.force else ""
        if mark == "run" and self.force == ALL:
            raise Missing(*ONE_AT_A_TIME)
        of_force = OF_FORCE.get((mark, self.force == ALL), "")
        if of_force:
            where, parameters = f"({where}) and {of_force}", {**parameters, "force_read": self.force}
        if self.scope.is_of_units(table):
            of_units = OF_UNITS[len(self.forces) > 1]
            where, parameters = f"({where}) and {of_units}", {**parameters, "units_read": self.scope.units}
        sql = f"select {columns} from published where {where}"
        sql += f" order by {order_by}" if order_by else ""
        sql += f" limit {int(limit)}" if limit is not None else ""
        hidden = self.scope.hidden(entry)
        found = _rows(path, str(entry.get("sha256", "")), sql, tuple(sorted(parameters.items())), hidden)
        if self.scope.opened is None or kind_of(found.columns) == FIGURES:
            return found
        parameters.pop("units_read", None)
        bound = ", ".join(f"{name} {value}" for name, value in sorted(parameters.items()))
        refusal = self.scope.opened(about or (f"{table}: {bound}" if bound else table), found.height)
        if refusal:
            raise Missing("denied", refusal, "What cannot be logged is not shown.")
        return found

    def names(self, table: str, columns: str, **query: Any) -> dict[str, Any]:
        """Two columns of a table, such as code -> name; empty if it is missing, so that codes must do."""
        rows = optional(self.select, table, columns=columns, may_be_empty=True, **query)
        return {} if rows is None else dict(rows.iter_rows())

    def _file(self, entry: Mapping[str, Any], what: str) -> Path:
        """The file of an entry of the manifest, which must be in this folder itself."""
        path = self.folder / str(entry.get("file", ""))
        if path.parent != self.folder or path.resolve().parent != self.folder:
            raise Missing("denied", f"The manifest points outside this copy for {what}, so it was not opened.")
        return path

    def count(self, table: str) -> int:
        """Published rows of a table; 0 if it is not published or not opened."""
        entry = _mapping(self.tables.get(table))
        if not entry or self.scope.refusal(table, entry):
            return 0
        if self.scope.units is None and (not self.force or not entry.get("by_force")):
            return int(entry.get("rows") or 0)
        found = optional(self.select, table, columns="count(*) as row_count", may_be_empty=True)
        return 0 if found is None else int(found.item())

    def caveats(self, *tables: str) -> list[str]:
        """The caveats of the tables' cards, each once."""
        return list(dict.fromkeys(text for table in tables for text in self.tables.get(table, {}).get("caveats", [])))

    def headings(self, columns: Columns, *tables: str) -> dict[str, str]:
        """Column -> its heading, in order: the page's own words if it gives them, else the card's.

        The card is that of the first of `tables` with a heading for the column. A column without one gets its name in
        words (Median days).
        """
        found: dict[str, str] = {}
        for part in (columns,) if isinstance(columns, Mapping) else columns:
            found |= part if isinstance(part, Mapping) else {part: self._heading(part, tables)}
        return found

    def _heading(self, column: str, tables: Sequence[str]) -> str:
        given = (_mapping(_mapping(self.tables.get(table)).get("headings")).get(column) for table in tables)
        return next((str(heading) for heading in given if heading), numbers.capital(numbers.readable(column)))

    def provenance(self) -> Mapping[str, Any]:
        """Table -> code and inputs, for every published table and its upstream tables. Raises Missing."""
        entry = _mapping(self.manifest.get("provenance"))
        if not entry:
            raise Missing(
                "absent",
                "This copy has no record of where its numbers come from.",
                "It was published by an earlier version: build again.",
            )
        path = self._file(entry, "provenance")
        try:
            return _provenance(path, str(entry.get("sha256", "")))
        except _AlteredError:
            what = f"{path.name} is not the file that was published: its hash differs."
        except FileNotFoundError:
            what = f"{path.name} is no longer there: a newer copy may have replaced it."
        except (OSError, ValueError) as error:
            what = f"{path.name} cannot be read ({type(error).__name__})."
        raise Missing("damaged", what, "Reload the page; if this persists, build again.")

    def manifest_sha256(self) -> str:
        """The hash of the manifest's file; with it, the hash of every table is fixed. Raises Missing."""
        try:
            return _manifest_sha256(self.folder)
        except OSError as error:
            what = f"The manifest of this copy cannot be read ({type(error).__name__})."
            raise Missing("damaged", what, "Reload the page.") from error

    @property
    def withheld(self) -> dict[str, str]:
        """Table -> why it is not in this copy, of those that could not be built or may not be published."""
        return {table: str(why) for table, why in _mapping(self.manifest.get("withheld")).items()}

    def _why_absent(self, table: str, instead: NotAvailable | None) -> NotAvailable:
        if table in self.withheld:
            return NotAvailable("withheld", self.withheld[table], "Correct the cause and build again.")
        return instead or NotAvailable(
            "absent",
            f"{table} is not published to this audience.",
            "Put its source into the data folder and build again.",
        )


def open_copy(home: Path | None, audience: str, scope: Scope = NOTHING, *, may_be_earlier: bool = False) -> Copy:
    """Follow the audience's link once and read its manifest. Raises Missing.

    Without a scope no table of the copy is opened. With `may_be_earlier` an earlier copy is opened if the one in use is
    damaged; the state of the home says so.
    """
    if audience not in AUDIENCES:
        raise Missing("denied", "There is no such audience.")
    if home is None or not home.is_dir():
        raise Missing(
            "no_home",
            "No figures have been built yet: the home folder is not there.",
            "Run: stra build --data DIR --home DIR, then serve that home.",
        )
    link = home / "published" / audience
    try:
        folder = copies.to_read(home, audience) if may_be_earlier else link.resolve(strict=True)
        manifest = _manifest(folder)
    except (OSError, ValueError) as error:
        raise Missing(*_why_unread(link, error)) from error
    if not folder.is_relative_to((home / "published").resolve()):
        raise Missing("denied", "The published link leads outside the home folder, so it was not followed.")
    if manifest.get("audience") != audience:
        raise Missing("denied", "This copy was published to another audience, so it was not opened.")
    _refuse_newer(manifest)
    return Copy(audience, folder, manifest, scope)


def open_folder(folder: Path, scope: Scope = NOTHING) -> Copy:
    """A published folder by itself, handed over without its home. Raises Missing."""
    try:
        manifest = _manifest(folder.resolve(strict=True))
    except (OSError, ValueError) as error:
        raise Missing(*_why_unread(folder, error)) from error
    audience = str(manifest.get("audience"))
    if audience not in AUDIENCES:
        raise Missing("damaged", "The manifest of this copy names no audience.", "Copy the whole published folder.")
    _refuse_newer(manifest)
    return Copy(audience, folder.resolve(), manifest, scope)


def _refuse_newer(manifest: Mapping[str, Any]) -> None:
    if words := versions.of_copy(manifest):
        raise Missing("damaged", words)


def _why_unread(link: Path, error: Exception) -> NotAvailable:
    if not link.exists():
        return NotAvailable(
            "not_published",
            f"Nothing has been published to the {link.name} audience yet.",
            "Run: stra build --data DIR --home DIR. A build in progress publishes when it finishes.",
        )
    return NotAvailable(
        "damaged",
        f"The published copy's manifest cannot be read ({type(error).__name__}).",
        "Build again: a new copy replaces this one.",
    )


@lru_cache(maxsize=COPIES_KEPT)
def _manifest(folder: Path) -> Mapping[str, Any]:
    """The manifest of a published folder, read once: a named folder never changes."""
    content = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError("the manifest is not a JSON object")
    return content


@lru_cache(maxsize=COPIES_KEPT)
def _manifest_sha256(folder: Path) -> str:
    return hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()


@lru_cache(maxsize=COPIES_KEPT)
def _provenance(path: Path, sha256: str) -> Mapping[str, Any]:
    """The provenance of a published folder, read once and checked with its hash."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise _AlteredError(path)
    return _mapping(_mapping(json.loads(content)).get("tables"))


Parameters = tuple[tuple[str, Any], ...]


def _rows(path: Path, sha256: str, sql: str, parameters: Parameters, hidden: tuple[str, ...]) -> pl.DataFrame:
    remedy = "Build again: a new copy replaces this one."
    try:
        return _read_rows(path, sha256, sql, parameters, hidden)
    except _AlteredError:
        what = f"{path.name} is not the file that was published: its hash differs."
    except (duckdb.BinderException, duckdb.CatalogException) as error:
        lacks = re.search(r'column "(\w+)" not found', str(error))
        named = f"the column {lacks[1]}" if lacks else "data that this page needs"
        what = f"{path.name} was published by another version of the product and lacks {named}."
    except (duckdb.Error, OSError) as error:
        if path.exists():
            what = f"{path.name} cannot be read ({type(error).__name__})."
        else:  # also missed by DuckDB, after the hash was right; its words say where the home is
            what, remedy = f"{path.name} is no longer there: a newer copy may have replaced it.", "Reload the page."
    raise Missing("damaged", what, remedy)


class _AlteredError(Exception):
    """A published file does not match the hash in its manifest."""


@lru_cache(maxsize=64)
def _verify(path: Path, sha256: str) -> None:
    with path.open("rb") as handle:
        if hashlib.file_digest(handle, "sha256").hexdigest() != sha256:
            raise _AlteredError(path)


@lru_cache(maxsize=256)
def _read_rows(path: Path, sha256: str, sql: str, parameters: Parameters, hidden: tuple[str, ...]) -> pl.DataFrame:
    """The rows of one query over one published file, in a connection of its own."""
    _verify(path, sha256)
    left_out = f" exclude ({', '.join(hidden)})" if hidden else ""
    bound = {name: list(value) if isinstance(value, tuple) else value for name, value in parameters}
    with _confined(path.parent).cursor() as con:
        con.execute(f"create temp view published as select *{left_out} from read_parquet('{_quoted(path)}')")
        rows: pl.DataFrame = con.sql(sql, params=bound).pl()
        return rows


@lru_cache(maxsize=COPIES_KEPT)
def _confined(folder: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection that can open this folder only, whatever the SQL.

    It is kept, because starting one takes longer than reading a table. Its settings are global, so they apply to every
    connection to it.
    """
    con = duckdb.connect(":memory:", config={"threads": 2})
    con.execute("set global timezone = 'UTC'")
    con.execute("set global parquet_metadata_cache = true")  # of a large table it takes longer than rows
    con.execute(f"set global allowed_directories = ['{_quoted(folder)}/']")
    con.execute("set global python_enable_replacements = false")
    con.execute("set global enable_external_access = false")
    con.execute(f"set global max_execution_time = {LONGEST_QUERY_MS}")
    con.execute("set global lock_configuration = true")
    return con


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
