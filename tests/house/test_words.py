"""The words of the house (docs/naming.md): banned words, percentages, names of modules, size of folders.

Banned words are in pyproject.toml, [tool.stra.words]. They are searched in what people read: comments, docstrings and
texts of code, comments and texts of SQL, cards, lists, documents. Of names in code, those of functions are read. A room
that is not yet rewritten has a ceiling, which may only fall: a room without findings leaves the list.
"""

import ast
import csv
import doctest
import importlib
import io
import re
import subprocess
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "pyproject.toml").exists())
WORDS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["stra"]["words"]
BANNED: dict[str, str] = WORDS["banned"]  # pattern -> what to write instead
CEILINGS: dict[str, int] = WORDS["ceilings"]  # room -> the most findings that it may have
SPARED: dict[str, str] = WORDS["spared"]  # files that quote other people's words -> why
QUOTED: list[str] = WORDS["quoted"]  # phrases with a banned word in its ordinary sense
ING: dict[str, str] = WORDS["ing"]  # modules whose name may end in -ing -> why
CROWDED: dict[str, str] = WORDS["crowded"]  # folders that may hold more than MOST_FILES -> why
ROOMS = (
    "README.md", "docs", "assets", "benchmarks", "casework", "dashboards", "expectations", "pipelines", "sample",
    "stra", "tests",
)  # fmt: skip
PRODUCT = ("assets", "casework", "dashboards", "expectations", "pipelines", "stra")
MOST_FILES = 60
# what a module of dashboards/pages is, by the last word of its name
ROLES = {
    "chart", "charts", "data", "figures", "files", "form", "head", "page", "preview", "records", "section",
    "sections", "text", "worksheet",
}  # fmt: skip
# modules of dashboards/pages that say their subject only
SUBJECTS = {"compliance", "street_outcomes"}

_BANNED = re.compile("|".join(rf"(\b(?:{pattern})\b)" for pattern in BANNED), re.IGNORECASE)
# the same across the marks between two lines: a file without it is not parsed
_SUSPECT = re.compile("|".join(pattern.replace(r"\s+", r"\W+") for pattern in BANNED), re.IGNORECASE)
_QUOTED = re.compile("|".join(rf"\b{re.escape(phrase)}\b" for phrase in QUOTED), re.IGNORECASE)
_CODE = re.compile(r"`[^`\n]+`")
_SQL_TEXT = re.compile(r"--(?P<comment>.*)|'(?P<text>(?:[^']|'')*)'")
_PUBLISHED = re.compile(r"(arrivals|case_days|\{\}) ([+-]|\{\})20 %")  # codes of choices, published as they are
_WORD = re.compile(r"\S*[a-zA-Z]{2}\S*")
_QUERY = re.compile(r"\s*(select|with|insert|update|delete)\b")
_PERCENT = re.compile(r"[\d}](?: |\u00a0|\u202f)%(?! ?[\d({])")  # SQL's remainder has a number behind it


class Finding(NamedTuple):
    """A banned word in a text."""

    file: str
    line: int
    word: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: “{self.word}”; write: {self.instead}"


@cache
def tracked() -> tuple[str, ...]:
    """Every file of the repository, new ones included, in order."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(sorted({name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()}))


def is_below(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}/")


def texts_of_python(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each docstring, string and block of comments. The values of an f-string are {}."""
    tree = ast.parse(source)
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            said = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            yield node.lineno, "".join(map(str, said))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.lineno, node.value
    block: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            if block and token.start[0] != last + 1:
                yield last - len(block) + 1, "\n".join(block)
                block = []
            block.append(token.string.lstrip("# "))
            last = token.start[0]
    if block:
        yield last - len(block) + 1, "\n".join(block)


def texts_of_sql(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of the comments, those of consecutive lines as one, and of each literal."""
    block: list[str] = []
    for number, line in enumerate([*source.splitlines(), ""], 1):
        if line.lstrip().startswith("--"):
            block.append(line.lstrip("- "))
            continue
        if block:
            yield number - len(block), "\n".join(block)
            block = []
        for found in _SQL_TEXT.finditer(line):
            yield number, found["comment"] or found["text"] or ""


def texts_of_csv(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of each value."""
    rows = csv.reader(io.StringIO(source))
    for row in rows:
        yield from ((rows.line_num, value) for value in row)


def texts_of(name: str, source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of what people read in a file. A text without a space is a name, not a sentence."""
    kind = PurePosixPath(name).suffix
    if kind == ".py":
        texts = texts_of_python(source)
    elif kind == ".sql":
        texts = texts_of_sql(source)
    elif kind == ".csv":
        texts = texts_of_csv(source)
    else:
        texts = iter([(1, source)])
    return ((line, text) for line, text in texts if " " in text.strip())


def without_quotes(text: str) -> str:
    """The text with code and quoted phrases blanked, so that lines and places stay."""
    for pattern in (_CODE, _QUOTED):
        text = pattern.sub(lambda found: re.sub(r"\S", "_", found[0]), text)
    return text


def findings_in(name: str, source: str) -> Iterator[Finding]:
    for line, text in texts_of(name, source):
        plain = without_quotes(re.sub(r"(?<=\w)\n\s*(?=\w)", lambda gap: f" \n{gap[0][1:]}", text))
        for found in _BANNED.finditer(re.sub(r" ?\n *", "\n", plain).replace("\n", " \n")):
            assert found.lastindex is not None
            instead = list(BANNED.values())[found.lastindex - 1]
            yield Finding(name, line + found.string.count("\n", 0, found.start()), " ".join(found[0].split()), instead)


def spaced_percentages(name: str, source: str) -> list[str]:
    if not _PERCENT.search(source):
        return []
    return [
        f"{name}:{line + text.count(chr(10), 0, found.start())}: write 83% without a space"
        for line, text in texts_of(name, source)
        for found in _PERCENT.finditer(_PUBLISHED.sub("", text))
    ]


def is_read(name: str) -> bool:
    return (
        PurePosixPath(name).suffix in {".py", ".sql", ".toml", ".csv", ".md"}
        and any(is_below(name, room) for room in ROOMS)
        and not any(is_below(name, spared) for spared in SPARED)
    )


@cache
def findings() -> tuple[Finding, ...]:
    found: list[Finding] = []
    for name in filter(is_read, tracked()):
        source = (ROOT / name).read_text("utf-8")
        if _SUSPECT.search(source):
            found += findings_in(name, source)
    return tuple(found)


def room_of(name: str) -> str:
    """The narrowest room with a ceiling that the file is in; empty where there is none."""
    return max((room for room in CEILINGS if is_below(name, room)), key=len, default="")


def shown(found: list[Finding]) -> str:
    return "\n" + "\n".join(map(str, found[:40])) + ("\n..." if len(found) > 40 else "")


def test_no_rewritten_room_has_a_banned_word() -> None:
    found = [one for one in findings() if not room_of(one.file)]
    assert not found, shown(found)


@pytest.mark.parametrize("room", CEILINGS)
def test_a_room_to_be_rewritten_has_no_more_banned_words_than_before(room: str) -> None:
    found = [one for one in findings() if room_of(one.file) == room]
    assert found, f"{room} is rewritten: take it out of the ceilings"
    assert len(found) <= CEILINGS[room], f"{len(found)} instead of {CEILINGS[room]} at most{shown(found)}"


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("a.py", '"""What is told\nof a table."""', [(1, "told")]),
        ("a.py", "x = 1\n# it is held\n# against the list\n", [(2, "held against")]),
        ("a.py", 'raise ValueError(f"{1} tells\\n of {2}")', [(1, "tells")]),
        ("a.py", 'told = row["told"]  # a name\n', []),
        ("a.py", '"""Nobody is `told` of it."""', []),
        ("a.sql", "-- what is\n-- so\n-- many\nselect 'a nought' as told\n", [(2, "so many"), (4, "nought")]),
        ("a.csv", "told,note\n1,begun anew\n", [(2, "anew")]),
        ("a.toml", '# whoever\nnote = "a deed"', [(1, "whoever"), (2, "deed")]),
        ("a.md", "It stands there.\n\nIt lies here; `lies` is quoted.\n", [(1, "stands"), (3, "lies")]),
    ],
)
def test_banned_words_are_found_where_people_read_them(
    name: str, source: str, expected: list[tuple[int, str]]
) -> None:
    assert [(one.line, one.word) for one in findings_in(name, source)] == expected


def test_spared_files_and_quoted_phrases_are_in_use() -> None:
    names = tracked()
    assert not [spared for spared in SPARED if not any(is_below(name, spared) for name in names)]
    texts = {name: (ROOT / name).read_text("utf-8").lower() for name in names if is_read(name)}
    unused = [phrase for phrase in QUOTED if not any(phrase.lower() in " ".join(t.split()) for t in texts.values())]
    assert not unused, f"no file has these phrases any more: {unused}"


def test_a_percentage_has_no_space() -> None:
    found: list[str] = []
    for name in filter(is_read, tracked()):
        if not is_below(name, "tests"):
            found += spaced_percentages(name, (ROOT / name).read_text("utf-8"))
    assert not found, "\n".join(found)
    assert spaced_percentages("a.py", '"""The\n95 % interval."""') == ["a.py:2: write 83% without a space"]
    assert not spaced_percentages("a.sql", "select n % 5, 'hash(7) % 12'")


def asserted_sentences(source: str) -> Iterator[tuple[str, int]]:
    """(sentence, line) of six words or more that an assertion compares, not its own message, or an error must match."""
    nodes = list(ast.walk(ast.parse(source)))
    compared = [node.test for node in nodes if isinstance(node, ast.Assert)]
    compared += [node.value for node in nodes if isinstance(node, ast.keyword) and node.arg == "match"]
    for part in (part for one in compared for part in ast.walk(one) if isinstance(part, ast.Constant)):
        words = _WORD.findall(str(part.value))
        if len(words) >= 6 and not _QUERY.match(str(part.value)):
            yield " ".join(words), part.lineno


def test_a_sentence_is_held_by_one_assertion() -> None:
    """So that a change of wording breaks one test: any other asserts a figure, a code or a few words of it."""
    found: list[tuple[str, str]] = []
    for name in tracked():
        if is_below(name, "tests") and name.endswith(".py"):
            held = asserted_sentences((ROOT / name).read_text("utf-8"))
            found += [(sentence, f"{name}:{line}") for sentence, line in held]
    found.sort(key=lambda one: len(one[0]))
    pairs = ((one, other) for number, one in enumerate(found, 1) for other in found[number:] if one[0] in other[0])
    assert not (twice := [f"{one[1]}, {other[1]}: “{one[0]}”" for one, other in pairs]), "\n".join(twice)
    example = 'assert con.sql("select one from two where three") == "It has 1 two three four 5 six", "its message"'
    assert list(asserted_sentences(example)) == [("It has two three four six", 1)]


def test_a_function_names_what_it_does_and_to_what() -> None:
    """`read_rows`, not `read`: a method has its object in its class."""
    vague = {"held", "told", "said", "read", "show", "of"}
    found = [
        f"{name}: {node.name}"
        for name in tracked()
        if name.endswith(".py") and name.split("/")[0] in (*PRODUCT, "sample")
        for node in ast.parse((ROOT / name).read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.strip("_") in vague
    ]
    assert found == []


def test_a_module_is_a_noun() -> None:
    modules = {PurePosixPath(name).with_suffix("").as_posix() for name in tracked() if name.endswith(".py")}
    named = {module for module in modules if module.endswith("ing")}
    assert not named - set(ING), f"a module is a noun that says what it holds: {sorted(named - set(ING))}"
    assert not set(ING) - named, f"gone: take them off the list: {sorted(set(ING) - named)}"


def test_a_module_of_a_page_says_its_role() -> None:
    modules = {
        PurePosixPath(name).stem for name in tracked() if name.startswith("dashboards/pages/") and name.endswith(".py")
    } - {"__init__"}
    strange = {module for module in modules if module.split("_")[-1] not in ROLES} - SUBJECTS
    assert not strange, f"expected the last word out of {sorted(ROLES)}: {sorted(strange)}"
    assert modules >= SUBJECTS, f"gone: take them off the list: {sorted(SUBJECTS - modules)}"
    used = {module.split("_")[-1] for module in modules}
    assert used >= ROLES, f"no module has these roles any more: {sorted(ROLES - used)}"


def test_no_folder_is_crowded() -> None:
    sizes = Counter(PurePosixPath(name).parent.as_posix() for name in tracked())
    crowded = {folder for folder, size in sizes.items() if size > MOST_FILES}
    wrong = {folder: sizes[folder] for folder in crowded if not any(is_below(folder, spared) for spared in CROWDED)}
    assert not wrong, f"more than {MOST_FILES} files: {wrong}"
    free = [spared for spared in CROWDED if not any(is_below(folder, spared) for folder in crowded)]
    assert not free, f"no longer crowded: take them off the list: {free}"


def test_the_examples_of_methods_are_true() -> None:
    examples = 0
    for name in tracked():
        if is_below(name, "assets/methods") and ">>>" in (ROOT / name).read_text("utf-8"):
            module = importlib.import_module(name.removesuffix(".py").replace("/", "."))
            outcome = doctest.testmod(module)
            assert not outcome.failed, name
            examples += outcome.attempted
    assert examples >= 10, "the methods have examples"
