"""Which crimes a theme of the assessment counts, and what is counted of it: given these records, which rows?"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from worked import Row, made

AS_OF = [{"as_of_at": datetime(2026, 3, 31, 22, tzinfo=UTC)}]


def crime(ref: str, class_code: str, **more: Any) -> Row:
    return {
        "crime_ref": ref, "class_code": class_code, "recorded_date": date(2026, 1, 1),
        "recorded_at": datetime(2026, 1, 1, tzinfo=UTC), "recorded_month": date(2026, 1, 1), **more,
    }  # fmt: skip


def themes_of(*crimes: Row, **more: list[Row]) -> dict[str, list[str]]:
    rows = made("core.theme_crimes", core_crimes=list(crimes), core_extract_moments=AS_OF, **more)
    found: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda r: r["theme_code"]):
        found.setdefault(row["crime_ref"], []).append(row["theme_code"])
    return found


PARTNER = {"relationships": "ex_partner", "is_former_partner": True}
STRANGER = {"relationships": "stranger", "is_former_partner": False, "is_current_partner": False}


class TestWhichCrimesAThemeCounts:
    def test_by_class_relationship_and_flag(self) -> None:
        assert themes_of(
            crime("C1", "8Q", **PARTNER), crime("C2", "8Q", **STRANGER),
            crime("C3", "8R"), crime("C4", "8L"), crime("C5", "8L"), crime("C6", "8M"), crime("C7", "8U"),
            crime("C8", "66", ho_code="66/38"), crime("C9", "8L", ho_code="8/31"), crime("C10", "8N"),
            crime("C11", "66", ho_code="8/74"), crime("C12", None, ho_code="68/19"),
            crime("C13", "8L", ho_code="68/16"),
            core_crime_flags=[{"crime_ref": "C5", "flag": "online"}],
        ) == {
            "C1": ["T1"], "C2": ["T2"], "C3": ["T3"], "C4": ["T4"], "C5": ["T3"], "C6": ["T7"], "C7": ["T8"],
            "C8": ["T5"], "C9": ["T5"], "C10": ["C1"], "C11": ["T5"], "C12": ["T5"], "C13": ["T4"],
        }  # fmt: skip

    def test_a_relationship_that_is_not_known_makes_no_partner(self) -> None:
        assert themes_of(crime("C1", "8Q", **PARTNER), crime("C2", "8Q")) == {"C1": ["T1"], "C2": ["T2"]}

    def test_where_hardly_one_is_recorded_stalking_is_not_told_apart(self) -> None:
        """Else all stalking would be by others, and none by a partner: what is not known is no nought."""
        found = themes_of(crime("C1", "8Q", **PARTNER), crime("C2", "8Q"), crime("C3", "8Q", relationships="unknown"))
        assert found == {"C1": ["T0"], "C2": ["T0"], "C3": ["T0"]}

    def test_a_flag_of_after_the_as_of_moment_counts_for_nothing(self) -> None:
        flags = [{"crime_ref": "C1", "flag": "online", "set_at": datetime(2026, 6, 1, tzinfo=UTC)}]
        assert themes_of(crime("C1", "8L"), core_crime_flags=flags) == {"C1": ["T4"]}

    def test_the_class_of_then_counts(self) -> None:
        then = [{"crime_ref": "C1", "offence_class": "8L", "is_principal": True}]
        assert themes_of(crime("C1", "8Q", **STRANGER), core_outcome_times=then) == {"C1": ["T4"]}

    def test_a_class_in_no_theme_is_left_out(self) -> None:
        assert themes_of(crime("C1", "99")) == {}

    def test_a_removed_crime_is_left_out_from_the_day_of_its_removal(self) -> None:
        removals = [
            {"crime_ref": "C1", "removal_code": "C2", "removed_at": datetime(2026, 2, 1, tzinfo=UTC)},
            {"crime_ref": "C2", "removal_code": "C2", "removed_at": datetime(2026, 5, 1, tzinfo=UTC)},
        ]
        assert themes_of(crime("C1", "8L"), crime("C2", "8L"), core_removals=removals) == {"C2": ["T4"]}

    def test_a_status_may_say_so_alone(self) -> None:
        assert themes_of(crime("C1", "8L", status="cancelled"), crime("C2", "8L", status="open")) == {"C2": ["T4"]}

    def test_crimes_of_repeat_suspects_count_once_more(self) -> None:
        found = themes_of(
            crime("C1", "8L"), crime("C2", "8L"), crime("C3", "8N"),
            core_suspect_windows=[
                {"suspect_ref": "P1", "window_days": 365, "is_current": True, "is_repeat": True, "is_serial": False},
                {"suspect_ref": "P2", "window_days": 365, "is_current": True, "is_repeat": False, "is_serial": False},
            ],
            core_people=[{"person_key": "k1", "person_ref": "P1"}, {"person_key": "k2", "person_ref": "P2"}],
            core_parties=[
                {"crime_ref": "C1", "person_key": "k1", "party_role": "suspect"},
                {"crime_ref": "C2", "person_key": "k2", "party_role": "suspect"},
                {"crime_ref": "C3", "person_key": "k1", "party_role": "suspect"},
            ],
        )  # fmt: skip
        assert found == {"C1": ["T4", "T6"], "C2": ["T4"], "C3": ["C1"]}


def counted(*crimes: Row, months: int = 36, themes: dict[str, str] | None = None, **more: list[Row]) -> dict[str, Row]:
    """Fact -> row of metrics.theme_counts of theme T4, unless `themes` say otherwise; so many months are held."""
    held = [{"source": "extract", "month": date(2023 + (3 + m) // 12, (3 + m) % 12 + 1, 1)} for m in range(36)]
    given_rows = [
        {"theme_code": (themes or {}).get(c["crime_ref"], "T4"), "crime_ref": c["crime_ref"],
         "recorded_date": c["recorded_date"]}
        for c in crimes
    ]  # fmt: skip
    rows = made(
        "metrics.theme_counts", core_theme_crimes=given_rows, core_crimes=list(crimes), core_extract_moments=AS_OF,
        metrics_demand_months=held[36 - months :], **more,
    )  # fmt: skip
    return {row["fact_code"]: row for row in rows if row["theme_code"] == "T4"}


class TestWhatIsCounted:
    def test_a_year_by_its_days(self) -> None:
        days = (date(2026, 3, 31), date(2025, 4, 1), date(2025, 3, 31), date(2024, 4, 1), date(2023, 4, 1))
        found = counted(*(crime(f"C{n}", "8L", recorded_date=day) for n, day in enumerate(days)))
        years = [found[f]["numerator"] for f in ("crimes_year", "crimes_year_before", "crimes_two_years_before")]
        assert years == [2, 2, 1]

    def test_a_year_that_is_not_held_whole_is_not_counted(self) -> None:
        found = counted(crime("C1", "8L"), months=20)
        assert "crimes_year" in found
        assert not {"crimes_year_before", "crimes_two_years_before", "followed"} & set(found)
        assert "crimes_year" not in counted(crime("C1", "8L"), months=11)

    def test_an_outcome_after_the_as_of_moment_leaves_a_crime_open(self) -> None:
        times = [{"crime_ref": "C1", "is_principal": True, "outcome_code": None, "removal_type": ""}]
        found = counted(crime("C1", "8L", is_open=False), core_outcome_times=times)
        assert found["open"]["numerator"] == 1

    def test_a_grade_of_few_is_not_told_of_the_rest(self) -> None:
        crimes = [crime(f"C{n}", "8L") for n in range(10)]
        graded = [
            {"assessment_ref": f"A{n}", "crime_ref": f"C{n}", "risk_grade": "high" if n == 0 else "standard",
             "completed_at": datetime(2026, 1, 2, tzinfo=UTC)}
            for n in range(10)
        ]  # fmt: skip
        found = counted(*crimes, core_risk_assessments=graded)
        assert (found["high_risk"]["numerator"], found["high_risk"]["denominator"]) == (1, 10)
        assert "high_risk" not in counted(*crimes, core_risk_assessments=graded[:7])

    def test_violence_between_the_same_two_within_a_year_on_either_side(self) -> None:
        def pair(ref: str, class_code: str, day: datetime) -> Row:
            return {"pair_ref": "P", "crime_ref": ref, "class_code": class_code, "recorded_at": day, "reported_at": day}

        crimes = [crime("C1", "8L"), crime("V1", "8N")]
        near = [pair("C1", "8L", datetime(2026, 1, 1, tzinfo=UTC)), pair("V1", "8N", datetime(2025, 1, 2, tzinfo=UTC))]
        far = [near[0], pair("V1", "8N", datetime(2024, 12, 31, tzinfo=UTC))]
        for pairs, violent in ((near, 1), (far, 0)):
            found = counted(*crimes, themes={"V1": "C1"}, core_pair_crimes=pairs)
            assert (found["violence"]["numerator"], found["violence"]["denominator"]) == (violent, 1)

    def test_spread_is_not_measured_among_few_areas(self) -> None:
        assert "areas" not in counted(crime("C1", "8L"), core_crime_areas=[{"crime_ref": "C1", "area_code": "A"}])
