"""Pages that follow the bar of choices, of an invented force: their figures are those published for the choice."""

import asyncio
import html
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from conftest import InventedForce
from dashboard_browser import serving
from dashboard_session import Drawn, Session
from kept_homes import copied

from dashboards.parts import chosen_section, filter_bar
from dashboards.registry import PAGES
from dashboards.text import breakdowns, numbers

RULE = (5, 30)  # the smallest count shown, and the fewest in a share
FOLLOWING = [page.address for page in PAGES if "period" in page.follows]
REST = html.escape(chosen_section.REST)


@pytest.fixture(scope="module")
def address(invented_force: InventedForce, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server of a copy of the home: who looks at records leaves a trace in it."""
    home: Path = copied(invented_force.home, tmp_path_factory.mktemp("choice") / "home")
    with serving(home) as address:
        yield address


def opened(address: str, page: str, **query: str) -> Drawn:
    async def visit() -> Drawn:
        async with Session(address) as session:
            return await session.open(page, urlencode(query))

    drawn = asyncio.run(visit())
    assert drawn.faults == ()
    assert sum(b'class="answer"' in element for element in drawn.elements) == 1
    return drawn


def largest(force: InventedForce, code: str, by: str, period: str = "financial_year") -> tuple[str, str, int, int]:
    """Part, start, counted and of: the latest whole period's part with most cases, which is never hidden."""
    sql = f"""
        select breakdown_value, cast(period_start as varchar), numerator, denominator from metrics.measure_values
        where measure_code = ? and breakdown = ? and period_type = ? and is_whole and breakdown_value <> 'not known'
        and numerator >= {RULE[0]} and denominator >= {RULE[1]} and denominator - numerator >= {RULE[0]}
        order by period_start desc, denominator desc limit 1
    """
    with force.connect() as con:
        [row] = con.execute(sql, [code, by, period]).fetchall()
    part, start, count, of = row
    return str(part), str(start), int(count), int(of)


def counted(count: int, of: int) -> str:
    return f"{numbers.number(count)} of {numbers.number(of)}"


def says_answer(drawn: Drawn, words: str) -> bool:
    return any(b'class="answer"' in element and html.escape(words).encode() in element for element in drawn.elements)


@pytest.mark.parametrize("by", ["district", "unit", "none"])
def test_outcomes_are_those_of_the_part_and_the_period(invented_force: InventedForce, address: str, by: str) -> None:
    part, start, count, of = largest(invented_force, "charged_365", by)
    query = {"covering": f"financial_year|{start}"} | ({} if by == "none" else {"of": f"{by}|{part}"})
    drawn = opened(address, "what_happened_next", **query)
    assert says_answer(drawn, f"“Charged or summonsed within 365 days” {numbers.share(count / of)}")
    assert says_answer(drawn, f"({counted(count, of)})")
    _, _, count, of = largest(invented_force, "charged_365", "none")
    assert says_answer(drawn, f"Whole force: {numbers.share(count / of)}") is (by != "none")
    assert drawn.says(REST)
    to_explore = {"measure": "charged_365", "period": "financial_year", "by": by, "until": start}
    to_explore |= {} if by == "none" else {f"part_{by}": part}
    assert drawn.says(html.escape(f"explore?{urlencode(to_explore)}", quote=True))


def test_repeats_are_those_of_the_part_and_the_period(invented_force: InventedForce, address: str) -> None:
    part, start, count, of = largest(invented_force, "repeat_suspect_12m", "district", "quarter")
    drawn = opened(address, "repeat_and_serial_suspects", covering=f"quarter|{start}", of=f"district|{part}")
    assert says_answer(drawn, f"({counted(count, of)})")
    assert drawn.says(REST)


def test_commissioners_have_a_measure_by_domestic_abuse_and_repeat_victims_by_district(address: str) -> None:
    drawn = opened(address, "held_to_account", measure="referral_offered", by="domestic_abuse")
    assert drawn.says("Support offered, by domestic abuse and quarter") and drawn.says("Flagged as domestic abuse")
    drawn = opened(address, "held_to_account", measure="repeat_victim_12m", by="district")
    assert drawn.says("Repeat victims, by district and quarter") and drawn.says("Invented District 2")


def test_recorded_crimes_and_open_crimes_are_those_of_the_part(invented_force: InventedForce, address: str) -> None:
    with invented_force.connect() as con:
        rows = con.execute(
            "select measure_code, breakdown_value, numerator from metrics.measure_values where breakdown = 'unit'"
            " and period_type = 'rolling_12' and is_drawn and measure_code in ('recorded', 'open_caseload')"
            " qualify period_start = max(period_start) over (partition by measure_code) order by numerator desc"
        ).fetchall()
    unit = next(part for code, part, _ in rows if code == "recorded" and part != "not known")
    held = {code: count for code, part, count in rows if part == unit}
    drawn = opened(address, "what_is_coming", of=f"unit|{unit}")
    assert says_answer(drawn, f"“Stalking and harassment recorded” {numbers.number(held['recorded'])}")
    assert drawn.says(numbers.number(held["open_caseload"])) and drawn.says("are expected from")
    assert drawn.says(REST)


def test_standards_are_in_order_of_their_compliance_in_the_unit(invented_force: InventedForce, address: str) -> None:
    unit, start, _, _ = largest(invented_force, "TIM-01", "unit")
    with invented_force.connect() as con:
        least = con.execute(
            "select measure_code, numerator, denominator from metrics.measure_values semi join"
            " quality.rule_results using (measure_code) where breakdown = 'unit' and breakdown_value = ?"
            " and period_type = 'financial_year' and period_start = ? and denominator >= 30 and value is not null"
            " order by value, measure_code limit 1", [unit, start],
        ).fetchall()  # fmt: skip
    [(code, count, of)] = least
    query = {"of": f"unit|{unit}", "covering": f"financial_year|{start}"}
    drawn = opened(address, "which_standards_are_breached", **query)
    assert says_answer(drawn, f"is met least: {numbers.share(count / of)} ({counted(count, of)})")
    assert drawn.says(html.escape(f"&part=unit%3A{urlencode({'u': unit})[2:]}", quote=True)), f"leads on to {code}"
    assert drawn.says(html.escape(urlencode({"covering": query["covering"]})))


def test_one_standard_has_the_figure_of_the_unit_and_period(invented_force: InventedForce, address: str) -> None:
    unit, start, count, of = largest(invented_force, "TIM-01", "unit")
    drawn = opened(
        address, "which_standards_are_breached", rule="TIM-01@core.recording_time_facts", part=f"unit:{unit}",
        covering=f"financial_year|{start}",
    )  # fmt: skip
    assert says_answer(drawn, f"{numbers.share(count / of)}") and says_answer(drawn, f"({counted(count, of)})")
    assert drawn.says("Below are all months of the extract") and drawn.says("all months")


def test_protection_has_the_whole_force_and_a_year_before_beside_a_part(
    invented_force: InventedForce, address: str
) -> None:
    code, start, count, of = largest(invented_force, "digital_directed", "class")
    drawn = opened(address, "are_victims_protected", of=f"class|{code}", covering=f"financial_year|{start}")
    _, _, every, total = largest(invented_force, "digital_directed", "none")
    assert drawn.says(f"{counted(count, of)}; whole force {numbers.share(every / total)}")
    assert drawn.says("A year before") and drawn.says("On a year before")


@pytest.mark.parametrize("page", FOLLOWING)
def test_every_part_of_the_bar_opens_on_every_page_and_small_numbers_stay_hidden(
    invented_force: InventedForce, address: str, page: str
) -> None:
    """The smallest unit, in the shortest period: its counts are not there."""
    with invented_force.connect() as con:
        [(unit, start)] = con.execute(
            "select breakdown_value, cast(max(period_start) as varchar) from metrics.measure_values"
            " where breakdown = 'unit' and period_type = 'quarter' and measure_code = 'recorded' and is_whole"
            " group by all order by sum(numerator) limit 1"
        ).fetchall()
    drawn = opened(address, page, of=f"unit|{unit}", covering=f"quarter|{start}")
    follows = next(one.follows for one in PAGES if one.address == page)
    asked = filter_bar.read_choices({"of": f"unit|{unit}", "covering": f"quarter|{start}"})
    assert says_answer(drawn, numbers.capital(filter_bar.followed(asked, follows).words))
    assert drawn.says(breakdowns.part_name("unit", unit))


def test_what_is_published_for_no_part_is_said_in_a_sentence(address: str) -> None:
    drawn = opened(address, "which_standards_are_breached", of="district|Invented District 1")
    assert drawn.says("does not follow your choice of Invented District 1.")
    assert not drawn.says(REST)
