"""Identity of each person record: name, birth date, address, numbers, as entered, often incomplete.

Every surname is made of syllables that say "invented", postcodes are in ZZ99, telephone numbers in the ranges
reserved for drama, mail ends in example.invalid.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample.synth.clock import Bools, Ints, only

Strings = NDArray[np.str_]
Numbers = NDArray[np.float64]
FORENAMES: dict[str, tuple[tuple[str, str], ...]] = {  # with a variant that the same person uses
    "english": (
        ("Elizabeth", "Liz"), ("William", "Bill"), ("Katherine", "Kate"), ("Robert", "Rob"), ("Margaret", "Maggie"),
        ("Thomas", "Tom"), ("Jennifer", "Jenny"), ("Michael", "Mike"), ("Susan", "Sue"), ("Christopher", "Chris"),
        ("Rebecca", "Becky"), ("Edward", "Ted"), ("Samantha", "Sam"), ("Anthony", "Tony"), ("Victoria", "Vicky"),
    ),
    "welsh": (("Rhiannon", "Rhi"), ("Dafydd", "Dai"), ("Angharad", "Ann"), ("Gruffudd", "Gruff"), ("Myfanwy", "Myf"),
        ("Llywelyn", "Llew")),
    "polish": (("Katarzyna", "Kasia"), ("Krzysztof", "Krzys"), ("Malgorzata", "Gosia"), ("Stanislaw", "Staszek"),
        ("Agnieszka", "Aga"), ("Tomasz", "Tomek")),
    "south asian": (("Mohammed", "Mohammad"), ("Priyanka", "Priya"), ("Muhammad", "Mohd"), ("Harpreet", "Preet"),
        ("Fatima", "Fatimah"), ("Rajesh", "Raj")),
    "african": (("Oluwaseun", "Seun"), ("Chukwuemeka", "Emeka"), ("Abdirahman", "Abdi"), ("Ngozi", "Ngo"),
        ("Adebayo", "Bayo"), ("Wanjiru", "Shiru")),
}  # fmt: skip
PNC_CHECK = "ZABCDEFGHJKLMNPQRTUVWXY"
# ranges that Ofcom reserves for drama: a thousand numbers each
DRAMA = (
    "07700 900", "01632 960", "0113 4960", "0114 4960", "0115 4960", "0116 4960", "0117 4960", "0118 4960",
    "0121 4960", "0131 4960", "0141 4960", "0151 4960", "0161 4960", "0191 4980", "029 20180", "028 96496",
)  # fmt: skip
FIRST_OF_JANUARY = {"south asian": 0.06, "african": 0.09, "polish": 0.01}  # where only a year was known
NAMES = tuple(pair for group in FORENAMES.values() for pair in group)


def make(
    rng: np.random.Generator,
    who: Ints,
    amiss: Mapping[str, Bools],
    noise: tuple[float, float, float, float],
    *,
    first: Ints,
    surname: Strings,
    own_surname: Strings,
    day: Ints,
    wrong_day: Ints,
    is_missing: Bools,
    sex: Strings,
    homes: Ints,
    phone: Ints,
    group: Strings,
) -> pl.DataFrame:
    """One row per record. `who` is the true person of each; `first`, `own_surname`, `phone`, `group` are of people."""
    names, short = np.array([a for a, _ in NAMES]), np.array([b for _, b in NAMES])
    full = names[first[who]]
    forename, surname, is_swapped = _entered(rng, full, short[first[who]], surname, own_surname[who], amiss)
    middle = only(who % 3 == 0, names[(first[who] + 3) % names.size])
    return pl.DataFrame(
        {
            "forename": np.where(is_swapped, surname, forename),
            "middle_name": middle,
            "surname": np.where(is_swapped, forename, surname),
            "alias": only(who % 29 == 0, short[first[who]]),
            "date_of_birth": _births(rng, who, day, wrong_day, amiss["birth"], is_missing, group),
            "sex": sex,
            "postcode": pl.select(pl.format("ZZ99 {}{}{}", pl.Series(homes % 10), pl.Series(letters(homes // 10)),
                pl.Series(letters(homes // 260)))).to_series(),
            "phone": _phones(rng, who, phone, amiss["home"]),
            "email": _emails(rng, who, names[first], own_surname, noise[0], amiss["home"]),
            "pncid": _pncids(rng, who, noise[0]),
        }
    )  # fmt: skip


def letters(numbers: Ints) -> Strings:
    """One capital for each number."""
    return np.array(list("ABDEFGHJLNPQRSTUWXYZ"))[numbers % 20]


def _entered(
    rng: np.random.Generator, full: Strings, short: Strings, surname: Strings, own: Strings, amiss: Mapping[str, Bools]
) -> tuple[Strings, Strings, Bools]:
    """Forename and surname as entered, and whether they are swapped.

    Of wrong forenames six in ten are another form of the name, else a slip, an initial, or the order of names; of
    wrong surnames seven in ten are another name, else a slip or a double name.
    """
    n = full.size
    manner = np.where(amiss["forename"], rng.random(n), 0.0)
    forename = np.where(amiss["forename"], short, full)
    forename = np.where(manner >= 0.6, _slips(rng, full), forename)
    forename = np.where(manner >= 0.85, full.astype("U1"), forename)
    forename = np.where(manner >= 0.95, full, forename)
    changed = np.where(amiss["surname"], rng.random(n), 0.0)
    entered = np.where(changed >= 0.7, _slips(rng, own), surname)
    entered = np.where(changed >= 0.9, np.char.add(np.char.add(own, "-"), surname), entered)
    return forename, entered, manner >= 0.95


def _slips(rng: np.random.Generator, words: Strings) -> Strings:
    """Each word with one letter left out, doubled, or exchanged with the next."""
    at = rng.integers(1, 5, words.size)
    manner = rng.integers(0, 3, words.size)
    slipped = []
    for word, place, how in zip(words.tolist(), at.tolist(), manner.tolist(), strict=True):
        i = min(place, len(word) - 2)
        middle = ("", word[i] * 2, word[i + 1] + word[i])[how]
        slipped.append(word[:i] + middle + word[i + (2 if how == 2 else 1) :])
    return np.array(slipped, dtype=np.str_)


def _births(
    rng: np.random.Generator, who: Ints, day: Ints, wrong: Ints, amiss: Bools, is_missing: Bools, group: Strings
) -> pl.Series:
    """Birth dates; some a 1 January because only the year was known, some wrong, some with day and month swapped."""
    share = np.array([FIRST_OF_JANUARY.get(label, 0.003) for label in group.tolist()])
    is_first = rng.random(group.size) < share
    swap = amiss & (rng.random(who.size) < 0.2)
    frame = pl.DataFrame(
        {"day": day, "wrong": wrong, "amiss": amiss, "swap": swap, "first": is_first[who], "missing": is_missing}
    ).with_columns(pl.col("day", "wrong").cast(pl.Int32).cast(pl.Date))
    known = pl.when("first").then(pl.date(pl.col("day").dt.year(), 1, 1)).otherwise(pl.col("day"))
    framed = frame.with_columns(known=known)
    swapped = pl.when(pl.col("swap") & (pl.col("known").dt.day() <= 12)).then(
        pl.date(pl.col("known").dt.year(), pl.col("known").dt.day(), pl.col("known").dt.month())
    )
    entered = pl.coalesce(swapped, pl.when("amiss").then(pl.col("wrong")), pl.col("known"))
    return framed.select(pl.when(~pl.col("missing")).then(entered.dt.strftime("%Y-%m-%d"))).to_series()


def _phones(rng: np.random.Generator, who: Ints, phone: Ints, moved: Bools) -> pl.Series:
    """A number of the drama ranges, missing in a quarter; half of those who move change it."""
    numbers = np.where(moved & (rng.random(who.size) < 0.5), rng.integers(0, 10**7, who.size), phone[who])
    area = np.array(DRAMA)[numbers // 1000 % len(DRAMA)]
    text = pl.select(pl.format("{}{}", pl.Series(area), pl.Series(numbers % 1000).cast(pl.String).str.zfill(3)))
    return only(rng.random(who.size) < 0.75, text.to_series().to_numpy())


def _emails(
    rng: np.random.Generator, who: Ints, forename: Strings, surname: Strings, noise: float, moved: Bools
) -> pl.Series:
    """Made from the name and figures, of half the people, on three records in four; mistyped, or a new one.

    No two people have the same address, as no two have the same mailbox.
    """
    n = forename.size
    dotted = np.char.add(np.char.add(np.char.lower(forename), "."), np.char.lower(surname))
    brief = np.char.add(np.char.lower(forename).astype("U1"), np.char.lower(surname))
    local = np.where(rng.random(n) < 0.5, dotted, brief)
    rank = pl.Series(local).to_frame("local").select(pl.int_range(pl.len()).over("local")).to_series().to_numpy()
    old = np.char.add(local, (10 + 2 * rank).astype(np.str_))
    new = np.char.add(local, (11 + 2 * rank).astype(np.str_))
    text = np.where(moved & (rng.random(who.size) < 0.2), new[who], old[who])
    text = np.where(rng.random(who.size) < noise / 2, _slips(rng, text), text)
    has = (rng.random(n) < 0.5)[who] & (rng.random(who.size) < 0.75)
    return only(has, np.char.add(text, "@example.invalid"))


def _pncids(rng: np.random.Generator, who: Ints, noise: float) -> pl.Series:
    """Thirteen characters with a right check letter (DS_072), in years before there were such numbers; of two people in
    five, on seven of ten records; a digit may be wrong, and now and then a person has a second number."""
    n = int(np.max(who)) + 1
    one, two = _numbers(rng, n), _numbers(rng, n)
    text = np.where(rng.random(who.size) < noise / 20, two[who], one[who])
    wrong = rng.random(who.size) < noise / 4
    text = np.where(wrong, [t[:7] + str((int(t[7]) + 1) % 10) + t[8:] for t in text.tolist()], text)
    has = (rng.random(n) < 0.4)[who] & (rng.random(who.size) < 0.7)
    return only(has, text)


def _numbers(rng: np.random.Generator, n: int) -> Strings:
    year, serial = rng.integers(1900, 1930, n), rng.integers(0, 10**7, n)
    return np.array(
        [f"{y}/{s:07d}{PNC_CHECK[int(f'{y % 100:02d}{s:07d}') % 23]}" for y, s in zip(year.tolist(), serial.tolist())]
    )
