"""Sentencing harm of codes, classes and crimes, and the V100 preset, by worked example and against a plain reading."""

from typing import Any

import pytest
from invented_suspects import ago, report
from worked import Row, made, only

from pipelines.tables.cards import all_cards

SENTENCE = "Sentencing-based harm under-represents stalking"
UNAVAILABLE = "unavailable: no Cambridge index was delivered"
CURRENT = [{"source": "cambridge_harm_index", "period": "all", "delivery_ref": "d", "row_count": 1}]


def copy(*rows: tuple[str, str], expired: tuple[tuple[str, str], ...] = ()) -> list[Row]:
    """core.code_harm of a copy with these codes and days."""
    raw = [
        {"delivery_ref": "d", "ho_code": code, "sentencing_days": days, "is_expired": mark}
        for mark, listed in (("false", rows), ("true", expired)) for code, days in listed
    ]  # fmt: skip
    raw.append({"delivery_ref": "superseded", "ho_code": "8/65", "sentencing_days": "9", "is_expired": "false"})
    return made("core.code_harm", raw_cambridge_harm_index=raw, core_current_periods=CURRENT)


class TestCodes:
    def test_expired_rows_and_superseded_copies_are_left_out(self) -> None:
        found = copy(("8/65", "77"), expired=(("8/65", "200"), ("8/71", "5")))
        assert [(row["ho_code"], row["sentencing_days"], row["row_count"]) for row in found] == [("8/65", 77, 1)]

    def test_of_rows_of_one_code_that_differ_the_median_stands_as_an_assumption(self) -> None:
        (row,) = copy(("8/65", "10"), ("8/65", "40"), ("8/65", "22"), ("8/65", "12"))
        assert (row["sentencing_days"], row["least_days"], row["greatest_days"]) == (17, 10, 40)
        assert (row["is_sentencing_assumed"], row["row_count"]) == (True, 4)
        (same,) = copy(("1/1", "5,475"), ("1/1", "5475.0"))
        assert (same["sentencing_days"], same["is_sentencing_assumed"]) == (5475, False)


class TestClasses:
    def test_a_class_has_the_median_of_its_codes(self) -> None:
        codes = copy(
            ("8/65", "100"), ("8/66", "60"), ("195/12", "7"), ("8/30", "20"), ("195/94", "10"), ("8/6", "400"),
        )  # fmt: skip
        found = {row["class_code"]: row for row in made("core.class_harm", core_code_harm=codes)}
        assert {code: row["sentencing_days"] for code, row in found.items()} == {"8Q": 60, "8L": 15}
        assert found["8Q"]["severity_weight"] is None

    def test_days_stand_beside_weights(self) -> None:
        weights = [{"delivery_ref": "d", "offence_code": code, "severity_weight": "56"} for code in ("8Q", "34B")]
        period = [*CURRENT, {"source": "severity_weights", "period": "all", "delivery_ref": "d", "row_count": 1}]
        found = made("core.class_harm", raw_severity_weights=weights, core_current_periods=period,
                     core_code_harm=copy(("8Q", "60"), ("8/67", "30")))  # fmt: skip
        assert {row["class_code"]: (row["severity_weight"], row["is_severity_assumed"], row["sentencing_days"])
                for row in found} == {
            "8Q": (56, False, 60), "8U": (56, True, 30), "34B": (56, False, None),
        }  # fmt: skip


class TestCrimes:
    CODES = copy(("8/65", "100"), ("8/66", "60"), ("195/12", "7"), ("195/94", "10"), ("8/6", "40"), ("8/6", "50"))
    CLASSES = made("core.class_harm", core_code_harm=CODES)

    def harm(self, *codes: tuple[str | None, str | None]) -> tuple[Any, Any]:
        """Days of a crime whose first code is the principal one, and whether they are assumed."""
        (crime,), included = (
            [{"crime_ref": "C", "ho_code": code, "class_code": name} for code, name in part]
            for part in (codes[:1], codes[1:])
        )
        (row,) = made("core.crime_harm", core_crimes=[crime], core_included_classifications=included,
                      core_class_harm=self.CLASSES, core_code_harm=self.CODES)  # fmt: skip
        return row["sentencing_days"], row["is_sentencing_assumed"]

    @pytest.mark.parametrize(("codes", "expected"), [
        ([("195/12", "8Q")], (7, False)),
        ([(None, "8Q")], (60, True)),  # only the class is known
        ([("8/99", "8Q")], (60, True)),  # a code that the copy has not
        ([("195/94", "8L"), ("8/65", "8Q")], (100, False)),  # the included one is the graver
        ([("8/65", "8Q"), ("195/94", "8L")], (100, False)),
        ([("195/12", "8Q"), (None, "8Q")], (60, True)),
        ([("8/66", "8Q"), (None, "8Q")], (60, False)),  # as many days of its own
        ([("8/65", "8Q"), ("5/1", "5D")], (100, True)),  # at least so many
        ([("8/6", "8N")], (45, True)),  # rows of the code differ
        ([("5/1", "5D")], (None, None)),
        ([(None, None)], (None, None)),
    ])  # fmt: skip
    def test_a_crime_has_the_days_of_its_gravest_code(
        self, codes: list[tuple[str | None, str | None]], expected: tuple[Any, Any]
    ) -> None:
        assert self.harm(*codes) == expected

    def test_without_an_index_it_has_none(self) -> None:
        crime = {"crime_ref": "C", "ho_code": "8/65", "class_code": "8Q"}
        (row,) = made("core.crime_harm", core_crimes=[crime])
        assert (row["sentencing_days"], row["is_sentencing_assumed"]) == (None, None)


PEOPLE = [{"person_key": "e1", "person_ref": "E", "linkage_mark": "likely"},
          {"person_key": "e2", "person_ref": "E", "linkage_mark": "likely"},
          {"person_key": "a", "person_ref": "A", "linkage_mark": "one record"}]  # fmt: skip


def preset(reports: list[Row], *, codes: list[Row] | None = None, **settings: float) -> tuple[list[Row], Row]:
    """The list in the order of its ranks, and its state."""
    suspects = made("core.v100_suspects", core_reports_as_of=reports, **_settings(settings))
    listed = made("metrics.v100", core_v100_suspects=suspects, core_people=PEOPLE, **_settings(settings))
    states = made("core.list_states", core_code_harm=copy(("8/65", "77")) if codes is None else codes)
    (state,) = made("metrics.v100_states", core_list_states=states, core_v100_suspects=suspects,
                    metrics_v100=listed)  # fmt: skip
    return sorted(listed, key=lambda row: (row["rank"], row["person_ref"])), state


def _settings(changed: dict[str, float]) -> dict[str, list[Row]]:
    values = {"window_days": 365.0, "minimum_crimes": 2.0, "list_length": 100.0} | changed
    return {"core_settings": [{f"v100_{key}": value for key, value in values.items()}]}


def accused(suspect: str, crime: str, days_ago: float, harm: float | None, **changed: Any) -> Row:
    return report(crime, days_ago, suspect_ref=suspect, sentencing_days=harm, is_sentencing_assumed=False, **changed)


def test_the_list_of_five_suspects_worked_by_hand() -> None:
    reports = [
        # three crimes within days of each other, one event: each counts
        accused("A", "A1", 12, 10), accused("A", "A2", 11, 10), accused("A", "A3", 10, 10),
        # one crime with two victims is one accusation
        accused("B", "B1", 50, 252), accused("B", "B1", 50, 252, victim_ref="W"),
        # the third crime lies outside the year, to the second
        accused("C", "C1", 364, 20), accused("C", "C2", 1, 15.5), accused("C", "C3", 365, 252),
        # a crime with two suspects counts for both
        accused("D", "D1", 30, 25), accused("D", "E1", 20, 5), accused("E", "E1", 20, 5),
        accused("E", "E2", 10, 100) | {"is_sentencing_assumed": True},
        # as of an earlier day
        accused("F", "F1", 10, 99, is_current=False), accused("F", "F2", 9, 99, is_current=False),
    ]  # fmt: skip
    listed, state = preset(reports)
    assert [(row["rank"], row["person_ref"], row["crime_count"], row["harm_days"]) for row in listed] == [
        (1, "E", 2, 105), (2, "C", 2, 35.5), (3, "A", 3, 30), (3, "D", 2, 30),
    ]  # fmt: skip
    assert [row["linkage_mark"] for row in listed] == ["likely", "not measured", "one record", "not measured"]
    assert [row["assumed_crime_count"] for row in listed] == [1, 0, 0, 0]
    assert state == {"state": "loaded", "is_available": True, "suspect_count": 4, "ranked_count": 4,
                     "listed_count": 4}  # fmt: skip
    assert len(preset(reports, list_length=3)[0]) == 4, "all who share the last rank stay"
    assert [row["person_ref"] for row in preset(reports, list_length=2)[0]] == ["E", "C"]
    assert [row["person_ref"] for row in preset(reports, minimum_crimes=3)[0]] == ["A"]


def test_who_has_a_crime_without_days_has_no_rank_and_is_counted() -> None:
    reports = [
        accused("A", "A1", 9, 10), accused("A", "A2", 8, None), accused("B", "B1", 9, 1), accused("B", "B2", 8, 1),
    ]  # fmt: skip
    listed, state = preset(reports)
    assert [row["person_ref"] for row in listed] == ["B"]
    assert (state["suspect_count"], state["ranked_count"], state["listed_count"]) == (2, 1, 1)


def test_without_an_index_the_list_is_empty_and_says_why() -> None:
    listed, state = preset([accused("A", "A1", 9, None), accused("A", "A2", 8, None)], codes=[])
    assert listed == []
    assert state == {"state": UNAVAILABLE, "is_available": False, "suspect_count": 1, "ranked_count": None,
                     "listed_count": None}  # fmt: skip


def test_a_copy_that_was_refused_is_named_with_its_reason() -> None:
    refused = [
        {"delivery_ref": name, "source": "cambridge_harm_index", "file_name": f"{name}.csv", "status": "refused",
         "reason": f"{name}: expected 1 days", "received_at": ago(days)}
        for name, days in (("a", 1), ("b", 5))
    ]  # fmt: skip
    (row,) = only(made("core.list_states", raw_deliveries=refused), list_code="cambridge_harm_index")
    assert row["state"] == "unavailable: the copy of the Cambridge index was refused: a: expected 1 days"


def test_whatever_shows_sentencing_harm_says_what_it_does_not_see() -> None:
    shown = {
        name for name, card in all_cards().items()
        if any("sentencing" in f"{column.name} {column.meaning}".lower() or column.name == "harm_days"
               for column in card.columns)
    } - {"core.settings"}  # fmt: skip  # it holds a setting of the name, and no harm
    assert {"metrics.v100", "metrics.repeat_suspects", "metrics.lens_agreement", "core.crime_harm"} <= shown
    silent = [name for name in shown if not any(SENTENCE in caveat for caveat in all_cards()[name].caveats)]
    assert sorted(silent) == []
