"""Every authority leads to a paragraph of docs/standards.md or docs/assessment-method.md, and that to its source.

An authority is what a rule, a reference table, code or a page names: "recording-standards 6.3, CLS-16", "settled
points, SPC", "PHA 1997 s.2A(3)". Its anchor is in the document; a source is in the document's list of sources.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from expectations import RULES

ROOT = next(folder for folder in Path(__file__).resolve().parents if (folder / "pyproject.toml").exists())
STANDARDS, METHOD = ROOT / "docs" / "standards.md", ROOT / "docs" / "assessment-method.md"
DOCUMENTS = {"recording-standards": STANDARDS, "strategic-assessment": METHOD}  # as code cites them
ROOMS = ("assets", "expectations", "dashboards", "pipelines", "casework", "sample", "stra", "tests", "benchmarks")
TEXT = {".py", ".sql", ".toml", ".csv", ".md", ".html", ".css", ".js"}
SEVERITY = {"error": "Error", "warn": "Warning", "info": "Information"}
OURS = "no national source"

ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
RULE_CODE = re.compile(r"\b(?:DEL|STR|TIM|CLS|OUT|VIC|RSK|NOT|INV|ORD|FIL|AUD|PUB)-\d\d(?:-[A-Z]{4,5})?\b")
NAMED = re.compile(r"\b(recording[- ]standards|strategic-assessment|settled points)\b,?", re.IGNORECASE)
SETTLED = re.compile(r" ?([a-z-]+(?: [a-z]+)*)", re.IGNORECASE)
# between two points of one citation; a colon goes on only before a code, so that "5.3: two years" ends with 5.3
GAP = re.compile(r"\s*(?:[,;(]|\)[,;]?|:(?= [A-Z]{1,3}-?\d)|to\b|and\b|or\b)?\s*(?:and\b|section\b)?\s*")
POINT = re.compile(
    r"(?P<section>[1-9](?:\.\d{1,2})*)(?![\w/]|\.\d)|(?P<code>[A-Z]{3}-\d\d(?:-[A-Z]{4,5})?)\b"
    r"|(?P<item>[A-Z]\d{1,2}[a-z]?|FOUR)\b|steps? (?P<step>\d)\b(?P<more> and \d\b)?|(?P<short>\d\d)\b(?![.%])"
)


def points_of(text: str) -> list[str]:
    """Anchors that the words after a document's name lead to: `6.4: OUT-02 to 04` gives 6.4, OUT-02, OUT-03, OUT-04."""
    found: list[str] = []
    place, section, code, is_range = 0, "", "", False
    while place < len(text):
        gap = GAP.match(text, place)
        assert gap is not None
        point = POINT.match(text, gap.end())
        if point is None or (found and not gap[0].strip() and not point["step"]):
            break
        is_range = gap[0].strip() == "to"
        place = point.end()
        if point["step"]:
            found += [f"{section}-step-{number}" for number in re.findall(r"\d", point[0])]
        elif point["short"]:
            if not code:
                break
            group, first = code.split("-")[:2]
            numbers = range(int(first) + 1, int(point["short"]) + 1) if is_range else [int(point["short"])]
            found += [f"{group}-{number:02}" for number in numbers]
            code = found[-1]
        else:
            section, code = point["section"] or section, point["code"] or code
            found.append(point[0])
    return found


def citations(text: str) -> Iterator[tuple[Path, str, str]]:
    """(document, anchor, words) of every citation in running text. A bare name has an empty anchor."""
    for name in NAMED.finditer(text):
        after, words = text[name.end() : name.end() + 160], text[name.start() : name.end() + 60]
        if name[1].lower() == "settled points":
            subject = SETTLED.match(after) if name[0].endswith(",") else None
            yield STANDARDS, f"settled-{subject[1].lower().replace(' ', '-')}" if subject else "settled", words
            continue
        points = points_of(after)
        document = DOCUMENTS[name[1].lower().replace(" ", "-")]
        if not points and "-" in name[1]:
            yield document, "", words
        for point in points:
            yield STANDARDS if RULE_CODE.fullmatch(point) else document, point, words


@cache
def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@cache
def anchors(document: Path) -> frozenset[str]:
    return frozenset(ANCHOR.findall(text_of(document)))


@cache
def sources() -> dict[str, str]:
    """Words by which a source is cited -> its anchor in the list of sources, section 9."""
    found: dict[str, str] = {}
    for line in text_of(STANDARDS).splitlines():
        if (mark := re.match(r'\| <a id="(source-[^"]+)"></a>', line)) is not None:
            title, year, address, cited_as = (cell.strip() for cell in line.strip("|").split("|"))
            assert title and year and address and cited_as, line
            found |= {words.strip(): mark[1] for words in cited_as.split(";")}
    return found


def sources_named(authority: str) -> set[str]:
    """The sources that an authority names. The longest words go first, so that no part of a name is a second name."""
    found = set()
    for words in sorted(sources(), key=len, reverse=True):
        named = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
        if named.search(authority):
            authority = named.sub("", authority)
            found.add(sources()[words])
    return found


@cache
def paragraph(code: str) -> str:
    """From the anchor of a rule to the next anchor."""
    found = re.search(rf'<a id="{re.escape(code)}"></a>\n(.*?)(?=\n<a id=|\Z)', text_of(STANDARDS), re.DOTALL)
    assert found is not None, f"{code} has no paragraph in docs/standards.md"
    return found[1]


def written() -> Iterator[tuple[str, str]]:
    """(place, text) of everything that may cite, with comments and strings over several lines as running text."""
    folders = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*")) if path.suffix in TEXT]
    for path in [ROOT / "README.md", *folders]:
        if path == Path(__file__):
            continue
        place, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                yield from ((place, cell) for row in csv.reader(file) for cell in row)
        else:
            yield place, re.sub(r"[\"']?\n\s*(?:--|#|[\"'])?[ \t]*", " ", text)


def reference_authorities() -> Iterator[tuple[str, str]]:
    """(place, value) of the columns `authority` and `source` of the reference tables.

    A `source` that is the name of a table of ours says which data a row is about: it is no authority. A row with an
    `address` and a day says itself where it was read.
    """
    ours = {path.stem for path in (ROOT / "assets").rglob("*.*")}
    for path in sorted((ROOT / "assets" / "reference").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                for column in ("authority", "source"):
                    value = row.get(column)
                    if value is not None and "address" not in row and not (column == "source" and value in ours):
                        yield f"{path.name}:{number} {column}", value


@cache
def setting_authorities() -> dict[str, str]:
    [path] = (ROOT / "assets" / "reference").rglob("settings.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["authority"] for row in csv.DictReader(file)}


def unmet(text: str) -> list[str]:
    """Citations of the text that lead nowhere."""
    return [
        f"{anchor or 'no paragraph'} ({words!r})"
        for document, anchor, words in citations(text)
        if anchor not in anchors(document)
    ]


def leads_somewhere(authority: str) -> bool:
    """It cites a paragraph, names a source, or is the setting whose authority it shares."""
    if authority in setting_authorities():
        return leads_somewhere(setting_authorities()[authority])
    cited = [anchor for _, anchor, _ in citations(authority)]
    return any(cited) or bool(sources_named(authority))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        (" 6.0.11, CLS-03", ["6.0.11", "CLS-03"]),
        (" 6.4: OUT-02 to 05, 09 to 11). with", ["6.4", *(f"OUT-{n:02}" for n in (2, 3, 4, 5, 9, 10, 11))]),
        (" 6.1 (STR-07, STR-15) and 6.2 (TIM-05).", ["6.1", "STR-07", "STR-15", "6.2", "TIM-05"]),
        (" 5.3, steps 5 and 7: who", ["5.3", "5.3-step-5", "5.3-step-7"]),
        (" 5.3, step 5; AUD-03", ["5.3", "5.3-step-5", "AUD-03"]),
        (" 1.4 (R20, R23); settled points", ["1.4", "R20", "R23"]),
        (" 4.1: 2011 codes to June 2023", ["4.1"]),
        (" 5.3: two to three years", ["5.3"]),
        (" 1, R4 and M6", ["1", "R4", "M6"]),
        (" 4.4, L3; PHA 1997", ["4.4", "L3"]),
        (" 3.1, 1A; 3.3", ["3.1"]),
        (" AUD-03-RATER; our own", ["AUD-03-RATER"]),
        (" of old", []),
    ],
)
def test_a_citation_is_read(text: str, points: list[str]) -> None:
    assert points_of(text) == points


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=lambda path: path.name)
def test_anchors_are_unique_and_links_lead_to_them(document: Path) -> None:
    found = ANCHOR.findall(text_of(document))
    assert sorted(found) == sorted(set(found))
    for file, anchor in re.findall(r"\]\(([\w-]+\.md)?#([^)]+)\)", text_of(document)):
        target = document.parent / file if file else document
        assert anchor in anchors(target), f"{document.name} links to {file}#{anchor}"


def test_every_citation_leads_to_a_paragraph() -> None:
    found = [(place, text) for place, text in written() if NAMED.search(text)]
    assert sum(len(list(citations(text))) for _, text in found) > 700  # the text was read
    assert [f"{place}: {fault}" for place, text in found for fault in unmet(text)] == []


def test_every_rule_code_in_the_product_has_a_paragraph() -> None:
    # tests and the invented force number things of their own like rules
    codes = {
        c for place, text in written() if not place.startswith(("tests/", "sample/")) for c in RULE_CODE.findall(text)
    }
    assert {rule.code for rule in RULES} <= codes
    assert codes - anchors(STANDARDS) == set()


def test_every_authority_of_a_reference_table_leads_somewhere() -> None:
    found = list(reference_authorities())
    assert len(found) > 900
    assert [f"{place}: {value}" for place, value in found if unmet(value) or not leads_somewhere(value)] == []


@pytest.mark.parametrize("code", sorted({rule.code for rule in RULES}))
def test_a_rule_is_described_as_it_is_run_and_names_its_source(code: str) -> None:
    rules = [rule for rule in RULES if rule.code == code]
    words = paragraph(code)
    [last] = [line for line in words.splitlines() if line.startswith("**")]
    assert set(re.findall(r"\*\*(\w+)\*\*", last)) == {SEVERITY[rule.severity] for rule in rules}
    assert (", at once" in last) == any(rule.escalate for rule in rules)
    bounds = {day for rule in rules for day in (rule.valid_from, rule.valid_to) if day is not None}
    assert set(re.findall(r"\d{1,2} \w{3} \d{4}", last.partition("Source")[0])) >= {_day(day) for day in bounds}
    assert ("recorded from" in last) == bool(bounds)
    linked = {anchor for anchor in re.findall(r"\]\(#([^)]+)\)", last) if anchor.startswith("source-")}
    assert bool(linked) != (OURS in last), "a national source, or the words that there is none"
    named = [sources_named(rule.authority) for rule in rules]
    assert set().union(*named) == linked, "the authority names the sources of the paragraph"
    for rule, sources_of_rule in zip(rules, named, strict=True):
        assert bool(sources_of_rule) != (OURS in rule.authority)
        assert unmet(rule.authority) == []
        assert [point for _, point, _ in citations(rule.authority)], "it cites a paragraph"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
