"""Who people are, for linkage alone: invented names in five groups, twins, fathers and sons, spouses, namesakes, and
noise.

Every surname is put together from syllables that say "invented", postcodes are in ZZ99, phones in the range kept for
drama (07700 900xxx), mail ends in example.invalid.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

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
FORENAMES: dict[str, tuple[tuple[str, str], ...]] = {  # with a variant that the same person goes by
    "english": (
        ("Elizabeth", "Liz"), ("William", "Bill"), ("Katherine", "Kate"), ("Robert", "Rob"), ("Margaret", "Maggie"),
        ("Thomas", "Tom"), ("Jennifer", "Jenny"), ("Michael", "Mike"), ("Susan", "Sue"), ("Christopher", "Chris"),
        ("Rebecca", "Becky"), ("Edward", "Ted"), ("Samantha", "Sam"), ("Anthony", "Tony"), ("Victoria", "Vicky"),
    ),
    "welsh": (("Rhiannon", "Rhi"), ("Dafydd", "Dai"), ("Angharad", "Haf"), ("Gruffudd", "Guto"), ("Myfanwy", "Myf"),
        ("Llywelyn", "Llew")),
    "polish": (("Katarzyna", "Kasia"), ("Krzysztof", "Krzys"), ("Malgorzata", "Gosia"), ("Stanislaw", "Staszek"),
        ("Agnieszka", "Aga"), ("Tomasz", "Tomek")),
    "south asian": (("Mohammed", "Mohammad"), ("Priyanka", "Priya"), ("Muhammad", "Mohd"), ("Harpreet", "Harpal"),
        ("Fatima", "Fatimah"), ("Rajesh", "Raj")),
    "african": (("Oluwaseun", "Seun"), ("Chukwuemeka", "Emeka"), ("Abdirahman", "Abdi"), ("Ngozi", "Ngo"),
        ("Adebayo", "Bayo"), ("Wanjiru", "Shiru")),
}  # fmt: skip
GROUPS = tuple(SURNAMES)
PNC_CHECK = "ZABCDEFGHJKLMNPQRTUVWXY"


def keys(world: World, noise: str) -> Ints:
    """A key for each person's part in each pair; the true person of each key is returned.

    With noise, a person who comes up in another pair may be entered anew, as record systems do.
    """
    f = world.facts
    people = 2 * (int(f["pair"].max()) + 1)
    true = np.arange(people)
    next_key = people + world.crimes  # witnesses take the numbers between
    added: list[Ints] = []
    for part in ("victim", "suspect"):
        both = pl.DataFrame({"person": f[part], "pair": f["pair"]}).unique(maintain_order=True)
        later = both.filter(pl.int_range(pl.len()).over("person") > 0)
        again = later.filter(pl.Series(world.rng.random(later.height) < (0.6 if noise != "none" else 0.0)))
        again = again.with_columns(key=next_key + pl.int_range(pl.len(), dtype=pl.Int64))
        next_key += again.height
        added.append(again["person"].to_numpy())
        keyed = pl.DataFrame({"person": f[part], "pair": f["pair"]}).join(
            again, on=["person", "pair"], how="left", maintain_order="left"
        )
        f[f"{part}_key"] = keyed.select(pl.coalesce("key", "person").cast(pl.Int64)).to_series().to_numpy()
    return np.concatenate([true, people + np.arange(world.crimes), *added])


def pncid(rng: np.random.Generator, n: int) -> list[str | None]:
    """Thirteen characters with a right check letter (DS_072), in years before there were such numbers."""
    year, serial = rng.integers(1900, 1930, n), rng.integers(0, 10**7, n)
    return [
        f"{y}/{s:07d}{PNC_CHECK[int(f'{y % 100:02d}{s:07d}') % 23]}" if keep else None
        for y, s, keep in zip(year.tolist(), serial.tolist(), (rng.random(n) < 0.5).tolist(), strict=True)
    ]


def write_people(world: World, true: Ints, noise: str) -> dict[str, pl.DataFrame]:
    """`person`, `person_identity` and the truth about who is who, for the keys that the tables use."""
    rng, f = world.rng, world.facts
    used = np.unique(world.tables["party_role"]["person_key"].to_numpy())
    people = int(true.max()) + 1
    birth = np.r_[world.birth, np.full(max(0, people - world.birth.size), -315619200)][:people]
    n_pairs = 2 * (int(f["pair"].max()) + 1)
    birth[n_pairs:] = rng.integers(-800 * 30 * DAY, 300 * 30 * DAY, people - n_pairs)
    group = rng.choice(len(GROUPS), people, p=[0.6, 0.12, 0.08, 0.12, 0.08])
    first, sur = draw(rng, group, 0), draw(rng, group, 1)
    house = rng.integers(0, 10**7, people)
    phone = rng.integers(0, 10**7, people)
    kin(rng, birth, group, first, sur, house)
    unknown = np.unique(f["suspect_key"][~f["named"]])
    who = true[used]
    variant, change, wrong, moved = NOISE[noise]
    copy = used != who
    lot = rng.random((4, used.size))
    nick = copy & (lot[0] < variant)
    renamed = copy & (lot[1] < change)
    wrong_birth = copy & (lot[2] < wrong)
    elsewhere = copy & (lot[3] < moved)
    names = np.array([names[i][0] for g in GROUPS for names in [FORENAMES[g]] for i in range(len(names))])
    short = np.array([names[i][1] for g in GROUPS for names in [FORENAMES[g]] for i in range(len(names))])
    surnames = np.array([a + b for g in GROUPS for a in SURNAMES[g][0] for b in SURNAMES[g][1]])
    forename = np.where(nick, short[first[who]], names[first[who]])
    other = rng.integers(0, surnames.size, used.size)
    surname = surnames[np.where(renamed, other, sur[who])]
    day = birth[who] // DAY
    day = np.where(wrong_birth, day + rng.choice([1, -1, 9, 365, -3650, 30], used.size), day)
    born = pl.Series(day).cast(pl.Int32).cast(pl.Date)
    missing = wrong_birth & (rng.random(used.size) < 0.4) | (rng.random(used.size) < (0.03 if noise != "none" else 0.0))
    homes = np.where(elsewhere, rng.integers(0, 10**7, used.size), house[who])
    sex = np.array(["female", "male"])[(who * 7 % 10 < 5).astype(int)]
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
            "ethnicity_self": only(rng.random(used.size) < 0.7, np.array(["W1", "A1", "B2", "M1", "O9"])[who % 5]),
            "pncid_hash": pl.Series([None] * used.size, dtype=pl.String),
            "dod": dod,
        }
    )  # fmt: skip
    frame = pl.DataFrame(
        {
            "person_key": key,
            "forename": forename,
            "middle_name": only(who % 3 == 0, names[(first[who] + 3) % names.size]),
            "surname": surname,
            "alias": only(who % 29 == 0, short[first[who]]),
            "date_of_birth": pl.select(pl.when(~pl.Series(missing)).then(born.dt.strftime("%Y-%m-%d"))).to_series(),
            "sex": sex,
            "postcode": pl.select(pl.format("ZZ99 {}{}{}", pl.Series(homes % 10), pl.Series(letters(homes // 10)),
                pl.Series(letters(homes // 260)))).to_series(),
            "phone": pl.select(pl.format("07700 900{}", pl.Series(np.where(elsewhere, phone[(who + 1) % people],
                phone[who]) % 1000).cast(pl.String).str.zfill(3))).to_series(),
            "email": pl.select(pl.format("{}{}@example.invalid", pl.Series(surname).str.to_lowercase(),
                pl.Series(who))).to_series(),
            "pncid": pl.Series(pncid(rng, people), dtype=pl.String)[who],
        }
    ).filter(~pl.Series(hidden))  # fmt: skip
    truth = pl.DataFrame(
        {"person_key": key, "true_person": pl.Series("T" + pl.Series(who).cast(pl.String).str.zfill(8))}
    )
    return {"person": person, "person_identity": frame, "people": truth}


def letters(numbers: Ints) -> NDArray[np.str_]:
    """One capital for each number."""
    return np.array(list("ABDEFGHJLNPQRSTUWXYZ"))[numbers % 20]


def draw(rng: np.random.Generator, group: Ints, part: int) -> Ints:
    """Names of each person's group, some commoner than others, as places in the list of all."""
    out = np.zeros(group.size, dtype=np.int64)
    base = 0
    for number, label in enumerate(GROUPS):
        size = len(SURNAMES[label][0]) * len(SURNAMES[label][1]) if part else len(FORENAMES[label])
        where = np.flatnonzero(group == number)
        out[where] = base + (size * rng.random(where.size) ** 1.6).astype(np.int64)
        base += size
    return out


def kin(rng: np.random.Generator, birth: Ints, group: Ints, first: Ints, sur: Ints, house: Ints) -> None:
    """Hard cases for linkage: neighbours in the list become twins, father and son, spouses or namesakes. Grown people
    alone, so that nobody whose age was planted changes it."""
    at = np.arange(0, birth.size - 1, 40)
    at = at[np.maximum(birth[at], birth[at + 1]) < START - 20 * 366 * DAY]
    lot = rng.random(at.size)
    one, two = at, at + 1
    twin, son, spouse = lot < 0.25, (lot >= 0.25) & (lot < 0.5), (lot >= 0.5) & (lot < 0.75)
    same_surname: Bools = lot < 1.0
    sur[two[same_surname]] = sur[one[same_surname]]
    group[two] = group[one]
    home = twin | son | spouse
    house[two[home]] = house[one[home]]
    birth[two[twin]] = birth[one[twin]]
    first[two[son]] = first[one[son]]
    birth[one[son]] = birth[two[son]] - 27 * 365 * DAY
    first[two[lot >= 0.75]] = first[one[lot >= 0.75]]
