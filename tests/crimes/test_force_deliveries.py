"""core.force_deliveries: what did this force deliver? What another force delivered is no answer."""

from worked import Row, made

A, B, NEIGHBOUR = "E23000013", "E23000035", "E23000012"
TWO = [{"force_code": code, "has_figures": True, "has_enough_crimes": True} for code in (A, B)]
CRIMES = [{"crime_ref": f"{force}-{n}", "force_code": force} for force in (A, B) for n in range(2)]


def rows(delivery: str, *forces: str) -> list[Row]:
    """Rows of a delivery, each of a crime of one of the forces."""
    return [{"delivery_ref": delivery, "crime_id": f"{force}-{n}"} for force in forces for n in range(2)]


def current(**deliveries: str) -> list[Row]:
    """Table -> the names of its current deliveries."""
    return [{"source": source, "period": "all", "delivery_ref": ref}
            for source, refs in deliveries.items() for ref in refs.split()]  # fmt: skip


def delivered(**given: list[Row]) -> dict[str | None, set[str]]:
    """Force -> names of its deliveries. Each force has crimes of its own file: c_a and c_b."""
    given = {"core_extract_forces": TWO, "core_crimes": CRIMES, "raw_crime": rows("c_a", A) + rows("c_b", B)} | given
    found: dict[str | None, set[str]] = {}
    for row in made("core.force_deliveries", **given):
        found.setdefault(row["force_code"], set()).add(row["delivery_ref"])
    return found


def test_a_force_has_the_files_that_hold_its_records() -> None:
    found = delivered(
        core_current_periods=current(crime="c_a c_b", outcome="o_a", bail="b_a", risk_plan="p_b", order_="w_a"),
        raw_outcome=rows("o_a", A), raw_custody=[{"custody_id": "k", "crime_id": f"{A}-0", "delivery_ref": "k_a"}],
        raw_bail=[{"delivery_ref": "b_a", "custody_id": "k"}],
        raw_risk_assessment=[{"ra_id": "r", "crime_id": f"{B}-0"}],
        raw_risk_plan=[{"delivery_ref": "p_b", "ra_id": "r"}],
        raw_order_=[{"delivery_ref": "w_a", "order_id": "w"}], core_order_facts=[{"order_ref": "w", "force_code": A}],
    )  # fmt: skip
    assert (found[A], found[B]) == ({"c_a", "o_a", "b_a", "w_a"}, {"c_b", "p_b"})


def test_records_without_a_crime_are_of_the_force_of_their_order_victim_officer_or_people() -> None:
    sources = ("order_breach", "referrals", "investigator", "investigator_absence", "person", "management")
    found = delivered(
        core_current_periods=current(**{source: f"{source}_a {source}_b" for source in sources}),
        raw_crime=[row | {"oic_id": "officer"} for row in rows("c_a", A)] + rows("c_b", B),
        raw_allocation=[{"crime_id": f"{B}-0", "investigator_id": "other"}],
        raw_order_breach=[{"delivery_ref": "order_breach_a", "breach_id": "x"},
                          {"delivery_ref": "order_breach_b", "breach_id": "y"}],
        core_order_breaches=[{"breach_ref": "x", "force_code": A}, {"breach_ref": "y", "force_code": B}],
        raw_referrals=[{"delivery_ref": "referrals_a", "referral_id": "x"},
                       {"delivery_ref": "referrals_b", "referral_id": "y"}],
        core_service_referrals=[{"referral_ref": "x", "force_code": A}, {"referral_ref": "y", "force_code": B}],
        core_person_forces=[{"person_key": "x", "force_code": A}, {"person_key": "y", "force_code": B}],
        **{f"raw_{source}": [{"delivery_ref": f"{source}_a", "person_id": "officer"},
                             {"delivery_ref": f"{source}_b", "person_id": "other"}]
           for source in ("investigator", "investigator_absence")},
        **{f"raw_{source}": [{"delivery_ref": f"{source}_a", "person_key": "x"},
                             {"delivery_ref": f"{source}_b", "person_key": "y"}]
           for source in ("person", "management")},
    )  # fmt: skip
    assert found[A] == {f"{source}_a" for source in sources}
    assert found[B] == {f"{source}_b" for source in sources}


def test_in_one_file_with_others_a_force_may_have_none_of_what_is_rare_but_not_of_what_every_force_has() -> None:
    """Given both forces' crimes in one file, and orders and outcomes of the first alone."""
    found = delivered(
        core_current_periods=current(crime="c", outcome="o", order_="w"), raw_crime=rows("c", A, B),
        raw_outcome=rows("o", A), raw_order_=[{"delivery_ref": "w", "order_id": "w"}],
        core_order_facts=[{"order_ref": "w", "force_code": A}],
    )  # fmt: skip
    assert (found[A], found[B]) == ({"c", "o", "w"}, {"c", "w"})


def test_a_file_of_no_force_counts_for_each_that_has_no_better_one() -> None:
    """A list of services names no force, and a file of outcomes with a header alone may be anyone's."""
    held = {"core_current_periods": current(crime="c_a c_b", services="s", outcome="o_a empty"),
            "raw_outcome": rows("o_a", A)}  # fmt: skip
    found = delivered(**held)
    assert (found[A], found[B]) == ({"c_a", "o_a", "s"}, {"c_b", "empty", "s"})


def test_in_a_combined_home_a_file_is_of_the_forces_of_its_home() -> None:
    """Also without a row, and where it has a record of another force's crime."""
    names = [{"delivery_ref": ref, "force_code": A, "is_only_force": True} for ref in ("c_a", "empty", "s", "o_a")]
    names.append({"delivery_ref": "c_b", "force_code": B, "is_only_force": True})
    found = delivered(
        core_current_periods=current(crime="c_a c_b", services="s", order_="empty", outcome="o_a"),
        raw_outcome=rows("o_a", A, B), raw_combined_deliveries=names,
    )  # fmt: skip
    assert (found[A], found[B]) == ({"c_a", "empty", "s", "o_a"}, {"c_b"})
    shared = {"delivery_ref": "empty", "force_code": B, "is_only_force": True}
    found = delivered(core_current_periods=current(order_="empty"), raw_combined_deliveries=[*names, shared])
    assert (found[A], found[B]) == ({"empty"}, {"empty"}), "the same content came from both"


def test_an_extract_of_one_force_has_every_delivery_and_so_have_neighbours_and_crimes_of_none() -> None:
    few = {"force_code": NEIGHBOUR, "has_figures": False, "has_enough_crimes": False}
    crimes = [*CRIMES[:2], {"crime_ref": "n", "force_code": NEIGHBOUR}, {"crime_ref": "z", "force_code": None}]
    held = {"core_current_periods": current(crime="c_a", outcome="o"), "core_crimes": crimes,
            "raw_crime": rows("c_a", A), "raw_outcome": rows("o", NEIGHBOUR)}  # fmt: skip
    every = {"c_a", "o"}
    assert delivered(**held, core_extract_forces=[TWO[0], few]) == {A: every, NEIGHBOUR: every, None: every}
    without = {"core_crimes": [], "raw_crime": [], "core_extract_forces": []}
    assert delivered(core_current_periods=current(outcome="o"), **without) == {None: {"o"}}, "without crimes"


def test_beside_a_force_that_is_chosen_another_with_crimes_enough_is_told_apart() -> None:
    """Its outcomes are not those of the force with figures."""
    other = TWO[1] | {"has_figures": False}
    found = delivered(core_extract_forces=[TWO[0], other], raw_outcome=rows("o_b", B),
                      core_current_periods=current(crime="c_a c_b", outcome="o_b"))  # fmt: skip
    assert (found[A], found[B]) == ({"c_a"}, {"c_b", "o_b"})


def test_a_field_is_absent_for_the_force_whose_files_all_lack_it() -> None:
    held = [{"force_code": force, "source": "outcome", "delivery_ref": ref}
            for force, ref in ((A, "o_a"), (B, "o_b"), (B, "o_c"))]  # fmt: skip
    lacks = {"o_a": "code, rationale", "o_b": "rationale", "o_c": "rationale, seq"}
    files = [{"source": "outcome", "delivery_ref": ref, "columns_absent": names} for ref, names in lacks.items()]
    found = made("core.absent_fields", core_force_deliveries=held, raw_deliveries=files)
    assert {(row["force_code"], row["field_name"]) for row in found} == {
        (A, "code"), (A, "rationale"), (B, "rationale"),
    }  # fmt: skip
