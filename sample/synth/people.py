"""People for linkage alone: five groups of invented surnames, twins, fathers and sons, spouses, namesakes.

It also decides which of their records have errors. The content of a record is in identities.py.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth import identities, persons
from sample.synth.base import BASE, drawn
from sample.synth.clock import DAY, START, Bools, Ints, only
from sample.synth.world import World

# noise: share of duplicate records with forename variant, surname change, wrong or missing birth date, moved (settled)
NOISE = {
    "none": (0.0, 0.0, 0.0, 0.0),
    "low": (0.05, 0.03, 0.03, 0.15),
    "medium": (0.12, 0.08, 0.09, 0.30),
    "heavy": (0.20, 0.15, 0.18, 0.45),
}
SURNAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "english": (
        ("Fable", "Figment", "Mock", "Sham", "Feign", "Pretend", "Makebe", "Phantom", "Unreal", "Contriv", "Dummy",
            "Conject"),
        ("ton", "ley", "worth", "wick", "ham", "by", "field", "sworth", "more", "stead", "croft", "den"),
    ),
    "welsh": (("Dychmyg", "Ffuglen", "Chwedl", "Rhith", "Ffug", "Esgus", "Tybiaeth"), ("iad", "wyn", "fryn", "ydd",
        "fab", "gor", "nant", "fael")),
    "polish": (("Wymysl", "Fikcj", "Zmysl", "Pozor", "Urojen", "Bajk", "Nibyl"), ("owski", "owicz", "ak", "iuk",
        "ecki", "arczyk", "inski", "an")),
    "south asian": (("Kalpan", "Kahani", "Farzi", "Khayal", "Afsan", "Nakal", "Sapn"), ("pur", "deep", "wala",
        "nath", "dar", "khel", "vani", "mal")),
    "african": (("Mawazo", "Hadithi", "Ndoto", "Aloko", "Itan", "Ifoju", "Kubuni"), ("ba", "nde", "kunle", "mbo",
        "tunde", "ngwa", "ola", "she")),
}  # fmt: skip
GROUPS = tuple(SURNAMES)
SELF_DEFINED = ("W1", "M1", "A1", "B2", "O9")  # a code of each of persons.ETHNICITIES
# A large force has more surnames than a small one, as in life: else its people share names a hundred times over. Beyond
# this number of people, and for each more of it, one of these begins as many surnames again.
PEOPLE_A_LIST = 400_000
BEGINNINGS = ("", "Ab", "Cor", "Del", "Est", "Gal", "Hur", "Jor", "Kel", "Lam", "Mor", "Nav", "Os", "Per", "Rud", "Sol")


def keys(world: World, noise: str) -> Ints:
    """A key for each person's part in each pair; return the true person of each key.

    With noise, a person who occurs in another pair may be entered again, as in record systems.
    """
    f = world.facts
    people = world.sex.size
    true = np.arange(people)
    next_key = people + world.crimes  # witnesses take the numbers between
    added: list[Ints] = []
    for part in ("victim", "suspect"):
        both = pl.DataFrame({"person": f[part], "pair": f["pair"]}).unique(maintain_order=True)
        later = both.filter(pl.int_range(pl.len()).over("person") > 0)
        entered = pl.Series(world.rng.random(later.height) < (0.6 if noise != "none" else 0.0))
        again = later.filter(entered | pl.col("pair").is_in(sorted(world.apart[part])))
        again = again.with_columns(key=next_key + pl.int_range(pl.len(), dtype=pl.Int64))
        next_key += again.height
        added.append(again["person"].to_numpy())
        keyed = pl.DataFrame({"person": f[part], "pair": f["pair"]}).join(
            again, on=["person", "pair"], how="left", maintain_order="left"
        )
        f[f"{part}_key"] = keyed.select(pl.coalesce("key", "person").cast(pl.Int64)).to_series().to_numpy()
    return np.concatenate([true, people + np.arange(world.crimes), *added])


def write_people(world: World, true: Ints, noise: str, *, has_names: bool = True) -> dict[str, pl.DataFrame]:
    """`person`, `person_identity` and the truth about people, for the keys that the tables use.

    Without names there is no `person_identity`, and all else is the same.
    """
    rng, f = world.rng, world.facts
    used = np.unique(world.tables["party_role"]["person_key"].to_numpy())
    people = int(np.max(true)) + 1
    birth = np.r_[world.birth, np.full(max(0, people - world.birth.size), -315619200)][:people]
    n_pairs = world.sex.size
    birth[n_pairs:] = rng.integers(-800 * 30 * DAY, 300 * 30 * DAY, people - n_pairs)
    more = people - n_pairs  # witnesses, and keys beside them
    ethnicity = np.r_[world.ethnicity, drawn(rng, BASE["ethnicity"], more)]
    group = np.zeros(people, dtype=np.int64)
    for place, name in enumerate(persons.ETHNICITIES):
        where = np.flatnonzero(ethnicity == place)
        lists = np.array([GROUPS.index(one) for one in BASE[f"names_{name}"]])
        group[where] = lists[drawn(rng, BASE[f"names_{name}"], where.size)]
    names = surnames(used.size)
    first = draw(rng, group, [len(identities.FORENAMES[label]) for label in GROUPS])
    sur = draw(rng, group, [len(of_group) for of_group in names])
    house = rng.integers(0, 10**7, people)
    phone = rng.integers(0, 10**7, people)
    kin(rng, birth, group, ethnicity, first, sur, house, phone)
    # a person named once is known, on whatever crime the name is missing
    unknown = np.setdiff1d(f["suspect_key"][~f["named"]], f["suspect_key"][f["named"]])
    who = true[used]
    copy = used != who
    lot = rng.random((4, used.size))
    amiss = dict(zip(("forename", "surname", "birth", "home"), lot < np.array(NOISE[noise])[:, None], strict=True))
    amiss = {what: copy & hit for what, hit in amiss.items()}
    every = np.array([name for of_group in names for name in of_group])
    other = rng.integers(0, every.size, used.size)
    day = birth[who] // DAY
    off = rng.choice([1, -1, 9, 365, -3650, 30], used.size)
    missing = amiss["birth"] & (rng.random(used.size) < 0.4)
    missing |= rng.random(used.size) < (0.03 if noise != "none" else 0.0)
    homes = np.where(amiss["home"], rng.integers(0, 10**7, used.size), house[who])
    sex = np.array(["female", "male"])[np.r_[world.sex, rng.integers(0, 2, more)][who]]
    number = pl.Series(used).cast(pl.String).str.zfill(8)
    key = pl.Series("person_key", "INV-P" + number)
    hidden = np.isin(used, unknown)
    dod = (
        np.array([world.death.get(int(one), -(2**40)) for one in who]) if world.death else np.full(used.size, -(2**40))
    )
    birth_month = pl.Series(birth[who] // DAY).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y-%m")
    person = pl.DataFrame(
        {
            "person_key": key,
            "birth_ym": only(~hidden, birth_month),
            "sex": np.where(hidden, "unknown", sex),
            "ethnicity_self": only(
                rng.random(used.size) >= BASE["missing"]["ethnicity"], np.array(SELF_DEFINED)[ethnicity[who]]
            ),
            "pncid_hash": pl.Series([None] * used.size, dtype=pl.String),
            "dod": dod,
        }
    )  # fmt: skip
    label = np.array(GROUPS)[group]
    truth = pl.DataFrame(
        {"person_key": key, "true_person": pl.Series("T" + pl.Series(who).cast(pl.String).str.zfill(8))}
    )
    groups = pl.DataFrame({"true_person": truth["true_person"], "name_group": label[who]}).unique().sort("true_person")
    made = {"person": person, "people": truth, "name_groups": groups}
    if not has_names:
        return made
    # identities have draws of their own: their content changes nothing else in the extract
    frame = identities.make(
        rng.spawn(1)[0], who, amiss, NOISE[noise],
        first=first, surname=np.where(amiss["surname"], every[other], every[sur[who]]), own_surname=every[sur],
        day=day, wrong_day=day + off, is_missing=missing, sex=sex, homes=homes, phone=phone, group=label,
    ).with_columns(person_key=key)  # fmt: skip
    renamed = np.isin(used, f["suspect_key"][world.renamed])
    given = pl.when(pl.Series(renamed)).then(pl.Series(every[other])).otherwise("surname").alias("surname")
    frame = frame.select("person_key", pl.exclude("person_key")).with_columns(given).filter(~pl.Series(hidden))
    return made | {"person_identity": frame}


def surnames(people: int) -> list[list[str]]:
    """The surnames of each group, for a force with this number of people."""
    beginnings = BEGINNINGS[: max(1, min(len(BEGINNINGS), people // PEOPLE_A_LIST + 1))]
    return [
        [(b + stem + end).capitalize() for b in beginnings for stem in SURNAMES[g][0] for end in SURNAMES[g][1]]
        for g in GROUPS
    ]


def draw(rng: np.random.Generator, group: Ints, sizes: list[int]) -> Ints:
    """Draw names of each person's group, some commoner than others, as indices in the list of all.

    `sizes` are the numbers of names of the groups.
    """
    out = np.zeros(group.size, dtype=np.int64)
    base = 0
    for number, size in enumerate(sizes):
        where = np.flatnonzero(group == number)
        out[where] = base + (size * rng.random(where.size) ** 1.6).astype(np.int64)
        base += size
    return out


def kin(
    rng: np.random.Generator, birth: Ints, group: Ints, ethnicity: Ints, first: Ints, sur: Ints, house: Ints,
    phone: Ints,
) -> None:  # fmt: skip
    """Hard cases for linkage: neighbours in the list become twins, father and son, spouses or namesakes.

    Adults alone, so that nobody whose age was planted changes it.
    """
    at = np.arange(0, birth.size - 1, 40)
    at = at[np.maximum(birth[at], birth[at + 1]) < START - 20 * 366 * DAY]
    lot = rng.random(at.size)
    one, two = at, at + 1
    twin, son, spouse = lot < 0.25, (lot >= 0.25) & (lot < 0.5), (lot >= 0.5) & (lot < 0.75)
    same_surname: Bools = lot < 1.0
    sur[two[same_surname]] = sur[one[same_surname]]
    group[two], ethnicity[two] = group[one], ethnicity[one]
    home = twin | son | spouse
    house[two[home]] = house[one[home]]
    shared = home & (at % 3 == 0)  # one landline for the whole house
    phone[two[shared]] = phone[one[shared]]
    birth[two[twin]] = birth[one[twin]]
    same = twin & (first[two] == first[one])  # parents give twins two names
    first[two[same]] = first[(one - 1)[same]]
    first[two[son]] = first[one[son]]
    birth[one[son]] = birth[two[son]] - 27 * 365 * DAY
    first[two[lot >= 0.75]] = first[one[lot >= 0.75]]
