"""What needs doing? What came in, what broke, whose turn it is, and which audits are due."""

from __future__ import annotations

from casework.audit import cycles, results
from casework.store.database import UNUSABLE, exists, in_words, open_store, today
from casework.store.refusal import Refused
from dashboards.data.published import Copy, Missing
from dashboards.parts import extract_banner, front, page
from dashboards.text import findings
from dashboards.text.front import work_text
from dashboards.text.tile import Line

DELIVERIES, UNKNOWN, RESULTS = "raw.deliveries", "raw.unrecognised_files", "quality.rule_results"
ATTENTION, LIST = "metrics.attention", "metrics.fix_list"


@page.whole("the front page")
def main() -> None:
    """Draw the page."""
    copy = page.begin("What came in, what broke, and whose turn it is. Each line leads to its page.")
    extract_banner.sign_where_held(copy)
    front.answer(copy, findings.delivery_finding(copy.select(DELIVERIES)))
    page.briefing(
        [
            ("What came in?", page.lines(lambda: work_text.came_in(copy.select(DELIVERIES), copy.count(UNKNOWN)))),
            ("What broke?", page.lines(lambda: _broke(copy))),
            ("Whose turn is it?", page.lines(lambda: _turns(copy))),
            ("Which audits are due?", page.lines(_audits)),
        ]
    )


def _broke(copy: Copy) -> list[Line]:
    rules = copy.select(RESULTS, order_by="rule_code, table_name")
    return work_text.broke(rules, copy.select(ATTENTION, may_be_empty=True), copy.withheld)


def _turns(copy: Copy) -> list[Line]:
    columns = "unit_name, is_escalated, severity, reason, rule_title"  # of no record, so that none is consulted
    return work_text.turns(copy.select(LIST, columns=columns, may_be_empty=True))


def _audits() -> list[Line]:
    home = page.server().home
    try:
        if home is None or not exists(home):
            return work_text.audits([], [], today())
        store = open_store(home)
        return work_text.audits(cycles.cycles(store), results.reminders(store, today()), today())
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem


main()
