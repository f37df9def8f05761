"""A second maker of people for linkage, independent of sample/synth: other names, other mistakes, other families.

Linkage must not be fitted to the one generator that it was written beside. Here names are ordinary ones, mistakes are
those of keyboards, scanners and hurried desks, and households hold parents, children, twins and spouses.
"""

import datetime as dt
import random
import string
from dataclasses import dataclass, replace

import polars as pl

NOISE = {  # share of further records: forename otherwise, surname otherwise, birth date wrong or missing, moved
    "low": (0.05, 0.03, 0.03, 0.15),
    "medium": (0.12, 0.08, 0.09, 0.30),
    "heavy": (0.20, 0.15, 0.18, 0.45),
}
SHORT = {
    "william": ["bill", "will", "billy"], "robert": ["rob", "bob", "bobby"], "elizabeth": ["liz", "beth", "betty"],
    "margaret": ["maggie", "peggy"], "james": ["jim", "jimmy"], "joseph": ["joe"], "patricia": ["pat", "trish"],
    "michael": ["mike", "mick"], "katherine": ["kate", "kathy"], "richard": ["dick", "rick"], "susan": ["sue"],
    "david": ["dave"], "andrew": ["andy", "drew"], "stephen": ["steve"], "daniel": ["dan", "danny"],
    "alexander": ["alex", "sandy"], "samantha": ["sam"], "nicola": ["nicky"], "joanna": ["jo"], "thomas": ["tom"],
    "dafydd": ["dai"], "gwilym": ["gwil"], "catrin": ["cati"], "llewelyn": ["llew"], "angharad": ["anghi"],
    "mohammed": ["mohammad", "muhammad", "mohd"], "abdullah": ["abdul"], "fatima": ["fatimah"],
    "harpreet": ["harry", "preet"], "gurpreet": ["gurp"], "aleksandra": ["ola"], "katarzyna": ["kasia"],
    "malgorzata": ["gosia"], "krzysztof": ["krzysiek"], "pawel": ["paul"], "jan": ["janek"], "agnieszka": ["aga"],
    "oluwaseun": ["seun"], "oluwafemi": ["femi"], "chinedu": ["nedu"], "abdirahman": ["abdi"], "ngozi": ["ngo"],
}  # fmt: skip
FEMALE_NAMES = (
    "elizabeth margaret patricia katherine susan samantha nicola joanna sarah emma laura helen karen claire"
    " rachel lisa angharad catrin sian rhian bethan cerys lowri aleksandra katarzyna malgorzata agnieszka"
    " magdalena ewa fatima aisha priya zainab sunita harjit maryam amina ngozi funmilayo wanjiku adaeze yetunde"
)
FEMALE = frozenset(FEMALE_NAMES.split())
FORENAMES = {
    "english": "william robert elizabeth margaret james joseph patricia michael katherine richard susan david andrew"
    " stephen daniel alexander samantha nicola joanna thomas sarah emma john paul mark peter laura helen"
    " karen claire  rachel lisa simon jason lee ryan luke jack harry george",
    "welsh": "dafydd gwilym catrin llewelyn angharad sian rhys owain gareth rhian bethan ieuan emyr cerys lowri"
    " aled",
    "polish": "aleksandra katarzyna malgorzata krzysztof pawel jan agnieszka marek tomasz zbigniew magdalena ewa"
    " piotr grzegorz wojciech",
    "south asian": "mohammed abdullah fatima harpreet gurpreet imran aisha priya sanjay zainab tariq sunita harjit"
    " bilal usman maryam rakesh",
    "african": "oluwaseun oluwafemi chinedu abdirahman ngozi funmilayo kwame emeka wanjiku yusuf amina tendai adaeze"
    " ibrahim yetunde",
}
SURNAMES = {
    "english": "smith jones taylor brown wilson johnson davies wright walker robinson thompson white hughes edwards"
    " hall green wood harris martin clarke jackson turner hill cooper ward morris moore king baker"
    " harrison allen parker  bennett cook shaw carter ellis marsh foster webb palmer holmes barker rowe"
    " whitfield ashworth birtwhistle  cholmondeley entwistle hargreaves ramsbottom thistlethwaite"
    " higginbottom lightfoot",
    "welsh": "jones williams davies evans thomas roberts lewis hughes morgan griffiths edwards owen price rees"
    " gwynne prosser pugh probert bowen cadwaladr",
    "polish": "nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski wozniak"
    " dabrowski  kozlowski jankowski mazur krawczyk przybylski",
    "south asian": "khan ahmed hussain patel singh kaur ali begum malik shah akhtar iqbal chowdhury sharma gill dhillon"
    " mahmood rehman",
    "african": "okafor adeyemi mensah mohamed hassan okonkwo osei adebayo mutasa kamau diallo ogunleye nwosu abebe"
    " sesay warsame",
}
WEIGHTS = {"english": 0.58, "welsh": 0.12, "polish": 0.09, "south asian": 0.13, "african": 0.08}
FIRST_OF_JANUARY = {"english": 0.004, "welsh": 0.004, "polish": 0.01, "south asian": 0.08, "african": 0.12}
SCANNED = {"o": "0", "l": "1", "i": "l", "m": "rn", "s": "5", "e": "c", "h": "b", "n": "ri"}
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True)
class Human:
    number: int
    group: str
    forename: str
    middle: str | None
    surname: str
    born: dt.date
    sex: str
    postcode: str
    phone: str | None
    mobile: str | None
    email: str | None
    pncid: str | None


def make(count: int, seed: int, noise: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(person_identity, truth: person_key, true_person, name_group) of so many people and their records."""
    chance = random.Random(f"{seed} {noise}")
    people = _humans(count, chance)
    rows, truth = [], []
    for human in people:
        copies = chance.choices((1, 2, 3, 4, 6, 10), (70, 18, 7, 3, 1.5, 0.5))[0]
        for copy in range(copies):
            rows.append(_entered(human, chance, NOISE[noise] if copy else (0, 0, 0, 0)))
            truth.append((f"H{human.number:06}", human.group))
    order = list(range(len(rows)))
    chance.shuffle(order)
    keys = {old: f"K{new:07}" for new, old in enumerate(order)}
    frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
        person_key=pl.Series([keys[n] for n in range(len(rows))])
    )
    columns = (
        "person_key", "forename", "middle_name", "surname", "alias", "date_of_birth", "sex", "postcode", "phone",
        "email", "pncid",
    )  # fmt: skip
    known = pl.DataFrame(
        [(keys[n], *truth[n]) for n in range(len(rows))],
        schema=["person_key", "true_person", "name_group"], orient="row",
    )  # fmt: skip
    return frame.select(columns).sort("person_key"), known.sort("person_key")


def _humans(count: int, chance: random.Random) -> list[Human]:
    people: list[Human] = []
    while len(people) < count:
        one = _human(len(people), chance)
        people.append(one)
        lot = chance.random()
        if lot < 0.015:  # twins, now and then of both sexes
            other = _of_another_name(one, len(people), chance)
            people.append(_in_household(other, one, surname=one.surname, born=one.born))
        elif lot < 0.03:  # parent and child of one name
            born = one.born + dt.timedelta(days=chance.randrange(19 * 365, 36 * 365))
            child = _human(len(people), chance, one.group)
            people.append(_in_household(child, one, forename=one.forename, sex=one.sex, surname=one.surname, born=born))
        elif lot < 0.07:  # spouses
            spouse = _of_another_name(one, len(people), chance)
            people.append(_in_household(spouse, one, surname=one.surname))
        elif lot < 0.10:  # siblings two years apart
            born = one.born + dt.timedelta(days=chance.randrange(400, 1500))
            sibling = _of_another_name(one, len(people), chance)
            people.append(_in_household(sibling, one, surname=one.surname, born=born))
        elif lot < 0.12:  # a namesake elsewhere, of about the same age
            other = _human(len(people), chance, one.group)
            born = one.born + dt.timedelta(days=chance.randrange(-900, 900))
            people.append(replace(other, forename=one.forename, sex=one.sex, surname=one.surname, born=born))
    return people[:count]


def _of_another_name(one: Human, number: int, chance: random.Random) -> Human:
    """Somebody of the same household: no parents and no couple share a forename, a twin's is no one's middle name."""
    while True:
        other = _human(number, chance, one.group)
        if not {other.forename, other.middle} & {one.forename, one.middle} - {None}:
            return other


def _in_household(human: Human, head: Human, **shared: object) -> Human:
    both = replace(human, postcode=head.postcode, phone=head.phone, **shared)  # type: ignore[arg-type]
    return replace(both, email=both.email and f"{both.forename}.{both.surname}{both.number % 90}@example.com")


def _zipf(names: str, chance: random.Random) -> str:
    listed = names.split()
    return listed[int(len(listed) * chance.random() ** 1.7)]


def _human(number: int, chance: random.Random, group: str | None = None) -> Human:
    group = group or chance.choices(tuple(WEIGHTS), tuple(WEIGHTS.values()))[0]
    forename, surname = _zipf(FORENAMES[group], chance), _zipf(SURNAMES[group], chance)
    if chance.random() < 0.25:  # names wander between groups, and some are rare
        surname = surname + chance.choice(["", "", "son", "-" + _zipf(SURNAMES["english"], chance)])
    sex = "F" if forename in FEMALE else "M"
    middle = next((n for n in [_zipf(FORENAMES[group], chance)] if (n in FEMALE) == (sex == "F")), None)
    born = dt.date(1945, 1, 1) + dt.timedelta(days=int(24000 * chance.random() ** 0.8))
    if chance.random() < FIRST_OF_JANUARY[group]:
        born = born.replace(month=1, day=1)
    email = None
    if chance.random() < 0.35:
        local = chance.choice(
            [f"{forename}.{surname}{number % 100}", f"{forename[0]}{surname}{born:%y}", f"{surname}{number % 1000}",
             f"{forename}{born:%y}x{number % 37}"]
        )  # fmt: skip
        email = f"{local.replace('-', '')}@{chance.choice(['example.com', 'example.org', 'mail.example'])}"
    return Human(
        number, group, forename, middle if chance.random() < 0.6 else None, surname, born, sex, _postcode(chance),
        f"01{chance.randrange(10**9):09}"[:11] if chance.random() < 0.25 else None,
        f"07{chance.randrange(10**9):09}" if chance.random() < 0.65 else None, email,
        _pncid(chance) if chance.random() < 0.35 else None,
    )  # fmt: skip


def _postcode(chance: random.Random) -> str:
    area, unit = chance.choice(["AB", "CF", "LS", "SA", "TS", "NE"]), string.ascii_uppercase
    return f"{area}{chance.randrange(1, 30)} {chance.randrange(1, 10)}{chance.choice(unit)}{chance.choice(unit)}"


def _pncid(chance: random.Random) -> str:
    year, serial = chance.randrange(1970, 2024), chance.randrange(10**7)
    return f"{year}/{serial:07}{'ZABCDEFGHJKLMNPQRTUVWXY'[int(f'{year % 100:02}{serial:07}') % 23]}"


def _typo(word: str, chance: random.Random) -> str:
    if len(word) < 3:
        return word
    at = chance.randrange(1, len(word))
    manner = chance.randrange(5)
    if manner == 0:
        return word[:at] + word[at + 1 :]
    if manner == 1:
        return word[:at] + word[at] + word[at:]
    if manner == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if manner == 3:
        return word[:at] + SCANNED.get(word[at], word[at]) + word[at + 1 :]
    row = next((r for r in KEYBOARD if word[at] in r), "aeiou")
    return word[:at] + chance.choice(row) + word[at + 1 :]


def _entered(human: Human, chance: random.Random, noise: tuple[float, float, float, float]) -> dict[str, str | None]:
    """One record of a person, as somebody typed it."""
    forename, middle, surname = human.forename, human.middle if chance.random() < 0.7 else None, human.surname
    alias = None
    swapped = False
    if chance.random() < noise[0]:
        manner = chance.choices(("short", "typo", "initial", "middle", "swapped"), (40, 30, 8, 10, 12))[0]
        if manner == "short" and human.forename in SHORT:
            forename = chance.choice(SHORT[human.forename])
        elif manner == "initial":
            forename = forename[0]
        elif manner == "middle" and human.middle:
            forename, middle = human.middle, None if chance.random() < 0.5 else human.forename
        elif manner == "swapped":
            swapped = True
        else:
            forename = _typo(forename, chance)
    if chance.random() < noise[1]:
        manner = chance.choices(("typo", "married", "hyphen"), (40, 40, 20))[0]
        if manner == "typo":
            surname = _typo(surname, chance)
        elif manner == "married" and human.sex == "F":
            surname = _zipf(SURNAMES[human.group], chance)
            alias = f"{forename} {human.surname}" if chance.random() < 0.2 else None
        elif "-" in surname:
            surname = surname.split("-")[chance.randrange(2)]
        else:
            surname = f"{surname}-{_zipf(SURNAMES[human.group], chance)}"
    born: str | None = human.born.isoformat()
    if chance.random() < noise[2]:
        born = _wrong_date(human.born, chance)
    if chance.random() < 0.02:
        born = None
    moved = chance.random() < noise[3]
    postcode: str | None = _postcode(chance) if moved else human.postcode
    error = noise[0]
    mobile = human.mobile if not moved or chance.random() < 0.6 else f"07{chance.randrange(10**9):09}"
    phone = mobile if mobile and chance.random() < 0.75 else None if moved else human.phone
    email = human.email if chance.random() < 0.7 else None
    if email and chance.random() < error:
        email = _typo(email.split("@")[0], chance) + "@" + email.split("@")[1]
    pncid = human.pncid if chance.random() < 0.7 else None
    if pncid and chance.random() < error / 4:
        pncid = pncid[:8] + str(chance.randrange(10)) + pncid[9:]
    if swapped:
        forename, surname = surname, forename
    case = chance.choice((str.upper, str.title, str.title))
    return {
        "forename": case(forename), "middle_name": middle and case(middle), "surname": case(surname), "alias": alias,
        "date_of_birth": born, "sex": human.sex if chance.random() > 0.01 else None,
        "postcode": None if chance.random() < 0.05 else (postcode or "").replace(" ", chance.choice(("", " ", " "))),
        "phone": _phone(phone, chance), "email": email, "pncid": pncid,
    }  # fmt: skip


def _phone(phone: str | None, chance: random.Random) -> str | None:
    if phone is None:
        return None
    return chance.choice((phone, f"+44{phone[1:]}", f"{phone[:5]} {phone[5:]}", f"(0044) {phone[1:5]}-{phone[5:]}"))


def _wrong_date(born: dt.date, chance: random.Random) -> str | None:
    manner = chance.randrange(6)
    if manner <= 1:
        return None
    if manner == 2 and born.day <= 12:
        return f"{born.year}-{born.day:02}-{born.month:02}"
    if manner == 3:
        return f"{born.year}-01-01"
    if manner == 4:
        digit = chance.choice((2, 3))
        year = str(born.year)
        return year[:digit] + chance.choice("0123456789") + year[digit + 1 :] + f"{born:-%m-%d}"
    return (born + dt.timedelta(days=chance.choice((-1, 1, 2, -10, 10, 31, 365)))).isoformat()
