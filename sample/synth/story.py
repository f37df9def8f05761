"""What happens in the invented force before its tables are made; story_tables.py has the rest, and lists it all.

The steady twin (`stra synth --steady`) is the same force without any of it. How strong each is is in base.toml.
"""

from __future__ import annotations

import numpy as np

from sample.synth.base import BASE
from sample.synth.clock import DAY, EXTRACT, HOUR, Bools, Ints, instant
from sample.synth.codes import CHARGES, HO, OUT, REL, UNITS, of_class
from sample.synth.persons import DISTRICTS, ETHNICITIES, kinds
from sample.synth.world import World

LEAST = 3000  # crimes: a smaller force has no room for it
SIZES = BASE["story"]
SINCE = "2025-08"  # the rise, and what it does to the unit that takes half of it
DISTRICT, UNIT, NEIGHBOUR = 2, 2, 7  # places in the lists of districts and units
LATE_UNIT, LATE_SINCE = 5, "2024-06"
NEW_FORM = "2025-02"  # from when public order by message is recorded as malicious communications
FULL_DISTRICT, FULL_SINCE, FULL_SERVICE = 1, "2025-06", "S2"
NAMES_DISTRICTS, NAMES_SINCE = (3, 4), "2025-05"  # of a man who has two names
UNREACHED = ETHNICITIES.index("A")


def district(number: int) -> str:
    return f"Invented District {number + 1}"


def start(month: str) -> int:
    return instant(f"{month}-01T00:00")


# -- while pairs are laid out ------------------------------------------------------------------------------------------
def rise(world: World, pair: Ints, reported: Ints, unit: Ints, rel: Ints, suspect: Ints) -> Bools:
    """Stalking by former partners rises in a district; half of it falls to one unit, a tenth is four people's.

    Pairs of one crime from anywhere become its pairs; `reported`, `unit`, `rel` and `suspect` are changed in place.
    """
    risen = np.zeros(reported.size, dtype=bool)
    if not world.has_story:
        return risen
    rng, begin = world.rng, start(SINCE)
    alone = np.flatnonzero(np.bincount(pair, minlength=unit.size)[pair] == 1)
    former = (kinds(rel) == "former")[pair] & (unit % DISTRICTS == DISTRICT)[pair]
    usual = int((former & (reported >= begin)).sum())
    rows = rng.permutation(alone[~former[alone]])[: max(int(SIZES["rise"] * usual), 1)]
    risen[rows] = True
    reported[rows] = rng.integers(begin, EXTRACT - 2 * DAY, rows.size)
    pairs = pair[rows]
    rel[pairs] = REL["ex_partner"]
    others = [place for place in range(DISTRICT, len(UNITS), DISTRICTS) if place != UNIT]
    unit[pairs] = np.where(rng.random(rows.size) < 0.5, UNIT, rng.choice(others, rows.size))
    serial = pairs[: int(SIZES["of_four_suspects"] * rows.size)]
    if serial.size >= 4:
        suspect[serial] = suspect[serial[:4]][np.arange(serial.size) % 4]
    return risen


def offend(world: World) -> None:
    """The rise is stalking; messages in public order are recorded as malicious communications from a month on."""
    f, rng = world.facts, world.rng
    f["ho"][f["risen"]] = HO["195/12"]
    f["otherwise"] = np.zeros(world.crimes, dtype=bool)
    if world.has_story:
        public = of_class(("9A",), f["ho"]) & (f["reported"] >= start(NEW_FORM)) & (f["place"] == 0)
        f["otherwise"] = public & (rng.random(world.crimes) < SIZES["recorded_otherwise"])
        f["ho"][f["otherwise"]] = HO["8/72"]


def slow(world: World) -> None:
    """The unit that takes half of the rise closes its cases later, and more of them without the victim's support."""
    if world.has_story:
        f = world.facts
        rows = overloaded(world) & (f["delay"] < 10**10)
        lost = rows & (f["out"] == OUT["15"]) & (world.rng.random(world.crimes) < SIZES["support_lost"])
        f["out"][lost] = OUT["16"]
        median = BASE["days_to_outcome"]
        f["delay"][lost] = f["delay"][lost] * median["16"] / median["15"]
        rows &= ~np.isin(f["out"], [OUT[code] for code in CHARGES])  # a summary charge has its time limit (OUT-08)
        f["delay"][rows] = f["delay"][rows] * SIZES["slower"]


def overloaded(world: World) -> Bools:
    """Crimes of the unit that takes half of the rise, from then on."""
    f = world.facts
    crimes: Bools = (f["unit"] == UNIT) & (f["reported"] >= start(SINCE))
    return crimes


def weekends(world: World) -> None:
    """A unit records late what is reported on a Saturday or Sunday; before the crimes are settled."""
    if world.has_story:
        f, rng = world.facts, world.rng
        weekday = (f["reported"] // DAY + 4) % 7  # 0 is Sunday
        here = world.free & (f["unit"] == LATE_UNIT) & np.isin(weekday, (0, 6)) & (f["lag"] < 24 * HOUR)
        here &= ~f["stamped"] & (f["reported"] >= start(LATE_SINCE)) & (f["reported"] < EXTRACT - 4 * DAY)
        rows = np.flatnonzero(here & (rng.random(world.crimes) < SIZES["late_on_weekends"]))
        f["lag"][rows] = rng.integers(24 * HOUR + 600, 46 * HOUR, rows.size)
        world.breach("TIM-01", rows)
