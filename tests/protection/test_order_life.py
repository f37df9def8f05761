"""What becomes of an order, by worked example: events, conditions, breaches, the hearing after a domestic notice."""

from datetime import UTC, datetime
from typing import Any

import pytest
from worked import Row, made

MOMENT: list[Row] = [{"as_of_at": "2025-06-01 12:00+00"}]
SPO = "stalking protection order"


def order(ref: str, kind: str = "spo_full", **more: Any) -> Row:
    return {"order_ref": ref, "order_type": kind, "respondent_key": "p1", "victim_key": "v1", **more}


def event(ref: str, kind: str, at: str) -> Row:
    return {"order_ref": ref, "event_kind": kind, "event_at": at}


def spans(*orders: Row, events: list[Row]) -> dict[str, datetime | None]:
    found = made("core.order_spans", core_orders=list(orders), core_order_events=events)
    return {row["order_ref"]: row["in_force_until_at"] for row in found}


class TestTimeInForce:
    GRANTED = order("a", granted_at="2025-01-10 10:00+00", expires_date="2027-01-09")

    def test_an_order_is_in_force_until_it_is_discharged(self) -> None:
        found = spans(self.GRANTED, events=[event("a", "discharged", "2025-03-01 12:00+00")])
        assert found == {"a": datetime(2025, 3, 1, 12, tzinfo=UTC)}

    def test_the_word_discharged_without_its_day_counts_at_no_time(self) -> None:
        word = self.GRANTED | {"order_state": "discharged"}
        assert spans(word, events=[]) == {}
        assert spans(word, events=[event("a", "discharged", "2025-03-01 12:00+00")]).keys() == {"a"}

    @pytest.mark.parametrize("kind", ["refused", "withdrawn"])
    def test_an_interim_order_ends_when_the_full_one_is_decided(self, kind: str) -> None:
        """Stalking Protection Act 2019, s.5(6): its last day would be later."""
        interim = order("i", "spo_interim", granted_at="2025-01-10 10:00+00", expires_date="2025-06-30")
        decided = [event("f", kind, "2025-02-10 11:00+00")]
        assert spans(interim, order("f"), events=decided)["i"] == datetime(2025, 2, 10, 11, tzinfo=UTC)

    def test_another_pair_or_an_earlier_decision_ends_no_interim_order(self) -> None:
        interim = order("i", "spo_interim", granted_at="2025-01-10 10:00+00", expires_date="2025-06-30")
        others = (order("f", respondent_key="p2"), order("g"))
        found = spans(interim, *others, events=[
            event("f", "refused", "2025-02-10 11:00+00"), event("g", "refused", "2024-12-10 11:00+00")])  # fmt: skip
        assert found["i"] == datetime(2025, 6, 30, 23, tzinfo=UTC)  # midnight in London


def stages(*orders: Row, events: list[Row]) -> dict[str, Row]:
    found = made("core.order_stages", core_orders=list(orders), core_order_events=events, core_extract_moments=MOMENT)
    return {row["record_ref"]: row for row in found}


class TestEnds:
    def test_an_event_comes_before_the_word_of_the_extract(self) -> None:
        applied = {"applied_at": "2025-01-02 09:00+00", "order_state": "waiting"}
        found = stages(
            order("a", **applied), order("b", **applied), order("c", **applied), order("d", **applied),
            events=[event("a", "refused", "2025-02-01 09:00+00"), event("b", "withdrawn", "2025-02-01 09:00+00"),
                    event("c", "refused", "2025-06-02 09:00+00")],
        )  # fmt: skip
        assert [found[ref]["ended_as"] for ref in "abcd"] == ["refused", "withdrawn", "waiting", "waiting"]

    def test_not_authorised_is_an_end_before_the_application(self) -> None:
        """An authority that was refused and later given is no end."""
        refusals = [event(ref, "authority_refused", "2025-02-01 09:00+00") for ref in "ab"]
        found = stages(order("a", considered_at="2025-01-02 09:00+00"),
                       order("b", applied_at="2025-03-02 09:00+00"), events=refusals)  # fmt: skip
        assert [found[ref]["is_not_authorised"] for ref in "ab"] == [True, False]
        assert [found[ref]["ended_as"] for ref in "ab"] == [None, "unread"]

    def test_changes_are_counted_by_kind_and_not_measured_without_the_table(self) -> None:
        granted = {"granted_at": "2025-01-10 10:00+00"}
        found = stages(order("a", **granted), order("b", **granted), events=[
            event("a", "varied", "2025-02-01 09:00+00"), event("a", "varied", "2025-03-01 09:00+00"),
            event("a", "renewed", "2025-07-01 09:00+00"), event("b", "discharged", "2025-02-01 09:00+00")])  # fmt: skip
        names = ("varied_count", "renewed_count", "discharged_count", "not_authorised_count")
        given = {"core_order_stages": list(found.values()), "core_absent_fields": []}
        delivered = [{"source": source} for source in ("order_", "order_breach", "order_event")]
        counts = {row["order_kind"]: row for row in
                  made("metrics.order_funnel", core_force_deliveries=delivered, **given)}  # fmt: skip
        assert [counts[SPO][name] for name in names] == [1, 0, 1, 0]
        counts = {row["order_kind"]: row for row in
                  made("metrics.order_funnel", core_force_deliveries=delivered[:2], **given)}  # fmt: skip
        assert [counts[SPO][name] for name in names] == [None] * 4


class TestConditions:
    def test_a_breach_belongs_to_the_condition_whose_number_it_names(self) -> None:
        """Two orders, one of them of another kind; a breach without number, and one of a number that is not there."""
        granted = {"granted_at": "2025-01-10 10:00+00"}
        held = [{"order_ref": ref, "condition_number": number, "condition_kind": kind}
                for ref, number, kind in (("a", 1, "no_contact"), ("a", 2, "exclusion_zone"), ("b", 1, "no_contact"))
                ]  # fmt: skip
        breach = {"order_ref": "a", "breached_at": "2025-02-01 10:00+00"}
        breaches = [
            breach | {"breach_ref": "1", "condition_number": 2, "crime_ref": "c1",
                      "arrested_at": "2025-02-01 12:00+00"},
            breach | {"breach_ref": "2", "condition_number": 2, "no_crime_rationale": "Invented"},
            breach | {"breach_ref": "3"},
            breach | {"breach_ref": "4", "condition_number": 9},
            breach | {"breach_ref": "5", "condition_number": 1, "breached_at": "2025-06-02 10:00+00"},  # later
        ]  # fmt: skip
        outcomes = [{"crime_ref": "c1", "outcome_code": "1", "outcome_at": "2025-03-01 10:00+00"}]
        orders = [granted | {"order_ref": ref, "order_type": kind} for ref, kind in (("a", "spo_full"), ("b", "nmo"))]
        found = made("metrics.order_conditions", core_order_facts=orders, core_order_conditions=held,
                     core_order_breaches=breaches, core_outcomes=outcomes, core_extract_moments=MOMENT)  # fmt: skip
        names = ("order_count", "breach_count", "answered_count", "arrest_count", "charge_count")
        counted = {(row["order_kind"], row["condition_kind"]): [row[name] for name in names] for row in found}
        assert counted == {
            (SPO, "no_contact"): [1, 0, 0, 0, 0],
            (SPO, "exclusion_zone"): [1, 2, 2, 1, 1],
            (SPO, "not recorded"): [0, 2, 0, 0, 0],
            ("non-molestation order", "no_contact"): [1, 0, 0, 0, 0],
        }


def test_a_hearing_that_was_adjourned_is_the_hearing_of_a_domestic_notice() -> None:
    """Domestic Abuse Act 2021, s.29(7): served on Monday at nine, heard on Wednesday at nine, granted a week later."""
    notice = order("n", "dapn", served_at="2025-03-03 09:00+00")
    granted = order("o", "dapo", applied_at="2025-03-05 08:00+00", granted_at="2025-03-12 09:00+00")
    given = {"core_orders": [notice, granted], "core_order_facts": [{"order_ref": "n"}], "core_extract_moments": MOMENT,
             "core_working_days": made("core.working_days")}  # fmt: skip
    [late] = made("core.order_hearing_facts", **given)
    [heard] = made("core.order_hearing_facts", **given,
                   core_order_events=[event("o", "adjourned", "2025-03-05 09:00+00")])  # fmt: skip
    assert heard["hours_to_hearing"] == 48
    assert late["hours_to_hearing"] == 48 + 6 * 24  # nine days, without the Sunday
