"""No pattern of Python's own engine takes more than the length of a text, whatever is in the text."""

import gc
import re
import time
from collections.abc import Iterator
from pathlib import Path

import patterns
import pytest
from patterns import Site, attacks, sites
from trials import count

from assets.raw import sources
from assets.readers.archive import MAX_NAME
from assets.readers.extract.mapping import _accepted
from assets.readers.extract.values import code_sets
from assets.readers.published.table import Layout
from assets.readers.source import _PART_MARK
from expectations.data_docs import without_external_requests, without_site_links
from pipelines.fetching.checks import LONGEST_LINK
from pipelines.mapping.values import outcome_of

# characters: from few on, since a pattern that doubles is found at 26; the last finds one that grows slowly
LENGTHS = (20, 26, 32, 250, 1_000, 5_000, 50_000, *([1_000_000] if count(0, 1) else []))
SECONDS = 0.06  # of processor time, up to 5,000 characters; a linear one takes about a thousandth
SECONDS_OF_LONG = 6e-6  # for each character of longer texts: one that grows with the square takes more
OWN_TEXT = {  # patterns that meet no data: a setting of the operator
    "pipelines/engines/masters.py _shown": "the address of a Spark master, which the operator gives",
}


def _layouts() -> list[Layout]:
    sources()
    return [each for each in gc.get_objects() if issubclass(type(each), Layout)]  # a dead proxy has no other class


def _made() -> dict[str, list[str]]:
    """Patterns that are made when the product runs: where, and all or the longest of them."""
    layouts = _layouts()
    refs = [re.escape("abc-1"), re.escape("a" * 40)]
    kinds = ["outcome", "class", "bool", "text", *(f"set:{name}" for name in code_sets())]
    return {
        "assets/raw/beside_extract/cambridge_harm_index.py _candidates": [
            r"(offence )?title|offence", r"(days|cchi|score).*", "ho code"],
        "assets/readers/extract/mapping.py _codes": [_accepted(kind)[0] for kind in kinds],
        "assets/readers/published/table.py year_ending": ["year ending (March|June) (20[0-9]{2}|[0-9]{2})"],
        "assets/readers/published/table.py _find_header": [
            *(each.title for each in layouts), *(pattern for each in layouts for pattern in each.keys.values())],
        "assets/readers/published/unpivot.py _value_columns": [each.unpivoted for each in layouts],
        "assets/readers/published/unpivot.py _fault": [
            pattern for each in layouts for pattern, _ in each.checks.values()],
        "assets/readers/source.py is_part_name": ["crime" + _PART_MARK],
        "casework/audit/panels.py _names_one_of": [rf"(?<!\w){ref}(?!\w)" for ref in refs],
        "dashboards/documents/digest/digest_text.py as_markdown": [
            rf"({re.escape('https://stra.force.invented')}/[^\s()\[\]]+)", "((?!))"],
        "dashboards/text/recording/standards_text.py settings_of": [r"\bREC\-01\b(?!-)"],
        "pipelines/fetching/checks.py links_on_page": [
            each.download.link_pattern for each in sources().values()
            if each.download is not None and each.download.link_pattern],
        "pipelines/mapping/blocks.py with_section": [rf"^{re.escape('[extract]')}.*$"],
        "pipelines/people/subject_access.py _bound": [r"\$people\b", r"\$crimes\b"],
    }  # fmt: skip


def _whole() -> Iterator[Site]:
    """Every site with its pattern; one that is made when the product runs stands in the list above."""
    made = _made()
    found = sites()
    assert {site.place for site in found if site.pattern is None} == made.keys(), "list what it may become"
    assert OWN_TEXT.keys() <= {site.place for site in found}
    yield from (site for site in found if site.pattern is not None and site.place not in OWN_TEXT)
    for place, each in made.items():
        assert each, place
        is_anywhere = any(site.is_anywhere for site in found if site.place == place)
        flags = max(site.flags for site in found if site.place == place)
        yield from (Site(place, "", pattern, flags, is_anywhere) for pattern in dict.fromkeys(each))


def grows(site: Site) -> str:
    """The shortest text that takes too long, in words; '' where none does."""
    assert site.pattern is not None
    compiled = re.compile(site.pattern, site.flags)
    longest = LONGEST_LINK if "links_on_page" in site.place else MAX_NAME if "/!]" in str(site.pattern) else LENGTHS[-1]
    for length in (length for length in LENGTHS if length <= longest):
        for text in attacks(site.pattern, site.flags, length):
            began = time.thread_time()
            if site.is_anywhere:
                for _ in compiled.finditer(text):  # type: ignore[arg-type]
                    pass
            else:
                compiled.match(text)  # type: ignore[arg-type]
                compiled.fullmatch(text)  # type: ignore[arg-type]
            if (took := time.thread_time() - began) > max(SECONDS, SECONDS_OF_LONG * length * (length > 5_000)):
                return f"{site.place}: {site.pattern!r} takes {took:.2f} s for {length} characters {text[:40]!r}"
    return ""


def test_no_pattern_that_meets_data_grows_faster_than_the_text() -> None:
    found = list(dict.fromkeys(_whole()))
    assert len(found) > 200
    assert [said for site in found if (said := grows(site))] == []


@pytest.mark.parametrize(("pattern", "is_anywhere"), [
    (r"(a+)+b", False), (r"\s*\w*\s*\w*\s*!", True), (r"-+x", True), (r"<[^>]+>", True),
    (r"(.*)[ T]+0:00", False), (rb"<title[^>]*>\s*(.*?)\s*</title", True), (r"\[+([^\]]+)\]", False),
    (r"(x+x+)+y", False),
])  # fmt: skip
def test_a_pattern_that_grows_is_found(
    pattern: str | bytes, is_anywhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = re.DOTALL if isinstance(pattern, bytes) else 0
    monkeypatch.setitem(globals(), "SECONDS", 0.05)
    monkeypatch.setitem(globals(), "LENGTHS", (20, 26, 32, 250, 1_000, 5_000, 20_000))
    assert grows(Site("here", "", pattern, flags, is_anywhere))


def test_a_new_pattern_in_a_module_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "ROOT", tmp_path)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "new.py").write_text(
        "import re\nNEW = re.compile(r'(a+)+b', re.I)\ndef f(x):\n    return re.sub('[0-9]+$', '', x), NEW.match(x)\n"
    )
    assert [(s.place, s.pattern, s.flags, s.is_anywhere) for s in sites()] == [
        ("assets/new.py NEW", "(a+)+b", int(re.I), False), ("assets/new.py f", "[0-9]+$", 0, True),
    ]  # fmt: skip


def test_an_outcome_of_blanks_is_read_at_once() -> None:
    """250 line ends took 20 seconds of the pattern, which met values of a force's own column."""
    began = time.thread_time()
    assert outcome_of("\x1c" * 4_000 + "outcome") is None
    assert outcome_of("Outcome  type:\n16 - evidential difficulties") in (None, "16")
    assert (outcome_of("Outcome 16"), outcome_of("no. 1A")) == ("16", "1A")
    assert time.thread_time() - began < 1


def test_tags_of_other_hosts_are_taken_out_of_a_page_of_many_open_tags() -> None:
    page = '<link rel="x" href="//a.invalid/x.css"><img src="http://a.invalid/1.png"><img src="here.png"></head>'
    left = without_external_requests(page + '<script src="https://a.invalid/x.js"></script>@import url(//a.invalid);')
    assert "a.invalid" not in left
    assert "here.png" in left
    assert without_site_links('<link href="../../static/x.css"><link href="x.css">') == '<link href="x.css">'
    began = time.thread_time()
    without_external_requests("<link href=//" * 20_000)
    assert time.thread_time() - began < 2
