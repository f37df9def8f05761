"""Standard form of a person's record: names without case, accents and punctuation, dates, postcodes, numbers.

Frame in, frame out. The result contains identity values: it stays in memory and in the encrypted identity store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import polars as pl

FIELDS = (
    "person_key", "forename", "middle_name", "surname", "alias", "date_of_birth", "sex", "postcode", "phone", "email",
    "pncid",
)  # fmt: skip
LETTERS = {  # letters that Unicode does not decompose
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ŋ": "ng", "ɓ": "b",
    "ɗ": "d", "ƙ": "k",
}  # fmt: skip
SCANNED = {"0": "o", "1": "l", "3": "e", "5": "s", "8": "b"}  # a digit in a name was read by a scanner
TITLES = r"^(?:mr|mrs|miss|ms|mx|dr|sir|prof|rev)\b[. ]+"
PARTICLES = "van|von|der|den|de|da|del|della|di|la|le|el|al|bin|ibn|ap|ab|ferch|st|mac|mc|o"
# spellings of one sound, over English, Welsh, Polish, South Asian and West African ways of writing
SOUNDS = (
    ("tch", "c"), ("sch", "s"), ("szcz", "s"), ("sz", "s"), ("cz", "c"), ("rz", "z"), ("ph", "f"), ("gh", "g"),
    ("kh", "k"), ("ck", "k"), ("ch", "c"), ("sh", "s"), ("dh", "d"), ("th", "t"), ("bh", "b"), ("q", "k"), ("x", "ks"),
    ("w", "v"), ("ff", "f"), ("z", "s"),
)  # fmt: skip
FIRST_YEAR = 1901  # an earlier birth date is a filler
PNC_CHECK = "ZABCDEFGHJKLMNPQRTUVWXY"
COMMON_SHARE = 0.0002
WIDE_SHARE = 0.03  # a postcode district with more of the records than this leads to no comparison
NAMES = ("_forenames", "_middle", "_surname", "_alias")
OWN = ("postcode", "phone", "email", "pncid")
MANY_SHARE = 40  # a number or address on more records than this is no one's own: it leads to no comparison


def normalised(
    identities: pl.DataFrame, variants: Mapping[str, Sequence[str]], known: pl.DataFrame | None = None
) -> pl.DataFrame:
    """One row per person_key in standard form, sorted by it.

    `variants`: forename -> the full names it may be short for. Commonness of a value is over these records, and those
    `known` from an earlier run.
    """
    given = identities.with_columns(
        pl.lit(None, pl.String).alias(name) for name in FIELDS if name not in identities.columns
    )
    formed = given.select(
        "person_key", sex("sex"), postcode("postcode"), phone("phone"), email("email"), pncid("pncid"),
        _forenames="forename", _middle="middle_name", _surname="surname", _alias="alias", birth_date="date_of_birth",
    ).sort("person_key")  # fmt: skip
    for name, form in (*((name, plain_name) for name in NAMES), ("birth_date", birth_date)):
        formed = _once_per_value(formed, name, form)
    return _with_commonness(_keys(_names(formed), variants), known)


def _once_per_value(frame: pl.DataFrame, column: str, form: Callable[[str], pl.Expr]) -> pl.DataFrame:
    """The column in standard form, worked out once for each value: many records share one."""
    given = frame.rename({column: "_given"})
    values = given.select(pl.col("_given").unique().drop_nulls()).with_columns(form("_given").alias(column))
    return given.join(values, on="_given", how="left", maintain_order="left").drop("_given")


def plain_name(column: str) -> pl.Expr:
    """Lower case letters a to z, parts apart by one space; null where nothing is left."""
    text = pl.col(column).cast(pl.String).str.to_lowercase().str.replace_many(list(LETTERS), list(LETTERS.values()))
    text = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.replace(TITLES, "")
    # an apostrophe joins (O'Brien), any other punctuation separates
    text = text.str.replace_all("['’`]", "").str.replace_many(list(SCANNED), list(SCANNED.values()))
    text = text.str.replace_all("[^a-z]+", " ").str.strip_chars()
    return _unless_empty(text)


def birth_date(column: str) -> pl.Expr:
    """The date of birth; null where it is none, or an early one used as a filler."""
    text = pl.col(column).cast(pl.String).str.strip_chars()
    iso = text.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    british = text.str.replace_all("[.-]", "/").str.slice(0, 10).str.to_date("%d/%m/%Y", strict=False)
    day = pl.coalesce(iso, british)
    return pl.when(day.dt.year() >= FIRST_YEAR).then(day).alias("birth_date")


def sex(column: str) -> pl.Expr:
    """f or m; null for anything else, which is no evidence."""
    first = pl.col(column).cast(pl.String).str.to_lowercase().str.strip_chars()
    return (
        pl.when(first.is_in(["f", "female", "2"])).then(pl.lit("f")).when(first.is_in(["m", "male", "1"]))
        .then(pl.lit("m")).alias("sex")
    )  # fmt: skip


def postcode(column: str) -> pl.Expr:
    """The postcode without spaces, in capitals; null when too short to be one."""
    text = pl.col(column).cast(pl.String).str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    return pl.when(text.str.len_chars().is_between(5, 7)).then(text).alias("postcode")


def phone(column: str) -> pl.Expr:
    """Digits with the national zero; null when too few, or one digit repeated."""
    digits = pl.col(column).cast(pl.String).str.replace_all(r"\(0\)", "").str.replace_all("[^0-9]", "")
    digits = digits.str.replace("^(?:00)?44", "0").str.replace("^([1-9])", "0$1")
    usable = (digits.str.len_chars() >= 9) & (digits.str.replace_all("0", "").str.len_chars() >= 4)
    return pl.when(usable).then(digits).alias("phone")


def email(column: str) -> pl.Expr:
    """Lower case, without a tag after a plus; null without an @."""
    text = pl.col(column).cast(pl.String).str.to_lowercase().str.strip_chars().str.replace(r"\+[^@]*@", "@")
    return pl.when(text.str.contains("^[^@ ]+@[^@ ]+$")).then(text).alias("email")


def pncid(column: str) -> pl.Expr:
    """YYYY/NNNNNNNC as letters and digits alone; null where their number is wrong."""
    text = pl.col(column).cast(pl.String).str.to_uppercase().str.replace_all("[^A-Z0-9]", "")
    return pl.when(text.str.len_chars().is_between(9, 14)).then(text).alias("pncid")


def sound(name: pl.Expr) -> pl.Expr:
    """First letter and following consonants, with like sounds alike: Mohammed and Muhamad are mhmd."""
    for spelled, heard in SOUNDS:
        name = name.str.replace_all(spelled, heard, literal=True)
    head = name.str.slice(0, 1).str.replace_many(["y", "k"], ["i", "c"])
    tail = name.str.slice(1).str.replace_all("[aeiouy]", "").str.replace_all("k", "c", literal=True)
    code = head + tail
    for letter in "bcdfghjlmnprstv":
        code = code.str.replace_all(f"{letter}{letter}+", letter)
    return code.str.slice(0, 5)


def _unless_empty(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.len_chars() > 0).then(text)


def _names(named: pl.DataFrame) -> pl.DataFrame:
    """Forename, surname and the other names that a person uses."""
    forenames = pl.col("_forenames").str.split(" ")
    others = pl.concat_list(
        forenames.list.slice(1).fill_null([]), pl.col("_middle").str.split(" ").fill_null([]),
        pl.col("_alias").str.split(" ").list.slice(0, 1).fill_null([]),
    )  # fmt: skip
    without = pl.col("_surname").str.replace_all(rf"\b(?:{PARTICLES})\b", "").str.strip_chars()
    parts = _unless_empty(without).fill_null(pl.col("_surname")).str.extract_all("[a-z]{3,}")
    also = pl.col("_alias").str.split(" ").list.slice(1).fill_null([])
    return named.select(
        "person_key",
        forenames.list.first().alias("forename"),
        others.list.unique(maintain_order=True).alias("other_forenames"),
        pl.coalesce(pl.col("_middle").str.split(" ").list.first(), forenames.list.get(1, null_on_oob=True))
        .alias("middle_name"),
        _unless_empty(pl.col("_surname").str.replace_all(" ", "", literal=True)).alias("surname"),
        pl.concat_list(parts.fill_null([]), also).list.unique(maintain_order=True).alias("surname_parts"),
        "birth_date", "sex", "postcode", "phone", "email", "pncid",
    )  # fmt: skip


def _keys(named: pl.DataFrame, variants: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Columns that comparisons and blocking need in addition to the values."""
    table = pl.DataFrame(
        {"forename": list(variants), "forename_groups": [list(full) for full in variants.values()]},
        schema={"forename": pl.String, "forename_groups": pl.List(pl.String)},
    )
    framed = named.join(table, on="forename", how="left", maintain_order="left")
    full = pl.coalesce(pl.col("forename_groups").list.first(), pl.col("forename"))
    born = pl.col("birth_date")
    heard = _heard(framed.with_columns(full_forename=full), ("full_forename", "forename", "surname"))
    keyed = heard.with_columns(
        forename_key=pl.col("full_forename_sound").str.slice(0, 4),
        surname_key=pl.col("surname_sound").str.slice(0, 4),
        initial=full.str.slice(0, 1),
        birth_year=born.dt.year(),
        birth_day=born.dt.strftime("%m%d"),
        birth_digits=born.dt.strftime("%Y%m%d"),
        is_first_january=(born.dt.month() == 1) & (born.dt.day() == 1),
        district=pl.col("postcode").str.head(-3),
        full_name=pl.col("forename") + "|" + pl.col("surname"),
        email_figures=pl.col("email").str.split("@").list.first().str.replace_all("[^0-9]", ""),
        pncid_is_valid=_check_letter_is_right("pncid"),
    )
    one, two = pl.col("forename_key"), pl.col("surname_key")
    return keyed.with_columns(
        name_key=pl.when(one <= two).then(one + "|" + two).otherwise(two + "|" + one),
    )


def _heard(named: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The sound of each of these names, worked out once for each name."""
    names = pl.concat([named[column].rename("name") for column in columns]).drop_nulls().unique().to_frame()
    sounds = names.with_columns(heard=sound(pl.col("name")))
    for column in columns:
        named = named.join(
            sounds.rename({"name": column, "heard": f"{column}_sound"}), on=column, how="left", maintain_order="left"
        )
    return named


def _with_commonness(records: pl.DataFrame, known: pl.DataFrame | None) -> pl.DataFrame:
    """Add how common values are. A value shared by half a town leads to no comparison."""
    total = records.height + (known.height if known is not None else 0)
    counted = records
    for column in ("forename", "district", *OWN):
        values = records.select(column).drop_nulls()
        if known is not None:
            values = pl.concat([values, known.select(column).join(values, on=column, how="semi")])
        counts = values.group_by(column).agg(pl.len().alias(f"_{column}"))
        counted = counted.join(counts, on=column, how="left", maintain_order="left")
    wide = max(200.0, total * WIDE_SHARE)
    return counted.with_columns(
        # a name of many people is not a misspelling of another one
        (pl.col("_forename") >= max(3.0, total * COMMON_SHARE)).alias("forename_is_common"),
        pl.when(pl.col("_district") <= wide).then(pl.col("district")).alias("district_block"),
        *(pl.when(pl.col(f"_{c}") <= MANY_SHARE).then(pl.col(c)).alias(f"{c}_block") for c in OWN),
    ).drop("_forename", "_district", *(f"_{c}" for c in OWN))


def _check_letter_is_right(column: str) -> pl.Expr:
    text = pl.col(column)
    digits = text.str.extract(r"^\d\d(\d{9})[A-Z]$").cast(pl.Int64)
    letter = pl.Series(list(PNC_CHECK))
    expected = pl.lit(letter.implode()).list.get(digits % len(PNC_CHECK))
    return (expected == text.str.slice(-1)).fill_null(False)
