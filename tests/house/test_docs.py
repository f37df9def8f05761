"""README and docs/: what they say can be run and opened, and the site they make needs nothing but itself."""

import ast
import asyncio
import csv
import html.parser
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
import typer
from dashboard_browser import AXE, WCAG, serving
from playwright.sync_api import Browser
from tour import PICTURES
from typer.testing import CliRunner

from assets.raw import extract_tables, sources
from assets.readers import files
from assets.readers.csv import source as csv_source
from assets.readers.extract.identities import FIELDS as IDENTITY_FIELDS
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.mapping import read_mapping
from assets.readers.source import ExtractMapping
from casework.access import groups
from dashboards import registry
from dashboards.documents.digest import subscriptions
from dashboards.server import documentation
from dashboards.server.access import from_environment
from dashboards.server.documentation import Documentation
from dashboards.server.gate import DOCUMENTATION_POLICY, Gate, Message
from docs.site import NAVIGATION
from expectations.rule import Rule, Setting
from pipelines.builds import tables
from pipelines.commands.cli import app
from pipelines.delivery.recognition import table_like
from pipelines.tables import cards, lineage, named_tables, warehouse
from pipelines.tables.cards import SCHEMAS, all_cards

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
TEXTS = [ROOT / "README.md", *PAGES]
ROOMS = [
    "assets", "expectations", "pipelines", "casework", "dashboards", "docs", "sample", "stra", "benchmarks", "tests",
]  # fmt: skip
LONGEST_README, FIRST_COMMAND_BY = 600, 15


@dataclass(frozen=True)
class Block:
    """A fenced block of code: where it begins, its language, its text."""

    file: Path
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        """README.md:12."""
        return f"{self.file.name}:{self.line}"


def blocks(language: str) -> list[Block]:
    found = []
    for file in TEXTS:
        text = file.read_text("utf-8")
        fenced = re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.M | re.S)
        found += [Block(file, text[: m.start()].count("\n") + 1, m[1], m[2]) for m in fenced]
    return [block for block in found if block.language == language]


def prose(file: Path) -> str:
    """The text without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", file.read_text("utf-8"), flags=re.M | re.S)


def quoted(file: Path) -> set[str]:
    """What stands between backticks in the prose."""
    return set(re.findall(r"`([^`\n]+)`", prose(file)))


def shell_lines() -> list[tuple[str, list[str]]]:
    """(place, words) of every command of the blocks, without settings before it and comments after it."""
    found = []
    for block in blocks("bash"):
        for number, line in enumerate(block.text.splitlines(), start=block.line + 1):
            words = shlex.split(line, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            if words:
                found.append((f"{block.file.name}:{number}", words))
    return found


COMMANDS = shell_lines()


def command_tree() -> dict[str, Any]:
    """`report audit` -> the command, for every command that does something."""

    def walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        for child_name, child in getattr(command, "commands", {}).items():
            whole = f"{name} {child_name}".strip()
            yield from walk(child, whole) if hasattr(child, "commands") else [(whole, child)]

    return dict(walk(typer.main.get_command(app), ""))


TREE = command_tree()


def options_of(command: Any) -> set[str]:
    return {o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("--")} - {"--help"}


def named_command(words: list[str]) -> tuple[str, list[str]]:
    """The command that the words after `stra` begin with, and the rest."""
    for count in (2, 1):
        if (name := " ".join(words[:count])) in TREE:
            return name, words[count:]
    raise AssertionError(f"there is no command stra {' '.join(words)}")


class TestReadme:
    def test_it_is_one_page(self) -> None:
        assert len((ROOT / "README.md").read_text("utf-8").split()) <= LONGEST_README

    def test_the_first_command_is_at_the_top(self) -> None:
        lines = (ROOT / "README.md").read_text("utf-8").splitlines()
        assert next(n for n, line in enumerate(lines, start=1) if line.startswith("make run")) <= FIRST_COMMAND_BY


class TestCommands:
    def test_there_are_some(self) -> None:
        assert {words[0] for _, words in COMMANDS} == {"stra", "make", "pip"}
        assert len(COMMANDS) > 30

    @pytest.mark.parametrize(("place", "words"), [c for c in COMMANDS if c[1][0] == "stra"], ids=lambda v: str(v)[:60])
    def test_a_command_of_stra_is_taken_as_it_stands(self, place: str, words: list[str], tmp_path: Path) -> None:
        name, arguments = named_command(words[1:])
        for upper in {"FOLDER", "HOME", "SITE"} & set(arguments):
            (tmp_path / upper).mkdir()
        given = [str(tmp_path / a) if a in ("FOLDER", "HOME", "SITE") else a for a in arguments]
        TREE[name].make_context(name, given)  # parses, runs nothing; raises where an option is unknown or missing

    @pytest.mark.parametrize(("place", "words"), [c for c in COMMANDS if c[1][0] == "make"], ids=lambda v: str(v)[:60])
    def test_a_target_of_make_exists_and_its_variables_too(self, place: str, words: list[str]) -> None:
        makefile = (ROOT / "Makefile").read_text("utf-8")
        for word in words[1:]:
            variable, is_variable, _ = word.partition("=")
            pattern = rf"^{variable} \?=" if is_variable else rf"^{re.escape(word)}:"
            assert re.search(pattern, makefile, re.M), (place, word)

    def test_an_extra_of_pip_is_one_of_the_project(self) -> None:
        extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        named = [re.fullmatch(r"\.\[(\w+)\]", words[-1]) for _, words in COMMANDS if words[0] == "pip"]
        assert named and all(match and match[1] in extras for match in named)

    def test_a_command_in_a_sentence_exists_with_its_options(self) -> None:
        for file in TEXTS:
            for text in quoted(file):
                if text.startswith("stra "):
                    name, rest = named_command(re.sub(r"[\[\]]", "", text).split()[1:])
                    unknown = {word for word in rest if word.startswith("--")} - options_of(TREE[name])
                    assert not unknown, (file.name, text)
                if text.startswith("make "):
                    target = text.split()[1]
                    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.M), (file.name, text)

    def test_the_contract_lists_every_command_with_every_option(self) -> None:
        listed = {}
        for text in re.findall(r"^\| `stra ([^`]+)` \|", prose(ROOT / "docs" / "architecture.md"), re.M):
            name, rest = named_command(re.sub(r"[\[\]]", "", text).split())
            listed[name] = {word for word in rest if word.startswith("--")}
        # an option with two names (--sign-out, --no-sign-out) is listed by the one that does something
        assert listed == {n: {o for o in options_of(c) if not o.startswith("--no-")} for n, c in TREE.items()}

    def test_a_benchmark_takes_the_options_that_performance_gives(self) -> None:
        named = [text.split() for text in quoted(ROOT / "docs" / "performance.md") if "benchmarks/" in text]
        assert len(named) > 8
        for words in named:
            program = ROOT / next(word for word in words if word.endswith(".py"))
            code = program.read_text("utf-8")
            assert all(f'"{word}"' in code for word in words if word.startswith("--")), words

    def test_every_benchmark_starts(self) -> None:
        """What it imports is there: a benchmark is run seldom, and a name that moved would be found then."""
        programs = sorted(map(str, (ROOT / "benchmarks").glob("*.py")))
        assert len(programs) > 10
        code = "import runpy, sys\nsys.path[0] = 'benchmarks'\nfor name in sys.argv[1:]:\n    runpy.run_path(name)"
        run = subprocess.run([sys.executable, "-c", code, *programs], cwd=ROOT, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr

    def test_help_does_not_import_what_builds_the_site(self) -> None:
        code = "import sys, pipelines.commands.cli, dashboards.server.documentation, docs.site; print(*sys.modules)"
        run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert not {"sphinx", "docutils", "myst_parser"} & set(run.stdout.split())


class TestSnippets:
    @pytest.mark.parametrize("block", blocks("toml"), ids=lambda b: b.place)
    def test_a_mapping_or_digest_is_one_that_a_command_would_use(self, block: Block, tmp_path: Path) -> None:
        if "[[group]]" in block.text:
            (tmp_path / groups.FILE).write_text(block.text, "utf-8")
            assert groups.read_groups(tmp_path)
            return
        if block.place.startswith("access-and-audit-trail"):
            (tmp_path / "digests.toml").write_text(block.text, "utf-8")
            assert subscriptions.read_subscriptions(tmp_path)
            return
        (tmp_path / "mapping.toml").write_text(block.text, "utf-8")
        mapping = read_mapping(tmp_path / "mapping.toml", {**extract_tables(), IDENTITIES: IDENTITY_FIELDS})
        assert mapping != ExtractMapping()

    @pytest.mark.parametrize("block", blocks("csv"), ids=lambda b: b.place)
    def test_a_table_is_recognised_and_loses_no_row(self, block: Block, tmp_path: Path) -> None:
        rows = list(csv.reader(block.text.splitlines()))
        path = tmp_path / f"{table_like(rows[0]) or 'delivered'}.csv"
        path.write_text(block.text, "utf-8")
        file = files.inspect(path, path.name)
        [(source, part)] = [(s, part) for s in sources().values() for part in s.parts(file)]
        reading = source.read(part, "invented", tmp_path / "out.parquet")
        assert (reading.rows_read, reading.rows_loaded, reading.quarantined) == (len(rows) - 1, len(rows) - 1, [])

    @pytest.mark.parametrize("block", blocks("sql"), ids=lambda b: b.place)
    def test_a_table_comes_out_as_its_card_says(
        self, block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its rows pass through its method too, where its card names one."""
        file = tmp_path / "metrics" / "shown.sql"
        file.parent.mkdir()
        file.write_text(block.text, "utf-8")
        known, shared = all_cards(), cards.shared_columns()
        monkeypatch.setattr(cards, "ASSETS", tmp_path)
        card = cards.read_card(
            file, lambda place: shared if place == cards.SHARED else {c.name: c for c in known[place].columns}
        )
        con = duckdb.connect()
        for schema in SCHEMAS:
            con.execute(f"create schema {schema}")
        for table in named_tables.tables_of_sql(card) | set(lineage.tables_given(card).values()):
            columns = ", ".join(f"{c.name} {c.type}" for c in known[table].columns)
            con.execute(f"create table {table} ({columns})")
        tables._create(tables.usual(con), card, "", [])
        assert warehouse.check_against_card(con, card) == 0

    @pytest.mark.parametrize("block", blocks("python"), ids=lambda b: b.place)
    def test_python_is_what_the_rooms_understand(self, block: Block) -> None:
        names = {"Rule": Rule, "Setting": Setting, "source": csv_source.source, "filled": csv_source.filled}
        tree = ast.parse(block.text)
        if block.text.startswith("import stra\n"):  # run in tests/assessment/test_notebooks.py, with a home
            return
        if (quoted_file := re.match(r"# (\S+\.py)\n", block.text)) is not None:  # shown as it is there
            assert block.text[quoted_file.end() :].strip() in (ROOT / quoted_file[1]).read_text("utf-8")
            return
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        for function in functions:  # a table: its parameters name tables
            assert f"metrics.{function.name}" in all_cards()
            tables = {argument.arg.replace("_", ".", 1) for argument in function.args.args}
            assert tables <= set(all_cards())
        if not functions:
            exec(compile(tree, block.place, "exec"), names)
        if "Rule(" in block.text:
            rule = eval(block.text, names)
            assert {rule.table} <= set(all_cards())
            assert set(rule.columns) <= {c.name for c in all_cards()[rule.table].columns}
            assert rule.breach_condition()

    @pytest.mark.parametrize("language", ["python", "sql", "csv", "toml", "bash"])
    def test_there_is_one_of_each(self, language: str) -> None:
        assert blocks(language)

    def test_no_block_is_in_a_language_that_nothing_checks(self) -> None:
        fences = [line for file in TEXTS for line in re.findall(r"^```(.+)$", file.read_text("utf-8"), re.M)]
        assert set(fences) <= {"bash", "toml", "csv", "sql", "python", "text"}
        bare = [f.name for f in TEXTS if len(re.findall(r"^```$", f.read_text("utf-8"), re.M)) * 2
                != len(re.findall(r"^```", f.read_text("utf-8"), re.M))]  # fmt: skip
        assert bare == []


class TestNames:
    """What the text calls by name is there."""

    def test_a_table_or_setting_in_backticks_exists(self) -> None:
        with open(ROOT / "assets" / "reference" / "settings.csv", encoding="utf-8", newline="") as stream:
            settings = {row["key"] for row in csv.DictReader(stream)}
        groups = {key.split(".")[0] for key in settings}
        known = settings | set(all_cards())
        unknown = []
        for file in TEXTS:
            for text in quoted(file):
                if re.fullmatch(r"[a-z]+\.\*", text):
                    unknown += [text] if text[:-2] not in groups else []
                elif re.fullmatch(r"([a-z]+)\.[a-z_0-9]+", text) and text.split(".")[0] in groups | set(SCHEMAS):
                    unknown += [f"{file.name}: {text}"] if text not in known else []
        assert unknown == []

    def test_an_environment_variable_is_one_that_the_code_reads(self) -> None:
        programs = (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if path != Path(__file__))
        code = "".join(path.read_text("utf-8") for path in programs)
        named = {n for file in TEXTS for n in re.findall(r"\bSTRA_[A-Z_]+", file.read_text("utf-8"))}
        assert len(named) > 15
        assert {name for name in named if name not in code} == set()

    def test_the_contract_has_the_pages_of_the_navigation(self) -> None:
        offered: dict[str, set[str]] = {}
        for page in registry.PAGES:
            offered.setdefault(page.audience, set()).add(page.address)
        text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
        section = text.split("### Page addresses")[1].split("###")[0]
        rows = re.findall(r"^\| (\w+) \| (`.*) \|$", section, re.M)
        listed = {audience: set(re.findall(r"`(\w+)`", cell)) for audience, cell in rows}
        assert listed == offered
        addresses = set().union(*offered.values())
        for file in PAGES:
            for table in re.findall(r"^\| page \| answers \|\n.*?(?=\n\n|\Z)", prose(file), re.M | re.S):
                named = set(re.findall(r"^\| `(\w+)`", table, re.M))
                assert named and named <= addresses, (file.name, named - addresses)
            named = set(re.findall(r"[Tt]he (?:same )?page `(\w+)`", prose(file)))
            assert named <= addresses, (file.name, named - addresses)

    def test_the_contract_names_columns_that_tables_have(self) -> None:
        text = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("### Tables that others read")[1]
        rows = re.findall(r"^\| `(\w+\.\w+)` \| ([a-z0-9_, ]+) \|$", text, re.M)
        assert len(rows) == 16
        for table, columns in rows:
            assert set(columns.split(", ")) <= {c.name for c in all_cards()[table].columns}, table

    def test_every_source_is_listed_once(self) -> None:
        text = (ROOT / "docs" / "data-you-can-deliver.md").read_text("utf-8")
        fetched, by_hand, extract = (
            text.split(f"## {head}")[1].split("\n## ")[0]
            for head in ("Open data, by command", "Open data, by hand", "Your extract")
        )
        held = sources()
        listed = [re.findall(r"`(\w+)`", "".join(re.findall(r"^\|.*$", part, re.M))) for part in (fetched, by_hand)]
        assert set(listed[0]) == {n for n, s in held.items() if s.download}
        assert set(listed[1]) == {n for n, s in held.items() if not s.download and not s.is_extract} | {"ons_pfa_rates"}
        tables = re.findall(r"`(\w+)`", "".join(re.findall(r"^\|.*$", extract.split("### ")[0], re.M)))
        assert {n for n, s in held.items() if s.is_extract} | {IDENTITIES} <= set(tables)

    def test_a_file_or_folder_exists(self) -> None:
        absent = []
        for file in TEXTS:
            for text in quoted(file):
                if text.split("/")[0] in ROOMS and "/" in text and " " not in text:
                    pattern = re.sub(r"<\w+>|NAME|\.\.\.", "*", text.partition("::")[0]).rstrip("/")
                    absent += [f"{file.name}: {text}"] if not any(ROOT.glob(pattern)) else []
        assert absent == []


class TestLinks:
    @pytest.mark.parametrize("file", TEXTS, ids=lambda f: f.name)
    def test_a_link_leads_to_a_file_and_a_heading(self, file: Path) -> None:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(file)):
            if re.match(r"https?:|mailto:", target):
                continue
            name, _, anchor = target.partition("#")
            path = (file.parent / name).resolve() if name else file
            assert path.is_file(), (file.name, target)
            assert not anchor or anchor in anchors(path), (file.name, target)

    def test_the_tour_has_the_pictures_that_its_command_takes_of_pages_that_exist(self) -> None:
        shown = re.findall(r"\]\((tour-[\w-]+)\.png\)", (ROOT / "docs" / "tour.md").read_text("utf-8"))
        assert shown == list(PICTURES) and len(shown) == 5
        parts = [urlsplit(address) for address, _ in PICTURES.values()]
        asked = {(part.path, parse_qs(part.query)["role"][0]) for part in parts}
        assert asked <= {(page.address, role) for page in registry.PAGES for role in page.roles}

    def test_every_page_has_its_place_in_the_navigation(self) -> None:
        placed = [page for _, pages in NAVIGATION for page in pages]
        assert {*placed, "index"} == {page.stem for page in PAGES}
        assert len(set(placed)) == len(placed)

    def test_readme_and_the_first_page_lead_to_every_page(self) -> None:
        for file, folder in ((ROOT / "README.md", "docs/"), (ROOT / "docs" / "index.md", "")):
            text = file.read_text("utf-8")
            assert [p.stem for p in PAGES if p.stem != "index" and f"({folder}{p.stem}.md" not in text] == []


def anchors(page: Path) -> set[str]:
    """The addresses that GitHub and the site give to the headings of a page."""
    headings = re.findall(r"^#{1,6} (.+)$", prose(page), re.M)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    return set(plain) | set(re.findall(r'<a (?:id|name)="([^"]+)"', page.read_text("utf-8")))


@dataclass(frozen=True)
class Site:
    """The site as it was built with every connection refused."""

    files: dict[str, bytes]
    problems: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Built once, in a process that may reach nothing but this machine, and whose program folder is not written to."""
    folder, guard = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("guard")
    shutil.copy(ROOT / "tests" / "worlds" / "network_guard.py", guard / "sitecustomize.py")
    environment = {**os.environ, "PYTHONPATH": str(guard), "GUARD_RECORD": str(guard / "record")}
    before = sorted((ROOT / "docs").rglob("*"))
    run = subprocess.run(
        [sys.executable, "-m", "docs.site", str(folder)],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    attempts = [line for line in (guard / "record").read_text("utf-8").splitlines() if '"attempt"' in line]
    assert attempts == []
    assert [path for path in sorted((ROOT / "docs").rglob("*")) if "__pycache__" not in path.parts] == [
        path for path in before if "__pycache__" not in path.parts
    ]
    return Site(documentation._read_pages(folder), run.stderr.strip())


class Elements(html.parser.HTMLParser):
    """Everything of a page that a browser fetches by itself or runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("script", "link", "img", "iframe", "source", "video", "audio", "object", "embed", "use", "form"):
            self.fetched += [str(given[n]) for n in ("src", "href", "srcset", "data", "action") if given.get(n)]
        if (tag == "script" and not given.get("src")) or tag == "style":
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on")]


class TestSite:
    def test_it_builds_without_a_fault(self, site: Site) -> None:
        assert site.problems == ""
        assert {f"{page.stem}.html" for page in PAGES} <= set(site.files)

    def test_no_page_fetches_anything_from_elsewhere(self, site: Site) -> None:
        pages = [name for name in site.files if name.endswith(".html")]
        assert len(pages) > len(PAGES)
        for name in pages:
            found = Elements(site.files[name].decode())
            assert [a for a in found.fetched if re.match(r"(?i)(https?:)?//|data:text|javascript:", a)] == [], name
            assert found.inline == [], name  # the policy of the server runs no script of a page's own
            for address in found.fetched:
                local = re.split(r"[?#]", address)[0]
                assert not local or local.removeprefix("./") in site.files, (name, address)

    def test_no_style_or_script_names_another_machine(self, site: Site) -> None:
        for name, content in site.files.items():
            if name.endswith(".css"):
                text = re.sub(r"/\*.*?\*/", "", content.decode(), flags=re.S)
                assert not re.search(r"url\(\s*['\"]?(https?:)?//|@import", text), name
            if name.endswith(".js"):
                code = re.sub(r"/\*.*?\*/|^\s*//.*$", "", content.decode(), flags=re.S | re.M)
                named = set(re.findall(r"https?://[\w.-]+", code))
                # a namespace of XML, and the words "Created using Sphinx" in every language
                known = {"http://www.w3.org", "https://www.sphinx-doc.org"}
                assert named <= known or name == "searchindex.js", (name, named)

    def test_it_can_be_searched(self, site: Site) -> None:
        index = site.files["searchindex.js"].decode()
        assert '"retent"' in index or "retent:" in index  # retention, by its stem
        assert all(f'"{page.stem}"' in index for page in PAGES)
        assert b"searchtools.js" in site.files["search.html"]

    def test_the_package_holds_what_the_site_is_made_from(self) -> None:
        setup = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
        assert "docs" in setup["packages"]["find"]["include"]
        packed = {path for pattern in setup["package-data"]["docs"] for path in (ROOT / "docs").glob(pattern)}
        made_from = {p for p in (ROOT / "docs").rglob("*") if p.is_file() and p.suffix not in (".py", ".pyc")}
        assert made_from == packed


class TestCommand:
    """`stra docs`, with the building left to the tests of the site."""

    def run(self, out: Path, monkeypatch: pytest.MonkeyPatch, problems: list[str]) -> Any:
        monkeypatch.setattr("docs.site.build_site", lambda folder: problems)
        return CliRunner().invoke(app, ["docs", "--out", str(out)])

    def test_it_says_where_the_site_is(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = self.run(tmp_path / "new", monkeypatch, [])
        assert (run.exit_code, "index.html" in run.output) == (0, True)

    def test_a_dead_link_fails(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = self.run(tmp_path / "new", monkeypatch, ["index.md:5: an invented dead link"])
        assert (run.exit_code, "index.md:5: an invented dead link" in run.output) == (1, True)

    def test_it_writes_into_no_folder_of_other_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "casework.sqlite").touch()
        run = self.run(tmp_path, monkeypatch, [])
        assert (run.exit_code, "Give another --out" in run.output) == (1, True)
        (tmp_path / "searchindex.js").touch()  # an earlier site
        assert self.run(tmp_path, monkeypatch, []).exit_code == 0


def test_a_dead_link_and_a_page_without_a_place_are_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test that there are none could not fail."""
    pages = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", pages, ignore=shutil.ignore_patterns("*.md", "__pycache__"))
    (pages / "index.md").write_text(
        "# Invented\n\n[file](nowhere.md) [heading](one.md#none) [right](one.md#one)\n", "utf-8"
    )
    (pages / "one.md").write_text("# One\n", "utf-8")
    (pages / "two.md").write_text("# Two\n", "utf-8")
    code = (
        "from pathlib import Path; import docs.site as s; s.HERE = Path('docs').resolve();"
        "s.NAVIGATION = (('A', ('one',)),); print(*s.build_site(Path('out')), sep='\\n')"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    faults = run.stdout.splitlines()
    assert len(faults) == 3, faults
    assert [any(word in fault for fault in faults) for word in ("nowhere.md", "'none'", "two.md")] == [True] * 3


async def nothing(scope: Message, receive: Any, send: Any) -> None:
    """Stands for the dashboards."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"dashboards"})


class Asked:
    """What a server with the documentation answers."""

    def __init__(self, home: Path, environment: dict[str, str], path: str, method: str = "GET", base: str = "") -> None:
        server = from_environment({"STRA_HOME": str(home), **environment}, "127.0.0.1")
        gate = Gate(Documentation(nothing, base), lambda: server, base)
        self.sent: list[Message] = []

        async def send(message: Message) -> None:
            self.sent.append(message)

        async def receive() -> Message:
            return {"type": "http.disconnect"}

        scope = {
            "type": "http", "path": path, "method": method, "client": ("127.0.0.1", 5), "scheme": "http",
            "headers": [(b"host", b"127.0.0.1:8501")], "query_string": b"",
        }  # fmt: skip
        asyncio.run(gate(scope, receive, send))
        self.status = int(self.sent[0]["status"])
        self.headers = {k.decode(): v.decode() for k, v in self.sent[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in self.sent[1:])


SIGN_IN = {"STRA_IDENTITY": "header", "STRA_PROXY_SECRET": "an invented secret of forty characters.."}


class TestServed:
    @pytest.fixture(autouse=True)
    def built(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        async def built() -> dict[str, bytes]:
            return site.files

        monkeypatch.setattr(documentation, "build", built)

    @pytest.mark.parametrize("environment", [{}, SIGN_IN], ids=["demonstration", "nobody signed in"])
    @pytest.mark.parametrize("path", ["/docs/", "/docs/index.html", "/docs/architecture.html", "/docs/search.html"])
    def test_every_visitor_may_read_it(self, path: str, environment: dict[str, str], tmp_path: Path) -> None:
        asked = Asked(tmp_path, environment, path)
        assert (asked.status, asked.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert asked.headers["content-security-policy"] == DOCUMENTATION_POLICY.format(ancestors="'none'")
        assert asked.headers["cache-control"] == "no-store"
        assert b"<title>" in asked.body

    def test_its_files_have_their_kind_and_may_be_kept(self, site: Site, tmp_path: Path) -> None:
        kinds = {"css": "text/css", "js": "text/javascript", "png": "image/png"}
        for name in ("_static/site.css", "_static/searchtools.js", "_images/screenshot.png"):
            asked = Asked(tmp_path, {}, f"/docs/{name}")
            assert (asked.status, asked.body) == (200, site.files[name])
            assert asked.headers["content-type"].startswith(kinds[name.rsplit(".", 1)[1]])
            assert asked.headers["cache-control"] == "max-age=3600"

    def test_the_policy_runs_no_script_of_a_page(self) -> None:
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in DOCUMENTATION_POLICY
        assert "unsafe-eval" not in DOCUMENTATION_POLICY

    @pytest.mark.parametrize(
        "path",
        ["/docs/none.html", "/docs//etc/passwd", "/docs/site.py", "/docs/index.md", "/docs/_static/", "/docs/../x",
         "/docs/_static/..%2f..%2fREADME.md"],
    )  # fmt: skip
    def test_there_is_nothing_else(self, path: str, tmp_path: Path) -> None:
        assert Asked(tmp_path, {}, path).status == 404

    @pytest.mark.parametrize("path", ["/", "/docsx", "/documents", "/fix_list"])
    def test_what_is_not_below_its_address_goes_to_the_dashboards(self, path: str, tmp_path: Path) -> None:
        assert (asked := Asked(tmp_path, {}, path)).status == 299, asked.body

    def test_the_address_without_a_stroke_leads_to_the_one_with_it(self, tmp_path: Path) -> None:
        assert Asked(tmp_path, {}, "/docs").headers["location"] == "/docs/"
        assert Asked(tmp_path, {}, "/stra/docs", base="stra").headers["location"] == "/stra/docs/"
        assert Asked(tmp_path, {}, "/stra/docs/", base="stra").status == 200

    def test_it_is_only_read(self, tmp_path: Path) -> None:
        assert Asked(tmp_path, {}, "/docs/", "POST").status == 405
        assert Asked(tmp_path, {}, "/docs/", "HEAD").status == 200

    def test_a_site_that_cannot_be_built_is_said_and_tried_again(
        self, site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        async def failing() -> dict[str, bytes]:
            raise RuntimeError("invented")

        with monkeypatch.context() as patched:
            patched.setattr(documentation, "build", failing)
            asked = Asked(tmp_path, {}, "/docs/")
        assert asked.status == 503
        assert b"invented" not in asked.body
        assert Asked(tmp_path, {}, "/docs/").status == 200


@pytest.mark.browser
def test_a_visitor_finds_a_page_by_a_word(browser: Browser, tmp_path: Path) -> None:
    """From the link of a dashboard to a found page, in a browser: nothing fails, nothing is fetched from elsewhere, and
    no page breaks the accessibility rules."""
    with serving(tmp_path) as address:
        context = browser.new_context()
        page = context.new_page()
        faults: list[str] = []
        context.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
        context.on("request", lambda r: faults.append(r.url) if not r.url.startswith((address, "data:")) else None)
        page.goto(address)
        with context.expect_page() as opened:
            page.get_by_role("link", name="Documentation").click()
        faults.clear()  # what the dashboards say without a home is theirs
        docs = opened.value
        docs.wait_for_load_state("networkidle")
        assert docs.url == f"{address}/docs/"
        for width in (1280, 390):
            for name in ("index", "architecture", "access-and-audit-trail", "performance", "search"):
                docs.set_viewport_size({"width": width, "height": 800})
                docs.goto(f"{address}/docs/{name}.html")
                found = docs.evaluate(f"{AXE}; axe.run({{runOnly: {WCAG}}})")["violations"]
                assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], (name, width)
                assert docs.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        docs.set_viewport_size({"width": 1280, "height": 800})
        docs.goto(f"{address}/docs/")
        docs.get_by_role("textbox", name="Search").fill("retention")
        docs.keyboard.press("Enter")
        docs.get_by_role("link", name="Access and audit trail").last.click()
        assert "retention_classes" in docs.inner_text("article")
        context.close()
        assert faults == []
