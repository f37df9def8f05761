"""Explore: each question in at most four choices, equal to a count of the delivered files; clicks in a real browser."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import InventedForce
from dashboard_browser import Visit, plain, serving
from page_read import PageRead, Reader, tidy
from test_repeats import events_of_victims

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FORCE = "E23000013"
SHARE = r"[\d.]+%, 95% interval [\d.]+% to [\d.]+%"
# the crimes of the force in scope that no removal has taken away, as delivered
DELIVERED = """
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
        timezone('Europe/London', ended_at) as ended_local,
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
),
orders as (  -- of stalking protection, granted on a pair with a recorded crime
    select
        o.order_id, cast(timezone('Europe/London', o.granted_ts::timestamptz) as date) as granted_on,
        min(cast(timezone('Europe/London', b.ts::timestamptz) as date)) as breached_on
    from read_csv('{data}/force/order_.csv', all_varchar = true) as o
    left join read_csv('{data}/force/order_breach.csv', all_varchar = true) as b on o.order_id = b.order_id
    where o.type in ('spo_full', 'spo_interim') and o.granted_ts is not null
    group by o.order_id, o.granted_ts
),
removals as (
    select
        r.removal_code, r.verifier is not null and r.verifier <> r.authoriser_id as is_verified,
        cast(timezone('Europe/London', r.removal_ts::timestamptz) as date) as removed_on
    from read_csv('{data}/force/removal.csv', all_varchar = true) as r
    inner join read_csv('{data}/force/crime.csv', all_varchar = true) as c on r.crime_id = c.crime_id
    where c.class_code in ('8L', '8M', '8Q', '8R', '8U')
),
waits as (
    select
        s.name, year(timezone('Europe/London', r.offered_ts::timestamptz)) as year,
        date_diff('second', r.sent_ts::timestamptz, r.first_contact_ts::timestamptz) / 86400 as days
    from read_csv('{data}/commissioning/referrals.csv', all_varchar = true) as r
    inner join (
        select distinct service_id, name from read_csv('{data}/commissioning/services.csv', all_varchar = true)
        where kind <> 'perpetrator_programme'
    ) as s on r.service_id = s.service_id
    where r.first_contact_ts is not null
),
victims as (  -- of 2025/26
    select p.person_ref, arg_max(lower(x.sex), c.recorded_at) as sex
    from crimes as c
    inner join read_csv('{data}/force/party_role.csv', all_varchar = true) as v on c.crime_id = v.crime_id
    inner join read_csv('{data}/force/person.csv', all_varchar = true) as x on v.person_key = x.person_key
    inner join core.people as p on v.person_key = p.person_key
    where v.role = 'victim' and c.recorded_on between '2025-04-01' and '2026-03-31'
    group by p.person_ref
),
offered as (
    select v.person_ref, any_value(v.sex) as sex, bool_or(r.consent = 'true') as is_consented
    from victims as v
    inner join core.people as p on v.person_ref = p.person_ref
    inner join read_csv('{data}/commissioning/referrals.csv', all_varchar = true) as r on p.person_key = r.victim_key
    where cast(timezone('Europe/London', r.offered_ts::timestamptz) as date) between '2025-04-01' and '2026-03-31'
        and r.service_id <> 'S4'
    group by v.person_ref
)
"""
IN_A_DAY = """
select
    count(*) filter (recorded_at >= reported_at and recorded_at - reported_at <= interval 24 hour),
    count(*) filter (recorded_at >= reported_at)
from crimes where """
# every course of conduct has an end, and no start is at midnight: else the rule of the hour would be longer
# harassment is a course of conduct: weekday and hour are those of the last incident; of equal parts each is named
MOST = """
select
    string_agg(part, ', ' order by place) || ' ' || any_value(most) || if(count(*) > 1, ' each', ''), any_value(total)
from (
    select
        {} as part, min({}) as place, count(*) as count, max(count(*)) over () as most,
        sum(count(*)) over ()::bigint as total
    from (
        select *, 3 * (hour(ended_local) // 3) as band
        from crimes
    )
    where recorded_on between '2025-01-01' and '2025-12-31' and class_code = '8L'
        and district = 'Invented District 4' and ended_at >= started_at
    group by part
)
where count = most
"""
MOST_CHOICES = 4
EXPLORE = "explore"


@dataclass(frozen=True)
class Question:
    """A question, the choices that answer it, and the count of the delivered files that it must equal.

    `answer` is what the page says with the counts in it; `read` reads it, by default from the answer itself.
    """

    asked: str
    choices: tuple[tuple[str, str], ...]
    count: str | Callable[[InventedForce], Sequence[object]]  # SQL over DELIVERED, or Python
    answer: str
    page: str = EXPLORE
    read: Callable[[PageRead], str] = lambda page: page.answer


def table_rows(page: PageRead, caption: str) -> list[dict[str, str]]:
    """The rows of a table, each by the headings of its columns."""
    table = next(table for table in page.tags("table") if caption in tidy(table.select_one("caption").get_text()))
    headings = [tidy(cell.get_text()) for cell in table.select("thead th")]
    rows = ([tidy(cell.get_text()) for cell in row.select("th, td")] for row in table.select("tbody tr"))
    return [dict(zip(headings, row, strict=True)) for row in rows]


def removals_shown(page: PageRead) -> str:
    """C2 14 12: each criterion, its removals, and those that another person verified."""
    rows = table_rows(page, "cancelled and")
    said = (f"{row['Criterion'].split(',')[0]} {row['Removals']} {row['Verified by another person']}" for row in rows)
    return " ".join(sorted(said))


def waits_shown(page: PageRead) -> str:
    """The median days of each service in calendar 2025."""
    rows = table_rows(page, "by service and year")
    said = (
        f"{row['Service']} {row['Median (days)']}" for row in rows
        if row["Offered in"] == "calendar year 2025" and row["Service"] != "All services"
    )  # fmt: skip
    return " ".join(sorted(said))


def consent_shown(page: PageRead) -> str:
    """The victims of each sex who were offered support, and who consented."""
    rows = table_rows(page, "Consented, of those offered")
    said = (
        f"{row['Group'].lower()} {row['Victims of the step before']} {row['Reach this step']}" for row in rows
        if row["Group"] != "Not recorded"
    )  # fmt: skip
    return " ".join(sorted(said))


def lowest_shown(page: PageRead) -> str:
    """The unit with the lowest share, as the page names it: Invented Unit B 9 of 195."""
    note = next(note for note in page.all("p.note") if "lowest:" in note)
    found = re.search(r"lowest: (.+?) \(.+?([\d,]+) of ([\d,]+)\)", note)
    return "" if found is None else f"{found[1]} {found[2]} of {found[3]}"


def weekday_shown(page: PageRead) -> str:
    """The weekday or hour with most in District 4, as the facts of the page say."""
    return f"Invented District 4 {page.facts['Invented District 4']}"


def last_quarter_shown(page: PageRead) -> str:
    """The count of District 2 in the last quarter of the table by district."""
    rows = table_rows(page, "district and quarter")
    return next(list(row.values())[-1] for row in rows if "District 2" in next(iter(row.values())))


def repeat_victims(force: InventedForce) -> tuple[int, int]:
    """Victims with two events or more in 2025/26, and victims, in plain Python."""
    first, after = (dt.datetime.fromisoformat(f"{year}-04-01T00:00+01:00") for year in (2025, 2026))
    years = [
        {ref for at, ref in events if first <= at < after} for events in events_of_victims(force).values()
    ]  # fmt: skip
    return sum(len(refs) > 1 for refs in years), sum(len(refs) > 0 for refs in years)


QUESTIONS = (
    # ten of somebody who had not seen the product; two have two parts
    Question(
        "Chief: stalking by former partners in 2025/26, against the year before",
        (("Measure", "Crimes: Stalking recorded"), ("Period", "Financial years"), ("By", "Relationship"),
         ("Part", "former partner")),
        """
        select
            count(*) filter (recorded_on between '2025-04-01' and '2026-03-31'),
            count(*) filter (recorded_on between '2024-04-01' and '2025-03-31')
        from crimes where class_code = '8Q' and crime_id in (
            select crime_id from read_csv('{data}/force/party_role.csv', all_varchar = true)
            where relationship in ('ex_spouse', 'ex_civil_partner', 'ex_partner')
        )
        """,
        "Stalking recorded, former partner, 2025/26: {}. A year before it was {}:",
    ),
    Question(
        "Chief: stalking protection orders granted in 2025/26, against the year before",
        (("Measure", "Protection: Stalking protection orders granted"), ("Period", "Financial years")),
        """
        select
            count(*) filter (granted_on between '2025-04-01' and '2026-03-31'),
            count(*) filter (granted_on between '2024-04-01' and '2025-03-31')
        from orders
        """,
        "Stalking protection orders granted, whole force, 2025/26: {}. A year before it was {}:",
    ),
    Question(
        "Chief: and how many of those that were followed for a year were breached?",
        (("Measure", "Protection: Stalking protection order breached within 365 days"), ("Period", "To date")),
        """
        select count(*) filter (breached_on - granted_on <= 365), count(*)
        from orders where granted_on <= '2025-03-31'
        """,
        "Stalking protection order breached within 365 days, whole force, Sep 2013 to Mar 2026: [share with limits] "
        "({} of {})",
    ),
    Question(
        "Chief: what share of the victims of 2025/26 had more than one event?",
        (("Measure", "People: Victims with two or more events in twelve months"), ("Period", "Months")),
        repeat_victims,
        "Victims with two or more events in twelve months, whole force, twelve months to Mar 2026: [share with limits] "
        "({} of {})",
    ),
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
        "District commander: on which weekday is most harassment in District 4, calendar 2025?",
        (("Measure", "Crimes: Harassment recorded"), ("Period", "Calendar years"), ("By", "District"),
         ("And by", "Weekday")),
        MOST.format("strftime(ended_local, '%A')", "isodow(ended_local)"),
        "Invented District 4 {} of {} known",
        read=weekday_shown,
    ),
    Question(
        "District commander: and at which hour?",
        (("Measure", "Crimes: Harassment recorded"), ("Period", "Calendar years"), ("By", "District"),
         ("And by", "Hour")),
        MOST.format("printf('%02d:00 to %02d:59', band, band + 2)", "band"),
        "Invented District 4 {} of {} known",
        read=weekday_shown,
    ),
    Question(
        "District commander: which unit has the lowest share charged within 90 days, of crimes recorded in 2025?",
        (("Measure", "Outcomes: Charged or summonsed within 90 days"), ("Period", "Years to each month"),
         ("Which one", "year to Dec 2025"), ("By", "Unit")),
        """
        select unit, count(*) filter (outcome in ('1', '1A') and ended_on - recorded_on <= 90) as charged, count(*)
        from crimes where recorded_on between '2025-01-01' and '2025-12-31' and unit is not null
        group by unit having count(*) >= 30 and charged >= 5
        order by charged / count(*), unit limit 1
        """,
        "{} {} of {}",
        read=lowest_shown,
    ),
    Question(
        "Registrar: what share of January to March 2026 was recorded within 24 hours, against the year before?",
        (("Measure", "Recording: Recorded within 24 hours of the report"),),
        f"""
        select now.kept, now.judged, printf('%.1f%%', 100.0 * before.kept / before.judged)
        from ({IN_A_DAY} recorded_on between '2026-01-01' and '2026-03-31') as now (kept, judged),
            ({IN_A_DAY} recorded_on between '2025-01-01' and '2025-03-31') as before (kept, judged)
        """,
        "Recorded within 24 hours of the report, whole force, Jan to Mar 2026: [share with limits] ({} of {}). "
        "A year before it was {}:",
    ),
    Question(
        "Registrar: crimes removed in 2025/26 by criterion, and how many without a verifier",
        (("Removed in", "2025/26"),),
        """
        select string_agg(said, ' ' order by said)
        from (
            select concat_ws(' ', coalesce(removal_code, 'All'), count(*), count(*) filter (is_verified)) as said
            from removals where removed_on between '2025-04-01' and '2026-03-31'
            group by rollup (removal_code)
        )
        """,
        "{}",
        page="recording_delay_and_class",
        read=removals_shown,
    ),
    Question(
        "Commissioner: median days from sending the referral to the first contact, by service, in calendar 2025",
        (("Wait", "From sending the referral to the first contact"),),
        """
        select string_agg(name || ' ' || days, ' ' order by name)
        from (select name, cast(round(median(days)) as integer) as days from waits where year = 2025 group by name)
        """,
        "{}",
        page="services_and_waits",
        read=waits_shown,
    ),
    Question(
        "Commissioner: of victims offered support in 2025/26, what share consented, by sex? Counts are rounded to five",
        (("Step of support", "Consented, of those offered"),),
        """
        select string_agg(said, ' ' order by said)
        from (
            select format(
                '{{}} {{:,}} {{:,}}', sex, cast(round(count(*) / 5) * 5 as integer),
                cast(round(count(*) filter (is_consented) / 5) * 5 as integer)
            ) as said
            from offered where sex is not null group by sex
        )
        """,
        "{}",
        page="who_is_missing_out",
        read=consent_shown,
    ),
    # of ourselves
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
        "Commissioner: how many crimes were recorded in District 2 in January to March 2026, rounded to five?",
        (),
        """
        select cast(round(count(*) / 5) * 5 as integer) from crimes
        where district = 'Invented District 2' and recorded_on between '2026-01-01' and '2026-03-31'
        """,
        "{}",
        page="held_to_account",
        read=last_quarter_shown,
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def address(invented_force: InventedForce) -> Iterator[str]:
    with serving(invented_force.home) as address:
        yield address


def counted_for(question: Question, force: InventedForce) -> Sequence[object]:
    """The counts of the delivered files; who is whom is what linkage found."""
    if callable(question.count):
        return question.count(force)
    with force.connect() as con:
        delivered = DELIVERED.format(data=force.data, force=FORCE)
        [counted] = con.execute(delivered + question.count.format(data=force.data)).fetchall()
    return counted


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_a_question_of_a_stranger_is_answered_in_four_choices_as_counted(
    address: str, invented_force: InventedForce, question: Question
) -> None:
    counts = (f"{c:,}" if isinstance(c, int) else str(c) for c in counted_for(question, invented_force))
    expected = re.escape(question.answer.format(*counts)).replace(re.escape("[share with limits]"), SHARE)
    page = Reader(address).after(f"{question.page}?force={FORCE}", *question.choices)
    assert re.match(expected + r"(?![\d,])", question.read(page)), (expected, question.read(page))
    assert len(question.choices) <= MOST_CHOICES


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
