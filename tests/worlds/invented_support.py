"""Invented victims, offers of support, services and residents, and the tables that the product itself makes of them."""

import datetime as dt
from functools import lru_cache
from typing import Any

import polars as pl
from worked import Row, made

from dashboards.text import numbers
from pipelines.tables.cards import all_cards

FIGURES = {  # address -> the figures that its page shows of these rows
    "need_and_reach": ["need-to-support"],
    "services_and_waits": ["wait-offer_contact"],
    "who_is_missing_out": ["who-is-missing-out"],
}  # fmt: skip

RECOMMENDATIONS = [
    {"register": "inspection", "entry_ref": f"invented-{number}", "measure_code": measure, "title": f"Asks {number}",
     "owner": None, "due_date": dt.date(2025, 9, 30), "status": "open", "is_overdue": False,
     "body": "Invented report", "number": number, "update_words": said, "updated_on": day}
    for number, measure, said, day in (
        ("10", None, "<script>Invented</script> training", None),
        ("7.2", "risk_plan_high", None, None),
        ("7", "recorded_24h", "Invented update", dt.date(2025, 9, 1)),
    )
]  # fmt: skip

YEAR, BEFORE = "2025-09-30", "2024-09-30"
AS_OF = {
    "as_of_at": "2025-10-31 22:00:00+00",
    "first_recorded_at": "2022-01-05 00:00:00+00",
    "last_recorded_at": "2025-10-31 20:00:00+00",
}
SUPPLIED = [{"source": source} for source in ("crime", "outcome", "referrals", "services", "population")]
AREAS = (("E09999901", "Invented District 1"), ("E09999902", "Invented District 2"))
GROUPS = {
    "sex": ("Female", "Female", "Male"),
    "age_band": ("16 to 24", "25 to 34", "35 to 44", "45 to 54"),
    "ethnicity": ("White", "White", "White", "Asian or Asian British", "Black or Black British", None),
    "disability": ("Disabled", "Not disabled", "Not disabled", None),
    "religion": ("No religion", "Christian", None),
    "sexual_orientation": ("Heterosexual or straight", None, None),
}
COMMISSIONED = (
    "core.force_scope",
    "core.support_periods",
    "reference.support_measures",
    "metrics.released_figures",
    "metrics.support_need",
    "metrics.support_area_steps",
    "metrics.support_gaps",
    "metrics.support_capacity",
    "metrics.support_waits",
    "metrics.support_wait_points",
    "metrics.support_equity",
    "metrics.support_queue",
    "metrics.support_options",
    "metrics.released_measures",
    "metrics.released_attention",
    "reference.public_measures",
    "reference.measures",
    "core.public_actions",
)
QUARTERS = ("2024-07-01", "2024-10-01", "2025-01-01", "2025-04-01", "2025-07-01")
OUTCOMES = {"outcome_90": 0.55, "outcome_180": 0.7, "outcome_365": 0.85, "charged_90": 0.05, "charged_180": 0.08,
            "charged_365": 0.1, "victim_not_supporting_365": 0.3}  # fmt: skip
# district -> share of the cases; one has very few
DISTRICTS = {"Invented District 1": 0.6, "Invented District 2": 0.39, "not known": 0.01}


def victim(number: int, period: str = YEAR, **more: Any) -> Row:
    """A victim of the year; of ten seven are offered support, five consent, four accept, three engage, two complete."""
    step = number % 10
    held = {name: values[number % len(values)] for name, values in GROUPS.items()}
    if number % 97 == 0:
        held["age_band"] = "under 16"
    code, name = AREAS[number % 2] if number % 5 else (None, None)
    # women are offered support more often
    is_offered = step < (8 if held["sex"] == "Female" else 5)
    return {
        "period_code": period,
        "person_ref": f"V{number}",
        **held,
        "area_code": code,
        "area_name": name,
        "is_stalking": number % 3 == 0,
        "is_offered": is_offered,
        "is_consented": is_offered and step < 5,
        "is_accepted": is_offered and step < 4,
        "is_engaged": is_offered and step < 3,
        "is_completed": is_offered and step < 2,
        **more,
    }


def offer(number: int, day: dt.date, **more: Any) -> Row:
    is_accepted = number % 2 == 0
    # the first service's waits jump, which no load explains
    jump = 6 if number % 3 != 1 and day >= dt.date(2025, 7, 1) else 0
    return {
        "referral_ref": f"R{number}",
        "person_ref": f"V{number}",
        "service_ref": f"S{1 + number % 3 % 2}",
        "offered_date": day,
        "offered_month": day.replace(day=1),
        "is_consented": is_accepted,
        "is_accepted": is_accepted,
        "is_engaged": is_accepted,
        "is_completed": False,
        "acceptance_days": 3.0 + number % 5 + jump if is_accepted else None,
        "contact_days": 2.0 + number % 3 if is_accepted else None,
        "sent_contact_days": 4.0 + number % 3 if is_accepted else None,
        "offer_contact_days": 5.0 + number % 3 if is_accepted else None,
        **more,
    }


def service(ref: str, name: str, fte: float, **more: Any) -> Row:
    return {
        "service_ref": ref,
        "service_name": name,
        "kind": "idva",
        "kind_name": "Independent domestic violence adviser",
        "is_for_victims": True,
        "area_code": AREAS[0][0],
        "capacity_fte": fte,
        "stated_cases_per_fte": 60.0,
        "cases_per_fte": 60.0,
        "caseload_basis": "stated by the commissioner",
        "cost_per_year": fte * 45_000,
        "from_date": "2020-04-01",
        "to_date": None,
        **more,
    }


SERVICES = [service("S1", "Invented Advocacy", 2.8), service("S2", "Invented Victim Care", 4.0)]


def residents() -> list[Row]:
    return [
        {
            "area_code": code,
            "area_type": "invented district",
            "population_year": 2025,
            "sex": sex,
            "age_band": band,
            "age_from": low,
            "age_to": high,
            "persons": count,
            "source": "population",
            "is_part": True,
        }
        for code, _ in AREAS
        for sex in ("female", "male")
        for band, low, high, count in (("0-15", 0, 15, 9_000), ("16-64", 16, 64, 40_000), ("65+", 65, None, 11_000))
    ]


def periods() -> list[Row]:
    return made("core.support_periods", core_extract_moments=[AS_OF])


def cells(
    victims: list[Row],
    offers: list[Row] | None = None,
    suspects: list[tuple[str, str]] | None = None,
    supplied: list[Row] | None = None,
    absent: list[Row] | None = None,
    measures: list[Row] | None = None,
) -> list[Row]:
    """core.disclosure_cells of some victims, offers, and victims each with a suspect of one crime."""
    told = [offer(1, dt.date(2023, 10, 2))] if offers is None else offers
    given = {"core_support_victims": victims, "core_support_offers": told, "core_support_periods": periods()}
    groups = made("core.support_groups", **given, core_services=SERVICES)
    return made(
        "core.disclosure_cells",
        **given,
        core_support_groups=groups,
        core_support_grid=made("core.support_grid", core_support_groups=groups, core_support_periods=periods()),
        core_crimes=[
            {"crime_ref": f"C{n}", "recorded_date": dt.date(2025, 9, 1), "is_stalking_or_harassment": True}
            for n, _ in enumerate(suspects or [])
        ],
        core_parties=[
            {"crime_ref": f"C{n}", "party_role": role, "person_key": person, "is_named": True}
            for n, pair in enumerate(suspects or [])
            for role, person in zip(("victim", "suspect"), pair, strict=True)
        ],
        core_support_measured=made(
            "core.support_measured",
            core_support_periods=periods(),
            core_support_offers=told,
            core_absent_fields=absent or [],
            core_force_deliveries=SUPPLIED if supplied is None else supplied,
        ),
        core_measure_disclosure_cells=measures or [],
    )


def measure_cells() -> list[Row]:
    """core.measure_disclosure_cells of invented counts: some measures better, some worse, one not measured."""
    rows: list[Row] = []
    for measure in made_once("reference.public_measures"):
        code, of, place = measure["measure_code"], measure["of_code"], measure["place"]
        cases = 400 if of is None or of == "followed" else (0, 12, 200)[min(2, place % 12)]
        quarters = QUARTERS[:1] if code.endswith("_365") else QUARTERS
        for number, quarter in enumerate(quarters):
            share = OUTCOMES.get(code, 0.6 + (place % 3 - 1) * 0.04 * number)
            counts = {part: round(cases * size * (1 + 0.05 * (number % 2))) for part, size in DISTRICTS.items()}
            met = {part: round(count * share) for part, count in counts.items()}
            told = [(code, of, met)] if of is not None else [(code, None, counts)]
            if of is not None and not any(r["cell_ref"].startswith(f"{of}|quarter {quarter}") for r in rows):
                told.append((of, None, counts))
            named = {group: numbers.capital(group) for group in ("all", *counts)}
            for name, whole, found in told:
                groups = [("all", "all", sum(found.values()))]
                groups += [("district", part, count) for part, count in found.items()]
                flagged = round(0.6 * groups[0][2])
                groups += [("domestic_abuse", "flagged", flagged),
                           ("domestic_abuse", "not flagged", groups[0][2] - flagged)]  # fmt: skip
                for breakdown, group, count in groups:
                    rest = f"|quarter {quarter}|{breakdown}|{group}"
                    year = f"|quarter {int(quarter[:4]) - 1}{quarter[4:]}|{breakdown}|{group}"
                    rows.append(
                        {
                            "cell_ref": name + rest, "measure_code": name, "period_code": f"quarter {quarter}",
                            "breakdown": breakdown, "group_code": group, "group_name": named.get(group, group),
                            "place": 0, "person_count": None if code == "order_notified" else count,
                            "total_ref": None if breakdown == "all" else f"{name}|quarter {quarter}|all|all",
                            "parent_ref": None if whole is None else whole + rest, "is_of_few_people": False,
                            "before_ref": name + year if name == code and number == 4 else None, "not_compared": None,
                        }
                    )  # fmt: skip
    return rows


def offer_groups(offers: list[Row]) -> list[Row]:
    """core.support_groups of some offers alone."""
    given = {"core_support_offers": offers, "core_support_periods": periods()}
    return made("core.support_groups", **given, core_services=SERVICES)


def settings(**changes: float) -> list[Row]:
    """The settings as they ship, some changed."""
    rows = made_once("reference.settings")
    return [row | {"value": changes.get(row["key"].replace(".", "__"), row["value"])} for row in rows]


@lru_cache(maxsize=4)
def made_once(table: str) -> list[Row]:
    """A reference table, read from its own file."""
    import duckdb

    from pipelines.builds.tables import build_table
    from pipelines.tables.warehouse import STATE

    con = duckdb.connect()
    con.execute(STATE)
    con.execute("create schema reference")
    build_table(con, all_cards()[table])
    return con.sql(f"select * from {table}").pl().to_dicts()


@lru_cache(maxsize=1)
def built() -> dict[str, list[Row]]:
    """Every table that those who commission services get, of some nine hundred victims in each of two years."""
    victims = [victim(n) for n in range(900)] + [victim(n, BEFORE) for n in range(850)]
    start = dt.date(2023, 10, 1)
    offers = [offer(n, start + dt.timedelta(days=n * 730 // 1_400)) for n in range(1_400)]
    held = cells(victims, offers, measures=measure_cells())
    figures = made("metrics.released_figures", core_disclosure_cells=held, core_released_before=[])
    found: dict[str, list[Row]] = {"metrics.released_figures": figures, "core.support_periods": periods()}
    found["metrics.released_measures"] = made("metrics.released_measures", metrics_released_figures=figures)
    found["reference.public_measures"] = made_once("reference.public_measures")
    found["reference.measures"] = made("reference.measures", quality_rule_results=[])
    found["metrics.released_attention"] = made(
        "metrics.released_attention",
        metrics_released_measures=found["metrics.released_measures"], reference_measures=found["reference.measures"],
    )
    found["core.public_actions"] = [
        {"register": "recommendations", "entry_ref": "recommendations-1", "measure_code": "risk_plan_high",
         "title": "Invented action", "owner": "Head of public protection", "due_date": dt.date(2025, 9, 30),
         "status": "under_way", "is_overdue": True, "body": None, "number": None, "update_words": None,
         "updated_on": None},
        *RECOMMENDATIONS,
    ]  # fmt: skip
    found["reference.support_measures"] = made_once("reference.support_measures")
    found["core.force_scope"] = [
        {
            "force_code": "E23000013",
            "force_name": "Invented Force",
            "first_month": dt.date(2022, 1, 1),
            "last_month": dt.date(2025, 10, 1),
            "place": 1,
        }
    ]
    found["metrics.support_need"] = made("metrics.support_need", core_residents=residents())
    found["metrics.support_capacity"] = made(
        "metrics.support_capacity",
        core_service_years=made("core.service_years", core_services=SERVICES, core_support_periods=periods()),
        metrics_released_figures=figures,
    )
    found["metrics.support_area_steps"] = made(
        "metrics.support_area_steps", core_support_periods=periods(), metrics_released_figures=figures
    )
    found["metrics.support_gaps"] = made(
        "metrics.support_gaps",
        metrics_support_area_steps=found["metrics.support_area_steps"],
        core_support_periods=periods(),
        metrics_released_figures=figures,
        metrics_support_need=found["metrics.support_need"],
        metrics_support_capacity=found["metrics.support_capacity"],
    )
    found["metrics.support_waits"] = made(
        "metrics.support_waits",
        core_support_offers=offers,
        core_support_groups=offer_groups(offers),
        core_services=SERVICES,
        core_extract_moments=[AS_OF],
        reference_support_breakdowns=made_once("reference.support_breakdowns"),
        metrics_released_figures=figures,
    )
    found["metrics.support_wait_points"] = made(
        "metrics.support_wait_points",
        metrics_support_waits=found["metrics.support_waits"],
        core_extract_moments=[AS_OF],
    )
    found["metrics.support_equity"] = made(
        "metrics.support_equity", core_support_periods=periods(), metrics_released_figures=figures
    )
    weeks = made(
        "core.support_weeks",
        core_support_offers=offers,
        core_services=SERVICES,
        core_support_periods=periods(),
        core_extract_moments=[AS_OF],
    )
    capacity = {"metrics_support_capacity": found["metrics.support_capacity"]}
    found["metrics.support_queue"] = made(
        "metrics.support_queue", core_support_weeks=weeks, core_services=SERVICES, **capacity
    )
    found["metrics.support_options"] = made(
        "metrics.support_options", metrics_support_queue=found["metrics.support_queue"], **capacity
    )
    return found


def commissioning_tables() -> dict[str, pl.DataFrame]:
    """Table -> rows, as published."""
    kinds = {
        "varchar": pl.String,
        "bigint": pl.Int64,
        "integer": pl.Int64,
        "double": pl.Float64,
        "date": pl.Date,
        "boolean": pl.Boolean,
    }
    return {
        all_cards()[table].published_name: pl.DataFrame(
            built()[table], schema={column.name: kinds[column.type] for column in all_cards()[table].columns}
        )
        for table in COMMISSIONED
    }
