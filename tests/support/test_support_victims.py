"""Victims, offers of support and the exact counts of them: by worked example."""

import datetime as dt
from typing import Any

import pytest
from invented_support import AS_OF, BEFORE, YEAR, cells, offer, periods, service, victim
from worked import Row, made, only

DAY = dt.date(2025, 5, 5)


def of(rows: list[Row], measure: str, breakdown: str = "all", group: str = "all", period: str = YEAR) -> Row:
    [row] = only(rows, measure_code=measure, breakdown=breakdown, group_code=group, period_code=period)
    return row


MONTHS = [dt.date(2024 + (9 + n) // 12, (9 + n) % 12 + 1, 1) for n in range(12)]


class TestYears:
    @pytest.mark.parametrize(
        ("as_of", "code"),
        [
            ("2025-10-31 22:00:00+00", "2025-09-30"),
            ("2025-12-31 22:00:00+00", "2025-12-31"),
            ("2025-12-30 22:00:00+00", "2025-09-30"),
            ("2025-06-30 22:59:00+00", "2025-06-30"),
        ],
    )
    def test_end_with_the_last_whole_quarter_in_london(self, as_of: str, code: str) -> None:
        rows = made("core.support_periods", core_extract_moments=[AS_OF | {"as_of_at": as_of}])
        assert [(r["period_code"], r["period_type"]) for r in rows if r["place"] == 1] == [(code, "current")]

    def test_are_not_held_where_the_extract_begins_later(self) -> None:
        given = AS_OF | {"first_recorded_at": "2024-10-03 09:00:00+00"}
        rows = {r["period_code"]: r["is_held"] for r in made("core.support_periods", core_extract_moments=[given])}
        assert rows == {YEAR: True, BEFORE: False}

    def test_are_not_held_where_the_extract_ends_earlier(self) -> None:
        given = AS_OF | {"last_recorded_at": "2025-08-31 09:00:00+00"}
        rows = {r["period_code"]: r["is_held"] for r in made("core.support_periods", core_extract_moments=[given])}
        assert rows == {YEAR: False, BEFORE: True}

    def test_are_none_without_an_extract(self) -> None:
        assert made("core.support_periods", core_extract_moments=[{"as_of_at": None}]) == []
        rows = made("core.support_periods", core_extract_moments=[{"as_of_at": AS_OF["as_of_at"]}])
        assert [row["is_held"] for row in rows] == [False, False], "no crime was delivered"


class TestOffers:
    def offers(self, *rows: Row, **more: Any) -> dict[str, Row]:
        given = [{"offered_at": "2025-05-05 12:00:00+00", **row} for row in rows]
        return {
            r["referral_ref"]: r
            for r in made("core.support_offers", core_service_referrals=given, core_extract_moments=[AS_OF], **more)
        }

    def test_programmes_with_suspects_and_offers_to_come_are_none(self) -> None:
        rows = self.offers(
            {"referral_ref": "R1", "service_ref": "S1"},
            {"referral_ref": "R2", "service_ref": "S4"},
            {"referral_ref": "R3", "offered_at": "2025-11-05 12:00:00+00"},
            core_services=[service("S1", "A", 1), service("S4", "P", 1, is_for_victims=False)],
        )
        assert set(rows) == {"R1"}

    @pytest.mark.parametrize(
        ("contacts", "said", "is_engaged"),
        [(2, False, True), (1, True, False), (None, True, True), (None, None, False), (0, None, False)],
    )
    def test_engaged_is_two_contacts_or_more_else_what_the_service_says(
        self, contacts: int | None, said: bool | None, is_engaged: bool
    ) -> None:
        row = {
            "referral_ref": "R",
            "accepted_at": "2025-05-06 12:00:00+00",
            "contact_count": contacts,
            "is_engaged": said,
        }
        assert self.offers(row)["R"]["is_engaged"] is is_engaged
        assert self.offers(row | {"accepted_at": None})["R"]["is_engaged"] is False

    def test_are_of_the_victim_named_else_of_the_principal_victim_of_the_crime(self) -> None:
        rows = self.offers(
            {"referral_ref": "R1", "victim_key": "K1"},
            {"referral_ref": "R2", "crime_ref": "C1"},
            {"referral_ref": "R3"},
            core_crimes=[{"crime_ref": "C1", "victim_key": "K2"}],
            core_people=[{"person_key": "K1", "person_ref": "P1"}, {"person_key": "K2", "person_ref": "P1"}],
        )
        assert {ref: row["person_ref"] for ref, row in rows.items()} == {"R1": "P1", "R2": "P1", "R3": None}

    def test_what_comes_after_the_as_of_moment_has_not_happened(self) -> None:
        row = {
            "referral_ref": "R",
            "accepted_at": "2025-11-06 12:00:00+00",
            "contact_count": 3,
            "completed_at": "2025-12-01 12:00:00+00",
        }
        found = self.offers(row)["R"]
        assert not (found["is_accepted"] or found["is_engaged"] or found["is_completed"] or found["acceptance_days"])

    def test_a_wait_that_ends_before_it_begins_is_none(self) -> None:
        row = {
            "referral_ref": "R",
            "accepted_at": "2025-05-07 12:00:00+00",
            "first_contact_at": "2025-05-06 12:00:00+00",
        }
        found = self.offers(row)["R"]
        assert (found["acceptance_days"], found["contact_days"]) == (2.0, None)

    def test_the_whole_wait_runs_from_the_offer_and_that_of_the_service_from_the_sending(self) -> None:
        row = {
            "referral_ref": "R",
            "sent_at": "2025-05-07 12:00:00+00",
            "accepted_at": "2025-05-08 12:00:00+00",
            "first_contact_at": "2025-05-11 12:00:00+00",
        }
        found = self.offers(row)["R"]
        assert (found["offer_contact_days"], found["sent_contact_days"], found["contact_days"]) == (6.0, 4.0, 3.0)
        assert self.offers(row | {"sent_at": None})["R"]["sent_contact_days"] is None

    def test_consent_that_is_not_recorded_is_no_consent(self) -> None:
        rows = self.offers(*({"referral_ref": str(said), "has_consent": said} for said in (True, False, None)))
        assert {ref: row["is_consented"] for ref, row in rows.items()} == {"True": True, "False": False, "None": False}


class TestVictims:
    def victims(self, crimes: list[Row], **more: Any) -> dict[str, Row]:
        given = [
            {
                "crime_ref": f"C{n}",
                "recorded_at": f"{row['recorded_date']} 09:00:00+00",
                "is_stalking_or_harassment": True,
                **{k: v for k, v in row.items() if k not in ("key", "age")},
            }
            for n, row in enumerate(crimes)
        ]
        parties = [
            {"crime_ref": f"C{n}", "person_key": row["key"], "party_role": "victim", "age_at_offence": row.get("age")}
            for n, row in enumerate(crimes)
        ]
        rows = made(
            "core.support_victims", core_crimes=given, core_parties=parties, core_support_periods=periods(), **more
        )
        return {r["person_ref"]: r for r in rows if r["period_code"] == YEAR}

    def test_one_person_with_two_records_counts_once_and_removed_crimes_do_not(self) -> None:
        people = [{"person_key": k, "person_ref": "P"} for k in ("K1", "K2")]
        rows = self.victims(
            [
                {"recorded_date": "2025-01-05", "key": "K1", "age": 24},
                {"recorded_date": "2025-02-05", "key": "K2", "age": 25},
                {"recorded_date": "2025-02-05", "key": "K3", "removal_code": "C2"},
                {"recorded_date": "2025-02-05", "key": "K4", "is_stalking_or_harassment": False},
                {"recorded_date": "2024-09-30", "key": "K5"},
            ],
            core_people=people,
        )
        assert {ref: row["age_band"] for ref, row in rows.items()} == {"P": "25 to 34"}

    def test_support_counts_when_it_was_offered_in_the_year(self) -> None:
        crimes = [{"recorded_date": "2025-01-05", "key": k} for k in ("V1", "V2", "V3")]
        offers = [
            offer(2, DAY, person_ref="V1"),
            offer(3, DAY, person_ref="V2"),
            offer(4, dt.date(2025, 10, 2), person_ref="V3"),
        ]
        rows = self.victims(crimes, core_support_offers=offers)
        assert [(r["is_offered"], r["is_accepted"]) for r in rows.values()] == [
            (True, True),
            (True, False),
            (False, False),
        ]

    def test_unknown_is_not_recorded_and_beats_nothing(self) -> None:
        crimes = [
            {"recorded_date": "2025-01-05", "key": "K1"},
            {"recorded_date": "2025-02-05", "key": "K2"},
            {"recorded_date": "2025-03-05", "key": "K3"},
        ]
        people = [{"person_key": k, "person_ref": "P"} for k in ("K1", "K2", "K3")]
        persons = [
            {"person_key": "K1", "sex": "female"},
            {"person_key": "K2", "sex": "Unknown"},
            {"person_key": "K3", "ethnicity_self_defined": "not stated"},
        ]
        [row] = self.victims(crimes, core_people=people, core_persons=persons).values()
        assert (row["sex"], row["ethnicity"]) == ("Female", None)

    def test_a_value_that_the_list_of_groups_does_not_know_is_never_told_by_its_own_words(self) -> None:
        crimes = [{"recorded_date": "2025-01-05", "key": k} for k in ("V1", "V2", "V3")]
        offers = [
            offer(2, DAY, person_ref="V1", religion="Canary of Invented Street", ethnicity="Arab"),
            offer(4, DAY, person_ref="V2", religion=" Muslim ", disability="Yes"),
        ]
        persons = [{"person_key": "V2", "ethnicity_self_defined": "A2", "sex": "F"}]
        rows = self.victims(crimes, core_support_offers=offers, core_persons=persons)
        assert (rows["V1"]["religion"], rows["V1"]["ethnicity"]) == ("Other value", None)  # police have none
        assert (rows["V2"]["religion"], rows["V2"]["disability"]) == ("Muslim", "Disabled")
        assert (rows["V2"]["ethnicity"], rows["V2"]["sex"]) == ("Asian or Asian British", "Female")
        assert (rows["V3"]["religion"], rows["V3"]["sex"]) == (None, None)


    def test_a_victim_of_stalking_is_one_of_a_crime_of_that_class(self) -> None:
        crimes = {"V1": [{"class_code": "8L"}, {"class_code": "8Q"}], "V2": [{"class_code": "8L"}]}
        rows = self.victims(
            [{"key": key, "recorded_date": DAY, **crime} for key, found in crimes.items() for crime in found]
        )
        assert (rows["V1"]["is_stalking"], rows["V2"]["is_stalking"]) == (True, False)


class TestCells:
    VICTIMS = (
        victim(1),
        victim(2),
        victim(3, sex=None),
        victim(8, is_offered=False, is_accepted=False, is_engaged=False, is_completed=False),
        victim(5, BEFORE),
    )

    def test_groups_add_up_to_their_total_not_recorded_included(self) -> None:
        rows = cells(list(self.VICTIMS))
        assert of(rows, "known")["person_count"] == 4 and of(rows, "known", period=BEFORE)["person_count"] == 1
        sexes = only(rows, measure_code="known", breakdown="sex", period_code=YEAR)
        assert {r["group_name"]: r["person_count"] for r in sexes} == {"Female": 1, "Male": 2, "Not recorded": 1}
        for row in rows:
            if row["total_ref"] is not None:
                groups = only(rows, total_ref=row["total_ref"], breakdown=row["breakdown"])
                [total] = only(rows, cell_ref=row["total_ref"])
                assert sum(g["person_count"] for g in groups) == total["person_count"], row["cell_ref"]

    def test_victims_of_stalking_are_counted_by_sex_and_area_alone(self) -> None:
        rows = only(cells(list(self.VICTIMS)), measure_code="known_stalking", period_code=YEAR)
        assert {row["breakdown"] for row in rows} == {"all", "sex", "area"}
        assert of(rows, "known_stalking")["person_count"] == 1
        assert of(rows, "known_stalking")["parent_ref"] == f"known|{YEAR}|all|all"

    def test_each_step_is_a_part_of_the_one_before(self) -> None:
        rows = cells(list(self.VICTIMS))
        assert of(rows, "accepted", "sex", "Male")["parent_ref"] == f"offered|{YEAR}|sex|Male"
        assert of(rows, "offered", "religion", "Christian")["parent_ref"] is None, "of the known it is not held"

    def test_what_was_not_delivered_is_not_measured(self) -> None:
        rows = cells(list(self.VICTIMS), supplied=[{"source": "crime"}])
        assert of(rows, "known")["person_count"] == 4
        assert of(rows, "offered")["person_count"] is None
        lacking = [{"source": "referrals", "field_name": name} for name in ("contacts_n", "completed_ts")]
        rows = cells(list(self.VICTIMS), absent=lacking)
        assert of(rows, "completed")["person_count"] is None
        assert of(rows, "engaged")["person_count"] is not None, "the service's own word is delivered"

    def test_a_group_behind_which_one_suspect_stands_is_marked(self) -> None:
        suspects = [("V1", "S"), ("V2", "S"), ("V3", "S"), ("V8", "S"), ("V1", "T")]
        rows = cells(list(self.VICTIMS), suspects=suspects)
        assert of(rows, "known")["is_of_few_people"] is True
        rows = cells(list(self.VICTIMS), suspects=suspects[:3])
        assert of(rows, "known")["is_of_few_people"] is False
        assert of(rows, "offered")["is_of_few_people"] is True

    def test_a_year_that_began_before_any_offer_was_told_is_not_measured(self) -> None:
        rows = cells(list(self.VICTIMS), [offer(1, dt.date(2024, 10, 3))])
        assert of(rows, "offered", period=BEFORE)["person_count"] is None
        assert of(rows, "offered")["person_count"] == 3

    def test_a_group_that_nobody_is_in_has_a_row_all_the_same(self) -> None:
        rows = cells(list(self.VICTIMS))
        assert of(rows, "offered", "religion", "Sikh")["person_count"] == 0
        months = only(rows, measure_code="referrals", breakdown="month", period_code=YEAR)
        assert [r["group_code"] for r in months] == [f"{d.year}-{d.month:02}-01" for d in MONTHS]
        assert of(rows, "known", "ethnicity", "Mixed or multiple")["person_count"] == 0

    def test_a_month_is_one_count_in_whichever_year_it_stands(self) -> None:
        rows = cells(list(self.VICTIMS), [offer(1, DAY), offer(2, dt.date(2023, 10, 5)), offer(3, DAY)])
        held = {r["cell_ref"]: r["person_count"] for r in only(rows, measure_code="referrals", breakdown="month")}
        assert held["referrals|month|2025-05-01"] == 2 and held["referrals|month|2023-10-01"] == 1
        assert len(held) == 24 and sum(held.values()) == 3

    def test_offers_behind_which_one_suspect_stands_are_marked_too(self) -> None:
        suspects = [("V1", "S")]
        offers = [offer(1, DAY), offer(3, DAY, person_ref="V1"), offer(5, dt.date(2023, 10, 5))]
        assert of(cells([], offers, suspects), "referrals")["is_of_few_people"] is True
        offers.append(offer(7, DAY))
        assert of(cells([], offers, suspects), "referrals")["is_of_few_people"] is False
