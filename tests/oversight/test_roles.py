"""Each role against each table and each page: what is granted opens, and nothing else does. The grid is made from the
code, so that a page, a table or a role that is new is in it."""

import asyncio
import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from audit_hands import store
from dashboard_browser import serving
from dashboard_session import Drawn, Session
from published_home import build_home
from trials import count

from casework.access import access_log, accounts
from dashboards.data.published import AUDIENCES, Copy, Missing, optional
from dashboards.data.scope import FIGURES, KINDS, PAIRS, PEOPLE, RECORDS, Scope, kind_of
from dashboards.parts import provenance
from dashboards.registry import PAGES, pages_of
from dashboards.server import access
from dashboards.server.roles import ROLES, kinds_of
from pipelines.tables.cards import all_cards

SECRET = "an invented secret of forty characters.."
PUBLISHED = {
    audience: sorted(c.table for c in all_cards().values() if audience in c.audience) for audience in AUDIENCES
}
# What the roles were agreed to open, said a second time and by hand: the code's own grid is held against it.
AGREED = {
    "analyst": {"command": {FIGURES}, "integrity": {FIGURES, RECORDS, PEOPLE}},
    "auditor": {"command": {FIGURES}, "integrity": {FIGURES, RECORDS}},
    "supervisor": {"integrity": {FIGURES, RECORDS}},  # the rows of the account's units alone
    "reviewer": {"integrity": {FIGURES, PAIRS}},
    "senior_leader": {"command": {FIGURES}},
    "commissioner": {"commissioning": {FIGURES}},
    "data_protection_officer": {"integrity": {FIGURES}},
    "administrator": {},
}


OF_NO_UNIT = {"core.extract_forces", "core.force_scope", "quality.runs"}
LIST = "metrics.fix_list"
UNITS = {"supervisor": ["Unit A"]}


def entry_of(table: str) -> dict[str, object]:
    """A table as a manifest tells of it."""
    card = all_cards()[table]
    return {"columns": {c.name: [c.type, c.meaning, c.unit] for c in card.columns}, "grain": list(card.grain)}


def rows_of(table: str) -> str:
    """What a row of a table is: by its grain, or where it has none by all its columns."""
    card = all_cards()[table]
    return kind_of(card.grain or [c.name for c in card.columns])


def test_every_page_is_of_a_role_and_every_page_of_a_role_is_there() -> None:
    addresses = [entry.address for entry in PAGES]
    assert len(set(addresses)) == len(addresses)
    assert pages_of(ROLES) == frozenset(addresses)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_pages_of_no_audience_whose_copy_it_may_not_open(role: str) -> None:
    of_audience = {entry.address: entry.audience for entry in PAGES}
    without_data = {"access_log", "accounts"}
    for page in pages_of([role]) - without_data:
        assert kinds_of([role], of_audience[page]), page


class TestKinds:
    @pytest.mark.parametrize(
        ("columns", "kind"),
        [
            (["month", "force_code", "crime_count"], FIGURES), (["series_ref", "run_ref"], FIGURES),
            (["crime_ref", "detail"], RECORDS), (["record_type", "record_ref"], RECORDS),
            (["crime_ref", "person_ref"], PEOPLE), (["dyad_ref"], PEOPLE), (["victim_key"], PEOPLE),
            (["person_key_l", "person_key_r"], PAIRS), (["something_new_ref"], PEOPLE), (["anything_id"], PEOPLE),
        ],
    )  # fmt: skip
    def test_the_most_sensitive_reference_says_it_and_an_unknown_one_is_of_a_person(
        self, columns: list[str], kind: str
    ) -> None:
        assert kind_of(columns) == kind

    def test_no_table_of_figures_alone_has_people_in_it(self) -> None:
        """Command and commissioning are given figures alone; every published table is one of four kinds."""
        for audience in ("command", "commissioning"):
            kinds = {table: rows_of(table) for table in PUBLISHED[audience]}
            assert set(kinds.values()) == {FIGURES}, kinds
        assert {rows_of(t) for t in PUBLISHED["integrity"]} == set(KINDS)

    def test_a_table_that_is_not_described_is_closed(self) -> None:
        for role in ROLES:
            scope = Scope(kinds_of([role], "integrity"), None, role)
            assert bool(scope.refusal("raw.new", {})) is (PEOPLE not in AGREED[role].get("integrity", set()))


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every table that any audience is given, with one row each, laid out as it is published."""
    home = tmp_path_factory.mktemp("all")
    for audience, tables in PUBLISHED.items():
        folder = home / "published" / "copies" / audience / "20261126T000000000000Z"
        folder.mkdir(parents=True)
        entries = {}
        for table in tables:
            path = folder / f"{table}.parquet"
            pl.DataFrame({c.name: [f"{table} {c.name}"] for c in all_cards()[table].columns}).write_parquet(path)
            entries[table] = {"file": path.name, "rows": 1, "sha256": _sha256(path), **entry_of(table)}
        (folder / "manifest.json").write_text(json.dumps({"audience": audience, "tables": entries}))
        (home / "published" / audience).symlink_to(folder)
    return {"home": home}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_role_opens_of_every_table_what_was_agreed(copies: dict[str, Path], role: str, audience: str) -> None:
    """Role x table, as the page would: whoever may not open the copy at all gets none."""
    server = access.from_environment({"STRA_HOME": str(copies["home"])}, "127.0.0.1")
    person = access.Person("invented", access_log.SIGNED_IN, (role,), units=tuple(UNITS.get(role, ())))
    told: list[str] = []

    def opened(subject: str, count: int) -> str:
        told.append(subject)
        return ""

    copy = optional(server.open, audience, person, opened)
    agreed = AGREED[role].get(audience, set())
    assert (copy is not None) is bool(agreed)
    if copy is None:
        return
    for table in PUBLISHED[audience]:
        kind = rows_of(table)
        rows = optional(copy.select, table)
        is_whole = role not in UNITS or table in OF_NO_UNIT
        is_open = is_whole or {"unit_name", "force_code"} <= {*copy.tables[table]["columns"]}
        assert (rows is not None) is (kind in agreed and is_open), table
        assert copy.count(table) == (0 if rows is None else rows.height)
        assert rows is None or rows.height == int(is_whole), table
        if rows is None:
            with pytest.raises(Missing, match=table) as refused:
                copy.select(table)
            assert refused.value.what.kind == "denied"
        else:
            assert {kind_of([name]) for name in rows.columns} <= agreed | {FIGURES}, table
            assert (table in told) is (kind_of(rows.columns) != FIGURES), "records are looked at with a trace"


@pytest.mark.parametrize("role", ROLES)
def test_what_cannot_be_logged_is_not_handed_over(copies: dict[str, Path], role: str) -> None:
    server = access.from_environment({"STRA_HOME": str(copies["home"])}, "127.0.0.1")
    person = access.Person("invented", "signed in", (role,))
    copy = optional(server.open, "integrity", person, lambda s, c: "the disk is full")
    for table in () if copy is None else PUBLISHED["integrity"]:
        assert copy is not None
        rows = optional(copy.select, table)
        if rows is not None:
            assert kind_of(rows.columns) == FIGURES, table


def test_one_person_s_rows_never_serve_another(copies: dict[str, Path]) -> None:
    """The same query of the same file: what was read for one is not what the other is given."""
    server = access.from_environment({"STRA_HOME": str(copies["home"])}, "127.0.0.1")

    def of(role: str) -> Copy:
        return server.open("integrity", access.Person(role, "signed in", (role,)), lambda s, c: "")

    assert "victim_key" in of("analyst").select("core.crimes").columns
    auditor = of("auditor")
    assert "victim_key" not in auditor.select("core.crimes").columns
    with pytest.raises(Missing):
        of("data_protection_officer").select("core.crimes")
    assert optional(auditor.select, "core.crimes", columns="victim_key") is None, "nor by its name"


def test_a_supervisor_reads_the_rows_of_their_units_and_counts_no_other(tmp_path: Path) -> None:
    """Given two units of one force, then of two forces that both name a Unit A."""
    one = pl.DataFrame({"record_ref": ["c1", "c2"], "unit_name": ["Unit A", "Unit B"], "force_code": "F1"})
    other = pl.DataFrame({"record_ref": ["c3"], "unit_name": ["Unit A"], "force_code": "F2"})

    def seen(home: Path, *units: str) -> list[str]:
        person = access.Person("invented", access_log.SIGNED_IN, ("supervisor",), units=units)
        server = access.from_environment({"STRA_HOME": str(home)}, "127.0.0.1")
        copy = server.open("integrity", person, lambda subject, count: "")
        held: list[str] = copy.select(LIST, order_by="record_ref")["record_ref"].to_list()
        assert copy.count(LIST) == len(held)
        assert copy.select(LIST, columns="count(*) as n", where="true or unit_name = 'Unit B'").item() == len(held)
        return held

    alone = _published(tmp_path / "one", {LIST: one})
    assert seen(alone) == []
    assert seen(alone, "Unit B") == ["c2"]
    assert seen(alone, "Unit A") == ["c1"]
    names = {"core.force_scope": pl.DataFrame({"force_code": ["F1", "F2"], "force_name": ["One", "Two"]})}
    both = _published(tmp_path / "both", {LIST: pl.concat([one, other]), **names})
    assert seen(both, "Unit A") == [], "a name that two forces use opens neither"
    assert seen(both, "F2/Unit A") == ["c3"]


def test_a_supervisor_is_not_shown_the_number_of_rows_of_other_units(tmp_path: Path) -> None:
    home = _published(tmp_path, {LIST: pl.DataFrame({"record_ref": [f"c{n}" for n in range(37)],
                                                     "unit_name": "Unit B", "force_code": "F1"})})  # fmt: skip

    def said(role: str, *units: str) -> str:
        person = access.Person("invented", access_log.SIGNED_IN, (role,), units=units)
        copy = access.from_environment({"STRA_HOME": str(home)}, "127.0.0.1").open(
            "integrity", person, lambda subject, count: ""
        )
        return provenance._table(copy, {}, LIST, {}, False)

    assert "37 rows" in said("auditor")
    assert "37" not in said("supervisor", "Unit A").replace(_sha256(_file(home)), "")
    assert "the rows of your units alone" in said("supervisor", "Unit A")


def _file(home: Path) -> Path:
    """The published file of the list of records to correct."""
    return (home / "published" / "integrity").resolve() / f"{LIST}.parquet"


def _published(home: Path, tables: dict[str, pl.DataFrame]) -> Path:
    """A home whose integrity copy holds these tables."""
    folder = home / "published" / "copies" / "integrity" / "20261126T000000000000Z"
    folder.mkdir(parents=True)
    entries = {}
    for table, rows in tables.items():
        path = folder / f"{table}.parquet"
        rows.write_parquet(path)
        grain = [name for name in rows.columns if name in ("record_ref", "force_code")][:1]
        entries[table] = {"file": path.name, "rows": rows.height, "sha256": _sha256(path), "grain": grain,
                          "columns": dict.fromkeys(rows.columns)}  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps({"audience": "integrity", "tables": entries}))
    (home / "published" / "integrity").symlink_to(folder)
    return home


@dataclass(frozen=True)
class Served:
    """A server behind a proxy, with an account for each role."""

    home: Path
    address: str

    def headers(self, role: str) -> dict[str, str]:
        return {"X-Stra-Proxy": SECRET, "X-Forwarded-User": f"{role}@force.invented", "X-Stra-Session": role}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = build_home(tmp_path_factory.mktemp("roles") / "home")
    for role in ROLES:
        accounts.change(
            store(home), f"{role}@force.invented", "invented administrator", "invented", roles=[role],
            units=UNITS.get(role),
        )  # fmt: skip
    with serving(home, STRA_IDENTITY="header", STRA_PROXY_SECRET=SECRET) as address:
        yield Served(home, address)


async def _visit(address: str, headers: dict[str, str], pages: list[str]) -> tuple[dict[str, Drawn], frozenset[str]]:
    async with Session(address, headers) as session:
        drawn = {page: await session.open(page) for page in pages}
        return drawn, session.offered


def references(home: Path) -> set[str]:
    """Every reference of a record or a person in what the integrity audience is given."""
    found: set[str] = set()
    for path in (home / "published" / "integrity").resolve().glob("*.parquet"):
        rows = pl.read_parquet(path)
        for name in rows.columns:
            if kind_of([name]) != FIGURES and rows.schema[name] == pl.String:
                found |= {value for value in rows[name].unique() if value and len(value) > 5 and ".csv" not in value}
    return found


@pytest.mark.browser
@pytest.mark.trials
@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_served_its_pages_and_no_other(served: Served, role: str) -> None:
    """Role x page, over Streamlit's own protocol: what is not granted does not exist, whatever address is guessed. Of
    the pages that are not granted every fourth is asked for, all with `make trials`; none of them is offered."""
    granted = [entry for entry in PAGES if entry.address in pages_of([role])]
    others = [entry for entry in PAGES if entry.address not in pages_of([role])]
    others = others[list(ROLES).index(role) % 4 :: count(4, 1)] or others
    drawn, offered = asyncio.run(_visit(served.address, served.headers(role), [e.address for e in (*granted, *others)]))
    assert offered == {""} | {entry.address for entry in granted}
    for entry in granted:
        assert drawn[entry.address].faults == (), entry
        assert not drawn[entry.address].says("Not for this audience"), entry
    first = drawn[granted[0].address]
    for entry in others:  # the role's own first page, and nothing of the other
        found = drawn[entry.address]
        assert found.says(granted[0].question), entry
        assert not found.says(entry.question) or first.says(entry.question), entry
    if kinds_of([role], "integrity") <= {FIGURES}:
        named, sent = references(served.home), b"".join(e for page in drawn.values() for e in page.elements)
        assert len(named) > 10 and [ref for ref in named if ref.encode() in sent] == []


def drawn_pages(role: str) -> list[str]:
    """Pages of a role, so that each page is there for one role that opens it; all of them with `make trials`."""
    roles_of = {e.address: [name for name in ROLES if e.address in pages_of([name])] for e in PAGES}
    drawn = {page: roles[number % len(roles)] for number, (page, roles) in enumerate(sorted(roles_of.items()))}
    own = pages_of([role])
    few = {page for page, chosen in drawn.items() if chosen == role} if len(own) > 2 else own
    return sorted(count(few, own))


@pytest.mark.browser
@pytest.mark.trials
@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_every_file_of_every_page_is_for_whoever_it_was_made_for(served: Served, role: str) -> None:
    """Role x page x export: each button that hands a file out is pressed. The file is given, with a line in the log, to
    the one who pressed. Its address is of no use to another role, nor is the button, nor is either to anybody without
    an identity, nor to the one who pressed once the role is gone."""
    other = next(name for name in ROLES if name != role)
    found = {page: asyncio.run(_take_all(served, role, page, other)) for page in drawn_pages(role)}
    assert any(found.values()), "a role without any file would make this test empty"


async def _take_all(served: Served, role: str, page: str, other: str) -> int:
    """Press every button of a page that hands a file out; how many there are. Each page has persons of its own, for
    nobody may ask for as many files as all pages have at once."""
    engine, taken = store(served.home), {}
    name, listener = f"{page}.{role}", f"{page}.{role}.{other}"
    for who, held in ((name, role), (listener, other)):
        accounts.change(
            engine, f"{who}@force.invented", "invented administrator", "invented", roles=[held], units=UNITS.get(held)
        )
    async with (
        Session(served.address, served.headers(name)) as session,
        Session(served.address, served.headers(listener)) as listening,
    ):
        await listening.open("methods")
        for label, file in (await session.open(page)).files.items():
            url = await session.take(file)
            assert url, f"{page}, {label}: refused to the one who may have it"
            newest = access_log.entries(engine, 1)[0]
            assert (newest["kind"], newest["who"], newest["place"]) == ("disclosure", f"{name}@force.invented", page)
            assert fetched(served, url, name)[0] == 200, (page, label)
            assert fetched(served, url, listener)[0] == 404, (page, label, "its address")
            heard = await listening.take(file)
            assert not heard or fetched(served, heard, listener)[0] == 404, (page, label, "its button")
            taken[label] = (url, file)
        for label, (url, _) in list(taken.items())[:1]:
            assert fetched(served, url, None)[0] in (403, 404), (page, label)
        accounts.change(engine, f"{name}@force.invented", "invented administrator", "left", roles=[])
        for label, (url, file) in taken.items():
            assert await session.take(file) == "", (page, label)
            assert fetched(served, url, name)[0] == 404, (page, label)
    return len(taken)


def fetched(served: Served, url: str, name: str | None) -> tuple[int, bytes]:
    """Status and content of a file's address, asked for as whoever the proxy vouches for, or as nobody."""
    headers = served.headers(name) if name is not None else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{served.address}{url}", headers=headers)) as found:
            return found.status, found.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


@pytest.mark.browser
@pytest.mark.parametrize(
    "headers",
    [
        {}, {"X-Forwarded-User": "analyst@force.invented"},
        {"X-Stra-Proxy": "another secret of forty characters....", "X-Forwarded-User": "analyst@force.invented"},
        {"X-Stra-Proxy": SECRET}, {"X-Stra-Proxy": SECRET, "X-Forwarded-User": "analyst@force.invented"},
        {"X-Stra-Proxy": SECRET, "X-Forwarded-User": "nobody@force.invented", "X-Stra-Session": "one"},
    ],
)  # fmt: skip
def test_whoever_the_proxy_does_not_vouch_for_sees_nothing(served: Served, headers: dict[str, str]) -> None:
    drawn, _ = asyncio.run(_visit(served.address, headers, ["the_assessment", "fix_list", "accounts"]))
    for page in drawn.values():
        assert page.says("Not for this audience: these pages")
        assert not page.says("INV-") and not page.says("Published ")


@pytest.mark.browser
def test_a_role_that_changes_counts_from_the_next_action(served: Served) -> None:
    name = "changing@force.invented"

    async def watched() -> None:
        engine = store(served.home)
        accounts.change(engine, name, "invented administrator", "invented", roles=["auditor"])
        async with Session(served.address, {**served.headers("changing")}) as session:
            assert (await session.open("fix_list")).says("Records to correct")
            accounts.change(engine, name, "invented administrator", "moved", roles=["senior_leader"])
            moved = await session.open("fix_list")
            assert "fix_list" not in session.offered and not moved.says("Records to correct")
            assert (await session.open("is_it_changing")).faults == ()
            accounts.change(engine, name, "invented administrator", "left", is_disabled=True)
            gone = await session.open("is_it_changing")
            assert gone.says("is disabled") and not gone.says("Published ")
            accounts.change(engine, name, "invented administrator", "back", is_disabled=False)
            over = await session.open("is_it_changing")
            assert over.says("signed out everywhere"), "the same session at the proxy does not begin anew here"

    asyncio.run(watched())


@pytest.mark.browser
def test_records_that_are_looked_at_stand_in_the_log_under_the_identity(served: Served) -> None:
    asyncio.run(_visit(served.address, served.headers("analyst"), ["people_to_look_at", "daily_meeting"]))
    held = access_log.entries(store(served.home), None, who="analyst@force.invented")
    assert {row["kind"] for row in held} == {"consultation"}
    assert {row["who_kind"] for row in held} == {access_log.SIGNED_IN}
    subjects = {row["place"]: row["subject"] for row in held}
    assert {"people_to_look_at", "daily_meeting"} <= set(subjects)
    asyncio.run(_visit(served.address, served.headers("senior_leader"), ["is_it_changing"]))
    assert access_log.entries(store(served.home), None, who="senior_leader@force.invented") == []
