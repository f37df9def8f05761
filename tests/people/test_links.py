"""Pairs of records as people read them: two readers, blind, never one person twice, a third where they differ."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from assets.methods.agreement import cohens_kappa
from casework.people import links
from casework.people.links import Pair
from casework.store import database as stores
from casework.store import tables
from casework.store.database import open_store
from casework.store.refusal import Refused
from pipelines.builds import casework_rows
from pipelines.tables.cards import all_cards, code_of
from pipelines.tables.warehouse import STATE

PAIRS: list[Pair] = [(f"k{n:02d}", f"k{n:02d}x") for n in range(8)]
REASON = {"same": "history_agrees", "different": "namesakes", "unsure": "not_enough"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_store(tmp_path)


def say(engine: Engine, who: str, role: str, pair: Pair, verdict: str) -> None:
    links.decide(engine, who, role, pair, verdict, REASON[verdict])


def age(engine: Engine, pair: Pair, taken_at: str) -> None:
    with engine.begin() as con:
        con.execute(
            tables.link_assignments.update()
            .where(tables.link_assignments.c.person_key_l == pair[0])
            .values(taken_at=taken_at)
        )


# taking


def test_the_next_pair_is_the_first_of_the_list_and_each_is_read_by_two(engine: Engine) -> None:
    assert [links.take_next(engine, PAIRS, who) for who in ("ann", "ben", "cat")] == [PAIRS[0], PAIRS[0], PAIRS[1]]
    assert links.take_next(engine, PAIRS, "Ann ") == PAIRS[0]  # what she took comes first, however she spells herself
    say(engine, "ann", "first", PAIRS[0], "same")
    assert links.take_next(engine, PAIRS, "ann") == PAIRS[1]
    assert [r["role"] for r in links.readings(engine, "ann")] == ["second", "first"]
    assert links.take_next(engine, PAIRS[:1], "ann") is None


def test_many_who_ask_at_once_never_sit_three_at_a_pair_nor_twice_at_one(engine: Engine) -> None:
    people = [f"reader {n}" for n in range(8)]
    gate = threading.Barrier(len(people))

    def ask(who: str) -> Pair | None:
        gate.wait()
        return links.take_next(engine, PAIRS, who)

    with ThreadPoolExecutor(len(people)) as pool:
        taken = list(pool.map(ask, people))
    assert sorted(p for p in taken if p) == sorted([*PAIRS[:4], *PAIRS[:4]])
    held = links.everything(engine)
    assert all({s["reader_ref"] for s in h.seats.values()} <= set(people) and len(h.seats) == 2 for h in held.values())


def test_one_person_in_two_windows_holds_one_seat(engine: Engine) -> None:
    gate = threading.Barrier(2)

    def ask(_: int) -> Pair | None:
        gate.wait()
        return links.take_next(engine, PAIRS, "ann")

    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(ask, range(2)))
    assert all(taken)
    assert all(len(h.seats) == 1 for h in links.everything(engine).values())
    with pytest.raises(DatabaseError), engine.begin() as con:  # the store itself refuses a second seat
        con.execute(
            tables.link_assignments.insert().values(
                person_key_l=PAIRS[0][0], person_key_r=PAIRS[0][1], reader_role="second", reader_ref="ann", taken_at="t"
            )
        )


def test_a_pair_is_given_back_or_falls_free_when_its_reader_has_left(engine: Engine) -> None:
    assert links.take_next(engine, PAIRS[:1], "ann") == links.take_next(engine, PAIRS[:1], "ben") == PAIRS[0]
    assert links.take_next(engine, PAIRS[:1], "cat") is None
    links.release(engine, PAIRS[0], "ben")
    assert links.take_next(engine, PAIRS[:1], "cat") == PAIRS[0]
    say(engine, "cat", "second", PAIRS[0], "same")
    with pytest.raises(Refused, match="the decision stays"):
        links.release(engine, PAIRS[0], "cat")
    age(engine, PAIRS[0], "2026-01-01T00:00:00.000000Z")
    assert links.take_next(engine, PAIRS[:1], "dan") == PAIRS[0]  # ann's seat, not that of cat who has decided
    with pytest.raises(Refused, match="somebody else"):
        say(engine, "ann", "first", PAIRS[0], "same")
    with pytest.raises(Refused, match="have not taken"):
        links.release(engine, PAIRS[0], "ann")


# deciding


def test_the_second_reader_is_another_person_and_a_seat_is_one_persons(engine: Engine) -> None:
    say(engine, "ann", "first", PAIRS[0], "same")
    with pytest.raises(Refused, match="another person"):
        say(engine, "ANN", "second", PAIRS[0], "same")
    with pytest.raises(Refused, match="somebody else"):
        say(engine, "ben", "first", PAIRS[0], "same")
    with pytest.raises(Refused, match="Enter your name first"):
        say(engine, " ", "second", PAIRS[0], "same")


@pytest.mark.parametrize(
    ("verdict", "reason"), [("same", "namesakes"), ("different", "history_agrees"), ("unsure", "")]
)
def test_a_reason_is_required_and_must_speak_for_the_verdict(engine: Engine, verdict: str, reason: str) -> None:
    with pytest.raises(Refused):
        links.decide(engine, "ann", "first", PAIRS[0], verdict, reason)
    assert links.everything(engine) == {}


def test_a_reader_sees_nothing_of_the_other_and_no_pair_of_their_own_in_dispute(engine: Engine) -> None:
    say(engine, "ann", "first", PAIRS[0], "same")
    assert links.take_next(engine, PAIRS, "ben") == PAIRS[0]
    (own,) = links.readings(engine, "ben")
    assert own["decision"] is None and "ann" not in str(own) and "same" not in str(own)
    say(engine, "ben", "second", PAIRS[0], "different")
    for reader in ("ann", "ben"):
        assert links.disputes(engine, reader) == ([], 1)
    ((dispute,), left_out) = links.disputes(engine, "cat")
    assert (dispute["first"]["verdict"], dispute["second"]["verdict"], left_out) == ("same", "different", 0)


def test_only_the_first_decision_of_a_reader_is_blind_and_kappa_rests_on_it(engine: Engine) -> None:
    said = [("same", "same"), ("different", "different"), ("different", "same")]
    for pair, (one, two) in zip(PAIRS, said):
        say(engine, "ann", "first", pair, one)
        if one != two:
            say(engine, "ann", "first", pair, two)  # after the weight was shown
        say(engine, "ben", "second", pair, two)
    held = links.everything(engine)
    assert links.state_of(held[PAIRS[2]]) == "settled"
    assert [d["is_blind"] for d in (held[PAIRS[2]].first["first"], held[PAIRS[2]].latest["first"])] == [1, 0]
    pairs = links.blind_verdicts(held)
    assert sorted(pairs) == [("different", "different"), ("different", "same"), ("same", "same")]
    agreement = cohens_kappa(pairs)
    assert agreement.pairs == 3
    assert agreement.kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))


def test_a_decision_changed_in_another_window_is_not_overwritten_unseen(engine: Engine) -> None:
    say(engine, "ann", "first", PAIRS[0], "same")
    with pytest.raises(Refused, match="another window"):
        links.decide(engine, "ann", "first", PAIRS[0], "unsure", "not_enough", seen_revision=0)
    links.decide(engine, "ann", "first", PAIRS[0], "unsure", "not_enough", seen_revision=1)
    assert links.everything(engine)[PAIRS[0]].verdict("first") == "unsure"


def test_readers_who_differ_do_not_change_to_meet_each_other(engine: Engine) -> None:
    say(engine, "ann", "first", PAIRS[0], "same")
    say(engine, "ben", "second", PAIRS[0], "different")
    for who, role in (("ann", "first"), ("ben", "second")):
        with pytest.raises(Refused, match="a third person decides"):
            say(engine, who, role, PAIRS[0], "unsure")
        assert links.readings(engine, who)[0]["closed"] == links.DIFFER


def test_the_third_is_another_person_and_decides_only_where_two_differ(engine: Engine) -> None:
    say(engine, "ann", "first", PAIRS[0], "same")
    with pytest.raises(Refused, match="Two people"):
        say(engine, "cat", "registrar", PAIRS[0], "same")
    say(engine, "ben", "second", PAIRS[0], "same")
    with pytest.raises(Refused, match="nothing to decide"):
        say(engine, "cat", "registrar", PAIRS[0], "same")
    say(engine, "ben", "second", PAIRS[0], "different")
    with pytest.raises(Refused, match="another person must decide"):
        say(engine, "ben", "registrar", PAIRS[0], "different")
    say(engine, "cat", "registrar", PAIRS[0], "different")
    with pytest.raises(Refused, match="somebody else"):
        say(engine, "dan", "registrar", PAIRS[0], "same")
    assert links.disputes(engine, "dan") == ([], 0)
    assert "third person has decided" in links.readings(engine, "ann")[0]["closed"]


def test_what_the_page_says_of_a_pair_is_what_the_build_makes_of_it(engine: Engine, tmp_path: Path) -> None:
    said = [("same",), ("same", "same"), ("same", "different"), ("unsure", "unsure"),
            ("same", "different", "different"), ("different", "unsure", "unsure"),
            ("different", "different")]  # fmt: skip
    for pair, verdicts in zip(PAIRS, said):
        for who, role, verdict in zip(("ann", "ben", "cat"), ("first", "second", "registrar"), verdicts):
            say(engine, who, role, pair, verdict)
    held = links.everything(engine)
    assert [links.state_of(held[p]) for p in PAIRS[:7]] == [
        "half", "settled", "differ", "untold", "settled", "untold", "settled",
    ]  # fmt: skip
    assert links.progress(held, PAIRS) == {
        "pairs": 8, "unread": 1, "half": 1, "settled": 3, "differ": 1, "untold": 2,
    }  # fmt: skip
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute(STATE)
    con.execute("create schema raw")
    casework_rows.take_in(con, tmp_path)
    maker = all_cards()["core.link_decisions"].maker
    assert maker is not None
    built = con.execute(f"select person_key_l, settled_verdict from ({code_of(maker)})").fetchall()
    assert dict(built) == {pair[0]: links.settled_verdict(h) for pair, h in held.items()}


def test_decisions_are_never_changed_and_every_deed_is_logged(engine: Engine) -> None:
    links.take_next(engine, PAIRS, "ann")
    say(engine, "ann", "first", PAIRS[0], "same")
    for statement in ("delete from link_decisions", "update link_decisions set verdict = 'different'"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
            con.exec_driver_sql(statement)
    with engine.connect() as con:
        log = stores.rows(con, tables.events.select())
    assert [(e["actor"], e["action"]) for e in log] == [("ann", "pair taken"), ("ann", "link decided")]
