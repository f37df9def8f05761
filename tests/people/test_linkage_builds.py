"""Linkage in a build: keys, refusals, a second delivery, readers obeyed; and that no name is left anywhere.

No whole build: the people of 500 crimes are loaded, once for all tests of what follows (`linked_once`). Where the first
linkage is the subject, or the key is another, it is made again. Names in a whole home: the kept one of 500 crimes.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pytest
from kept_homes import copied
from small_home import small_force

from assets.methods.linkage import model
from casework.people import links
from casework.store.database import open_store
from casework.store.refusal import Refused
from pipelines.builds.session import Session, open_session
from pipelines.fetching.folder import read_folder
from pipelines.identities import linkage
from pipelines.identities.identity_state import load
from pipelines.identities.identity_store import KEY, IdentityStore, NoIdentityKey, WrongIdentityKey
from pipelines.system import machine
from pipelines.tables.cards import all_cards
from sample.synth import write_force

SECRET = "a key that is long enough"
FEWER_PAIRS = (1e5, 1e5)


@pytest.fixture(autouse=True)
def fewer_strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """How well people are told apart is tested in test_linkage: here strangers are compared fewer times, so that a
    linkage takes half as long."""
    monkeypatch.setattr(model, "SAMPLED_PAIRS", FEWER_PAIRS)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What linkage reads of an invented extract: who the people are, and whose extract it is."""
    folder = tmp_path_factory.mktemp("extract")
    write_force(folder / "whole", 500, seed=31, noise="medium")
    (folder / "data").mkdir()
    for name in ("person_identity", "person", "force"):
        (folder / "whole" / "force" / f"{name}.csv").rename(folder / "data" / f"{name}.csv")
    return folder / "data"


@pytest.fixture
def data(extract: Path, tmp_path: Path) -> Path:
    target = tmp_path / "data"
    target.mkdir()
    for file in extract.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    return target


def take_in(data: Path, home: Path) -> tuple[list[str], dict[str, pl.DataFrame]]:
    """Take in and make the tables of people; what was told, and the tables."""
    told: list[str] = []
    with open_session(home, read_folder(data), tell=told.append) as session:
        session.take_in()
        return told, tables(session)


class LinkedOnce(NamedTuple):
    """A home, what the linkage in it said, and its tables."""

    home: Path
    told: list[str]
    found: dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def linked_once(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> LinkedOnce:
    """A home in which the extract was linked, by the key of a demonstration; to be copied."""
    home = tmp_path_factory.mktemp("linked") / "home"
    with pytest.MonkeyPatch.context() as here:
        here.delenv(KEY, raising=False)
        here.setattr(model, "SAMPLED_PAIRS", FEWER_PAIRS)
        return LinkedOnce(home, *take_in(extract, home))


@pytest.fixture
def before(linked_once: LinkedOnce, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, pl.DataFrame]:
    """The tables of a home in which the extract was linked; it is the home of this test."""
    monkeypatch.delenv(KEY, raising=False)
    copied(linked_once.home, tmp_path / "home")
    return linked_once.found


def tables(session: Session) -> dict[str, pl.DataFrame]:
    for table in ("core.persons", "core.people", "core.link_decisions", "core.person_pairs", "metrics.linkage_quality"):
        session.build(all_cards()[table])
    wanted = ("raw.linkage_runs", "raw.person_links", "raw.person_ref_changes", "core.people", "core.person_pairs",
              "metrics.linkage_quality", "core.link_decisions")  # fmt: skip
    return {table: session.con.cursor().sql(f"select * from {table}").pl() for table in wanted}


def run_of(found: dict[str, pl.DataFrame]) -> dict[str, object]:
    return found["raw.linkage_runs"].row(0, named=True)


def rename_forces(data: Path) -> None:
    """An extract of forces that do not call themselves invented."""
    file = data / "force.csv"
    file.write_text(file.read_text("utf-8").replace("Invented", "Northern"), "utf-8")


def test_without_identities_every_key_is_its_own_person_and_the_row_says_so(data: Path, tmp_path: Path) -> None:
    (data / "person_identity.csv").unlink()
    _, found = take_in(data, tmp_path / "home")
    people = found["core.people"]
    assert people.height > 300
    assert (people["person_ref"] == people["person_key"]).all()
    assert set(people["linkage_mark"]) == {"not measured"} and not people["is_linked"].any()
    assert run_of(found)["manner"] == "none" and run_of(found)["is_measured"] is False
    assert not (tmp_path / "home" / "identity").exists()


@pytest.mark.parametrize("records", [0, 1])
def test_a_header_alone_and_one_record_stop_nothing(data: Path, tmp_path: Path, records: int) -> None:
    """With no record the library divided by zero, and the build said "linkage stopped with ZeroDivisionError"."""
    file = data / "person_identity.csv"
    file.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[: records + 1]), "utf-8")
    told, found = take_in(data, tmp_path / "home")
    assert not any("REFUSED" in line for line in told), told
    assert found["raw.person_links"].height == records
    assert run_of(found)["manner"] == ("full" if records else "none")
    assert ("no record to link" in str(run_of(found)["reason"])) == (records == 0)


def test_a_demonstration_makes_its_key_and_says_so_and_the_same_delivery_is_not_linked_twice(
    linked_once: LinkedOnce, before: dict[str, pl.DataFrame], data: Path, tmp_path: Path
) -> None:
    found = before
    assert any("Demonstration: a key for invented names was made" in line for line in linked_once.told)
    assert run_of(found)["manner"] == "full" and run_of(found)["reason"] == "first linkage"
    assert run_of(found)["row_count"] == run_of(found)["record_count"] == found["raw.person_links"].height
    linked = found["core.people"].filter("is_linked")
    assert linked["person_ref"].n_unique() < linked.height
    told, again = take_in(data, tmp_path / "home")
    assert not any("linkage" in line for line in told)
    assert again["raw.linkage_runs"].equals(found["raw.linkage_runs"])
    store = tmp_path / "home" / "identity"
    assert {file.stat().st_mode & 0o777 for file in store.iterdir()} == {0o600}
    surname = pl.read_csv(data / "person_identity.csv")["surname"][0].encode()
    assert not any(surname in file.read_bytes() for file in store.iterdir())


def test_a_real_force_without_its_key_is_refused_in_plain_words_and_a_wrong_one_overwrites_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY, raising=False)
    rename_forces(data)
    told, found = take_in(data, tmp_path / "home")
    assert any(line.startswith("REFUSED person_identity") and f"Set {KEY}" in line for line in told)
    assert set(found["core.people"]["linkage_mark"]) == {"not measured"}
    assert not (tmp_path / "home" / "identity").exists()
    monkeypatch.setenv(KEY, "short")
    told, _ = take_in(data, tmp_path / "home")
    assert any("has 5 characters; expected at least 16" in line for line in told)
    monkeypatch.setenv(KEY, SECRET)
    _, before = take_in(data, tmp_path / "home")
    assert run_of(before)["manner"] == "full"
    store = tmp_path / "home" / "identity"
    content = {file.name: file.read_bytes() for file in store.iterdir()}
    monkeypatch.setenv(KEY, SECRET + " but another")
    told, after = take_in(data, tmp_path / "home")
    assert any("does not open it" in line and "Nothing was written" in line for line in told)
    assert {file.name: file.read_bytes() for file in store.iterdir()} == content
    assert after["raw.person_links"].equals(before["raw.person_links"])
    assert run_of(after)["manner"] == "refused" and run_of(after)["is_measured"] is True
    monkeypatch.setenv(KEY, SECRET)
    _, back = take_in(data, tmp_path / "home")
    assert dict(back["core.people"].select("person_key", "person_ref").iter_rows()) == dict(
        before["core.people"].select("person_key", "person_ref").iter_rows()
    )


def test_references_survive_a_second_delivery_with_five_in_a_hundred_new(data: Path, tmp_path: Path) -> None:
    whole = pl.read_csv(data / "person_identity.csv", infer_schema=False)
    early = whole.sample(fraction=0.95, seed=1)
    early.write_csv(data / "person_identity.csv")
    _, first = take_in(data, tmp_path / "home")
    whole.write_csv(data / "person_identity.csv")
    told, second = take_in(data, tmp_path / "home")
    run = run_of(second)
    assert run["manner"] == "increment" and run["new_record_count"] == whole.height - early.height, told
    before = first["raw.person_links"].select("person_key", old="person_ref")
    after = second["raw.person_links"].select("person_key", new="person_ref")
    both = before.join(after, on="person_key")
    assert both.height == early.height and after.height == whole.height
    assert both.filter(pl.col("old") == pl.col("new")).height / both.height >= 0.999
    # a rebuild from scratch is reconciled with the register: the references stay
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb")) as con:
        con.execute("delete from raw.person_links")
        con.execute("delete from build.table_states where table_name = 'raw.linkage_runs'")
    _, third = take_in(data, tmp_path / "home")
    assert run_of(third)["manner"] == "full" and "had no links" in str(run_of(third)["reason"])
    rebuilt = third["raw.person_links"].join(after, on="person_key")
    assert rebuilt.filter(pl.col("person_ref") == pl.col("new")).height / rebuilt.height >= 0.998
    moved = rebuilt.filter(pl.col("person_ref") != pl.col("new")).height
    assert int(third["raw.person_ref_changes"].filter(pl.col("run_number") == 3)["record_count"].sum()) == moved


def test_what_two_readers_settle_is_obeyed_by_the_next_build_and_measured(
    before: dict[str, pl.DataFrame], data: Path, tmp_path: Path
) -> None:
    pairs = before["core.person_pairs"]
    apart = pairs.filter(~pl.col("is_linked")).row(0, named=True)
    together = pairs.filter(pl.col("is_linked")).row(0, named=True)
    engine = open_store(tmp_path / "home")
    for pair, verdict, reason in ((apart, "same", "history_agrees"), (together, "different", "namesakes")):
        keys = (pair["person_key_l"], pair["person_key_r"])
        links.decide(engine, "ann", "first", keys, verdict, reason)
        with pytest.raises(Refused, match="another person"):
            links.decide(engine, "ann", "second", keys, verdict, reason)
        links.decide(engine, "ben", "second", keys[::-1], verdict, reason)
    _, after = take_in(data, tmp_path / "home")
    assert set(after["core.link_decisions"]["settled_verdict"]) == {"same", "different"}
    ref = dict(after["core.people"].select("person_key", "person_ref").iter_rows())
    assert ref[apart["person_key_l"]] == ref[apart["person_key_r"]]
    assert ref[together["person_key_l"]] != ref[together["person_key_r"]]
    quality = after["metrics.linkage_quality"].filter(pl.col("stratum_type") == "all").row(0, named=True)
    assert quality["reviewed_pair_count"] == 2 and quality["same_pair_count"] == 1
    assert set(after["metrics.linkage_quality"]["stratum_type"]) >= {"has_postcode", "name_frequency"}


def test_one_reader_alone_or_two_who_differ_settle_nothing_until_the_registrar_does(
    before: dict[str, pl.DataFrame], data: Path, tmp_path: Path
) -> None:
    pair = before["core.person_pairs"].row(0, named=True)
    keys = (pair["person_key_l"], pair["person_key_r"])
    engine = open_store(tmp_path / "home")
    links.decide(engine, "ann", "first", keys, "same", "names_explained")
    links.decide(engine, "ben", "second", keys, "different", "relatives")
    _, open_ = take_in(data, tmp_path / "home")
    assert open_["core.link_decisions"]["settled_verdict"].to_list() == [None]
    assert open_["metrics.linkage_quality"].row(0, named=True)["reviewed_pair_count"] == 0
    links.decide(engine, "cat", "registrar", keys, "same", "names_explained")
    links.decide(engine, "ben", "second", keys, "unsure", "not_enough")
    _, settled = take_in(data, tmp_path / "home")
    assert settled["core.link_decisions"]["settled_verdict"].to_list() == ["same"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("person_key,surname\nk1,Secretname\n", "without forename"),
        ('person_key,forename,surname\nk1,"Secretname,X\n', "csv file"),
        ("person_key,forename,surname\nk1,A,Secretname,too,many\n", "as many fields"),
    ],
)
def test_a_broken_file_is_refused_without_a_word_of_what_is_in_it(
    data: Path, tmp_path: Path, content: str, words: str
) -> None:
    (data / "person_identity.csv").write_text(content, "utf-8")
    told, found = take_in(data, tmp_path / "home")
    refused = [line for line in told if line.startswith("REFUSED person_identity")]
    assert len(refused) == 1 and words in refused[0]
    assert "Secretname" not in " ".join(told) + str(run_of(found))
    assert not (tmp_path / "home" / "quarantine").exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Spark: PartFailed: scoring a part stopped with OutOfMemoryException", "OutOfMemoryException on a worker"),
        ("could not convert 'Secretname'", "stopped with ValueError;"),
    ],
)
def test_a_fault_is_named_by_its_kind_alone(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, words: str
) -> None:
    def link(*_: object, **__: object) -> None:
        raise ValueError(f"{said} in Secretname")

    monkeypatch.setattr(linkage.methods, "link", link)
    told, found = take_in(data, tmp_path / "home")
    assert [words in line for line in told if line.startswith("REFUSED person_identity")] == [True]
    assert "Secretname" not in " ".join(told) + str(run_of(found))


def test_linkage_that_runs_out_of_memory_says_how_much_it_needs_and_leaves_the_links_of_before(
    before: dict[str, pl.DataFrame], data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linkage, "_code_mark", lambda: "another method")  # so that everybody is linked again
    monkeypatch.setattr(machine, "linkage_memory", lambda: 4 * machine.MB)
    told, after = take_in(data, tmp_path / "home")
    records = len((data / "person_identity.csv").read_text("utf-8").splitlines()) - 1
    said = (
        f"linkage keeps names in memory, and 4 MB were not enough: {records:,} records need about 1.0 GB. Nothing was"
        " overwritten. Set STRA_MEMORY to more, or build on a machine with more memory."
    )
    assert f"REFUSED person_identity: {said}" in told
    assert run_of(after)["manner"] == "refused" and run_of(after)["is_measured"] and run_of(after)["reason"] == said
    assert after["raw.person_links"].equals(before["raw.person_links"])


def test_a_force_calls_the_table_and_its_fields_otherwise_and_rows_without_a_key_are_counted_not_quoted(
    data: Path, tmp_path: Path
) -> None:
    """Also a key that comes twice."""
    names = pl.read_csv(data / "person_identity.csv", infer_schema=False)
    (data / "person_identity.csv").unlink()
    keyless = names.head(1).with_columns(person_key=pl.lit(None, pl.String))
    delivered = pl.concat([names, names.head(1), keyless])
    delivered.rename({"surname": "FamilyName", "date_of_birth": "DOB"}).write_parquet(data / "Nominals.parquet")
    (data / "mapping.toml").write_text(
        '[tables.person_identity]\nfile = "Nominals"\n[tables.person_identity.fields]\n'
        'surname = "FamilyName"\ndate_of_birth = "DOB"\n',
        "utf-8",
    )
    run = run_of(take_in(data, tmp_path / "home")[1])
    assert (run["manner"], run["record_count"]) == ("full", names.height)
    assert (run["row_count"], run["left_out_count"]) == (names.height + 2, 2)
    assert run["left_out_reason"] == "1 with no person_key; 1 with a person_key once more"


def test_names_of_each_force_in_a_file_of_its_own_are_linked_together(
    linked_once: LinkedOnce, data: Path, tmp_path: Path
) -> None:
    """Given the names in three files, and one person in two: the people are those of one file."""
    file = data / "person_identity.csv"
    header, *lines = file.read_text("utf-8").splitlines()
    file.unlink()
    files = ("person_identity_1.csv", "person_identity_2.csv", "three/person_identity.csv")
    for name, own in zip(files, (lines[:40], lines[39:60], lines[60:]), strict=True):
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text("\n".join([header, *own]) + "\n", "utf-8")
    one, two = run_of(linked_once.found), run_of(take_in(data, tmp_path / "apart")[1])
    for count in ("record_count", "person_count", "comparison_count"):
        assert one[count] == two[count], count
    assert two["left_out_reason"] == "1 with a person_key once more"
    for name in files[1:]:
        sound = (data / name).read_bytes()
        (data / name).write_text("nothing\n", "utf-8")
        told, _ = take_in(data, tmp_path / f"broken {Path(name).stem}")
        (data / name).write_bytes(sound)
        assert [name in line for line in told if line.startswith("REFUSED person_identity")] == [True], (
            "nobody is linked by a part of the names"
        )


def test_names_come_as_a_file_never_by_a_query(data: Path, tmp_path: Path) -> None:
    (data / "mapping.toml").write_text(
        '[database]\nurl = "env:STRA_EXTRACT_URL"\n[database.queries]\nperson_identity = "select 1"\n', "utf-8"
    )
    with open_session(tmp_path / "home", read_folder(data)) as session:
        session.take_in()
        found = session.con.execute("select status, reason from raw.deliveries where source = 'mapping'").fetchall()
    assert [status for status, _ in found] == ["refused"]
    assert "expected names of people as a file, so that no copy is written on the way" in found[0][1]


def test_a_broken_mapping_leaves_what_was_linked(
    before: dict[str, pl.DataFrame], data: Path, tmp_path: Path
) -> None:
    (data / "mapping.toml").write_text("[tables", "utf-8")
    _, after = take_in(data, tmp_path / "home")
    assert run_of(after) == run_of(before) and run_of(before)["is_measured"] is True
    assert after["core.people"].equals(before["core.people"])


def test_the_store_takes_back_what_it_was_given_and_notices_a_changed_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, SECRET)
    store = IdentityStore(tmp_path, is_demonstration=False)
    store.write({"one": b"some content", "none": b""})
    assert IdentityStore(tmp_path, False).read("one") == b"some content"
    assert store.read("none") == b"" and store.read("other") is None
    assert load(store).model is None
    file = tmp_path / "identity" / "one.enc"
    changed = bytearray(file.read_bytes())
    changed[-1] ^= 1
    file.write_bytes(changed)
    with pytest.raises(WrongIdentityKey):
        store.read("one")
    (tmp_path / "identity" / "none.enc").rename(file)
    with pytest.raises(WrongIdentityKey):  # an entry under another name is no entry
        store.read("one")
    monkeypatch.setenv(KEY, "")
    with pytest.raises(NoIdentityKey):
        IdentityStore(tmp_path, is_demonstration=False)


def words_of(folder: Path, words: set[str]) -> Iterator[str]:
    """Files below a folder that hold one of these words: by their bytes, and tables by their values."""
    with duckdb.connect() as con:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            if path.suffix == ".parquet":
                yield from values_of(con, f"read_parquet('{path}')", words)
            elif path.suffix == ".duckdb":
                con.execute(f"attach '{path}' as warehouse (read_only)")
                listed = "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
                for schema, table in con.execute(listed).fetchall():
                    yield from values_of(con, f"warehouse.{schema}.{table}", words)
            else:
                content = path.read_bytes()
                yield from (f"{path}: {word}" for word in words if word.encode() in content)


def values_of(con: duckdb.DuckDBPyConnection, table: str, words: set[str]) -> Iterator[str]:
    """The table, where a text in it holds one of these words."""
    described = con.execute(f"describe select * from {table}").fetchall()
    texts = [f'cast("{name}" as varchar)' for name, kind, *_ in described if "VARCHAR" in kind]
    query = f"select 1 from {table} where regexp_matches(concat_ws(chr(10), {', '.join(texts)}), ?) limit 1"
    if texts and con.execute(query, ["|".join(map(re.escape, sorted(words)))]).fetchall():
        yield table


def test_no_identity_is_in_the_warehouse_the_published_copies_records_or_logs(tmp_path: Path) -> None:
    made = small_force()
    names = pl.read_csv(made / "data" / "force" / "person_identity.csv", infer_schema=False)
    words = set(names["surname"].head(40)) | set(names["email"].drop_nulls().head(20))
    words |= set(names["phone"].drop_nulls().head(10)) | set(names["pncid"].drop_nulls().head(10))
    # the makers of places and of people share syllables: a village in a crime's text is no person
    others = [f for f in (made / "data").rglob("*.csv") if f.name != "person_identity.csv"]
    elsewhere = "\n".join(f.read_text("utf-8") for f in others)
    words = {word for word in words if word not in elsewhere}
    assert len(words) > 50
    assert (made / "home" / "identity" / "index.enc").is_file()
    assert list(words_of(made / "home", words)) == []
    # and the search finds what is there
    names.select("surname").write_parquet(tmp_path / "canary.parquet")
    assert len(list(words_of(tmp_path, words))) == 1
