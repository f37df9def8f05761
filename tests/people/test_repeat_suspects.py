"""Who does it again: events, windows, and the four components of the score, by worked example."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from invented_suspects import AS_OF, ago, report
from worked import Row, made, only


def events(*reports: Row) -> list[Row]:
    moments = [{"as_of_at": at} for at in (ago(30), AS_OF)]
    return made("core.suspect_events", core_reports_as_of=list(reports), core_as_of_moments=moments)


def windows(*reports: Row, **given: list[Row]) -> list[Row]:
    return made("core.suspect_windows", core_suspect_events=events(*reports), core_reports_as_of=list(reports), **given)


class TestEvents:
    @pytest.mark.parametrize(
        ("days", "starts"),
        [
            ([20, 10], [20, 10]),
            ([20, 13], [20]),  # seven days to the second
            ([20, 13 - 1 / 86400], [20, 13 - 1 / 86400]),
            ([30, 24, 18, 12], [30]),  # each within seven days of the one before
            ([30, 24, 10], [30, 10]),
        ],
    )
    def test_a_report_within_seven_days_of_the_one_before_belongs_to_its_event(
        self, days: list[float], starts: list[float]
    ) -> None:
        found = events(*(report(f"C{n}", day) for n, day in enumerate(days)))
        assert [row["event_at"] for row in found] == [ago(day) for day in starts]
        assert sum(row["crime_count"] for row in found) == len(days)

    def test_other_victims_and_other_suspects_are_other_events(self) -> None:
        found = events(
            report("C1", 5), report("C2", 4, victim_ref="W"), report("C3", 3, suspect_ref="T"),
            report("C4", 2, victim_ref=None), report("C5", 1, victim_ref=None),
        )  # fmt: skip
        assert [row["crime_count"] for row in found] == [1] * 5

    def test_the_harm_of_an_event_is_that_of_its_gravest_crime(self) -> None:
        (event,) = events(report("C1", 5, severity_weight=10), report("C2", 4, severity_weight=56))
        assert event["severity_weight"] == 56

    def test_conduct_of_more_than_two_weeks_is_persistent(self) -> None:
        found = events(report("C1", 50), report("C2", 36), report("C3", 20))
        assert [row["behaviour_points"] for row in found] == [1, 1, 3]

    def test_a_report_that_comes_late_or_counts_no_longer_is_numbered_by_each_moment(self) -> None:
        then, other = {"as_of_at": ago(30)}, {"victim_ref": "W"}
        found = events(report("C2", 40, **then), report("C1", 60), report("C2", 40),
                       report("D1", 60, **then, **other), report("D2", 20, **other))  # fmt: skip
        numbers = {(row["as_of_at"], row["event_number"], row["event_ref"]) for row in found}
        assert numbers == {(ago(30), 1, "C2"), (AS_OF, 1, "C1"), (AS_OF, 2, "C2"), (ago(30), 1, "D1"), (AS_OF, 1, "D2")}


class TestWindows:
    def test_a_window_reaches_back_from_the_as_of_moment(self) -> None:
        found = windows(report("C1", 100), report("C2", 90), report("C3", 10))
        counts = {row["window_days"]: row["event_count"] for row in found}
        assert counts == {90: 1, 365: 3, 730: 3, 1095: 3}, "ninety days ago to the second lies outside"

    def test_repeat_is_two_events_and_serial_two_victims(self) -> None:
        same = only(windows(report("C1", 100), report("C2", 10)), window_days=365)[0]
        assert (same["is_repeat"], same["is_serial"], same["victim_count"]) == (True, False, 1)
        two = only(windows(report("C1", 100), report("C2", 10, victim_ref="W")), window_days=365)[0]
        assert (two["is_repeat"], two["is_serial"]) == (True, True)

    def test_one_crime_with_two_victims_is_one_event_of_a_serial_suspect(self) -> None:
        row = only(windows(report("C1", 10), report("C1", 10, victim_ref="W")), window_days=365)[0]
        assert (row["event_count"], row["crime_count"], row["victim_count"]) == (1, 1, 2)
        assert (row["is_repeat"], row["is_serial"], row["harm_css"]) == (False, True, 10)

    def test_crimes_as_recorded_stand_beside_events(self) -> None:
        row = only(windows(report("C1", 12), report("C2", 10), report("C3", 9)), window_days=365)[0]
        assert (row["event_count"], row["crime_count"]) == (1, 3)

    def test_a_victim_who_is_not_on_record_is_an_event_without_a_victim(self) -> None:
        row = only(windows(report("C1", 10, victim_ref=None, is_victim_vulnerable=None)), window_days=365)[0]
        assert (row["event_count"], row["victim_count"], row["victims"]) == (1, 0, 0)

    def test_sentencing_harm_says_where_a_part_of_it_is_assumed(self) -> None:
        sure = {"sentencing_days": 10.0, "is_sentencing_assumed": False}
        given = [report("C1", 100, **sure), report("C2", 10, **sure | {"is_sentencing_assumed": True})]
        found = {row["window_days"]: row for row in windows(report("C0", 300, **sure), *given)}
        assert (found[365]["harm_cchi"], found[365]["is_sentencing_assumed"]) == (30, True)
        alone = only(windows(report("C1", 100, **sure)), window_days=365)[0]
        assert (alone["harm_cchi"], alone["is_sentencing_assumed"]) == (10, False)

    def test_harm_of_which_a_part_is_not_known_is_not_known(self) -> None:
        row = only(windows(report("C1", 100), report("C2", 10, severity_weight=None)), window_days=365)[0]
        assert [row[name] for name in ("harm_css", "gravity", "rfgv_score", "harm_cchi")] == [None] * 4
        text = only(windows(report("C1", 100), report("C2", 10, behaviour_points=None)), window_days=365)[0]
        assert (text["harm_behaviour"], text["behaviour_event_count"]) == (1, 1)


def test_the_score_of_three_suspects_worked_by_hand() -> None:
    """One suspect of four events and two victims, one of two events, one of one: 730 days."""
    reports = [
        report("A1", 700), report("A2", 400), report("A3", 200),
        report("A4", 90, victim_ref="W", is_victim_vulnerable=True),
        report("B1", 500, suspect_ref="T"), report("B2", 180, suspect_ref="T", severity_weight=20.0),
        report("C1", 360, suspect_ref="U"),
    ]  # fmt: skip
    rows = {row["suspect_ref"]: row for row in only(windows(*reports), window_days=730)}
    assert [rows[ref]["recency"] for ref in "STU"] == pytest.approx([0.5 ** (90 / 180), 0.5, 0.25])
    assert rows["S"]["frequency"] == 0.5, "four events are half way"
    assert rows["S"]["gravity"] == pytest.approx(1600 / (1600 + 40_000)), "half way at a harm of 200"
    assert (rows["T"]["frequency"], rows["T"]["gravity"]) == pytest.approx((4 / (4 + 16), 900 / (900 + 40_000)))
    assert [rows[ref]["victims"] for ref in "SU"] == pytest.approx([0.7 * 2 / 5 + 0.3 * 1 / 2, 0.7 / 5])
    for row in rows.values():
        parts = [row[name] for name in ("recency", "frequency", "gravity", "victims")]
        assert row["rfgv_score"] == pytest.approx(25 * sum(parts))


def of_events(count: int, suspect: str, severity: float = 10.0) -> list[Row]:
    """One event a month against one victim, the last ten days ago."""
    return [report(f"{suspect}{n}", 10 + 30 * n, suspect_ref=suspect, severity_weight=severity) for n in range(count)]


class TestScaleOfFrequencyAndGravity:
    def test_5_and_23_events_no_longer_rank_alike(self) -> None:
        """Among many suspects with one event, both were above the 99th percentile: 1.00 in frequency and gravity."""
        others = [report(f"O{n}", 10, suspect_ref=f"O{n}") for n in range(300)]
        given = [*of_events(5, "A", 100.0), *of_events(23, "B", 100.0), *others]
        rows = {row["suspect_ref"]: row for row in only(windows(*given), window_days=730)}
        assert [round(rows[ref]["frequency"], 2) for ref in "AB"] == [0.61, 0.97]
        assert [round(rows[ref]["gravity"], 2) for ref in "AB"] == [0.86, 0.99]
        assert rows["A"]["rfgv_score"] < rows["B"]["rfgv_score"] < 100

    def test_nobody_s_component_changes_because_another_person_is_added(self) -> None:
        alone = only(windows(*of_events(3, "A")), window_days=365)[0]
        beside = only(windows(*of_events(3, "A"), *of_events(12, "B", 500.0)), window_days=365, suspect_ref="A")[0]
        assert alone == beside

    def test_twice_the_events_or_harm_gives_four_times_the_odds(self) -> None:
        rows = [only(windows(*of_events(count, "A")), window_days=1095)[0] for count in (3, 6, 12, 24)]
        for part in ("frequency", "gravity"):
            odds = [row[part] / (1 - row[part]) for row in rows]
            assert [after / before for before, after in pairwise(odds)] == pytest.approx([4, 4, 4])

    def test_the_same_events_have_the_same_frequency_in_every_window(self) -> None:
        rows = windows(*of_events(3, "A"))
        assert {(row["window_days"], row["frequency"]) for row in rows} == {
            (days, 9 / 25) for days in (90, 365, 730, 1095)
        }

    @pytest.mark.parametrize(("lens", "harm"), [(1, 250.0), (2, 200.0), (3, 10.0)])
    def test_gravity_is_half_way_at_the_harm_of_its_lens(self, lens: int, harm: float) -> None:
        row = {"sentencing_days": harm, "severity_weight": harm, "behaviour_points": harm}
        settings = made("core.settings")[0] | {"rfgv_lens": lens}
        found = only(windows(report("C1", 10, **row), core_settings=[settings]), window_days=730)[0]
        assert found["gravity"] == 0.5

    def test_no_harm_at_all_is_no_gravity(self) -> None:
        assert only(windows(report("C1", 10, severity_weight=0.0)), window_days=730)[0]["gravity"] == 0


class TestWhatCounts:
    """Recording-standards 6.0.7, as of a moment."""

    CRIME = {"crime_ref": "C", "class_code": "8Q", "reported_at": ago(50), "recorded_at": ago(49)}  # noqa: RUF012

    def count(self, *, roles: list[Row] | None = None, as_of: datetime = AS_OF, **given: list[Row]) -> int:
        crime = given.pop("crime", [self.CRIME])
        parties = roles if roles is not None else [
            {"crime_ref": "C", "person_key": "s", "party_role": "suspect", "is_named": True},
            {"crime_ref": "C", "person_key": "v", "party_role": "victim", "is_named": True},
        ]  # fmt: skip
        reports = made(
            "core.suspect_reports", core_crimes=crime, core_parties=parties,
            **{k: v for k, v in given.items() if k in ("core_removals", "core_people")},
        )  # fmt: skip
        spans = made(
            "core.stalking_harassment_spans", core_crimes=crime,
            **{k: v for k, v in given.items()
               if k in ("core_classification_changes", "core_included_classifications")},
        )  # fmt: skip
        moment = {"as_of_at": as_of, "known_by_at": as_of, "is_current": True}
        return len(
            made("core.reports_as_of", core_suspect_reports=reports, core_stalking_harassment_spans=spans,
                 core_as_of_moments=[moment])
        )  # fmt: skip

    def test_a_named_suspect_of_stalking_or_harassment(self) -> None:
        assert self.count() == 1
        assert self.count(crime=[self.CRIME | {"class_code": "105A"}]) == 0

    def test_before_it_was_recorded_it_does_not_count(self) -> None:
        assert self.count(as_of=ago(49.5)) == 0
        assert self.count(as_of=ago(49)) == 1

    @pytest.mark.parametrize(("role", "named", "counts"), [
        ("suspect", True, 1), ("offender", True, 1), ("suspect", False, 0), ("witness", True, 0), ("suspect", None, 0),
    ])  # fmt: skip
    def test_the_role_and_the_name(self, role: str, named: bool | None, counts: int) -> None:
        row = {"crime_ref": "C", "person_key": "s", "party_role": role, "is_named": named}
        assert self.count(roles=[row]) == counts

    def test_a_suspect_counts_from_being_added_until_being_eliminated(self) -> None:
        row = {"crime_ref": "C", "person_key": "s", "party_role": "suspect", "is_named": True,
               "first_added_at": ago(30), "eliminated_at": ago(10)}  # fmt: skip
        assert [self.count(roles=[row], as_of=ago(day)) for day in (31, 30, 11, 10, 0)] == [0, 1, 1, 0, 0]

    def test_a_crime_counts_until_it_is_removed(self) -> None:
        removed = [{"crime_ref": "C", "removal_code": "C2", "removed_at": ago(20)}]
        assert [self.count(core_removals=removed, as_of=ago(day)) for day in (21, 20)] == [1, 0]

    def test_the_class_is_that_of_the_day(self) -> None:
        changes = [
            {"crime_ref": "C", "sequence_number": 1, "class_code": "8N", "changed_at": ago(49)},
            {"crime_ref": "C", "sequence_number": 2, "class_code": "8Q", "changed_at": ago(40)},
            {"crime_ref": "C", "sequence_number": 3, "class_code": "105A", "changed_at": ago(20)},
        ]
        crime = [self.CRIME | {"class_code": "105A"}]
        count = [
            self.count(crime=crime, core_classification_changes=changes, as_of=ago(day)) for day in (45, 40, 21, 20)
        ]
        assert count == [0, 1, 1, 0]

    def test_an_included_class_counts_from_being_added(self) -> None:
        included = [{"crime_ref": "C", "class_code": "8Q", "added_at": ago(30)}]
        crime = [self.CRIME | {"class_code": "8N"}]
        count = [self.count(crime=crime, core_included_classifications=included, as_of=ago(day)) for day in (31, 30)]
        assert count == [0, 1]

    def test_two_records_of_one_person_are_one_suspect(self) -> None:
        roles = [{"crime_ref": "C", "person_key": key, "party_role": "suspect", "is_named": True} for key in ("s", "t")]
        people = [{"person_key": key, "person_ref": "P", "is_linked": True, "linkage_confidence": 0.97} for key in "st"]
        assert self.count(roles=roles) == 2
        assert self.count(roles=roles, core_people=people) == 1


def test_origins_of_the_back_test_lie_a_year_back_and_have_a_year_before_them() -> None:
    moments = [{"as_of_at": AS_OF, "events_limit_at": AS_OF, "first_recorded_at": datetime(2023, 7, 20, tzinfo=UTC)}]
    found = made("core.as_of_moments", core_extract_moments=moments)
    origins = [row["as_of_at"] for row in found if not row["is_current"]]
    assert max(origins) == datetime(2025, 3, 31, 23, tzinfo=UTC), "the first of April, in London"
    assert min(origins) == datetime(2024, 7, 31, 23, tzinfo=UTC)
    assert len(origins) == 9
