"""The life of orders: breaches of two kinds of order, applications that failed, events and conditions.

All of it has a random stream of its own, so that nothing else of the force depends on it. Only crimes without a planted
record get other orders; events and conditions leave every rule as it was.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.base import BASE
from sample.synth.clock import DAY, EXTRACT, HOUR, NONE, Bools, Ints, constant, instant
from sample.synth.codes import HO, is_in
from sample.synth.world import World

FORBIDDEN = ("no_contact", "no_approach", "exclusion_zone", "no_publication", "no_surveillance")
REQUIRED = ("programme", "assessment", "devices", "report_to_police")
SPO, INTERIM = "spo_full", "spo_interim"
DOMESTIC_ORDERS = instant("2024-11-28T00:00")  # the day after such orders began (reference.ho_codes)
ORDERS = BASE["orders"]
ADULT = 18.5 * 365.25 * DAY  # an application against a youth goes to another court (ORD-05)


def breached_orders(world: World, rng: np.random.Generator) -> None:
    """Make some breaches of court orders breaches of a stalking protection or domestic abuse protection order."""
    f = world.facts
    f["court_ho"] = f["ho"].copy()  # as drawn: the order that was breached has its dates from there
    rows = np.flatnonzero(world.free & is_in(("66/38", "66/39"), f["ho"]))
    lot = rng.random(rows.size)
    spo, domestic = BASE["breached_orders"]["stalking_protection"], BASE["breached_orders"]["domestic_abuse_protection"]
    f["ho"][rows[lot < spo]] = HO["8/74"]
    f["ho"][rows[(lot > 1 - domestic) & (f["recorded"][rows] >= DOMESTIC_ORDERS)]] = HO["68/19"]


def write_courts(world: World, rng: np.random.Generator) -> None:
    """Change and add orders, then their events and conditions."""
    _of_its_kind(world)
    _unsuccessful(world, rng)
    _conditions(world, rng)
    _events(world, rng)


def _of_its_kind(world: World) -> None:
    """The order whose breach is a crime of 8/74 or 68/19 is of that kind, with what the Act asks of it."""
    f, orders = world.facts, world.tables["order_"]
    crime = orders["breach"].to_numpy()
    ho = np.where(crime >= 0, f["ho"][np.maximum(crime, 0)], -1)
    spo, domestic = pl.Series(ho == HO["8/74"]), pl.Series(ho == HO["68/19"])
    served = pl.col("served_ts")
    world.tables["order_"] = orders.with_columns(
        type=pl.when(spo).then(pl.lit(SPO)).when(domestic).then(pl.lit("dapo")).otherwise(pl.col("type")),
        expires=pl.when(spo).then(pl.col("granted_ts") + 1096 * DAY).otherwise(pl.col("expires")),
        grounds_acts=pl.when(spo).then(True).otherwise(pl.col("grounds_acts")),
        grounds_risk=pl.when(spo).then(True).otherwise(pl.col("grounds_risk")),
        grounds_necessary=pl.when(spo).then(True).otherwise(pl.col("grounds_necessary")),
        considered_ts=pl.when(spo).then(pl.col("applied_ts") - 2 * DAY).otherwise(pl.col("considered_ts")),
        notify_due=pl.when(spo).then(served + 3 * DAY).otherwise(pl.col("notify_due")),
        notified_ts=pl.when(spo).then(served + 2 * DAY).otherwise(pl.col("notified_ts")),
    )


def _unsuccessful(world: World, rng: np.random.Generator) -> None:
    """Stalking protection orders that were refused, withdrawn or not authorised, and some that wait for the court.

    Four interim orders in ten have an application for the full order that was refused, or waits.
    """
    f = world.facts
    adult = f["reported"] - world.birth[f["suspect"]] > ADULT
    able = world.free & f["named"] & f["suspect_row"] & (f["removal"] == 0) & f["stalking"] & adult
    can = np.flatnonzero(able & ~f["closed"])
    old = (f["recorded"][can] >= EXTRACT - 60 * DAY) & (f["recorded"][can] < EXTRACT - 3 * DAY)
    waiting = can[old & (rng.random(can.size) < ORDERS["waiting"])]
    done = np.flatnonzero(able & (f["recorded"] < EXTRACT - 120 * DAY))
    lot = rng.random(done.size)
    for outcome, rows in (
        ("refused", done[lot < ORDERS["refused"]]), ("withdrawn", done[lot > 1 - ORDERS["withdrawn"]]),
        ("not applied for", done[(lot >= 0.02) & (lot < 0.032)]), ("pending", waiting),
    ):  # fmt: skip
        applied = f["recorded"][rows] + rng.integers(1 * DAY, 40 * DAY, rows.size)
        seen = applied <= EXTRACT - HOUR
        _add(world, rows[seen], applied[seen], outcome)
    interim = world.tables["order_"].filter((pl.col("type") == INTERIM) & (pl.col("granted_ts") != NONE))
    rows, granted = interim["crime"].to_numpy(), interim["granted_ts"].to_numpy()
    own = (world.free & adult)[rows] & (rng.random(rows.size) < ORDERS["interim_alone"])
    late = granted > EXTRACT - 60 * DAY
    _add(world, rows[own & late], granted[own & late] - 12 * HOUR, "pending")
    _add(world, rows[own & ~late], granted[own & ~late] - 12 * HOUR, "refused")


def _add(world: World, rows: Ints, applied: Ints, outcome: str) -> None:
    """A full order of each crime's pair that was not granted."""
    f, size = world.facts, rows.size
    number = int(world.tables["order_"]["order"].to_numpy().max()) + 1 + np.arange(size)
    is_applied = outcome != "not applied for"
    world.add(
        "order_", size, order=number, crime=rows, type=SPO, victim_key=f["victim_key"][rows],
        respondent_key=f["suspect_key"][rows], applied_ts=applied if is_applied else [NONE] * size, interim=False,
        granted_ts=[NONE] * size, served_ts=[NONE] * size, expires=[NONE] * size,
        court="Invented Magistrates' Court" if is_applied else None, grounds_acts=True, grounds_risk=True,
        grounds_necessary=True, conditions_n=3, positive_req=False, outcome=outcome, notify_due=[NONE] * size,
        notified_ts=[NONE] * size, considered_ts=np.maximum(applied - 2 * DAY, f["recorded"][rows]),
        not_applied_rationale=None if is_applied else "Authority was refused: the risk is not made out",
        breach=[-1] * size, breach_at=[NONE] * size,
    )  # fmt: skip


def _conditions(world: World, rng: np.random.Generator) -> None:
    """Each condition of an order, and which one a breach was of; one stalking protection order in three requires."""
    orders = world.tables["order_"]
    count = np.where(orders["conditions_n"].to_numpy() > 0, rng.integers(2, 6, orders.height), 0)
    made = orders["granted_ts"].to_numpy() != NONE
    spo = orders["type"].str.starts_with("spo").to_numpy()
    requires = made & spo & (rng.random(orders.height) < 0.33)
    place = np.repeat(np.arange(orders.height), count)
    number = np.arange(place.size) - np.repeat(np.cumsum(count) - count, count)
    forbids = np.array(FORBIDDEN)[(number + rng.integers(0, 2, place.size)) % len(FORBIDDEN)]
    kind = np.where(number == 0, "no_contact", forbids)
    last = (number == count[place] - 1) & requires[place]
    kind = np.where(last, np.array(REQUIRED)[rng.integers(0, len(REQUIRED), place.size)], kind)
    ids = orders["order"].to_numpy()
    world.tables["order_condition"] = pl.DataFrame(
        {"order": ids[place], "condition_no": number + 1, "kind": pl.Series(kind.astype("<U20"), dtype=pl.String)}
    )
    world.tables["order_"] = orders.with_columns(
        conditions_n=pl.Series(count), positive_req=pl.Series(requires) | pl.col("positive_req")
    )
    broken = world.tables["order_breach"]
    held = dict(zip(ids.tolist(), count.tolist(), strict=True))
    many = np.array([held[order] for order in broken["order"].to_list()])
    which = np.minimum((rng.random(many.size) ** 2 * many).astype(np.int64), np.maximum(many - 1, 0)) + 1
    unknown = (rng.random(many.size) < 0.1) | (many == 0)
    world.tables["order_breach"] = broken.with_columns(condition_no=pl.Series(np.where(unknown, -1, which)))


def _events(world: World, rng: np.random.Generator) -> None:
    """Authority, hearing, adjournment, refusal, withdrawal; of those granted variation, renewal and discharge.

    A domestic notice's order is heard when it is granted, so that its days stay what they were. An order that was
    breached is not discharged.
    """
    orders = world.tables["order_"]
    ids, applied, granted = (orders[name].to_numpy() for name in ("order", "applied_ts", "granted_ts"))
    considered, expires = orders["considered_ts"].to_numpy(), orders["expires"].to_numpy()
    spo = orders["type"].str.starts_with("spo").to_numpy()
    outcome = orders["outcome"].to_numpy()
    made, asked = granted != NONE, applied != NONE
    breached = np.isin(ids, world.tables["order_breach"]["order"].to_numpy())
    heard = np.where(made, granted, applied + rng.integers(10 * DAY, 45 * DAY, ids.size))
    decided = asked & ~made & (outcome != "pending")
    lot, part = rng.random(ids.size), rng.random(ids.size)
    later = granted + (part * (np.minimum(EXTRACT, expires) - granted)).astype(np.int64)
    lasting = made & spo & (orders["type"].to_numpy() == SPO) & (granted < EXTRACT - 60 * DAY)
    unauthorised = orders["not_applied_rationale"].str.starts_with("Authority").fill_null(value=False).to_numpy()
    kinds: tuple[tuple[str, Bools, Ints], ...] = (
        ("authorised", spo & asked & (considered != NONE), np.maximum(applied - DAY, considered)),
        ("authority_refused", unauthorised, considered + DAY),
        ("hearing", (asked & made) | (decided & (outcome == "refused")), heard),
        ("adjourned", spo & asked & made & (lot < 0.15), applied + (granted - applied) // 2),
        ("refused", decided & (outcome == "refused"), heard),
        ("withdrawn", decided & (outcome == "withdrawn"), heard),
        ("varied", lasting & (lot > 0.9), later),
        ("renewed", lasting & (granted < EXTRACT - 600 * DAY) & (lot < 0.12), np.minimum(granted + 600 * DAY, EXTRACT)),
        ("discharged", lasting & ~breached & (lot > 0.4) & (lot < 0.45), later),
        ("appealed", decided & (outcome == "refused") & (lot < 0.1), heard + 15 * DAY),
    )
    rows = [(kind, np.flatnonzero(where & (when <= EXTRACT)), when) for kind, where, when in kinds]
    world.tables["order_event"] = pl.DataFrame(
        {
            "order": ids[np.concatenate([row[1] for row in rows])],
            "ts": np.concatenate([row[2][row[1]] for row in rows]),
            "kind": pl.concat([constant(row[1].size, row[0]) for row in rows]),
        }
    )
