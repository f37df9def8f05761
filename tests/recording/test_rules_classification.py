"""Facts of the classification rules by worked example: recording-standards 6.0 and 6.3. All records are invented."""

from worked import Row, made, only

CRIME: Row = {
    "force_code": "E23000013",
    "reported_at": "2025-03-10 10:00:00+00",
    "recorded_date": "2025-03-10",
    "is_cancelled": False,
    "is_transferred": False,
}
PAIR: Row = {"pair_ref": "P", "victim_key": "V", "suspect_key": "S"}


def crime(ref: str, class_code: str, ho_code: str | None = None, **more: object) -> Row:
    return {**CRIME, "crime_ref": ref, "class_code": class_code, "ho_code": ho_code, **more}


def paired(*crimes: Row) -> list[Row]:
    """The rows of one pair's crimes."""
    return [{**PAIR, **{k: c[k] for k in ("crime_ref", "reported_at", "class_code")}} for c in crimes]


def single_acts(class_beside: str) -> list[bool]:
    """CLS-03 of two single acts in one year, with a third crime of the pair beside them."""
    acts = [crime("C1", "8R", "8/72"), crime("C2", "9A", "125/9", reported_at="2025-05-10 10:00:00+00")]
    beside = crime("C3", class_beside, reported_at="2021-01-10 10:00:00+00")
    occasions = [
        {**PAIR, "occasion_ref": c["crime_ref"], "occasion_at": c["reported_at"], "is_single_act": c is not beside}
        for c in (*acts, beside)
    ]
    rows = made(
        "core.pair_conduct_facts",
        core_crimes=[*acts, beside],
        core_pair_crimes=paired(*acts, beside),
        core_pair_occasions=[
            {k: o[k] for k in ("pair_ref", "occasion_ref", "occasion_at", "is_single_act")} for o in occasions
        ],
        core_crime_classes=[
            {"crime_ref": c["crime_ref"], "class_code": c["class_code"], "is_principal": True} for c in (*acts, beside)
        ],
    )
    return [row["are_single_acts_seen_together"] for row in rows if row["is_single_act"]]


def test_stalking_harassment_or_control_anywhere_on_the_pair_keeps_single_acts_right() -> None:
    assert single_acts("49") == [False, False]
    assert [single_acts(code) for code in ("8L", "8Q", "8U")] == [[True, True]] * 3
    # the standard names three classes; aggravated harassment is not among them
    assert single_acts("8M") == [False, False]


def breaches(order_type: str, breach: Row, *others: Row, rationale: str | None = None) -> list[Row]:
    """CLS-12 of a crime that a breach of an order names, with other crimes of the pair."""
    crimes = [breach, *others]
    return made(
        "core.breach_crime_facts",
        core_crimes=crimes,
        core_orders=[{"order_ref": "O", "order_type": order_type, "victim_key": "V", "respondent_key": "S"}],
        core_order_breaches=[
            {"breach_ref": "B", "order_ref": "O", "crime_ref": breach["crime_ref"], "no_crime_rationale": rationale}
        ],
        core_pair_crimes=paired(*crimes),
        core_crime_classes=[{k: c[k] for k in ("crime_ref", "class_code", "ho_code")} for c in crimes],
    )


def test_a_breach_is_what_the_order_says_whatever_it_was_recorded_as() -> None:
    [row] = breaches("nmo", crime("C1", "8R", "8/72"))
    assert row["is_assessed_as_stalking"] is False
    [row] = breaches("spo_full", crime("C1", "66", None))
    assert row["is_assessed_as_stalking"] is False
    [row] = breaches("nmo", crime("C1", "8Q", "195/12"))
    assert row["is_assessed_as_stalking"] is True
    [row] = breaches("nmo", crime("C1", "8R", "8/72"), rationale="One message about the children")
    assert row["is_assessed_as_stalking"] is True
    assert breaches("dvpo", crime("C1", "8R", "8/72")) == []
    [row] = breaches("dvpo", crime("C1", "66", "8/74"))
    assert row["is_assessed_as_stalking"] is False
    # a breach recorded under harassment is not its own assessment
    [row] = breaches("dvpo", crime("C1", "8L", "8/74"))
    assert row["is_assessed_as_stalking"] is False
    assert breaches("dvpo", crime("C1", "66", "68/19")) == []


def test_stalking_beside_a_breach_counts_for_90_days_either_side() -> None:
    for day, expected in (("2024-12-10", True), ("2024-12-09", False), ("2025-06-08", True), ("2025-06-09", False)):
        beside = crime("C2", "8Q", "195/12", reported_at=f"{day} 10:00:00+00")
        found = breaches("nmo", crime("C1", "66", "66/39"), beside)
        assert only(found, crime_ref="C1")[0]["is_assessed_as_stalking"] is expected, day


def flags(*crimes: Row, **given: list[Row]) -> list[Row]:
    """CLS-18 and CLS-19 of crimes C1, C2... of one victim."""
    rows = [
        {
            **crime(f"C{n}", "8L"),
            "is_domestic_abuse": True,
            "relationships": "partner",
            "victim_count": 1,
            "suspect_count": 1,
            **more,
        }
        for n, more in enumerate(crimes, 1)
    ]
    victims = [{"crime_ref": row["crime_ref"], "person_key": "V", "party_role": "victim"} for row in rows]
    return made("core.domestic_flag_facts", core_crimes=rows, core_parties=victims, **given)


def test_domestic_abuse_is_between_two_people() -> None:
    found = flags(
        {},
        {"suspect_count": 0},
        {"victim_count": 0},
        {"is_domestic_abuse": None},
        {"is_domestic_abuse": False, "suspect_count": 0},
        core_crime_flags=[],
    )
    assert [row["has_due_flag"] for row in found] == [False, None, None, None, None]
    assert [row["is_flag_due"] for row in found] == [True, True, True, True, False]


def test_an_earlier_crime_that_was_flagged_as_domestic_abuse_is_one() -> None:
    earlier: Row = {"reported_at": "2024-09-10 10:00:00+00", "is_domestic_abuse": None, "relationships": None}
    found = flags(earlier, {})
    assert only(found, crime_ref="C2")[0]["is_repeat_flag_due"] is False
    found = flags(earlier, {}, core_crime_flags=[{"crime_ref": "C1", "flag": "da"}])
    [row] = only(found, crime_ref="C2")
    assert (row["is_repeat_flag_due"], row["has_due_repeat_flag"], row["earlier_count"]) == (True, False, 1)
    cancelled = {**earlier, "is_cancelled": True}
    found = flags(cancelled, {}, core_crime_flags=[{"crime_ref": "C1", "flag": "da"}])
    assert only(found, crime_ref="C2")[0]["is_repeat_flag_due"] is False


def test_an_incident_that_only_a_later_crime_is_linked_to_makes_no_repeat() -> None:
    incident: Row = {"incident_ref": "I", "created_at": "2024-12-01 10:00:00+00", "is_domestic_abuse": True}
    later: Row = {"reported_at": "2025-05-10 10:00:00+00"}

    def due(linked_from: str) -> dict[str, bool]:
        link = {"crime_ref": linked_from, "linked_ref": "I", "linked_type": "incident"}
        found = flags({}, later, core_incidents=[incident], core_crime_links=[link])
        return {row["crime_ref"]: row["is_repeat_flag_due"] for row in found}

    assert due("C1") == {"C1": True, "C2": True}
    assert due("C2") == {"C1": False, "C2": True}


def test_people_without_a_key_are_of_no_pair() -> None:
    def party(ref: str, role: str, key: str | None) -> Row:
        return {"crime_ref": ref, "party_role": role, "person_key": key, "is_named": True}

    parties = [
        *(party("C1", "victim", key) for key in ("V1", "V2", None)),
        *(party("C1", "suspect", key) for key in ("S1", None)),
        party("C2", "victim", None),
        party("C2", "suspect", "S1"),
    ]
    rows = made("core.pair_crimes", core_crimes=[crime("C1", "8Q"), crime("C2", "8L")], core_parties=parties)
    found = {(row["crime_ref"], row["victim_key"], row["suspect_key"]) for row in rows}
    assert found == {("C1", "V1", "S1"), ("C1", "V2", "S1")}
    assert len(rows) == 2


def test_a_crime_and_its_incident_are_one_occasion_at_the_time_of_the_report() -> None:
    crimes = [crime("C1", "8R", incident_ref="I1"), crime("C2", "9A", incident_ref="I1")]
    events = [
        {"pair_ref": "P", "record_type": "crime", "record_ref": "C1", "event_at": "2025-03-10 10:00:00+00"},
        {"pair_ref": "P", "record_type": "crime", "record_ref": "C2", "event_at": "2025-03-12 10:00:00+00"},
        {"pair_ref": "P", "record_type": "incident", "record_ref": "I1", "event_at": "2024-01-01 10:00:00+00"},
        {"pair_ref": "P", "record_type": "incident", "record_ref": "I2", "event_at": "2025-01-01 10:00:00+00"},
    ]
    rows = made("core.pair_occasions", core_crimes=crimes, core_pair_events=events)
    assert [(row["occasion_ref"], row["occasion_at"].strftime("%Y-%m-%d"), row["has_crime"]) for row in rows] == [
        ("I1", "2025-03-10", True),
        ("I2", "2025-01-01", False),
    ]


def test_the_words_of_a_superseded_delivery_are_not_read() -> None:
    rows = made(
        "core.text_signals",
        raw_crime=[
            {"crime_id": "C1", "mo_text": text, "delivery_ref": delivery, "period": "all"}
            for text, delivery in (("Invented: PIN issued", "old"), ("Invented: followed her home", "new"))
        ],
        core_current_periods=[{"source": "crime", "delivery_ref": "new", "period": "all"}],
    )
    assert [row["phrases"] for row in rows] == ["following: followed her"]


def test_the_words_of_a_rationale_stay_in_raw() -> None:
    given = {"delivery_ref": "d", "period": "all"}
    rows = made(
        "core.crimes",
        raw_crime=[
            {"crime_id": "C1", "harassment_only_rationale": "She told the officer that", **given},
            {"crime_id": "C2", "harassment_only_rationale": None, **given},
        ],
        core_current_periods=[{"source": "crime", **given}],
    )
    assert [row["has_harassment_only_rationale"] for row in rows] == [True, False]
    assert "She told the officer that" not in [value for row in rows for value in row.values()]
