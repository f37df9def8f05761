"""What the records hold of two people, in time, by worked example."""

from datetime import date, datetime

from invented_suspects import ago, report
from worked import Row, made, only


def timeline(*reports: Row, **given: list[Row]) -> list[Row]:
    found = made("core.suspect_events", core_reports_as_of=list(reports))
    return made("metrics.dyad_timeline", core_suspect_events=found, core_reports_as_of=list(reports), **given)


def order(ref: str, **changed: object) -> Row:
    return {
        "order_ref": ref, "order_type": "spo_full", "respondent_key": "S", "victim_key": "V", "granted_at": ago(50),
        "expires_date": date(2027, 6, 30),
    } | changed  # fmt: skip


def test_reports_stand_in_their_events_with_class_and_behaviours() -> None:
    behaviours = {"has_violence_or_effect": False, "has_coercion": False, "has_stalking_behaviour": False,
                  "is_fixated_or_obsessive": False, "is_order_breach": False, "has_graver_class": False}  # fmt: skip
    rows = timeline(
        report("C1", 100), report("C2", 98), report("C3", 10), report("C4", 5, victim_ref="W"),
        core_crimes=[{"crime_ref": "C1", "class_code": "8Q"}, {"crime_ref": "C2", "class_code": "8L"},
                     {"crime_ref": "C3", "class_code": "8L"}],
        core_crime_behaviours=[behaviours | {"crime_ref": "C1", "has_threat": True, "is_online": True},
                               behaviours | {"crime_ref": "C2", "has_threat": False, "is_online": False}],
    )  # fmt: skip
    assert {(r["record_ref"], r["event_number"], r["words"]) for r in rows} == {
        ("C1", 1, "class 8Q: threat, online"),
        ("C2", 1, "class 8L: no behaviour found"),
        ("C3", 2, "class 8L: behaviour not measured"),
        ("C4", 1, "class not known: behaviour not measured"),
    }
    assert {(r["person_ref"], r["victim_ref"], r["dyad_ref"]) for r in rows} == {("S", "V", "S|V"), ("S", "W", "S|W")}
    assert {r["entry_type"] for r in rows} == {"report"}


def test_every_behaviour_has_its_word() -> None:
    flags = ("has_threat", "has_violence_or_effect", "has_coercion", "has_stalking_behaviour",
             "is_fixated_or_obsessive", "is_online", "is_order_breach", "has_graver_class")  # fmt: skip
    rows = timeline(report("C1", 9), core_crimes=[{"crime_ref": "C1", "class_code": "8Q"}],
                    core_crime_behaviours=[{"crime_ref": "C1"} | dict.fromkeys(flags, True)])  # fmt: skip
    assert rows[0]["words"] == (
        "class 8Q: threat, violence or effect, coercion, stalking behaviour, fixated or obsessive, online, breach of "
        "an order, graver class"
    )


def test_orders_are_those_between_the_two_as_people() -> None:
    orders = [
        order("O1"),
        order("O2", victim_key="X"),
        order("O3", respondent_key="V", victim_key="S"),
        order("O4", granted_at=None),
        order("O5", respondent_key="S-other-record", expires_date=None),
    ]
    rows = timeline(report("C1", 100), core_orders=orders,
                    core_people=[{"person_key": "S-other-record", "person_ref": "S"}])  # fmt: skip
    assert {(r["entry_type"], r["record_ref"]) for r in rows if r["entry_type"] != "report"} == {
        ("order granted", "O1"), ("order expires", "O1"), ("order granted", "O5")
    }  # fmt: skip
    (expiry,) = only(rows, entry_type="order expires")
    assert expiry["entry_at"] == datetime.fromisoformat("2027-06-30T22:59:59+00:00")
    assert (expiry["words"], expiry["event_number"]) == ("spo_full", None)


def test_breaches_of_these_orders_name_the_crime_where_there_is_one() -> None:
    breaches = [
        {"breach_ref": "B1", "order_ref": "O1", "breached_at": ago(20), "crime_ref": "C2"},
        {"breach_ref": "B2", "order_ref": "O1", "breached_at": ago(19)},
        {"breach_ref": "B3", "order_ref": "other", "breached_at": ago(19)},
        {"breach_ref": "B4", "order_ref": "O1", "breached_at": ago(18), "crime_ref": "of another pair"},
    ]
    rows = timeline(report("C1", 100), report("C2", 20), core_orders=[order("O1")], core_order_breaches=breaches)
    assert [(r["record_ref"], r["words"], r["event_number"]) for r in only(rows, entry_type="order breach")] == [
        ("B1", "spo_full, crime C2", 2),
        ("B2", "spo_full, no crime recorded for it", None),
        ("B4", "spo_full, crime of another pair", None),
    ]


def test_arrests_are_of_the_suspect_alone_and_never_of_somebody_else_on_the_crime() -> None:
    custodies = [
        {"custody_ref": "K1", "crime_ref": "C1", "person_key": "S", "arrested_at": ago(99), "disposal": "free words"},
        {"custody_ref": "K2", "crime_ref": "C1", "person_key": "T", "arrested_at": ago(99)},
        {"custody_ref": "K3", "crime_ref": "C9", "person_key": "S", "arrested_at": ago(99)},
        {"custody_ref": "K4", "crime_ref": "C1", "person_key": "S", "arrested_at": None},
    ]
    (arrest,) = only(timeline(report("C1", 100), core_custodies=custodies), entry_type="arrest")
    assert (arrest["record_ref"], arrest["words"], arrest["event_number"]) == ("K1", "for crime C1", 1)


def test_outcomes_and_grades_stand_with_every_pair_of_the_crime() -> None:
    rows = timeline(
        report("C1", 100), report("C1", 100, victim_ref="W"), report("C2", 9, victim_ref=None),
        core_outcomes=[
            {"outcome_ref": "U1", "crime_ref": "C1", "outcome_code": "16", "outcome_at": ago(80), "is_current": False,
             "rationale": "free words"},
            {"outcome_ref": "U2", "crime_ref": "C1", "outcome_code": "1", "outcome_at": ago(70), "is_current": True},
        ],
        core_risk_assessments=[
            {"assessment_ref": "R1", "crime_ref": "C2", "completed_at": ago(8), "risk_grade": "high"},
            {"assessment_ref": "R2", "crime_ref": "C2", "completed_at": None, "risk_grade": "high"},
        ],
    )  # fmt: skip
    outcomes = only(rows, entry_type="outcome")
    assert {(r["victim_ref"], r["record_ref"], r["words"]) for r in outcomes} == {
        (victim, ref, words) for victim in ("V", "W")
        for ref, words in (("U1", "outcome 16 of crime C1, no longer current"), ("U2", "outcome 1 of crime C1"))
    }  # fmt: skip
    (grade,) = only(rows, entry_type="risk assessment")
    assert (grade["record_ref"], grade["words"], grade["victim_ref"]) == ("R1", "grade high", None)
    assert not any("free words" in str(value) for row in rows for value in row.values())


def test_only_reports_that_count_as_of_now_and_one_row_an_entry() -> None:
    earlier = report("C0", 300, is_current=False, as_of_at=ago(200))
    rows = timeline(earlier, report("C1", 100), report("C2", 100))
    assert {r["record_ref"] for r in rows} == {"C1", "C2"}
    assert len({(r["dyad_ref"], r["entry_type"], r["record_ref"]) for r in rows}) == len(rows)
