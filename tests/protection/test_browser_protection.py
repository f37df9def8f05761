"""The page on the protection of victims: what it says for given rows, and that nobody is on it."""

from __future__ import annotations

import re
from pathlib import Path

import invented_protection as protection
import pytest
from dashboard_browser import Visit, serving
from page_read import Reader
from published_home import build_home, publish, tables

from dashboards.pages.protection.protection_text import SECTIONS

pytestmark = pytest.mark.browser
AUDIENCE = "command"
PAGE = "are_victims_protected"
PARTS = [*SECTIONS.values(), "Later events"]
FEW = "fewer than 5"


def test_the_page_answers_first_and_every_section_states_a_finding(read: Reader) -> None:
    page = read(PAGE)
    assert "(60.0%" in page.answer and "13 of 14 measures" in page.answer
    assert [heading for heading in page.headings if heading in PARTS] == PARTS
    for words in (
        "8 leading duties, lowest first", "Of 200 stalking protection orders considered, 80 were applied for, 50",
        "files of 200 charged crimes: timeline of the behaviour in MG5 (30)", "within 30 days\" (11.1% of 900)",
    ):  # fmt: skip
        assert any(words in heading for heading in page.headings), words
    assert page.lacks("(field risk_plan.victim_consulted not supplied)", "not duties of the police alone") == []
    assert not re.search(r"\bRAG\b|per cent (more|less)|[+−-]\d+(\.\d+)? ?%", page.text)


def test_small_counts_are_in_no_table_and_no_file(read: Reader) -> None:
    orders, funnel, conditions = (
        {row[at]: row for row in read(PAGE).rows(figure)}
        for figure, at in (("protection-orders", 0), ("order-funnel", 0), ("order-conditions", 1))
    )
    assert orders["Domestic notice: hearing within 48 hours"][4:8] == [FEW, "6", FEW, FEW]
    assert funnel["Restraining order"][5:7] == [FEW, FEW]
    assert conditions["Attend a programme"][3:6] == [FEW] * 3
    assert "other order" not in {name.lower() for name, row in funnel.items() if "" in row[1:]}


def test_tables_that_were_not_supplied_are_said_and_the_rest_stands(one_visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    content = tables()["command"]
    content["metrics.protection_measures"] = protection.protection_measures("breaches", "file")
    content["metrics.order_funnel"] = protection.order_funnel(has_breaches=False)
    content["metrics.case_file_gaps"] = protection.case_file_gaps(30, 3, 0)
    publish(home, "command", content, version="20261125T000000000000Z")
    with serving(home, "command") as address:
        page = Reader(address)(PAGE)
        assert page.count(".missing") == 2 and "table invented not supplied" in page.missing
        assert any("breaches were not supplied" in heading for heading in page.headings)
        rows = page.rows("case-file-gaps")
        assert rows[0] == ["Item", "Files without it", "Files", "Rule"] and rows[2][1] == FEW
        one_visit.open(f"{address}/{PAGE}")
        assert one_visit.violations() == []
