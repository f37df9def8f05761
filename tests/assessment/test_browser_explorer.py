"""Explore in a real browser: each question in at most four choices, equal to a count of the delivered files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest
from conftest import InventedForce
from dashboard_browser import Visit, plain, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORCE = "E23000013"
# the crimes of the force in scope that no removal has taken away, as delivered
CRIMES = """
with removed as (select distinct crime_id from read_csv('{data}/force/removal.csv', all_varchar = true)),
crimes as (
    select
        c.crime_id, c.class_code, c.reported_ts::timestamptz as reported_at, c.recorded_ts::timestamptz as recorded_at,
        cast(timezone('Europe/London', c.recorded_ts::timestamptz) as date) as recorded_on,
        coalesce(a.area_name, 'not known') as district
    from read_csv('{data}/force/crime.csv', all_varchar = true) as c
    left join read_csv('{data}/commissioning/small_areas.csv', all_varchar = true) as a on c.lsoa21 = a.lsoa_code
    anti join removed as r on c.crime_id = r.crime_id
    where c.force_code = '{force}' and c.class_code in ('8L', '8M', '8Q', '8R', '8U')
)
"""


@dataclass(frozen=True)
class Question:
    """A question, the choices that answer it, and the count of the delivered files that it must equal."""

    asked: str
    choices: tuple[tuple[str, str], ...]
    count: str  # SQL over crimes
    answer: str


QUESTIONS = (
    Question(
        "Stalking, District 2, October to December 2025, against the year before",
        (
            ("Measure", "Crimes: Stalking recorded"), ("Which one", "Oct to Dec 2025"), ("By", "District"),
            ("Part", "Invented District 2"),
        ),
        """
        select
            count(*) filter (recorded_on between '2025-10-01' and '2025-12-31'),
            count(*) filter (recorded_on between '2024-10-01' and '2024-12-31')
        from crimes where class_code = '8Q' and district = 'Invented District 2'
        """,
        "Stalking recorded, Invented District 2, Oct to Dec 2025: {}. A year before it was {}:",
    ),
    Question(
        "How many crimes of stalking and harassment were recorded in February 2026?",
        (("Period", "Months"), ("Which one", "Feb 2026")),
        "select count(*) from crimes where recorded_on between '2026-02-01' and '2026-02-28'",
        "Stalking and harassment recorded, whole force, Feb 2026: {}.",
    ),
    Question(
        "How many crimes of 2024/25 cannot be placed in a district?",
        (("Period", "Financial years"), ("Which one", "2024/25"), ("By", "District"), ("Part", "not known (district)")),
        """
        select count(*) from crimes
        where recorded_on between '2024-04-01' and '2025-03-31' and district = 'not known'
        """,
        "Stalking and harassment recorded, not known (district), 2024/25: {}.",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def address(invented_force: InventedForce) -> Iterator[str]:
    with serving(invented_force.home, "command") as address:
        yield f"{address}/explore?force={FORCE}"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_a_question_is_answered_as_counted(
    visit: Visit, address: str, invented_force: InventedForce, question: Question
) -> None:
    page = visit.open(address)
    for label, option in question.choices:
        page = visit.choose(label, option)
    [counted] = duckdb.sql(CRIMES.format(data=invented_force.data, force=FORCE) + question.count).fetchall()
    expected = question.answer.format(*(f"{count:,}" for count in counted))
    assert plain(page.locator(".answer").inner_text()).startswith(expected)


def test_a_choice_is_in_the_address_and_lasts(visit: Visit, address: str) -> None:
    page = visit.open(address)
    visit.choose("By", "District")
    visit.choose("Part", "Invented District 2")
    assert "by=district" in page.url and "part_district=Invented+District+2" in page.url.replace("%20", "+")
    answer = page.locator(".answer").inner_text()
    page.reload()
    visit.settle()
    assert page.locator(".answer").inner_text() == answer and "Invented District 2" in answer
