"""Explore in a real browser: each question in at most four choices, equal to a count of the delivered files."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from conftest import InventedForce
from dashboard_browser import Visit, plain, serving
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORCE = "E23000013"
SHARE = r"[\d.]+%, 95% interval [\d.]+% to [\d.]+%"
# the crimes of the force in scope that no removal has taken away, as delivered
CRIMES = """
with removed as (select distinct crime_id from read_csv('{data}/force/removal.csv', all_varchar = true)),
domestic as (
    select distinct crime_id from read_csv('{data}/force/crime_flag.csv', all_varchar = true) where flag = 'da'
),
outcomes as (
    select
        crime_id, arg_max(code, cast(seq as integer)) as code,
        cast(timezone('Europe/London', arg_max(outcome_ts, cast(seq as integer))::timestamptz) as date) as ended_on
    from read_csv('{data}/force/outcome.csv', all_varchar = true)
    group by crime_id
),
crimes as (
    select
        c.crime_id, c.class_code, c.reported_ts::timestamptz as reported_at, c.recorded_ts::timestamptz as recorded_at,
        c.offence_from_ts::timestamptz as started_at,
        coalesce(c.offence_to_ts, c.offence_from_ts)::timestamptz as ended_at,
        cast(timezone('Europe/London', c.recorded_ts::timestamptz) as date) as recorded_on,
        coalesce(a.area_name, 'not known') as district, i.unit, d.crime_id is not null as is_domestic,
        coalesce(o.code, '0') as outcome, o.ended_on
    from read_csv('{data}/force/crime.csv', all_varchar = true) as c
    left join read_csv('{data}/commissioning/small_areas.csv', all_varchar = true) as a on c.lsoa21 = a.lsoa_code
    left join read_csv('{data}/force/investigator.csv', all_varchar = true) as i on c.oic_id = i.person_id
    left join domestic as d on c.crime_id = d.crime_id
    left join outcomes as o on c.crime_id = o.crime_id
    anti join removed as r on c.crime_id = r.crime_id
    where c.force_code = '{force}' and c.class_code in ('8L', '8M', '8Q', '8R', '8U')
)
"""
IN_A_DAY = """
select
    count(*) filter (recorded_at >= reported_at and recorded_at - reported_at <= interval 24 hour),
    count(*) filter (recorded_at >= reported_at)
from crimes where """
WITHOUT_SUSPECT = """
select count(*) from crimes where recorded_on between '2024-04-01' and '2025-03-31' and crime_id not in (
    select crime_id from read_csv('{data}/force/party_role.csv', all_varchar = true)
    where role in ('suspect', 'offender') and eliminated_ts is null
)
"""
OF_2025 = "recorded_on between '2025-01-01' and '2025-12-31'"
# every course of conduct has an end, and no start is at midnight: else the rule of the hour would be longer
BY_TIME = f"""
, local as (
    select *, timezone('Europe/London', started_at) as start, timezone('Europe/London', ended_at) as finish,
        3 * (hour(timezone('Europe/London', started_at)) // 3) as band
    from crimes where {OF_2025} and ended_at >= started_at
),
weekdays as (
    select class_code, district, strftime(start, '%A') as part from local where start::date = finish::date
),
hours as (
    select class_code, district, printf('%02d:00 to %02d:59', band, band + 2) as part
    from local where ended_at - started_at <= interval 3 hour
)
"""
MOST = """
select arg_max(part, count), max(count), sum(count)::bigint
from (select part, count(*) as count from {} where {} group by part)
"""
IN_DISTRICT_3 = 'dl.facts div:has(dt:text-is("Invented District 3"))'
MOST_CHOICES = 4
EXPLORE = "explore"


@dataclass(frozen=True)
class Question:
    """A question, the choices that answer it, and the count of the delivered files that it must equal.

    `answer` is what the page says with the counts in it; `found_in` is where, by default the answer itself.
    """

    asked: str
    choices: tuple[tuple[str, str], ...]
    count: str  # SQL over crimes
    answer: str
    page: str = EXPLORE
    found_in: str = ".answer"


QUESTIONS = (
    Question(
        "District commander: stalking, District 2, October to December 2025, against the year before",
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
        "Chief: how many crimes of stalking and harassment were recorded in February 2026?",
        (("Period", "Months"), ("Which one", "Feb 2026")),
        "select count(*) from crimes where recorded_on between '2026-02-01' and '2026-02-28'",
        "Stalking and harassment recorded, whole force, Feb 2026: {}.",
    ),
    Question(
        "Analyst: how many crimes of 2024/25 cannot be placed in a district?",
        (("Period", "Financial years"), ("Which one", "2024/25"), ("By", "District"), ("Part", "not known (district)")),
        """
        select count(*) from crimes
        where recorded_on between '2024-04-01' and '2025-03-31' and district = 'not known'
        """,
        "Stalking and harassment recorded, not known (district), 2024/25: {}.",
    ),
    Question(
        "Chief: how many in the year to March 2026, against the year before?",
        (("Period", "Years to each month"), ("Which one", "year to Mar 2026")),
        """
        select
            count(*) filter (recorded_on between '2025-04-01' and '2026-03-31'),
            count(*) filter (recorded_on between '2024-04-01' and '2025-03-31')
        from crimes
        """,
        "Stalking and harassment recorded, whole force, year to Mar 2026: {}. A year before it was {}:",
    ),
    Question(
        "Registrar: what share of February 2026 was recorded within a day of the report?",
        (("Measure", "Recording: Recorded within 24 hours of the report"), ("Period", "Months"),
         ("Which one", "Feb 2026")),
        IN_A_DAY + "recorded_on between '2026-02-01' and '2026-02-28'",
        "Recorded within 24 hours of the report, whole force, Feb 2026: [share with limits] ({} of {}).",
    ),
    Question(
        "Registrar: how did Unit G do in 2025/26?",
        (("Measure", "Recording: Recorded within 24 hours of the report"), ("Period", "Financial years"),
         ("By", "Unit"), ("Part", "Invented Unit G")),
        IN_A_DAY + "recorded_on between '2025-04-01' and '2026-03-31' and unit = 'Invented Unit G'",
        "Recorded within 24 hours of the report, Invented Unit G, 2025/26: [share with limits] ({} of {}).",
    ),
    Question(
        "Chief: what share of October to December 2024 was charged within a year?",
        (("Measure", "Outcomes: Charged or summonsed within 365 days"), ("Which one", "Oct to Dec 2024")),
        """
        select count(*) filter (outcome in ('1', '1A') and ended_on - recorded_on <= 365), count(*)
        from crimes where recorded_on between '2024-10-01' and '2024-12-31'
        """,
        "Charged or summonsed within 365 days, whole force, Oct to Dec 2024: [share with limits] ({} of {})",
    ),
    Question(
        "Analyst: how many crimes of October to December 2025 were flagged as domestic abuse?",
        (("Which one", "Oct to Dec 2025"), ("By", "Domestic abuse"), ("Part", "flagged as domestic abuse")),
        "select count(*) from crimes where is_domestic and recorded_on between '2025-10-01' and '2025-12-31'",
        "Stalking and harassment recorded, flagged as domestic abuse, Oct to Dec 2025: {}.",
    ),
    Question(
        "District commander: which district recorded the most in October to December 2025?",
        (("Which one", "Oct to Dec 2025"), ("By", "District")),
        """
        select district, count(*) from crimes
        where district <> 'not known' and recorded_on between '2025-10-01' and '2025-12-31'
        group by district order by count(*) desc, district limit 1
        """,
        "{} {}",
        found_in="table:has(caption:has-text('by district, Oct to Dec 2025')) tbody tr:first-child",
    ),
    Question(
        "District commander: on which weekday is most harassment, calendar 2025?",
        (("Measure", "Crimes: Harassment recorded"), ("Period", "Calendar years"), ("By", "Weekday")),
        BY_TIME + MOST.format("weekdays", "class_code = '8L'"),
        "Of those shown, highest: {} ({});",
        found_in="p.note:has-text('Of those shown, highest')",
    ),
    Question(
        "District commander: on which weekday is most stalking and harassment in District 3, calendar 2025?",
        (("Period", "Calendar years"), ("By", "District"), ("And by", "Weekday")),
        BY_TIME + MOST.format("weekdays", "district = 'Invented District 3'"),
        "Invented District 3 {} {} of {} known",
        found_in=IN_DISTRICT_3,
    ),
    Question(
        "District commander: at which hour is most stalking and harassment in District 3, calendar 2025?",
        (("Period", "Calendar years"), ("By", "District"), ("And by", "Hour")),
        BY_TIME + MOST.format("hours", "district = 'Invented District 3'"),
        "Invented District 3 {} {} of {} known",
        found_in=IN_DISTRICT_3,
    ),
    Question(  # each weekday has one to four crimes, so none is shown
        "District commander: on which weekday is most harassment in District 3, calendar 2025?",
        (("Measure", "Crimes: Harassment recorded"), ("Period", "Calendar years"), ("By", "District"),
         ("And by", "Weekday")),
        BY_TIME + "select if(max(count) < 5, 'none shown', 'one of them') from (select count(*) as count "
        "from weekdays where class_code = '8L' and district = 'Invented District 3' group by part)",
        "Invented District 3 {} hidden to protect few people",
        found_in=IN_DISTRICT_3,
    ),
    Question(
        "Commissioner: how many crimes were recorded in District 2 in January to March 2026, rounded to five?",
        (),
        """
        select cast(round(count(*) / 5) * 5 as integer) from crimes
        where district = 'Invented District 2' and recorded_on between '2026-01-01' and '2026-03-31'
        """,
        "{}",
        page="held_to_account",
        found_in="table:has(caption:has-text('district and quarter')) tr:has(th:has-text('District 2')) td:last-child",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def address(invented_force: InventedForce) -> Iterator[str]:
    with serving(invented_force.home) as address:
        yield address


def choose(visit: Visit, label: str, option: str) -> Page:
    """Make one choice; a measure is found by typing, for its list is long."""
    if label != "Measure":
        return visit.choose(label, option)
    box = visit.page.get_by_role("combobox", name=label, exact=True)
    box.click()
    box.fill(option)
    visit.page.get_by_role("option", name=option, exact=True).click()
    return visit.settle()


def test_each_question_is_answered_in_four_choices_as_counted(
    visit: Visit, address: str, invented_force: InventedForce
) -> None:
    wrong: dict[str, object] = {}
    for question in QUESTIONS:
        [counted] = duckdb.sql(CRIMES.format(data=invented_force.data, force=FORCE) + question.count).fetchall()
        began = time.monotonic()  # printed and not judged: a busy machine is no fault of the page
        page = visit.open(f"{address}/{question.page}?force={FORCE}")
        for label, option in question.choices:
            page = choose(visit, label, option)
        said = " ".join(plain(page.locator(question.found_in).first.inner_text()).split())
        print(f"{time.monotonic() - began:.0f} s: {question.asked}")
        counts = (f"{count:,}" if isinstance(count, int) else str(count) for count in counted)
        expected = re.escape(question.answer.format(*counts)).replace(re.escape("[share with limits]"), SHARE)
        is_short = len(question.choices) <= MOST_CHOICES
        if not is_short or not re.match(expected + r"(?![\d,])", said):
            wrong[question.asked] = (expected, said)
    assert wrong == {}
    assert len(QUESTIONS) == 14


def test_a_click_or_a_link_leads_from_a_period_to_its_parts_a_series_and_records(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/explore?force={FORCE}&measure=TIM-02&period=quarter&by=none")
    figure = ".st-key-chart_explore-TIM-02-none-quarter"
    before = page.url
    page.locator(f"{figure} .scatterlayer .points path").nth(3).click(force=True)
    visit.settle()
    assert "by=unit" in page.url and page.url != before
    page.go_back()  # one step for one click
    visit.settle()
    assert parse_qs(urlsplit(page.url).query)["by"] == ["none"]
    page.locator("summary").filter(has_text="Show the data").first.click()
    page.get_by_role("link", name="Oct to Dec 2025").focus()
    page.keyboard.press("Enter")
    visit.settle()
    assert "until=2025-10-01" in page.url and "by=unit" in page.url

    page.get_by_role("textbox", name="Find a part").fill("unit k")
    page.keyboard.press("Enter")
    visit.settle()
    assert "find=unit+k" in page.url.replace("%20", "+")
    ranked = page.locator(".st-key-chart_explore-TIM-02-by-unit .points path")
    assert ranked.count() == 1
    ranked.first.click(force=True)
    visit.settle()
    answer = page.locator(".answer").inner_text()
    assert "Invented Unit K" in answer
    page.reload()
    visit.settle()
    assert page.locator(".answer").inner_text() == answer
    page.go_back()
    visit.settle()
    square = page.locator(".st-key-chart_explore-TIM-02-unit-map .scatterlayer .points path").nth(1)
    square.scroll_into_view_if_needed()
    square.click(force=True)  # a square of the heat map: the part and the period
    visit.settle()
    chosen = parse_qs(urlsplit(page.url).query)
    assert chosen["part_unit"] == ["Invented Unit K"] and chosen["until"] != ["2025-10-01"]
    page.locator(".answer").wait_for()
    page.get_by_role("link", name="Records to correct by TIM-02, Invented Unit K").click()
    visit.settle()
    assert page.title() == "Records to correct"
    assert "Invented Unit K" in page.locator(".answer").inner_text()
    assert visit.faults == []


def test_another_kind_of_period_begins_with_its_latest_whole_one(visit: Visit, address: str) -> None:
    """The year to September 2025 begins with the quarter that was chosen, and half its crimes were not followed yet."""
    asked = f"force={FORCE}&measure=charged_365&period=quarter&by=none&until=2024-10-01"
    page = visit.open(f"{address}/explore?{asked}")
    visit.choose("Period", "Years to each month")
    assert "year to Mar 2025" in plain(page.locator(".answer").inner_text())
    assert parse_qs(urlsplit(page.url).query)["until"] == ["2024-04-01"]
    page.go_back()  # one step for one choice
    visit.settle()
    chosen = parse_qs(urlsplit(page.url).query)
    assert (chosen["period"], chosen["until"]) == (["quarter"], ["2024-10-01"])


def test_a_median_is_in_days_with_its_events_and_says_why_its_parts_do_not_add_up(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/explore?force={FORCE}&measure=days_to_outcome&period=financial_year&by=unit")
    days = r"median [\d.]+ days?, 95% interval [\d.]+ to [\d.]+, of [\d,]+ first outcomes\."
    answer = plain(page.locator(".answer").inner_text())
    assert re.search(rf"first outcome, whole force, 20\d\d/\d\d: {days}", answer), answer
    said = visit.every_text()
    assert "do not add up to that of the whole" in said
    assert page.get_by_role("combobox", name="And by").count() == 0, "by unit and another most have too few"
    rows = page.locator("table:has(caption:has-text('by unit')) tbody tr").first.inner_text()
    assert re.search(r"median [\d.]+ days?\s+95% interval [\d.]+ to [\d.]+, of [\d,]+ first outcomes", rows), rows
    titles = page.locator("[class*='st-key-chart_explore-days_to_outcome']").count()
    assert titles >= 3  # over time, the parts, and their heat map
    visit.choose("Part", "Invented Unit A")
    assert "a median of the rest does not follow" in visit.every_text()
    assert visit.faults == []


def test_a_measure_by_suspect_says_who_counts_and_how_many_crimes_have_none(
    visit: Visit, address: str, invented_force: InventedForce
) -> None:
    data = invented_force.data
    [(counted,)] = duckdb.sql(CRIMES.format(data=data, force=FORCE) + WITHOUT_SUSPECT.format(data=data)).fetchall()
    page = visit.open(f"{address}/explore?force={FORCE}&period=financial_year&until=2024-04-01")
    for label, option in (("By", "Sex of suspect"), ("Part", "no suspect")):
        page = choose(visit, label, option)
    answer = plain(page.locator(".answer").inner_text())
    assert f"Stalking and harassment recorded, no suspect, 2024/25: {counted:,}." in answer
    said = visit.every_text()
    assert "by the first entered of its suspects" in said and "Suspects are not offenders" in said
    visit.choose("By", "Sex of victim")
    assert "by the first entered of its suspects" not in visit.every_text()
    assert visit.faults == []
