"""Precision and recall of linkage, from the pairs that readers settled."""

import pytest
from worked import Row, made, only


def quality(*pairs: tuple[str, str, str | None, bool], **people: dict[str, object]) -> list[Row]:
    """The table for (record, record, settled verdict, is linked by weight), and what is known of some records."""
    keys = [{"person_key_l": left, "person_key_r": right} for left, right, *_ in pairs]
    return made(
        "metrics.linkage_quality",
        core_link_decisions=[key | {"settled_verdict": pair[2]} for key, pair in zip(keys, pairs)],
        core_person_pairs=[key | {"is_linked_by_weight": pair[3]} for key, pair in zip(keys, pairs)],
        core_people=[{"person_key": key} | known for key, known in people.items()],
        core_persons=[{"person_key": "a", "ethnicity_self_defined": "W1"}],
    )


def test_shares_are_of_the_pairs_that_are_settled() -> None:
    found = quality(("a", "b", "same", True), ("a", "c", "same", False), ("d", "e", "different", True),
                    ("f", "g", None, True))  # fmt: skip
    [row] = only(found, stratum_type="all")
    counts = ("reviewed_pair_count", "same_pair_count", "linked_pair_count", "right_pair_count")
    assert [row[name] for name in counts] == [3, 2, 2, 1]
    assert (row["precision"], row["recall"]) == (0.5, 0.5)
    assert (row["recall_lower"], row["recall_upper"]) == pytest.approx((0.0945, 0.9055), abs=1e-4)


def test_a_pair_counts_once_for_the_kind_of_each_of_its_records() -> None:
    found = quality(
        ("a", "b", "same", True), ("a", "c", "same", False),
        a={"has_postcode": True, "name_part_count": 2}, b={"has_postcode": True, "name_part_count": 3},
        c={"has_postcode": False},
    )  # fmt: skip
    counts = {(row["stratum_type"], row["stratum"]): row["reviewed_pair_count"] for row in found}
    assert [counts["has_postcode", value] for value in ("true", "false")] == [2, 1]
    assert [counts["name_part_count", value] for value in ("2", "3", "None")] == [2, 1, 1]
    assert [counts["ethnicity_self_defined", value] for value in ("W1", "not stated")] == [2, 2]
    [row] = only(found, stratum_type="has_postcode", stratum="false")
    assert (row["precision"], row["precision_lower"], row["recall"]) == (None, None, 0)


def test_without_a_settled_pair_one_row_says_that_nothing_is_measured() -> None:
    for found in (quality(), quality(("a", "b", None, True), a={"has_postcode": True}, b={"has_postcode": True})):
        [row] = found
        assert (row["stratum_type"], row["reviewed_pair_count"]) == ("all", 0)
        assert (row["precision"], row["recall"]) == (None, None)
