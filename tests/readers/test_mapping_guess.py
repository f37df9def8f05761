"""`stra map`: do headers and values of an export tell which table and which field they are, and is doubt asked?"""

import copy
import re
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from invented_exports import EXPORTS, STYLES, export, their_code
from invented_extract import invented, text_of, write_csv
from test_database import build, rows_of
from typer.testing import CliRunner

from assets.raw import extract_tables
from assets.readers.extract.mapping import read_mapping
from assets.readers.extract.tables import required
from assets.readers.extract.values import code_sets
from assets.readers.source import ExtractMapping, TableMapping
from pipelines.builds.session import open_session
from pipelines.commands import cli
from pipelines.commands import map as map_command
from pipelines.commands.map import map_extract
from pipelines.fetching.folder import DataFolder, read_folder
from pipelines.mapping.file import toml_of
from pipelines.mapping.guess import as_table, with_open_questions
from pipelines.mapping.sheets import Sheet, look
from pipelines.mapping.words import Column, code_of, fit, synonyms, words

TABLES = extract_tables()
ROOT = Path(__file__).resolve().parents[2]
Texts = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def extract() -> Texts:
    """Every table that the exports have names for, its values as text."""
    return {
        table: [{field: text_of(value) for field, value in row.items()} for row in rows]
        for table, rows in invented(60).items()
        if table in EXPORTS["niche"]
    }


def put(folder: Path, name: str, header: str, *rows: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")


def run(folder: Path, *options: str, answers: str = "") -> Any:
    return CliRunner().invoke(cli.app, ["map", "--data", str(folder), *options], input=answers)


def mapped(folder: Path) -> ExtractMapping:
    return read_mapping(folder / "mapping.toml", TABLES)


def right_and_wrong(folder: Path, style: str) -> tuple[int, list[tuple[str, str]]]:
    """How many names of the export the mapping has right, and those that it has wrong; an open one is neither."""
    mapping, right, wrong = mapped(folder), 0, []
    for table, (name, columns) in EXPORTS[style].items():
        (said,) = mapping.blocks(table)
        for field, theirs in {"": name, **columns}.items():
            given = said.fields.get(field) if field else said.file
            right += given == theirs
            wrong += [(table, field)] if given not in (None, theirs) else []
    return right, wrong


class Expert:
    """Somebody who knows the export and answers what `stra map` asks."""

    def __init__(self, folder: Path, style: str) -> None:
        self.names = EXPORTS[style]
        self.said: list[str] = []
        self.asked: list[str] = []
        self.is_written = map_extract(folder, False, self.said.append, self.confirm, self.choose)

    def confirm(self, question: str, default: bool) -> bool:
        self.asked.append(question)
        file = re.findall(r"^(.*) -> \w+ \([\d.]+\)$", "\n".join(self.said), re.M)[-1]
        found = re.search(r"Is it (\w+)\?", question)
        return self.names[found[1]][0] == Path(file).stem if found else default

    def choose(self, question: str, options: Sequence[str]) -> str:
        if not (found := re.search(r"(\w+)\.(\w+): which column\?", question)):
            return options[-1]  # codes are filled in afterwards
        self.asked.append(question)
        wanted = self.names[found[1]][1][found[2]]
        return wanted if wanted in options else options[-1]


@pytest.fixture
def looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What files may be is worked out once for those who accept all of it and those who answer."""
    found: dict[Path, Any] = {}
    real = map_command.proposed

    def once(delivered: DataFolder, held: ExtractMapping) -> Any:
        if delivered.path not in found:
            found[delivered.path] = real(delivered, held)
        return copy.deepcopy(found[delivered.path])

    monkeypatch.setattr(map_command, "proposed", once)


@pytest.mark.parametrize("style", STYLES)
def test_an_export_is_mapped_and_then_builds_what_our_own_names_build(
    tmp_path: Path, style: str, extract: Texts, of_our_own_names: list[list[tuple[Any, ...]]], looked_at_once: None
) -> None:
    theirs = tmp_path / "theirs"
    export(theirs, style, extract)
    done = run(theirs, "--yes")
    assert done.exit_code == 0, done.output
    right, wrong = right_and_wrong(theirs, style)
    names = sum(1 + len(columns) for _, columns in EXPORTS[style].values())
    assert wrong == [], "what is not sure is left open, never guessed"
    assert right >= 0.95 * names, done.output

    (theirs / "mapping.toml").unlink()
    expert = Expert(theirs, style)
    assert expert.is_written and right_and_wrong(theirs, style) == (names, []), expert.said
    assert len(expert.asked) <= 1.2 * len(EXPORTS[style]), "a question per table, and few more"
    fill_in(theirs / "mapping.toml", style)

    found = taken_in(theirs, tmp_path / "home", extract)
    for ours, other in zip(of_our_own_names, found, strict=True):
        assert ours == other and len(ours) == 60


def taken_in(data: Path, home: Path, extract: Texts) -> list[list[tuple[Any, ...]]]:
    """Rows of each raw table of an extract and of two tables made from them; no row and no file of it was refused."""
    with open_session(home, read_folder(data)) as session:
        session.take_in()
        build(session, "core.parties")
        assert session.con.execute("select sum(rows_quarantined) from raw.deliveries").fetchall() == [(0,)]
        assert session.con.execute("select count(*) from raw.unrecognised_files").fetchall() == [(0,)]
        return [rows_of(session, table) for table in (*(f"raw.{t}" for t in extract), "core.crimes", "core.parties")]


@pytest.fixture(scope="module")
def of_our_own_names(extract: Texts, tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple[Any, ...]]]:
    """What is taken in of the same extract under our own names."""
    folder = tmp_path_factory.mktemp("ours")
    write_csv(folder / "data", extract)
    return taken_in(folder / "data", folder / "home", extract)


def fill_in(path: Path, style: str) -> None:
    """Write down what the codes mean that were left to a person."""
    text = path.read_text(encoding="utf-8")
    for code_set, codes in code_sets().items():
        for code in codes:
            theirs = their_code(style, code_set, code)
            text = text.replace(f'# "{theirs}" = "?"  #', f'"{theirs}" = "{code}"  #')
    text = re.sub(r"^# (\[tables\..*\])\n(?=\")", r"\1\n", text, flags=re.M)
    path.write_text(text, encoding="utf-8")


def test_two_columns_that_are_as_good_are_asked_and_not_guessed(tmp_path: Path) -> None:
    header = "notice_number,crime_id,notice_type,issued_date_time,date_time_issued,issued_by,to_key"
    row = "n1,c1,pin,2025-03-01T10:00:00Z,2025-03-02T10:00:00Z,PC1,p1"
    put(tmp_path / "a", "notices.csv", header, row)
    done = run(tmp_path / "a", "--yes")
    assert "issued_ts" not in mapped(tmp_path / "a").blocks("notice")[0].fields
    text = (tmp_path / "a" / "mapping.toml").read_text(encoding="utf-8")
    assert '# issued_ts = "?"  # ts; may be "issued_date_time" or "date_time_issued"' in text

    put(tmp_path / "b", "notices.csv", header, row)
    done = run(tmp_path / "b", answers="9\n2\ny\n")
    assert "Expected a number from 1 to 3" in done.output
    assert mapped(tmp_path / "b").blocks("notice")[0].fields["issued_ts"] == "date_time_issued"


def test_a_column_that_may_be_either_of_two_fields_is_asked(tmp_path: Path) -> None:
    put(tmp_path, "GOccurrence.csv", "OccurrenceId,OffenceDTTM", "c1,2025-03-01T10:00:00Z", "c2,2025-03-02T10:00:00Z")
    done = run(tmp_path, "--yes")
    assert "offence_from_ts" not in mapped(tmp_path).blocks("crime")[0].fields, done.output
    assert re.search(r'^# offence_from_ts = "\?"  # ts; may be .*"OffenceDTTM"', _text(tmp_path), re.M)


def test_a_file_that_may_be_either_of_two_tables_is_asked(tmp_path: Path) -> None:
    put(tmp_path, "extract 7.csv", "CrimeId,HOCode,ClassCode,Reason", "c1,8/65,8Q,as reported")
    done = run(tmp_path, "--yes")
    assert "Left open: it may be" in done.output
    assert mapped(tmp_path) == ExtractMapping()
    assert '# To decide: is "extract 7" the table ' in _text(tmp_path)
    (tmp_path / "mapping.toml").unlink()
    done = run(tmp_path, answers="1\ny\n")
    assert done.exit_code == 0 and len(mapped(tmp_path).tables) == 1


def _text(folder: Path) -> str:
    return (folder / "mapping.toml").read_text(encoding="utf-8")


def test_a_table_that_was_left_open_counts_once_its_lines_are_uncommented(tmp_path: Path) -> None:
    put(tmp_path, "GNotice.csv", "NoticeId,OccurrenceId,NoticeType,IssuedDTTM", "n1,c1,pin,2025-03-01T10:00:00Z")
    done = run(tmp_path, answers="n\n")
    assert "Is it notice?" in done.output and "Left open: as you said" in done.output
    assert mapped(tmp_path) == ExtractMapping()
    intro, block = _text(tmp_path).rsplit("# To decide: ", 1)
    lines = [line.removeprefix("# ") for line in block.splitlines()[1:]]
    (tmp_path / "mapping.toml").write_text(intro + "\n".join(lines), encoding="utf-8")
    assert mapped(tmp_path).blocks("notice")[0].fields["issued_ts"] == "IssuedDTTM"

    (tmp_path / "mapping.toml").unlink()
    done = run(tmp_path, answers="y\n")
    assert "GNotice.csv is the table notice, without issued_by, to_key" in done.output
    assert f"What will not be measured, and why: stra doctor --data {tmp_path}" in done.output


def test_what_is_new_goes_below_what_is_there_comments_and_all(tmp_path: Path) -> None:
    old = (
        '# ours\n[tables.crime]\nfile = "OCC"\n[tables.crime.values.status]\n"Filed" = "closed"\n'
        "[database]\nurl = \"env:X\"\n[database.queries]\nreview = '''\nselect \"a\" from r -- all\n'''\n"
    )
    put(tmp_path, "GNotice.csv", "NoticeId,OccurrenceId,NoticeType,IssuedDTTM", "n1,c1,pin,2025-03-01T10:00:00Z")
    (tmp_path / "mapping.toml").write_text(old, encoding="utf-8")
    before = mapped(tmp_path)
    run(tmp_path, "--yes")
    assert _text(tmp_path).startswith(old)
    assert (tmp_path / "mapping.toml.bak").read_text(encoding="utf-8") == old
    after = mapped(tmp_path)
    assert after.blocks("notice")[0].file == "GNotice"
    assert (after.blocks("crime")[0], after.queries) == (before.blocks("crime")[0], before.queries)
    assert "Nothing to write" in run(tmp_path, "--yes").output, "what the mapping knows is not guessed again"


def test_what_stands_open_is_not_written_twice(tmp_path: Path) -> None:
    put(tmp_path, "extract 7.csv", "CrimeId,HOCode,ClassCode,Reason", "c1,8/65,8Q,as reported")
    run(tmp_path, "--yes")
    before = _text(tmp_path)
    assert "Nothing new was written" in run(tmp_path, "--yes").output and _text(tmp_path) == before


def test_one_column_is_not_offered_for_two_fields(tmp_path: Path) -> None:
    header, row = "PairId,VictimKey,SuspectKey,CountOne,CountTwo", "p1,v1,s1,1,2"
    put(tmp_path, "GPair.csv", header, row)
    done = run(tmp_path, answers="1\n1\ny\n")
    fields = mapped(tmp_path).blocks("pair")[0].fields
    assert (fields["n_incident"], fields["n_crime"]) == ("CountOne", "CountTwo"), done.output


def test_what_the_mapping_says_otherwise_is_replaced_only_when_a_person_agrees(tmp_path: Path) -> None:
    old = '# ours\n[tables.notice]\nfile = "Notices of 2024"\n[tables.crime.fields]\ncrime_id = "Id"\n'
    put(tmp_path, "GNotice.csv", "NoticeId,OccurrenceId,NoticeType,IssuedDTTM", "n1,c1,pin,2025-03-01T10:00:00Z")
    (tmp_path / "mapping.toml").write_text(old, encoding="utf-8")
    run(tmp_path, "--yes", answers="n\n")
    assert _text(tmp_path) == old
    run(tmp_path, "--yes", answers="y\n")
    assert (tmp_path / "mapping.toml.bak").read_text(encoding="utf-8") == old
    after = mapped(tmp_path)
    assert (after.blocks("notice")[0].file, after.blocks("crime")[0].fields) == ("GNotice", {"crime_id": "Id"})


def test_a_file_under_our_name_with_columns_of_theirs_is_mapped_too(tmp_path: Path) -> None:
    put(tmp_path, "NOTICE.csv", "NOTICE_ID,INVESTIGATION_ID,NOTICE_TYPE", "n1,c1,PIN", "n2,c2,WORDS OF ADVICE")
    run(tmp_path, "--yes")
    said = mapped(tmp_path).blocks("notice")[0]
    assert said.fields == {"notice_id": "NOTICE_ID", "crime_id": "INVESTIGATION_ID", "type": "NOTICE_TYPE"}
    assert said.values == {"type": {"WORDS OF ADVICE": "words_of_advice"}}


def test_files_that_are_known_or_no_tables_of_ours_are_left_alone(tmp_path: Path) -> None:
    write_csv(tmp_path, {"crime": invented(3)["crime"]})
    put(tmp_path, "shopping.csv", "item,price", "milk,1.20")
    put(tmp_path, "person_identity.csv", "person_key,forename,surname", "p1,A,B")
    done = run(tmp_path, "--yes")
    assert "Nothing to write" in done.output and "person_identity" not in done.output
    assert "shopping.csv is like no table of the extract" in done.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a;b;a\n1;2;3\n", "expected every column name once"),
        (b"<html><body>", "saw an HTML page"),
        (b"NoticeId,Type,Type\nn1,a,b\n", "expected every column name once"),
        (b'NoticeId,Type\nn1,"Jane\n', "a quote that opens here and is never closed"),
        (b"PAR1 cut", "a parquet file without a readable footer"),
        (b"", "an empty file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "GNotice.csv").write_bytes(content)
    done = run(tmp_path, "--yes")
    assert "GNotice.csv could not be read" in done.output and said in done.output and "Jane" not in done.output


def test_without_its_key_a_table_is_left_open(tmp_path: Path) -> None:
    put(tmp_path, "GNotice.csv", "NoticeType,IssuedDTTM,IssuedBy,Serial", "pin,2025-03-01T10:00:00Z,PC1,7")
    done = run(tmp_path, "--yes")
    assert "without notice_id its rows cannot be used" in done.output and mapped(tmp_path) == ExtractMapping()
    assert '# # notice_id = "?"  # key, else the whole table is left out; may be "Serial"' in _text(tmp_path)
    (tmp_path / "mapping.toml").unlink()
    done = run(tmp_path, answers="1\n" * 9 + "y\n")
    assert "notice.notice_id: which column?" in done.output


def test_a_code_that_no_one_knows_stands_as_a_comment(tmp_path: Path) -> None:
    codes = ("PIN", "Words of Advice", '"Par""ked"', "pin", '"' + "Jane Doe said that " * 5 + '"')
    rows = [f"n{i},c{i},{code},2025-03-01T10:00:00Z" for i, code in enumerate(codes)]
    put(tmp_path, "GNotice.csv", "NoticeId,OccurrenceId,NoticeType,IssuedDTTM", *rows)
    done = run(tmp_path, "--yes")
    text = _text(tmp_path)
    assert tomllib.loads(text)["tables"]["notice"]["values"]["type"] == {"Words of Advice": "words_of_advice"}
    assert '# "Par\\"ked" = "?"  # pin, harassment_warning' in text
    assert "# and 1 value(s) of more than 60 characters" in text
    assert "Jane" not in text + done.output, "a long value may tell of a person"


def test_a_code_of_the_last_row_is_seen_and_a_column_of_texts_has_no_codes(tmp_path: Path) -> None:
    header = "NoticeId,OccurrenceId,NoticeType,IssuedDTTM"
    rows = [f"n{i},c{i},pin,2025-03-01T10:00:00Z" for i in range(6_000)]
    put(tmp_path / "a", "GNotice.csv", header, *rows, "n,c,Harassment Warning,2025-03-01T10:00:00Z")
    run(tmp_path / "a", "--yes")
    assert mapped(tmp_path / "a").blocks("notice")[0].values["type"] == {"Harassment Warning": "harassment_warning"}
    put(tmp_path / "b", "GNotice.csv", header, *(row.replace("pin", f"note {i}") for i, row in enumerate(rows[:200])))
    done = run(tmp_path / "b", "--yes")
    assert "note 1" not in _text(tmp_path / "b") + done.output


def test_truths_that_the_reader_does_not_know_are_left_to_a_person(tmp_path: Path) -> None:
    rows = [f"o{i},nmo,{truth}" for i, truth in enumerate(("Y", "N", "Y", "N", "Y", "N", "Unk"))]
    put(tmp_path, "GOrder.csv", "OrderId,OrderType,IsInterim", *rows)
    run(tmp_path, "--yes")
    assert '# "Unk" = "?"  # true, false' in _text(tmp_path)


def test_moments_that_the_reader_cannot_read_are_not_mapped_and_named(tmp_path: Path) -> None:
    sheet = Sheet("n.csv", "notices", {"NoticeId": column("n1"), "IssuedDTTM": column("01/03/25 10:00")})
    assert as_table(sheet, "notice").fields["issued_ts"].label is None
    assert with_open_questions(as_table(sheet, "notice")).fields["issued_ts"].unfit == "IssuedDTTM"
    put(tmp_path, "GNotice.csv", "NoticeId,NoticeType,IssuedDTTM", "n1,pin,01/03/25 10:00")
    run(tmp_path, "--yes")
    assert '# issued_ts = "?"  # ts; "IssuedDTTM" has a similar name, but not all of its values are like' in _text(
        tmp_path
    )


def column(*values: str) -> Column:
    return Column(values, tuple(sorted(set(values))))


def test_a_parquet_file_with_types_is_read_like_a_csv_file(tmp_path: Path) -> None:
    columns = EXPORTS["niche"]["incident"][1]
    rows = [{columns[field]: value for field, value in row.items()} for row in invented(40)["incident"]]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "GIncidentLog.parquet")
    run(tmp_path, "--yes")
    assert mapped(tmp_path).blocks("incident")[0].fields == columns


def test_any_mapping_that_is_written_reads_back(tmp_path: Path) -> None:
    awkward = 'a "quoted" \\ name\twith é, = # ] \x7f and \u2028'
    mapping = ExtractMapping(
        {
            "crime": (TableMapping(awkward.replace("\\", ""), {"crime_id": awkward}, {"status": {awkward: "open"}}),),
            "order_": (TableMapping(), TableMapping("two", {"order_id": "=[a]/1"}, {}, (awkward, "c"))),
        },
        "env:X",
        {"review": f"select '{awkward}'\nfrom x"},
        "DD/MM/YYYY",
        "E23000032",
        ("N/A", awkward.strip()),
        covers=(date(2024, 4, 1), date(2026, 3, 30)),
        made_on=date(2026, 3, 31),
    )
    of_a_build = {"problem", "scope"}
    assert all(getattr(mapping, f.name) for f in fields(mapping) if f.name not in of_a_build), "every key is tried"
    (tmp_path / "mapping.toml").write_text(toml_of(mapping), encoding="utf-8")
    assert read_mapping(tmp_path / "mapping.toml", TABLES) == mapping


def test_the_keys_of_the_extract_are_kept_and_a_word_for_no_value_joins_them(tmp_path: Path) -> None:
    old = '# ours\n[extract]  # all of it\nforce = "E23000032"\ndates = "DD/MM/YYYY"\n'
    old += 'until = "2026-03-31"\n\n[tables.crime]\nfile = "OCC"\n'
    rows = ("n1,c1,pin,2025-03-01T10:00:00Z,N/A", "n2,c2,pin,2025-03-01T10:00:00Z,PC1")
    put(tmp_path, "GNotice.csv", "NoticeId,OccurrenceId,NoticeType,IssuedDTTM,IssuedBy", *rows)
    (tmp_path / "mapping.toml").write_text(old, encoding="utf-8")
    run(tmp_path, "--yes")
    assert _text(tmp_path).replace('no_value = ["N/A"]\n', "", 1).startswith(old), "every line of the force's own"
    after = mapped(tmp_path)
    assert (after.force, after.dates, after.no_value) == ("E23000032", "DD/MM/YYYY", ("N/A",))
    assert after.covers == (None, date(2026, 3, 31))
    assert after.blocks("crime")[0].file == "OCC" and after.blocks("notice")[0].file == "GNotice"


def test_nothing_is_asked_where_nothing_lies(tmp_path: Path) -> None:
    def never(question: str, answers: Sequence[str] | bool) -> Any:
        raise AssertionError(question)

    assert map_extract(tmp_path, False, print, never, never) is False


def test_a_mapping_that_cannot_be_used_is_not_overwritten(tmp_path: Path) -> None:
    put(tmp_path, "mapping.toml", "[tables.crimes]")
    done = run(tmp_path, "--yes")
    assert done.exit_code == 1 and "mapping.toml: [tables]: expected one of" in done.output
    assert _text(tmp_path) == "[tables.crimes]\n"


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        ("OccurrenceId", "occurrence id"),
        ("HOCodeRaw", "ho code raw"),
        ("OCCURRENCE_ID", "occurrence id"),
        ("Date Time Logged", "date time logged"),
        ("lsoa21", "lsoa 21"),
        ("PNCIdHash", "pnc id hash"),
    ],
)
def test_names_fall_into_words(name: str, cut: str) -> None:
    assert words(name) == tuple(cut.split())


def test_codes_have_the_same_words_or_a_listed_synonym() -> None:
    assert code_of("relationship", "Partner (Ex)") == "ex_partner"
    assert code_of("crime_status", "FILED") == "closed"
    assert code_of("crime_status", "Parked") is None


def test_values_that_do_not_fit_speak_against_a_name() -> None:
    assert fit("ts", column("2025-03-01T10:00:00Z", "2025-03-01 10:00")) == 1
    for day in ("2025-03-01T10:00:00Z", "01/03/25 10:00", "1 Mar 2025", "01-MAR-25 10.00.00 AM", "2025/03/01"):
        assert fit("text", column(day)) < 0.2
    for text in ("42/1/25", "8/65", "42/12345/25", "1.2.3", "2025-0001"):
        assert fit("text", column(text)) == 1
    assert fit("key", column("a", "a")) < 0.2


def test_every_synonym_leads_to_words_and_codes_that_are_ours() -> None:
    ours = {word for table, fields in TABLES.items() for name in (table, *fields) for word in words(name)}
    for meanings in synonyms().values():
        assert {word for meaning in meanings for word in words(meaning)} <= ours
    for name, codes in code_sets().items():
        for meanings in synonyms(name).values():
            assert set(meanings) <= set(codes)


def test_the_exports_name_every_field_of_their_tables_once() -> None:
    for style in STYLES:
        for table, (_, columns) in EXPORTS[style].items():
            assert list(columns) == list(TABLES[table]) and len(set(columns.values())) == len(columns)
            assert set(required(TABLES[table])) <= set(columns)


def test_no_sheet_of_a_publication_is_taken_for_an_export() -> None:
    for folder in ("mps", "ons"):
        found = look(read_folder(ROOT / "sample" / "open_data" / folder))
        assert (found.sheets, found.unreadable) == ([], {}), folder


def test_of_files_for_each_year_one_settles_the_order_of_days_of_all(tmp_path: Path) -> None:
    """Of three crimes in 2015 no day is above the 12th: that file alone would be refused."""
    header = "Crime Number,Date Reported,Date Recorded,Home Office Code,Status"
    for year, days in ((2015, (1, 2, 3)), (2016, (12, 13, 28, 30))):
        rows = (f"C{year}{day},{day:02}/02/{year},{day:02}/03/{year},195/12,open" for day in days)
        put(tmp_path, f"Crimes {year}.csv", header, *rows)
    run(tmp_path, "--yes")
    assert mapped(tmp_path).dates == "DD/MM/YYYY"
    with open_session(tmp_path / "home", read_folder(tmp_path)) as session:
        session.take_in()
        counted = "select recorded_ts[6:7], count(*) from raw.crime group by 1"
        assert session.con.execute(counted).fetchall() == [("03", 7)]
    (tmp_path / "mapping.toml").unlink()
    risks = (f"C{n},High,02/0{n}/2016" for n in range(1, 9))
    put(tmp_path, "Risk list.csv", "Crime Number,Risk Level,Risk Date", *risks)
    run(tmp_path, "--yes")
    assert mapped(tmp_path).dates == "", "another file's days may have another order"
