"""Values of the extract's fields, as SQL: the standard form of each kind, and when a value is unusable.

Conventions of recording-standards 7; codes and their traps 2.3; code sets 7.2.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Self

import duckdb

from assets.readers.codes import ho_code_from_excel
from assets.readers.extract import keys
from assets.readers.sql import literal
from assets.reference import list_rows

LOCAL = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d+)?)?"
IN_FULL = LOCAL + r"(Z|[+-](0\d|1[0-4]):[0-5]\d)"  # the usual form, which is read as it is
ZONED = LOCAL + r" ?(Z|z|[+-](0\d|1[0-4])(:?[0-5]\d)?)"
_HO_CODE = r"0*[0-9]{1,3} */ *0*[0-9]{1,3}"
OUTCOME_CODE = "0*[0-9]{1,2}A?"
# N100 is a report that is no crime; 4.10 is a class, 66.0 a class that a table of numbers has changed
CLASS_CODE = "0*[0-9]{1,3}([.][0-9]{1,2})?[A-Za-z]?|[Nn]100"
_AS_NUMBER = "([.]0+)?"
_WORDS_AFTER = "( *[-–—:] *[A-Za-z].*)?"  # 16 - Evidential difficulties
_WORD_BEFORE = "(outcome( code| type)?[ :]*)?"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AMBIGUOUS = "?"
NO_VALUE = ("NULL",)  # words that always mean no value: SQL Server's tools write this one
# blank, tab, line ends, the non-breaking space, and a byte order mark amid the text
_BLANKS = " \t\n\r\u00a0\ufeff"
_DATE = r"""case when regexp_full_match({v}, '\d{{4}}-\d\d-\d\d([T ]00:00:00.*)?')
    then cast(try_cast(substr({v}, 1, 10) as date) as varchar) end"""
# a full date of birth is not kept: only its month is
_MONTH = "case when regexp_full_match({v}, '[0-9]{{4}}-(0[1-9]|1[0-2])(-[0-9]{{2}}.*)?') then substr({v}, 1, 7) end"
# 1.0 and 0.0 are what a table of numbers makes of a boolean with missing values
_BOOLEAN = """case when lower({v}) in ('true', 't', 'yes', 'y', '1', '1.0') then 'true'
    when lower({v}) in ('false', 'f', 'no', 'n', '0', '0.0') then 'false' end"""
_THOUSANDS = r"[+-]?\d{1,3}(,\d{3})+([.]\d+)?"
_EITHER = r"[+-]?[1-9]\d{0,2},\d{3}"  # 54,570 may be either; other values of the file say which
_COMMA = r"[+-]?(0,\d+|\d+,\d{1,2}|\d+,\d{4,}|\d{4,},\d+|\d{1,3}([.]\d{3})+,\d+)"  # can only be a decimal comma
_POINT = r"[+-]?(\d+[.]\d+|\d{1,3}(,\d{3}){2,}([.]\d+)?|\d{1,3},\d{3}[.]\d+)"  # can have none
_INTEGER = r"case when regexp_full_match({v}, '-?\d+([.]0+)?') then cast(try_cast({v} as integer) as varchar) end"
_NUMBER = r"""case when regexp_full_match({v}, '[+-]?\d+([.]\d+)?([eE][+-]?\d+)?') and isfinite(try_cast({v} as double))
    then cast(try_cast({v} as double) as varchar) end"""
_PLAIN = {
    "date": (_DATE, "a date as YYYY-MM-DD or DD/MM/YYYY"),
    "month": (_MONTH, "a month as YYYY-MM or MM/YYYY"),
    "bool": (_BOOLEAN, "true or false"),
    "int": (_INTEGER, "a whole number"),
    "num": (_NUMBER, "a number"),
}


@dataclass(frozen=True)
class Value:
    """A field, as SQL in steps. Each step is a column of the next, so that it is worked out once.

    `is_word` says of the trimmed column NAME that it has a word for no value, and becomes `word NAME`. `text` is the
    delivered value, and becomes `given NAME`. `parsed` is what the next two share, and becomes `parsed NAME`. `form` is
    the standard form, and becomes NAME. `is_unusable` says that there is none; it is '' where every value has one.
    `codes` is the code set of the field. Of a field that is optional, an unusable value is read as none.
    """

    name: str
    kind: str
    text: str
    form: str
    is_unusable: str = ""
    reason: str = ""
    parsed: str = ""
    codes: tuple[str, ...] = ()
    ho_year: str = "''"  # ho only: SQL of the year in which it was keyed
    is_word: str = "false"
    is_optional: bool = False

    def why(self, given: str) -> str:
        """The reason why a delivered value is unusable."""
        return keys.why(given, self.name) if given and keys.is_key(self.name, self.kind) else self.reason

    def prepare(self, con: duckdb.DuckDBPyConnection, table: str) -> Self:
        """Look up what SQL cannot decode: Excel's dates, outcomes by their labels, and keys that are none.

        `table` has the delivered values. Returns the value without the conditions that no row meets.
        """
        if keys.is_key(self.name, self.kind):
            found = keys.no_keys(con, table, self.name, self.kind, code_sets()["placeholder_key"])
            con.execute(f"set variable no_{self.name} = ?::varchar[]", [found])
            if not found:
                return replace(self, is_unusable="" if self.kind == "text" else f"{_given(self.name)} is null")
        if self.kind == "outcome":
            _remember(con, "outcome_labels", outcome_labels())
        if self.kind == "ho":
            rows = con.execute(
                f"select distinct {_given(self.name)}, {self.ho_year} from {table}"
                f" where not regexp_full_match({_given(self.name)}, '{_HO_CODE}')"
            ).fetchall()
            decoded = {f"{keyed}|{year}": code for keyed, year in rows if (code := decode(keyed, year))}
            _remember(con, f"decoded_{self.name}", decoded)
        return self


def _remember(con: duckdb.DuckDBPyConnection, variable: str, pairs: Mapping[str, str]) -> None:
    """Store a dictionary as a DuckDB variable, for SQL to look up."""
    con.execute(
        f"set variable {variable} = map(?::varchar[], ?::varchar[])", [list(pairs.keys()), list(pairs.values())]
    )


def value_of(
    name: str,
    kind: str,
    fields: Mapping[str, str],
    meant: Mapping[str, str],
    no_value: Iterable[str] = (),
) -> Value:
    """The SQL of a field.

    `meant` is the force's own values and ours, `no_value` the words that mean no value, both from the mapping. A
    word that is a code of the field's own set, or that the mapping translates for this field, keeps its meaning.
    """
    kind = kind.removesuffix("?")
    codes = {code.lower() for code in code_sets().get(kind.removeprefix("set:"), ())}
    words = [word for word in (*NO_VALUE, *no_value) if word.lower() not in codes]
    text = translated(_source(name, kind, fields, words, meant), meant)
    return replace(_value(name, kind, text, fields), is_word=_is_word(f'"{name}"', words, meant))


def unless_nobody(named: Value, key: Value, no_value: Iterable[str]) -> Value:
    """Whether a person is named, which nobody is whose key is a placeholder or one of the words for no value."""
    said = f"{named.text} is not null"
    return replace(
        named,
        text=f"""case when {_is_word(f'"{key.name}"', no_value)} and {said} then 'false' else {named.text} end""",
        form=f"case when {key.is_unusable} and {named.form} = 'true' then 'false' else {named.form} end",
    )


def _value(name: str, kind: str, text: str, fields: Mapping[str, str]) -> Value:
    """The SQL of a field, of whose delivered value `text` is the SQL."""
    given = _given(name)
    is_none = f"coalesce(list_contains(getvariable('no_{name}'), {given}), false)"
    if kind == "text" and keys.is_key(name, kind):
        return Value(name, kind, text, given, is_none, is_optional=True)
    if kind in ("text", "free"):
        return Value(name, kind, text, given)
    if kind in ("key", "ref"):
        missing = "expected a value; without it the row belongs to nothing"
        # letters with their accents beside them or within them are the same reference
        return Value(name, kind, text, f"nfc_normalize({given})", f"({given} is null or {is_none})", missing)
    if kind == "ho":
        return _ho_code(name, text, fields)
    if kind == "outcome":
        return _outcome(name, text)
    if kind == "class":
        return _class_code(name, text)
    if kind == "ts":
        return _moment(name, text)
    if kind.startswith("set:"):
        codes = code_sets()[kind.removeprefix("set:")]
        cases = " ".join(f"when {literal(code.lower())} then {literal(code)}" for code in codes)
        return Value(name, kind, text, f"case lower({given}) {cases} else {given} end", codes=codes)
    pattern, expected = _PLAIN[kind]
    reason = f"expected {expected}; correct the row"
    if kind in ("int", "num"):
        has_comma = f"getvariable('comma_{name}')"
        parsed = (
            f"case when not contains({given}, ',') then {given}"
            f" when regexp_full_match({given}, '{_COMMA}') then replace(replace({given}, '.', ''), ',', '.')"
            f" when regexp_full_match({given}, '{_EITHER}') and {has_comma} is null then null"
            f" when regexp_full_match({given}, '{_EITHER}') and {has_comma} then replace({given}, ',', '.')"
            f" when regexp_full_match({given}, '{_THOUSANDS}') then replace({given}, ',', '') else {given} end"
        )
        return Value(name, kind, text, pattern.format(v=_parsed(name)), _has_no_form(name), reason, parsed)
    return Value(name, kind, text, pattern.format(v=given), _has_no_form(name), reason)


def settle_commas(
    con: duckdb.DuckDBPyConnection, values: Iterable[Value], table: str, is_continental: bool
) -> list[str]:
    """Settle whether `54,570` has a decimal comma, column by column; return notices of the columns that have one.

    The column's other values say so, else those of the other columns, else `is_continental`: the file is separated by
    semicolons, as spreadsheets do where the comma is the decimal sign. Where they contradict each other nobody knows.
    """
    names = [value.name for value in values if value.kind in ("int", "num")]
    counts = ", ".join(
        f"count(*) filter (regexp_full_match({_given(name)}, '{form}'))"
        for name in names for form in (_COMMA, _EITHER, _POINT)
    )  # fmt: skip
    found = con.execute(f"select {counts} from {table}").fetchone() if names else ()
    assert found is not None
    commas, eithers, points = found[::3], found[1::3], found[2::3]
    notices = []
    for name, comma, either, point in zip(names, commas, eithers, points, strict=True):
        has_comma = bool(comma or (not point and (is_continental or any(commas)) and not any(points)))
        is_unclear = comma and point
        con.execute(f"set variable comma_{name} = ?::boolean", [None if is_unclear else has_comma])
        if count := comma + (either if has_comma and not is_unclear else 0):
            notices.append(f"{name}: {count:,} numbers with a decimal comma")
    return notices


def _given(name: str) -> str:
    return f'"given {name}"'


def _parsed(name: str) -> str:
    return f'"parsed {name}"'


def _has_no_form(name: str) -> str:
    return f'({_given(name)} is not null and "{name}" is null)'


def _source(
    name: str, kind: str, fields: Mapping[str, str], words: Iterable[str], meant: Mapping[str, str]
) -> str:
    """SQL of the text as delivered; where a code is missing, of the record system's substitute for it."""
    raw = {"ho": "ho_code_raw", "outcome": "code_raw"}.get(kind, "")
    text = f'case when not "word {name}" then "{name}" end'
    return f"""coalesce({text}, {_without_words(f'"{raw}"', words, meant)})""" if raw in fields else text


def filled(name: str, words: Iterable[str] = NO_VALUE, kept: Iterable[str] = ()) -> str:
    """SQL of a value without the white space around it; null where nothing is left or it is one of the words.

    `kept` are values that the mapping translates, which are therefore no such word.
    """
    return _without_words(trimmed(name), words, kept)


def _without_words(value: str, words: Iterable[str], kept: Iterable[str]) -> str:
    return f"case when not {_is_word(value, words, kept)} then {value} end"


def _is_word(value: str, words: Iterable[str], kept: Iterable[str] = ()) -> str:
    """SQL of whether a value is a word for no value, in capitals or not; never null."""
    listed = ", ".join(literal(word.lower()) for word in words)
    but = "".join(f" and {value} <> {literal(word)}" for word in kept)
    return f"coalesce(lower({value}) in ({listed}){but}, false)" if listed else "false"


def trimmed(name: str) -> str:
    """SQL of a value without the white space around it; null where nothing is left.

    Most values begin and end with a plain character, which is seen five times as fast as they are trimmed.
    """
    column = f'"{name}"'
    is_trimmed = f"{column} between '!' and '~' and right({column}, 1) between '!' and '~'"
    return f"case when {is_trimmed} then {column} else nullif(trim({column}, '{_BLANKS}'), '') end"


def _moment(name: str, text: str) -> Value:
    """UTC. Without an offset it is London local time.

    The hour repeated in October is ambiguous, and the one skipped in March does not exist.
    """
    given, moment, london = _given(name), f"{_parsed(name)}.moment", f"{_parsed(name)}.london"
    offset_in_full = (
        rf"regexp_replace(regexp_replace({given}, ' ([Zz+-])', '\1'), '([+-]\d\d)(\d\d)$', '\1:\2')"
    )
    local = f"try_cast({given} as timestamp)"
    zoned = "{{'moment': try_cast({} as timestamptz), 'london': null::timestamp}}"
    parsed = (
        f"case when regexp_full_match({given}, '{IN_FULL}') then {zoned.format(given)}"
        f" when regexp_full_match({given}, '{LOCAL}')"
        f" then {{'moment': timezone('Europe/London', {local}), 'london': {local}}}"
        f" when regexp_full_match({given}, '{ZONED}') then {zoned.format(offset_in_full)} end"
    )
    twice = (
        f"case when {london} is not null then timezone('Europe/London', {moment}) <> {london}"
        f" or timezone('Europe/London', {moment} + interval 1 hour) = {london}"
        f" or timezone('Europe/London', {moment} - interval 1 hour) = {london} end"
    )
    return Value(
        name,
        "ts",
        text,
        f"strftime(timezone('UTC', {moment}), '%Y-%m-%dT%H:%M:%S.%fZ')",
        # a year before any record of a police force means "not known", and breaks calculations
        f"({given} is not null and ({moment} is null or {twice} or {moment} < timestamptz '1900-01-01 00:00:00+00'))",
        "expected a date and time from 1900 on, with a year of four digits, as 2025-03-01T14:05Z or 01/03/2025 14:05;"
        " the hour of a clock change needs its offset",
        parsed=parsed,
    )


def _ho_code(name: str, text: str, fields: Mapping[str, str]) -> Value:
    """Class and sub-class without leading zeros; a date made by Excel is decoded, see `codes`."""
    given = _given(name)
    when = next((f for f in ("recorded_ts", "changed_ts", "added_ts", "outcome_ts") if f in fields), None)
    year = f"coalesce(substr({_given(when)}, 1, 4), '')" if when else "''"
    first, second = (f"cast(cast(trim(split_part({given}, '/', {n})) as integer) as varchar)" for n in (1, 2))
    canonical = f"{first} || '/' || {second}"
    decoded = f"getvariable('decoded_{name}')[{given} || '|' || {year}]"
    return Value(
        name,
        "ho",
        text,
        f"case when regexp_full_match({given}, '{_HO_CODE}') then {canonical} else coalesce({decoded}, {given}) end",
        f"(\"{name}\" = '{AMBIGUOUS}' and {given} <> '{AMBIGUOUS}')",
        "expected a Home Office code such as 8/65; a spreadsheet made a date of it, and more than one code gives"
        " that date: deliver the code as text",
        ho_year=year,
    )


def _class_code(name: str, text: str) -> Value:
    """Class of the counting rules without leading zeros, in capitals; words after it are left out."""
    given = _given(name)
    pattern = f"^({CLASS_CODE}){_AS_NUMBER}{_WORDS_AFTER}$"
    code = f"regexp_replace(regexp_extract({given}, '{pattern}', 1), '[.]0+$', '')"
    return Value(
        name,
        "class",
        text,
        rf"regexp_replace(nullif(upper({code}), ''), '^0+(\d)', '\1')",
        _has_no_form(name),
        "expected a class of the counting rules, as 8Q: say in mapping.toml, under the values of this field, what it"
        " means (N100 is a report that is no crime)",
    )


def _outcome(name: str, text: str) -> Value:
    """Codes as the framework writes them, labels by the dictionary. An unknown label cannot be used.

    Words after a code are left out, unless they are the label of another code.
    """
    given = _given(name)
    pattern = f"(?i)^{_WORD_BEFORE}({OUTCOME_CODE}){_AS_NUMBER}{_WORDS_AFTER}$"
    parts = _parsed(name)
    code = rf"regexp_replace(upper({parts}.code), '^0+(\d)', '\1')"
    of_words = _labelled(rf"regexp_replace({parts}.words, '^ *[-–—:] *', '')")
    contradicts = f"case when {parts}.words <> '' then {of_words} <> \"{name}\" end"
    return Value(
        name,
        "outcome",
        text,
        f"case when {parts}.code <> '' then {code} else {_labelled(given)} end",
        f"({given} is not null and (\"{name}\" is null or {contradicts}))",
        "expected an outcome code (0 to 22, 1A, 2A, 3A), alone or before its words, or a label of"
        f" reference.outcome_labels: say in mapping.toml, [tables.outcome.values.{name}], what it means",
        parsed=f"regexp_extract({given}, '{pattern}', ['before', 'type', 'code', 'number', 'words'])",
    )


def _labelled(text: str) -> str:
    """SQL of the outcome code whose label a text is; null for another text."""
    label = rf"regexp_replace(lower(replace(replace({text}, '–', '-'), '—', '-')), '[ \t]+', ' ', 'g')"
    return f"getvariable('outcome_labels')[{label}]"


def decode(keyed: str, year: str) -> str | None:
    """Decode a date that a spreadsheet made of a Home Office code (recording-standards 2.3).

    By month and day of the year in which it was keyed, else month and year. AMBIGUOUS where none or several codes give
    that date, None for other text.
    """
    keyed_year = int(year) if year.isdecimal() else None
    text = _iso(keyed, keyed_year)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([T ]00:00:00)?|\d{4,5}([.]0+)?", text):
        return None
    return ho_code_from_excel(text, keyed_year=keyed_year) or AMBIGUOUS


def _iso(keyed: str, keyed_year: int | None) -> str:
    """`Aug-65` and `29-Aug`, as a spreadsheet shows a date, in ISO form."""
    if found := re.fullmatch(r"([A-Z][a-z]{2})-(\d\d)", keyed):
        year = int(found[2]) + (1900 if int(found[2]) >= 30 else 2000)
        return f"{year}-{_month(found[1])}-01"
    if (found := re.fullmatch(r"(\d{1,2})-([A-Z][a-z]{2})", keyed)) and keyed_year:
        return f"{keyed_year}-{_month(found[2])}-{int(found[1]):02}"
    return keyed


def _month(name: str) -> str:
    return f"{_MONTHS.index(name) + 1:02}" if name in _MONTHS else "00"


@cache
def code_sets() -> dict[str, tuple[str, ...]]:
    """Code set -> its codes, as `reference.code_sets` lists them."""
    sets: dict[str, list[str]] = {}
    for row in list_rows("code_sets"):
        sets.setdefault(row["code_set"], []).append(row["code"])
    return {name: tuple(codes) for name, codes in sets.items()}


@cache
def outcome_labels() -> dict[str, str]:
    """Outcome label in lower case -> code, as `reference.outcome_labels` lists them."""
    return {row["label"].lower(): row["outcome_code"] for row in list_rows("outcome_labels")}


def translated(text: str, meant: Mapping[str, str]) -> str:
    """SQL of the force's own words turned into ours; '' means no value."""
    if not meant:
        return text
    cases = " ".join(f"when {literal(theirs)} then {literal(ours)}" for theirs, ours in meant.items())
    return f"nullif(case {text} {cases} else {text} end, '')"
