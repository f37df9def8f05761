"""At a glance: what changed, the highest risks, the worst duties, what awaits a decision, and whether to trust it."""

from __future__ import annotations

from dashboards.data import extract, signals
from dashboards.data.published import Copy, optional
from dashboards.data.settings import read_settings, read_small_numbers
from dashboards.pages.assessment import assessment_data, registers_data
from dashboards.pages.front import glance_text
from dashboards.pages.protection import protection_text
from dashboards.pages.recording import trust_text
from dashboards.parts import extract_banner, page
from dashboards.parts.tile import Line
from dashboards.text.small_numbers import SmallNumbers

DUTIES, ORDERS = "metrics.protection_measures", "metrics.order_funnel"
TRUST, AUDITS = "metrics.recording_trust", "core.audit_estimates"


@page.whole("the front page", "Not measured. These figures come from a force's own extract.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "At a glance", "What needs a chief officer's eye today. Each line leads to its page.", audience="command"
    )
    extract_banner.sign(extract.of(copy))
    rule, home = read_small_numbers(copy), page.server().home
    changed, entries = optional(signals.read, copy), optional(registers_data.entered, home, copy)
    page.answer(glance_text.answer(changed, entries, rule))
    page.briefing(
        [
            ("What has changed?", page.lines(lambda: glance_text.changes(signals.read(copy), rule))),
            ("Where is the highest risk?", page.lines(lambda: glance_text.risks(assessment_data.scores(copy)))),
            ("Which duties are met least?", page.lines(lambda: _duties(copy, rule))),
            ("What awaits a decision?", page.lines(lambda: glance_text.waiting(registers_data.entered(home, copy)))),
            ("Can it be trusted?", page.lines(lambda: _trust(copy))),
        ]
    )
    page.note(glance_text.NOTE)


def _duties(copy: Copy, rule: SmallNumbers) -> list[Line]:
    rows = copy.select(DUTIES, where="period_type = 'whole'", order_by="place")
    orders = optional(copy.select, ORDERS, where="is_measured", order_by="place", may_be_empty=True)
    days = read_settings(copy).get("protection.expiry_days")
    said = ""
    if orders is not None and orders.height:
        said = protection_text.ending_finding(orders, None if days is None else round(days), rule)
    return glance_text.duties(rows, said, rule)


def _trust(copy: Copy) -> list[Line]:
    measures = trust_text.by_code(copy.select(TRUST))
    audits = optional(copy.select, AUDITS, may_be_empty=True)
    audit = None if audits is None else trust_text.whole_force(audits)
    return glance_text.trust(trust_text.headline(measures, audit), len(copy.withheld))


main()
