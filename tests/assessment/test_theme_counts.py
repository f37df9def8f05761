"""Which crimes a theme of the assessment counts, and what is counted of it: given these records, which rows?"""

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


def test_a_theme_with_a_month_of_one_to_four_crimes_is_not_shown_to_leaders() -> None:
    months = {"none": 0, "one": 1, "two": 2, "four": 4, "five": 5}
    points = [{"theme_code": name, "month": date(2026, month, 1), "crime_count": count}
              for name, fewest in months.items() for month, count in ((1, 9), (2, fewest))]  # fmt: skip
    shown = made("metrics.theme_months", metrics_theme_chart_points=points)
    assert {row["theme_code"] for row in shown} == {"none", "five"}


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

    def test_outcomes_of_the_year_before_are_of_crimes_whose_outcome_can_be_read_and_was_waited_for(self) -> None:
        """Ten crimes, of which one has an outcome that cannot be read; three of the other nine were withdrawn."""
        crimes = [crime(f"C{n}", "8L", recorded_date=date(2025, 1, 1)) for n in range(10)]
        group = "Evidential difficulties (victim does not support action)"
        times = [{"crime_ref": f"C{n}", "is_principal": True, "is_outcome_unread": n == 9, "end_day": 30,
                  "followed_days": 400, "outcome_group": group if n < 3 else "Other"} for n in range(10)]  # fmt: skip
        found = counted(*crimes, core_outcome_times=times)["victim_withdrew"]
        assert (found["numerator"], found["denominator"]) == (3, 9)

    def test_a_victim_of_two_crimes_of_the_theme_is_one_who_came_back(self) -> None:
        victims = [{"crime_ref": f"C{n}", "person_key": key, "party_role": "victim"} for n, key in enumerate("AABBBC")]
        found = counted(*(crime(f"C{n}", "8L") for n in range(6)), core_parties=victims)["victims_repeat"]
        assert (found["numerator"], found["denominator"]) == (2, 3)

    def test_a_year_that_is_not_held_whole_is_not_counted(self) -> None:
        found = counted(crime("C1", "8L"), months=20)
        assert "crimes_year" in found
        assert not {"crimes_year_before", "crimes_two_years_before", "followed"} & set(found)
        assert "crimes_year" not in counted(crime("C1", "8L"), months=11)

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


def of_cases(*crimes: Row, **more: list[Row]) -> dict[str, tuple[int, int | None]]:
    """Fact -> counts of metrics.theme_case_counts of theme T4."""
    themes = [{"theme_code": "T4"} | {name: c[name] for name in ("crime_ref", "recorded_date")} for c in crimes]
    rows = made(
        "metrics.theme_case_counts", core_theme_crimes=themes, core_crimes=list(crimes), core_extract_moments=AS_OF,
        **more,
    )  # fmt: skip
    return {row["fact_code"]: (row["numerator"], row["denominator"]) for row in rows}


def held_by(*officers: int, ended: frozenset[int] = frozenset()) -> dict[str, Any]:
    """Open crimes C0, C1 and so on, each allocated to the officer of that number; all are on the list."""
    day = datetime(2026, 1, 2, tzinfo=UTC)
    return {
        "core_allocations": [
            {"crime_ref": f"C{n}", "investigator_ref": f"I{officer}", "allocated_at": day,
             "ended_at": AS_OF[0]["as_of_at"] if n in ended else None}
            for n, officer in enumerate(officers)
        ],
        "core_investigators": [{"investigator_ref": f"I{officer}"} for officer in sorted(set(officers))],
    }  # fmt: skip


class TestWhatIsCountedOfCases:
    def test_an_outcome_after_the_as_of_moment_leaves_a_crime_open(self) -> None:
        times = [{"crime_ref": "C1", "is_principal": True, "outcome_code": None, "removal_type": ""}]
        crimes = (crime("C1", "8L", is_open=False), crime("C2", "8L", is_open=True, recorded_date=date(2025, 12, 1)))
        assert of_cases(*crimes, core_outcome_times=times)["open_old"] == (1, 2)

    def test_a_caseload_is_high_above_ten_and_is_not_told_of_few_investigators(self) -> None:
        officers = (*[1] * 11, *[2] * 10, 3, 4, 5)
        crimes = [crime(f"C{n}", "8L", is_open=True) for n in range(len(officers))]
        found = of_cases(*crimes, **held_by(*officers))
        assert (found["caseload_high"], found["caseload_mean"]) == ((11, 24), (24, 5))
        few = of_cases(*crimes[:21], **held_by(*officers[:21]))
        assert not {"caseload_high", "caseload_mean"} & set(few)

    def test_an_allocation_that_ended_holds_nothing(self) -> None:
        crimes = [crime(f"C{n}", "8L", is_open=True) for n in range(3)]
        assert of_cases(*crimes, **held_by(1, 2, 3, ended=frozenset({1})))["unallocated"] == (1, 3)
        assert "unallocated" not in of_cases(*crimes), "no list of allocations was delivered"

    def test_a_standard_counts_once_a_crime_and_one_that_did_not_run_finds_nothing(self) -> None:
        crimes = [crime(f"C{n}", "8L") for n in range(4)]
        rules = [
            {"rule_code": code, "record_type": "crime", "severity": severity, "status": status}
            for code, severity, status in (("A-1", "error", "BREACH"), ("A-2", "error", "BREACH"),
                                           ("B-1", "warn", "BREACH"), ("C-1", "error", "NOT_EVALUABLE"))
        ]  # fmt: skip
        breaches = [
            {"rule_code": code, "record_type": "crime", "record_ref": ref}
            for code, ref in (("A-1", "C0"), ("A-2", "C0"), ("B-1", "C1"), ("A-1", "C9"))
        ]
        of = {"quality_rule_results": rules, "quality_rule_breaches": breaches}
        assert of_cases(*crimes, **of)["standards_broken"] == (1, 4)
        assert "standards_broken" not in of_cases(*crimes, quality_rule_results=rules[2:])

    def test_the_last_audit_counts_by_strata_drawn_at_random(self) -> None:
        crimes = [crime(f"C{n}", "8L") for n in range(8)]
        signed = [
            {"cycle_ref": ref, "signed_off_at": datetime(year, 1, 1, tzinfo=UTC)}
            for ref, year in (("O", 2024), ("N", 2026))
        ]
        rated = [("N", "B", "fail"), *[("N", "B", "pass")] * 4]
        others = [("N", "C", "fail"), ("N", "B", "unsure"), ("O", "B", "fail")]
        units = [
            {"cycle_ref": cycle, "stratum": stratum, "unit_type": "crime", "unit_ref": f"C{n}", "final_result": result}
            for n, (cycle, stratum, result) in enumerate([*rated, *others])
        ]
        assert of_cases(*crimes, core_audit_estimates=signed, core_audit_unit_facts=units)["audit_failed"] == (1, 5)
        fewer = of_cases(*crimes, core_audit_estimates=signed, core_audit_unit_facts=units[1:])
        assert "audit_failed" not in fewer, "four units are too few to share"

    def test_repeat_and_serial_suspects_are_people_not_crimes(self) -> None:
        crimes = [crime(f"C{n}", "8L") for n in range(4)]
        found = of_cases(
            *crimes,
            core_parties=[
                {"crime_ref": f"C{n}", "person_key": key, "party_role": "suspect", "eliminated_at": out}
                for n, key, out in ((0, "k1", None), (1, "k2", None), (2, "k3", None), (3, "k4", AS_OF[0]["as_of_at"]))
            ],
            core_people=[
                {"person_key": key, "person_ref": ref}
                for key, ref in (("k1", "P1"), ("k2", "P1"), ("k3", "P2"), ("k4", "P3"))
            ],
            core_suspect_windows=[
                {"suspect_ref": "P1", "window_days": 365, "is_current": True, "is_repeat": True, "is_serial": False}
            ],
        )  # fmt: skip
        assert (found["suspects"], found["suspects_repeat"], found["suspects_serial"]) == ((2, None), (1, 2), (0, 2))


def parts_of(*counts: tuple[str, int, int], before: bool = True) -> dict[str, tuple[int, int | None]]:
    """Part -> crimes, and crimes of the year before, of victims' sex in T4."""
    crimes = [
        (f"{part}{day.year}{n}", part, day)
        for part, now, then in counts for day, count in ((date(2026, 1, 1), now), (date(2025, 1, 1), then))
        for n in range(count)
    ]  # fmt: skip
    totals = {"crimes_year": sum(now for _, now, _ in counts), "crimes_year_before": sum(then for *_, then in counts)}
    rows = made(
        "metrics.theme_breakdowns", core_extract_moments=AS_OF,
        core_theme_crimes=[{"theme_code": "T4", "crime_ref": ref, "recorded_date": day} for ref, _, day in crimes],
        core_crime_breakdowns=[{"crime_ref": ref, "victim_sex": part} for ref, part, _ in crimes],
        metrics_theme_counts=[
            {"theme_code": "T4", "fact_code": code, "numerator": count} for code, count in totals.items() if count
        ],
        metrics_theme_verdicts=[{"theme_code": "T4", "segment_point_count": 36 if before else 12}],
    )  # fmt: skip
    return {
        row["breakdown_value"]: (row["numerator"], row["count_before"])
        for row in rows if row["breakdown"] == "victim_sex"
    }  # fmt: skip


class TestPartsOfATheme:
    def test_the_part_that_made_the_change(self) -> None:
        assert parts_of(("F", 60, 30), ("M", 20, 21)) == {"F": (60, 30), "M": (20, 21)}

    def test_a_recording_change_between_leaves_nothing_to_compare_with(self) -> None:
        assert parts_of(("F", 60, 30), ("M", 20, 21), before=False) == {"F": (60, None), "M": (20, None)}

    def test_a_few_are_joined_and_the_next_part_with_them(self) -> None:
        """Of 82 crimes with 60 and 20 the rest would be two."""
        found = parts_of(("F", 60, 30), ("M", 20, 21), ("U", 2, 0))
        assert found == {"F": (60, 30), "small parts together": (22, 21)}

    def test_what_is_few_in_one_of_the_years_alone_is_joined(self) -> None:
        found = parts_of(("F", 60, 30), ("M", 20, 3), ("U", 30, 25))
        assert found == {"F": (60, 30), "small parts together": (50, 28)}

    def test_five_are_shown(self) -> None:
        assert set(parts_of(("F", 60, 30), ("M", 5, 21))) == set(parts_of(("F", 60, 30), ("M", 21, 5))) == {"F", "M"}

    def test_all_parts_together_are_no_part(self) -> None:
        assert parts_of(("F", 60, 30), ("M", 20, 3)) == {}

    def test_a_theme_with_few_crimes_has_no_parts(self) -> None:
        assert parts_of(("F", 4, 30)) == {}
