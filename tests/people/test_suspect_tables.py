"""Dyads, victims, harm by lens and management, by worked example."""

from invented_suspects import AS_OF, ago, report
from worked import Row, made, only


class TestWhoComesUpAgain:
    def test_a_dyad_repeats_with_its_second_event(self) -> None:
        found = made("core.suspect_events", core_reports_as_of=[
            report("C1", 100), report("C2", 98), report("C3", 10), report("C4", 5, victim_ref="W"),
            report("C5", 3, victim_ref=None),
        ])  # fmt: skip
        dyads = {row["victim_ref"]: row for row in only(made("metrics.repeat_dyads", core_suspect_events=found),
                                                         window_days=365)}  # fmt: skip
        assert set(dyads) == {"V", "W"}, "without a victim there is no dyad"
        assert (dyads["V"]["event_count"], dyads["V"]["crime_count"], dyads["V"]["is_repeat"]) == (2, 3, True)
        assert (dyads["V"]["first_event_at"], dyads["V"]["last_reported_at"]) == (ago(100), ago(10))
        assert dyads["W"]["is_repeat"] is False

    def test_a_victim_repeats_whoever_is_suspected(self) -> None:
        def of(crime: str, days: float, suspect: str | None) -> Row:
            return {"as_of_at": AS_OF, "crime_ref": crime, "victim_ref": "V", "suspect_ref": suspect,
                    "reported_at": ago(days), "begins_event": crime != "C2"}  # fmt: skip

        rows = [of("C1", 100, "S"), of("C2", 97, None), of("C3", 50, None), of("C4", 10, "T")]
        (victim,) = only(made("metrics.repeat_victims", core_victim_reports=rows), window_days=365)
        assert (victim["event_count"], victim["crime_count"]) == (3, 4)
        assert (victim["suspect_count"], victim["unknown_suspect_count"], victim["is_repeat"]) == (2, 2, True)

    def test_unknown_suspects_are_counted_and_never_dropped(self) -> None:
        crimes = [
            {"crime_ref": ref, "class_code": "8L", "reported_at": ago(9), "recorded_at": ago(9)} for ref in ("C1", "C2")
        ]
        moment = [{"as_of_at": AS_OF, "known_by_at": AS_OF, "is_current": True}]
        reports = made(
            "core.victim_reports", core_crimes=crimes, core_as_of_moments=moment,
            core_stalking_harassment_spans=made("core.stalking_harassment_spans", core_crimes=crimes),
            core_reports_as_of=[report("C1", 9)],
        )  # fmt: skip
        assert {row["crime_ref"]: row["suspect_ref"] for row in reports} == {"C1": "S", "C2": None}
        for named, unknown in ((1, 1), (0, None), (None, None)):  # unknown is not none: nobody is named in any crime
            (year,) = only(
                made(
                    "metrics.repeat_summary", core_victim_reports=reports, core_as_of_moments=moment,
                    core_crimes=[crime | {"named_suspect_count": named} for crime in crimes],
                ),
                window_days=365,
            )  # fmt: skip
            assert (year["crime_count"], year["unknown_suspect_crime_count"]) == (2, unknown)
            assert year["suspect_count"] == year["repeat_dyad_count"] == (None if unknown is None else 0)
            assert year["is_whole_window"] is False, "the extract reaches nine days back"

    def test_pairs_are_compared_with_those_that_the_record_system_counts(self) -> None:
        ours = [
            {"victim_key": victim, "suspect_key": "S", "crime_ref": crime}
            for victim, crime in (("A", "C1"), ("A", "C2"), ("B", "C3"))
        ]
        moment = [{"as_of_at": AS_OF, "known_by_at": AS_OF, "is_current": True}]
        reported = {"as_of_at": AS_OF, "crime_ref": "C1", "victim_ref": "V", "reported_at": ago(9)}

        def compared(*theirs: tuple[str, int | None]) -> tuple[object, object]:
            (year,) = only(
                made(
                    "metrics.repeat_summary", core_victim_reports=[reported], core_as_of_moments=moment,
                    core_pair_crimes=ours, core_delivered_pairs=[
                        {"victim_key": victim, "suspect_key": "S", "crime_count": crimes} for victim, crimes in theirs
                    ],
                ),
                window_days=365,
            )  # fmt: skip
            return year["pair_count"], year["delivered_pair_count"]

        assert compared(("A", 2), ("B", 1)) == (2, 2)
        assert compared(("A", 1), ("B", 1), ("Z", 1)) == (2, 1)
        assert compared(("A", None)) == compared() == (None, None), "not compared is not none"


class TestManagement:
    MOMENT = [{"as_of_at": AS_OF}]  # noqa: RUF012

    def managed(self, **given: list[Row]) -> list[Row]:
        return made("core.person_management", core_extract_moments=self.MOMENT, **given)

    def test_an_order_manages_from_being_granted_until_it_expires(self) -> None:
        orders = [
            {"respondent_key": "A", "granted_at": ago(10), "expires_date": AS_OF.date()},
            {"respondent_key": "B", "granted_at": ago(10), "expires_date": ago(1).date()},
            {"respondent_key": "C", "granted_at": None},
            {"respondent_key": "D", "granted_at": ago(-1)},
        ]
        assert [row["person_ref"] for row in self.managed(core_orders=orders)] == ["A"]

    def test_bail_manages_and_release_under_investigation_does_not(self) -> None:
        custodies = [{"custody_ref": ref, "person_key": ref.upper()} for ref in "abc"]
        bails = [
            {"custody_ref": "a", "bail_type": "pre_charge_bail", "started_at": ago(9)},
            {"custody_ref": "b", "bail_type": "rui", "started_at": ago(9)},
            {"custody_ref": "c", "bail_type": "post_charge_bail", "started_at": ago(9), "ended_at": ago(1)},
        ]
        assert [row["person_ref"] for row in self.managed(core_bails=bails, core_custodies=custodies)] == ["A"]

    def test_a_programme_manages_from_adoption_until_exit(self) -> None:
        def stage(person: str, stage: str, days: float) -> Row:
            return {"person_ref": person, "programme": "matac", "stage": stage, "from_date": ago(days).date()}

        rows = [stage("A", "identified", 90), stage("A", "adopted", 60), stage("B", "ranked", 60),
                stage("C", "plan", 60), stage("C", "exit", 30), stage("D", "adopted", -5)]  # fmt: skip
        found = self.managed(core_managements=rows)
        assert {row["person_ref"]: row["programmes"] for row in found if row["programme_count"]} == {"A": "matac"}
        funnel = made("metrics.management_funnel", core_managements=rows, core_extract_moments=self.MOMENT,
                      metrics_repeat_suspects=[{"person_ref": "C", "window_days": 730, "is_repeat": True}],
                      core_crimes=[{"named_suspect_count": 1}])  # fmt: skip
        assert [(row["stage"], row["person_count"], row["repeat_suspect_count"])
                for row in sorted(funnel, key=lambda row: row["stage_place"])] == [
            ("identified", 3, 1), ("ranked", 3, 1), ("adopted", 2, 1), ("plan", 1, 1), ("review", 1, 1), ("exit", 1, 1)
        ]  # fmt: skip

    def test_serial_and_unmanaged(self) -> None:
        suspects = [
            {"person_ref": ref, "window_days": 365, "is_repeat": True, "is_serial": serial} for ref, serial in
            (("A", True), ("B", True), ("C", False))
        ]  # fmt: skip
        rows = made("metrics.repeat_management", metrics_repeat_suspects=suspects,
                    core_person_management=[{"person_ref": "A", "order_count": 1}])  # fmt: skip
        assert [(row["person_ref"], row["is_managed"]) for row in rows] == [("A", True), ("B", False), ("C", False)]
        periods = [{"source": "order_", "delivery_ref": "d"}]
        (overlap,) = made("metrics.management_overlap", metrics_repeat_management=rows, core_force_deliveries=periods)
        assert (overlap["serial_count"], overlap["serial_unmanaged_count"]) == (2, 1)
        assert overlap["repeat_managed_count"] == 1
        assert (overlap["is_orders_measured"], overlap["is_programmes_measured"]) == (True, False)


class TestHarm:
    def test_the_gravest_class_principal_or_included_and_an_assumed_weight_is_labelled(self) -> None:
        weights = [{"delivery_ref": "d", "offence_code": code, "severity_weight": weight}
                   for code, weight in (("8Q", "56.3"), ("8N", "200.5"))]  # fmt: skip
        periods = [{"source": "severity_weights", "period": "all", "delivery_ref": "d"}]
        classes = made("core.class_harm", raw_severity_weights=weights, core_current_periods=periods)
        assert {row["class_code"]: (row["severity_weight"], row["is_severity_assumed"]) for row in classes} == {
            "8N": (200.5, False), "8Q": (56.3, False), "8U": (56.3, True)
        }  # fmt: skip
        crimes = [{"crime_ref": ref, "class_code": code} for ref, code in (("C1", "8Q"), ("C2", "8U"), ("C3", "99Z"))]
        rows = made("core.crime_harm", core_class_harm=classes, core_crimes=crimes,
                    core_included_classifications=[{"crime_ref": "C1", "class_code": "8N"}])  # fmt: skip
        assert [(row["severity_weight"], row["is_severity_assumed"]) for row in rows] == [
            (200.5, False), (56.3, True), (None, None)
        ]  # fmt: skip

    def test_behaviour_gives_the_points_of_the_items_that_are_on(self) -> None:
        signals = [{"crime_ref": "C1", "has_threat": True, "is_online": True, "is_fixated": False},
                   {"crime_ref": "C2", "has_threat": None}]  # fmt: skip
        items = [{"item": "threat", "points": 2, "is_on": True}, {"item": "online", "points": 1, "is_on": False},
                 {"item": "order_breach", "points": 4, "is_on": True}]  # fmt: skip
        rows = made("core.crime_behaviours", core_crime_text_signals=signals, reference_behaviour_items=items,
                    core_order_breaches=[{"crime_ref": "C2"}, {"crime_ref": "C3"}])  # fmt: skip
        assert [(row["crime_ref"], row["behaviour_points"]) for row in rows] == [("C1", 2), ("C2", 4)]
