"""Legal extracts, drawn: what forces deliver within the layout (recording-standards 7), however thin, odd or old.

A case names a seed, a number of crimes, and alterations of that part of an invented force. Nothing here is real.
What a case may hold is legal: it must be published whole, with each row accounted for.
"""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
from hypothesis import strategies as st
from kept_homes import kept

from assets.raw import extract_tables
from assets.readers.extract import identities
from assets.readers.extract.tables import required
from assets.reference import list_path

Extract = dict[str, pl.DataFrame]
Alteration = Callable[["Extract", random.Random], "Extract"]
BASE_CRIMES = 3_000  # the fewest in which sample.synth can plant every rule
FORCES = ("E23000013", "E23000035", "E23000001", "E23000007")
TABLES = {**extract_tables(), identities.TABLE: identities.FIELDS}
# rows of these belong to no crime
WHOLE = ("force", "investigator", "investigator_absence", "staff_course", "services", "small_areas", "population")
COUNTRYWIDE = ("services", "small_areas", "population")  # of no force: delivered once
OF_ORDERS = ("order_event", "order_condition")
PEOPLE = ("person_key", "victim_key", "suspect_key", "respondent_key", "to_key")
NEEDED = {"recorded_ts", "class_code", "ho_code"}  # without them a crime is quarantined


@dataclass(frozen=True)
class Case:
    """One legal extract: the same case gives the same extract."""

    seed: int
    crimes: int
    alterations: tuple[str, ...] = ()

    def make(self) -> Extract:
        """Its tables, all values as text."""
        chance = random.Random(repr(self))
        whole = force_of(self.seed % 2)
        keys = whole["crime"]["crime_id"].sample(self.crimes, seed=self.seed % 1_000)
        extract = part_of(whole, keys)
        if "names" not in self.alterations:
            extract.pop(identities.TABLE)
        for name in sorted(self.alterations, key=list(ALTERATIONS).index):
            extract = ALTERATIONS[name](extract, chance)
        return extract


def force_of(seed: int) -> Extract:
    """Every table of an invented force as text."""
    return dict(_read(seed))


@cache
def _read(seed: int) -> Extract:
    folder = kept(f"legal_force_{seed}", lambda root: _write(root, seed))
    files = [path for path in sorted(folder.rglob("*.csv")) if "truth" not in path.parts and path.stem in TABLES]
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in files}


def _write(root: Path, seed: int) -> None:
    from sample.synth import write_force

    write_force(root, BASE_CRIMES, seed=seed)


def part_of(extract: Extract, crimes: pl.Series) -> Extract:
    """The rows that belong to these crimes, or to their people, incidents, custodies and assessments."""
    wanted = crimes.implode()
    found = {table: extract[table] for table in WHOLE if table in extract}
    for table, rows in extract.items():
        if "crime_id" in rows.columns:
            found[table] = rows.filter(pl.col("crime_id").is_in(wanted))
    owners = [("incident", "incident_id", "crime"), ("bail", "custody_id", "custody")]
    for table, key, owner in (*owners, ("risk_plan", "ra_id", "risk_assessment")):
        found[table] = extract[table].filter(pl.col(key).is_in(found[owner][key].implode()))
    people = found["party_role"]["person_key"].unique().implode()
    for table, rows in extract.items():
        if table not in found and table not in OF_ORDERS:  # of people
            named = [pl.col(name).is_in(people) for name in PEOPLE if name in rows.columns]
            found[table] = rows.filter(pl.all_horizontal(named))
    for table in OF_ORDERS:
        found[table] = extract[table].filter(pl.col("order_id").is_in(found["order_"]["order_id"].implode()))
    return {table: found[table] for table in extract}


# alterations


def one_month(extract: Extract, chance: random.Random) -> Extract:
    months = pl.col("recorded_ts").str.slice(0, 7)
    month = chance.choice(extract["crime"].select(months)["recorded_ts"].unique(maintain_order=True).to_list())
    return _crimes_where(extract, months == month)


def one_crime(extract: Extract, chance: random.Random) -> Extract:
    crime = chance.choice(extract["crime"]["crime_id"].to_list())
    return part_of(extract, pl.Series([crime]))


def no_stalking(extract: Extract, chance: random.Random) -> Extract:
    return _crimes_where(extract, pl.col("class_code") != "8Q")


def one_class(extract: Extract, chance: random.Random) -> Extract:
    return _crimes_where(extract, pl.col("class_code") == chance.choice(extract["crime"]["class_code"].to_list()))


def no_stalking_or_harassment(extract: Extract, chance: random.Random) -> Extract:
    return _crimes_where(extract, ~pl.col("class_code").is_in(["8L", "8M", "8Q", "8R", "8U"]))


def every_class(extract: Extract, chance: random.Random) -> Extract:
    codes = pl.read_csv(list_path("ho_codes"), infer_schema=False)
    count = extract["crime"].height
    drawn = codes.sample(count, seed=chance.randrange(1_000), with_replacement=count > codes.height)
    code = drawn["ho_code"]
    return _with(extract, "crime", ho_code=code, ho_code_raw=code, class_code=drawn["class_code"])


def no_suspects(extract: Extract, chance: random.Random) -> Extract:
    return extract | {"party_role": extract["party_role"].filter(pl.col("role") != "suspect")}


def no_victims(extract: Extract, chance: random.Random) -> Extract:
    return extract | {"party_role": extract["party_role"].filter(pl.col("role") != "victim")}


def no_outcomes(extract: Extract, chance: random.Random) -> Extract:
    return {table: rows for table, rows in extract.items() if table != "outcome"}


def one_district(extract: Extract, chance: random.Random) -> Extract:
    return _with(extract, "crime", lsoa21=pl.lit(extract["small_areas"]["lsoa_code"].first()))


def only_cancelled(extract: Extract, chance: random.Random) -> Extract:
    return all_removed(_with(extract, "removal", removal_code=pl.lit("C2")), chance)


def one_person(extract: Extract, chance: random.Random) -> Extract:
    """One suspect of all crimes, who is a victim too."""
    one = pl.lit(extract["party_role"]["person_key"].first() if extract["party_role"].height else None)
    key = pl.when((pl.col("role") == "suspect") | (pl.int_range(pl.len()) % 7 == 0)).then(one)
    return _with(extract, "party_role", person_key=key.otherwise("person_key"))


def only_crime(extract: Extract, chance: random.Random) -> Extract:
    return {"crime": extract["crime"]}


def smallest(extract: Extract, chance: random.Random) -> Extract:
    """The smallest useful extract that the documentation names."""
    names = ("crime_id", "crime_ref", "force_code", "class_code", "reported_ts", "recorded_ts")
    return {"crime": extract["crime"].select(names)}


def some_tables(extract: Extract, chance: random.Random) -> Extract:
    taken = chance.sample(sorted(extract.keys() - {"crime"}), chance.randrange(1, max(2, len(extract) - 1)))
    return {table: rows for table, rows in extract.items() if table == "crime" or table in taken}


def headers_alone(extract: Extract, chance: random.Random) -> Extract:
    tables = chance.sample(sorted(extract), min(len(extract), chance.randrange(1, 7)))
    return extract | {table: extract[table].clear() for table in tables}


def no_crimes(extract: Extract, chance: random.Random) -> Extract:
    return extract | {"crime": extract["crime"].clear()}


def all_headers_alone(extract: Extract, chance: random.Random) -> Extract:
    return {table: rows.clear() for table, rows in extract.items()}


def no_optional_fields(extract: Extract, chance: random.Random) -> Extract:
    return {t: rows.select(n for n in rows.columns if not TABLES[t][n].endswith("?")) for t, rows in extract.items()}


def a_field_absent(extract: Extract, chance: random.Random) -> Extract:
    """Any field but those without which no row counts."""
    for _ in range(chance.randrange(1, 6)):
        table = chance.choice(sorted(extract))
        spared = {*required(TABLES[table]), *(NEEDED if table == "crime" else ())}
        fields = [name for name in extract[table].columns if name not in spared]
        if fields:
            extract = extract | {table: extract[table].drop(chance.choice(fields))}
    return extract


def only_needed_fields(extract: Extract, chance: random.Random) -> Extract:
    """Of every table the fields without which no row counts, and its first moment."""
    found = {}
    for table, rows in extract.items():
        first = [name for name in rows.columns if TABLES[table][name] == "ts"][:1]
        wanted = {*required(TABLES[table]), *first, *(NEEDED if table == "crime" else ())}
        found[table] = rows.select(name for name in rows.columns if name in wanted)
    return found


def nulls(extract: Extract, chance: random.Random) -> Extract:
    """Three of ten values of optional fields are empty."""
    return _emptied(extract, chance, lambda kind: kind.endswith("?"))


def nulls_anywhere(extract: Extract, chance: random.Random) -> Extract:
    """Three of ten values of all fields that a row can do without."""
    return _emptied(extract, chance, lambda kind: kind not in ("key", "ref"))


def future(extract: Extract, chance: random.Random) -> Extract:
    """Some moments are in years to come: typing errors."""

    def later(table: str, name: str) -> pl.Expr:
        chosen = _drawn(chance, 0.04)
        return pl.when(chosen).then("2" + pl.col(name).str.slice(1, 1) + "4" + pl.col(name).str.slice(3))

    return _each(extract, ("ts", "date"), later)


def twenty_years(extract: Extract, chance: random.Random) -> Extract:
    """Rows of two decades: a crime's rows move together, by whole years."""
    return _moved(extract, lambda key: key.hash(1) % 20)


def long_gap(extract: Extract, chance: random.Random) -> Extract:
    """Half of the crimes are of fifteen years earlier, with all that belongs to them."""
    return _moved(extract, lambda key: key.hash(1) % 2 * 15)


def before_1900(extract: Extract, chance: random.Random) -> Extract:
    """A system that lost the century: every date is of the 1880s."""
    return _moved(extract, lambda key: pl.lit(140))


def one_moment(extract: Extract, chance: random.Random) -> Extract:
    """Everything happens at once, as a bulk upload may say."""

    def same(table: str, name: str) -> pl.Expr:
        text = "2025-10-26T00:30:00Z" if TABLES[table][name].startswith("ts") else "2025-10-26"
        return pl.when(pl.col(name).is_not_null()).then(pl.lit(text))

    return _each(extract, ("ts", "date"), same)


def clock_changes(extract: Extract, chance: random.Random) -> Extract:
    """Moments in the hours that are skipped in March and repeated in October: with an offset, and without."""
    hours = ("2025-10-26T01:30:00+01:00", "2025-10-26T01:30:00+00:00", "2025-03-30T00:30:00Z", "2025-03-30T02:30:00",
             "2025-10-26T01:30:00", "2025-03-30T01:30:00")  # fmt: skip

    def moved(table: str, name: str) -> pl.Expr:
        return pl.when(_drawn(chance, 0.1) & pl.col(name).is_not_null()).then(pl.lit(chance.choice(hours)))

    return _each(extract, ("ts",), moved)


def out_of_order(extract: Extract, chance: random.Random) -> Extract:
    """Times in columns that a clerk mixed up: outcomes before crimes, releases before arrests."""
    found = {}
    for table, rows in extract.items():
        names = [name for name in rows.columns if TABLES[table][name].startswith("ts")]
        mixed = chance.sample(names, len(names))
        found[table] = rows.with_columns(
            pl.when(pl.int_range(pl.len()) % 5 == 0).then(pl.col(other)).otherwise(pl.col(name)).alias(name)
            for name, other in zip(names, mixed, strict=True)
        )
    return found


def unknown_codes(extract: Extract, chance: random.Random) -> Extract:
    def unknown(table: str, name: str) -> pl.Expr:
        return pl.when(_drawn(chance, 0.1)).then(pl.lit(f"{name} Zq {chance.randrange(9)}"))

    return _each(extract, ("set:", "ho", "text"), unknown, besides={*PEOPLE, "crime_id", "force_code", "incident_id"})


def odd_numbers(extract: Extract, chance: random.Random) -> Extract:
    values = ("0", "-1", "2147483647", "999")

    def odd(table: str, name: str) -> pl.Expr:
        return pl.when(_drawn(chance, 0.15)).then(pl.lit(chance.choice(values)))

    return _each(extract, ("int", "num"), odd)


def zeros(extract: Extract, chance: random.Random) -> Extract:
    """No residents, no staff, no cost."""
    return _each(extract, ("int", "num"), lambda table, name: pl.when(pl.col(name).is_not_null()).then(pl.lit("0")))


def long_text(extract: Extract, chance: random.Random) -> Extract:
    text = "She followed him home, again. <b>&amp; \"quoted\", 'so'</b>; \u00a3\u20ac \u2713\n" * 1_500

    def long(table: str, name: str) -> pl.Expr:
        return pl.when(pl.int_range(pl.len()) == 1).then(pl.lit(text))

    return _each(extract, ("free",), long)


def long_names(extract: Extract, chance: random.Random) -> Extract:
    """Names of units, courts and services with 3,000 characters, markup and formulas."""

    def long(table: str, name: str) -> pl.Expr:
        odd = pl.lit("=cmd|'<script>' \u202e" + "Zq" * 1_500)
        return pl.when((pl.int_range(pl.len()) % 9 == 1) & pl.col(name).is_not_null()).then(odd)

    return _each(extract, ("text",), long, besides={*PEOPLE, "force_code", "crime_id", "incident_id", "area_code"})


def yes_and_no(extract: Extract, chance: random.Random) -> Extract:
    words = {"true": chance.choice(("Y", "Yes", "1", "TRUE")), "false": chance.choice(("N", "No", "0", "FALSE"))}
    return _each(extract, ("bool",), lambda table, name: pl.col(name).replace(words))


def names(extract: Extract, chance: random.Random) -> Extract:
    """Names of people are delivered too: of all, of few, or of nobody."""
    people = extract[identities.TABLE]
    return extract | {identities.TABLE: people.head(chance.choice((people.height, people.height, 3, 1, 0)))}


def number_keys(extract: Extract, chance: random.Random) -> Extract:
    """Keys that are numbers, as a sequence of a database gives them."""
    return rekeyed(extract, lambda key: key.str.extract(r"(\d+)$").cast(pl.Int64).cast(pl.String))


def uuid_keys(extract: Extract, chance: random.Random) -> Extract:
    space = uuid.uuid5(uuid.NAMESPACE_URL, str(chance.random()))
    return rekeyed(
        extract, lambda key: key.map_elements(lambda text: str(uuid.uuid5(space, text)), return_dtype=pl.String)
    )


def duplicate_keys(extract: Extract, chance: random.Random) -> Extract:
    """A tenth of the rows twice, some of them with another row's content under the same key."""
    found = {}
    for table, rows in extract.items():
        again = rows.sample(rows.height // 10, seed=chance.randrange(1_000))
        keys = [name for name in rows.columns if TABLES[table][name] == "key"]
        other = again.with_columns(pl.col(name).shift(1).fill_null(pl.col(name)) for name in keys)
        found[table] = pl.concat([rows, again, other])
    return found


def orphans(extract: Extract, chance: random.Random) -> Extract:
    """Rows whose crime, person, incident or officer is not delivered."""
    for table in ("crime", "person", "incident", "investigator", "order_", "custody", "risk_assessment"):
        if table in extract:
            rows = extract[table]
            extract = extract | {table: rows.sample(fraction=0.6, seed=chance.randrange(1_000))}
    return extract


def no_force_named(extract: Extract, chance: random.Random) -> Extract:
    """Neither a code of the force in the rows nor a table of forces."""
    blank = {t: r.with_columns(force_code=pl.lit(None, pl.String)) for t, r in extract.items() if "force_code" in r}
    return {table: rows for table, rows in (extract | blank).items() if table != "force"}


def another_force_code(extract: Extract, chance: random.Random) -> Extract:
    """A code of a body that is no territorial force, or the force's own."""
    code = chance.choice(("E99999999", "BTP", "AF", "W15000004"))
    return extract | {
        t: r.with_columns(force_code=pl.lit(code)) for t, r in extract.items() if "force_code" in r.columns
    }


def more_forces(extract: Extract, chance: random.Random) -> Extract:
    """The same again as other forces: keys of their own."""
    return of_forces(extract, FORCES[1 : chance.randrange(2, len(FORCES) + 1)])


def all_removed(extract: Extract, chance: random.Random) -> Extract:
    if "removal" not in extract or not extract["removal"].height:
        return extract
    first, crimes = extract["removal"].head(1).drop("crime_id"), extract["crime"].select("crime_id")
    return extract | {"removal": crimes.join(first, how="cross").select(extract["removal"].columns)}


def of_forces(extract: Extract, codes: tuple[str, ...]) -> Extract:
    """The extract with a copy of it for each of these forces, whose keys begin with its code."""
    found = {table: [rows] for table, rows in extract.items()}
    for code in codes:
        copy = rekeyed(extract, lambda key, code=code: pl.lit(f"{code}-") + key)
        for table, rows in copy.items():
            if "force_code" in rows.columns:
                rows = rows.head(1) if table == "force" else rows
                rows = rows.with_columns(force_code=pl.lit(code))
            if "name" in rows.columns and table == "force":
                rows = rows.with_columns(name=pl.lit(f"Invented Force {code}"))
            if table not in COUNTRYWIDE:
                found[table].append(rows)
    return {table: pl.concat(parts) for table, parts in found.items()}


# made in this order: which crimes, what is in their rows, whose they are and by which keys, which fields and tables
GROUPS: tuple[tuple[Alteration, ...], ...] = (
    (one_month, one_crime, one_class, no_stalking, no_stalking_or_harassment, every_class),
    (one_person, no_suspects, no_victims, all_removed, twenty_years, future, one_moment, clock_changes, out_of_order,
     unknown_codes, odd_numbers, zeros, long_text, long_names, yes_and_no, nulls, nulls_anywhere, orphans),
    (another_force_code, no_force_named, more_forces, names, number_keys, uuid_keys, duplicate_keys),
    (no_optional_fields, a_field_absent, only_needed_fields, some_tables, headers_alone, only_crime, smallest,
     no_crimes, all_headers_alone),
)  # fmt: skip
# for the two engines alone: drawing them too would draw others for every build
ODD: tuple[Alteration, ...] = (no_outcomes, one_district, only_cancelled, long_gap, before_1900)
ALTERATIONS = {alteration.__name__: alteration for group in (*GROUPS, ODD) for alteration in group}


@st.composite
def cases(draw: st.DrawFn, crimes: st.SearchStrategy[int]) -> Case:
    """Legal extracts: of each group of alterations none or one, of what is in the rows up to two."""
    chosen: list[str] = []
    for place, group in enumerate(GROUPS):
        names = st.sampled_from([alteration.__name__ for alteration in group])
        chosen += draw(st.lists(names, unique=True, max_size=2 if place == 1 else 1))
    return Case(draw(st.integers(0, 9_999)), draw(crimes), tuple(chosen))


# what alterations are made of


def _crimes_where(extract: Extract, condition: pl.Expr) -> Extract:
    return part_of(extract, extract["crime"].filter(condition)["crime_id"])


def _with(extract: Extract, table: str, **columns: pl.Expr | pl.Series) -> Extract:
    return extract | {table: extract[table].with_columns(**columns)}


def _drawn(chance: random.Random, share: float) -> pl.Expr:
    """True for a share of the rows, others for every use."""
    return pl.int_range(pl.len()).hash(chance.randrange(1 << 30)) % 1_000 < int(share * 1_000)


def _each(
    extract: Extract,
    kinds: tuple[str, ...],
    change: Callable[[str, str], pl.Expr],
    besides: frozenset[str] | set[str] = frozenset(),
) -> Extract:
    """Fields of these kinds, changed where `change(table, field)` gives a value."""
    found = {}
    for table, rows in extract.items():
        names = [name for name in rows.columns if TABLES[table][name].startswith(kinds) and name not in besides]
        found[table] = rows.with_columns(pl.coalesce(change(table, name), pl.col(name)).alias(name) for name in names)
    return found


def _moved(extract: Extract, years_earlier: Callable[[pl.Expr], pl.Expr]) -> Extract:
    """Moments and days, earlier by years that the crime of a row decides."""

    def earlier(table: str, name: str) -> pl.Expr:
        years = years_earlier(pl.col("crime_id" if "crime_id" in extract[table].columns else name))
        year = (pl.col(name).str.slice(0, 4).cast(pl.Int32, strict=False) - years).cast(pl.String)
        leap = pl.col(name).str.slice(4, 6) == "-02-29"
        rest = pl.when(leap).then("-02-28" + pl.col(name).str.slice(10)).otherwise(pl.col(name).str.slice(4))
        return pl.when(pl.col(name).is_not_null()).then(year + rest)

    return _each(extract, ("ts", "date"), earlier)


def _emptied(extract: Extract, chance: random.Random, chosen: Callable[[str], bool]) -> Extract:
    found = {}
    for table, rows in extract.items():
        names = [n for n in rows.columns if chosen(TABLES[table][n]) and not (table == "crime" and n in NEEDED)]
        found[table] = rows.with_columns(pl.when(~_drawn(chance, 0.3)).then(pl.col(name)).alias(name) for name in names)
    return found


def _is_key(table: str, name: str) -> bool:
    """Whether a field is a key of this extract, its own or another table's: not one of the whole country."""
    kind = TABLES[table][name]
    named = kind in ("key", "ref") or name.endswith(("_id", "_key"))
    return named and name not in ("force_code", "service_id", "area_code", "lsoa_code")


def rekeyed(extract: Extract, change: Callable[[pl.Expr], pl.Expr]) -> Extract:
    return {
        table: rows
        if table in COUNTRYWIDE
        else rows.with_columns(change(pl.col(name)).alias(name) for name in rows.columns if _is_key(table, name))
        for table, rows in extract.items()
    }
