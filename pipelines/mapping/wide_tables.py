"""The tables that the columns of a wide export make, group by group: a crime, its people, its outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from assets.raw import extract_tables
from assets.readers.extract.identities import FIELDS as IDENTITY_FIELDS
from assets.readers.extract.identities import TABLE as IDENTITIES
from pipelines.mapping import values
from pipelines.mapping.guess import BY_CODE, BY_TITLE, FieldGuess, TableGuess, fields_of
from pipelines.mapping.headings import PARTS, PEOPLE, TELLING
from pipelines.mapping.offences import class_of
from pipelines.mapping.values import is_of_days, share
from pipelines.mapping.wide_columns import TABLE_OF, ColumnGuess, Wide

NAMES = frozenset(IDENTITY_FIELDS) - {"person_key", "sex", "date_of_birth"}
PERSON_FIELDS = {"sex": "sex", "ethnicity_self": "ethnicity_self", "dob": "birth_ym", "birth_ym": "birth_ym",
                 "pncid_hash": "pncid_hash", "dod": "dod"}  # fmt: skip
ROLE_FIELDS = frozenset(extract_tables()["party_role"]) - {"crime_id", "person_key"}


def tables_of(found: Wide) -> Iterator[TableGuess]:
    """The tables that the columns make, group by group."""
    key = found.find("crime", "crime_id") or found.find("crime", "crime_ref")
    crime = key.label if key is not None else ""
    yield from _incident(found)
    yield from _areas(found)
    if not crime and (officer := found.find("crime", "oic_id")) is not None and _fields(found, "investigator"):
        fields = _fields(found, "investigator") | {"person_id": _field(officer)}
        yield _block(found, "investigator", "investigator", fields, [officer.label])
    if crime:
        yield from _crime(found, crime)
        yield from _outcomes(found, crime)
        yield from _flags(found, crime)
        yield from _others(found, crime)
    elif found.needs_crime:  # left open until a person says which column is the crime's number
        table = "outcome" if _fields(found, "outcome") else "party_role" if found.has_role else "crime"
        yield _block(found, table, "", {}, [])
    for part in (*PARTS, "party"):
        for group in found.groups(part):
            yield from _people(found, crime, part, group)


def _block(found: Wide, table: str, group: str, fields: Mapping[str, FieldGuess], only_if: Iterable[str]) -> TableGuess:
    """A table of the file with the fields that are known, every other field open."""
    given = {name: fields.get(name, FieldGuess()) for name in fields_of(table)}
    scores = [guess.score for guess in given.values() if guess.label is not None]
    score = sum(scores) / len(scores) if scores else 0.0
    return TableGuess(found.sheet, table, score, given, only_if=tuple(dict.fromkeys(only_if)), group=group)


def _field(guess: ColumnGuess | None) -> FieldGuess:
    """The field that a column is."""
    return FieldGuess() if guess is None else FieldGuess(guess.label, guess.score, note=guess.note)


# a day without a time: what is written for the time, and why
DAYS = {
    "recorded_ts": ("12:00", "the column has days alone: noon is written for the time"),
    "offence_from_ts": ("00:00", "the column has days alone: their first minute is written for the time"),
    "offence_to_ts": ("00:00", "the column has days alone: their first minute is written for the time"),
    "outcome_ts": ("23:59", "the column has days alone: their last minute is written for the time"),
    "removal_ts": ("23:59", "the column has days alone: their last minute is written for the time"),
}
NO_HOURS = "the column has days alone, which cannot say how many hours passed; give times, or write"


def _moment(found: Wide, guess: ColumnGuess, name: str) -> FieldGuess:
    """A field of moments: with the column of its times, or with what is written for a time; open if hours matter."""
    its = _field(guess)
    if guess.clock:
        return FieldGuess(f"=[{guess.label}] [{guess.clock}]", its.score, note=its.note)
    column = found.sheet.columns[guess.label]
    is_short = bool(column.sample) and all(map(values.SHORT_YEAR.fullmatch, column.sample))
    if not is_of_days(column) and not is_short:
        return its
    if name in DAYS:
        time, why = DAYS[name]
        return FieldGuess(f"=[{guess.label}] {time}", its.score, note=why)
    return FieldGuess(rivals=(f"=[{guess.label}] 12:00",), note=f"{NO_HOURS} the line as it is here")


def _fields(found: Wide, kind: str, group: int = 0) -> dict[str, FieldGuess]:
    """The fields of a kind of columns."""
    return {
        guess.meaning.field: _moment(found, guess, name)
        if (name := guess.meaning.field).endswith("_ts") or name == "ts" else _field(guess)
        for guess in found.of(kind, group)
    }  # fmt: skip


def _made(text: str, note: str) -> FieldGuess:
    return FieldGuess(text, 1.0, note=note)


def _crime(found: Wide, crime: str) -> Iterator[TableGuess]:
    fields = _fields(found, "crime")
    main, part = fields.pop("ho_main", FieldGuess()), fields.pop("ho_sub", FieldGuess())
    if main.label and part.label and "ho_code" not in fields:
        fields["ho_code"] = FieldGuess(
            f"=[{main.label}]/[{part.label}]", min(main.score, part.score), note="class and sub-class"
        )
    whole = fields.get("ho_code", FieldGuess())
    label = fields.get("class_label", FieldGuess())
    has_class = fields.get("class_code", FieldGuess()).label is not None
    if whole.label and not has_class:
        fields["class_code"] = FieldGuess(whole.label, whole.score, note=BY_CODE)
    elif label.label and not has_class:
        titles = found.sheet.columns[label.label].different
        if any(class_of(title) for title in titles):
            fields["class_code"] = FieldGuess(label.label, label.score, note=BY_TITLE)
    for name in ("crime_id", "crime_ref"):
        if name not in fields:
            fields[name] = FieldGuess(crime, 1.0, note="the number is the key" if name == "crime_id" else "")
    recorded, reported = (fields.get(name, FieldGuess()) for name in ("recorded_ts", "reported_ts"))
    if recorded.note.startswith("the column has days") and reported.label is not None:
        why = "recorded_ts has days alone: with it, hours would be wrong"
        fields["reported_ts"] = FieldGuess(rivals=(reported.label,), note=why)
    if "lsoa21" not in fields and (district := found.find("area", "area_name")) is not None:
        fields["lsoa21"] = FieldGuess(district.label, 1.0, note="the district, as no column has a smaller area")
    if "oic_id" not in fields and (unit := found.find("investigator", "unit")) is not None:
        fields["oic_id"] = FieldGuess(unit.label, 1.0, note="the team in the officer's place")
    key = found.sheet.columns[crime]
    only_if = [crime] if key.filled < 1 else []  # some rows are of no crime
    if len(TELLING & set(fields)) > 1:
        yield _block(found, "crime", "", fields, only_if)


def _outcomes(found: Wide, crime: str) -> Iterator[TableGuess]:
    groups = found.groups("outcome")
    for number, group in enumerate(groups, start=1):
        fields = _fields(found, "outcome", group)
        raw = fields.get("code_raw", FieldGuess())
        if "code" not in fields and raw.label and share(found.sheet.columns[raw.label], "outcome") > 0.5:
            fields["code"] = FieldGuess(raw.label, raw.score, note="the outcome by its label")
        code = fields.get("code", FieldGuess()).label
        if code is None:
            if not any(map(found.of, PEOPLE)) and not found.find("crime", "recorded_ts"):
                yield _block(found, "outcome", "", {}, [])  # a file of outcomes alone, left open
            continue
        if not raw.label:
            fields["code_raw"] = fields["code"]
        fields["crime_id"] = FieldGuess(crime, 1.0)
        its = f"outcome {number}"
        if is_long := _is_long(found, crime):  # a row an outcome
            seq = fields.get("seq", FieldGuess()).label
            its = f"outcome [{seq}]" if seq else "outcome [#]"
        fields.setdefault("outcome_id", _made(f"=[{crime}]/{its}", "the export has no key of outcomes"))
        if not is_long:
            fields.setdefault("seq", _made(f"={number}", ""))
        if len(groups) == 1 and "is_current" not in fields and not is_long:
            fields["is_current"] = _made("=true", "the only outcome in the row")
        yield _block(found, "outcome", f"outcome {group}" if group else "outcome", fields, [code])


def _is_long(found: Wide, crime: str) -> bool:
    """Whether a file without people has several rows of a crime, each for an outcome."""
    key = found.sheet.columns[crime]
    return bool(key.marks) and not key.is_unique and not any(map(found.of, PEOPLE))


def _flags(found: Wide, crime: str) -> Iterator[TableGuess]:
    listed = _fields(found, "flags")
    if "flag" in listed:
        fields = listed | {"crime_id": FieldGuess(crime, 1.0)}
        yield _block(found, "crime_flag", "flags", fields, [found.of("flags")[0].label])
    for guess in found.of("flag"):
        fields = {"crime_id": FieldGuess(crime, 1.0), "flag": _field(guess)}
        block = _block(found, "crime_flag", f"flag {guess.meaning.field}", fields, [guess.label])
        said = {text: values.is_true(text) for text in found.sheet.columns[guess.label].different}
        codes = {None: None, True: guess.meaning.field, False: ""}
        block.values["flag"] = {text: codes[truth] for text, truth in said.items()}
        yield block


def _areas(found: Wide) -> Iterator[TableGuess]:
    """The districts of small areas. Without a column of small areas a district is its own."""
    fields = _fields(found, "area")
    if name := fields.get("area_name"):
        small = found.find("crime", "lsoa21")
        key = _field(small) if small is not None else name
        yield _block(found, "small_areas", "district", {"area_code": name, "lsoa_code": key} | fields, [str(key.label)])


def _incident(found: Wide) -> Iterator[TableGuess]:
    key, fields = found.find("crime", "incident_id"), _fields(found, "incident")
    if key is not None and fields:
        yield _block(found, "incident", "incident", fields | {"incident_id": _field(key)}, [key.label])


def _others(found: Wide, crime: str) -> Iterator[TableGuess]:
    """The tables with at most one row for each row of the export."""
    for kind, table in TABLE_OF.items():
        fields = _fields(found, kind)
        if kind in ("crime", "outcome", "incident", "area") or not fields:
            continue
        needed, own = extract_tables()[table], [c.label for c in found.of(kind)]
        if "crime_id" in needed:
            fields["crime_id"] = FieldGuess(crime, 1.0)
        if kind == "investigator":
            oic = found.find("crime", "oic_id") or found.find("investigator", "unit")
            if oic is None:
                continue
            fields["person_id"], own = _field(oic), [oic.label]
        elif kind == "allocation" and found.find("crime", "oic_id") is not None:
            fields["investigator_id"] = _field(found.find("crime", "oic_id"))
        for name, kind_ in needed.items():  # keys, and references to the rows beside
            if kind_ in ("key", "ref") and name not in fields:
                its = found.find(*_KEY_OF[name]) if name in _KEY_OF else None
                made = f"=[{crime}]/{_CALLED.get(name, table.replace('_', ' '))}"
                fields[name] = (
                    _field(its) if its is not None else _made(made, "the export has no key of its own for it")
                )
        if kind == "risk":
            grade = fields.get("grade", FieldGuess()).label
            own = [grade] if grade else own
            headed = {token for c in found.columns.values() if c.label in own for token in c.heading.tokens}
            tool = next((tool for tool in ("dash", "dara") if tool in headed), "")
            if tool and "tool" not in fields:
                fields["tool"] = _made(f"={tool.upper()}", "named in the heading")
        yield _block(found, table, kind, fields, own)


_KEY_OF = {"ra_id": ("risk", "ra_id"), "custody_id": ("custody", "custody_id")}
_CALLED = {"ra_id": "risk assessment", "custody_id": "custody"}


def _people(found: Wide, crime: str, part: str, group: int) -> Iterator[TableGuess]:
    """The tables of one person in each row: the part in the crime, what is known of the person, and the name."""
    fields = _fields(found, part, group)
    columns = found.of(part, group)
    key = fields.get("person_key")
    names = [c.label for c in columns if c.meaning.field in NAMES and c.is_sure]
    if part == "party" and not found.has_role and (crime or key is None):
        if crime:  # left open until a person says whether these are victims or suspects
            yield _block(found, "party_role", "", {}, [])
        return
    what = f"{part} {group or 1}"
    made = f"=[{crime}]/{'party [#]' if part == 'party' else what}"
    if key is None:
        if not crime:
            return
        key = _made(made, "the export has no key of people: it is another person in every crime")
    keyed = [key.label] if key.label is not None and not key.label.startswith("=") else []
    telling = [c.label for c in columns if c.meaning.field in ("dob", "age_at_offence", "sex", "birth_ym")]
    only_if = [] if part == "party" else keyed or names or telling or [c.label for c in columns]
    if crime:
        role = {name: guess for name, guess in fields.items() if name in ROLE_FIELDS}
        role |= {"crime_id": FieldGuess(crime, 1.0), "person_key": key}
        if part != "party":
            role["role"] = _made(f"={part}", "")
        if "named" not in role and names and only_if == names:
            role["named"] = _made("=true", "a name is in the row")
        yield _block(found, "party_role", what, role, only_if)
    person = {PERSON_FIELDS[name]: guess for name, guess in fields.items() if name in PERSON_FIELDS}
    if person:
        yield _block(found, "person", what, person | {"person_key": key}, only_if)
    if names:
        named = {name: guess for name, guess in fields.items() if name in NAMES}
        named |= {"person_key": key}
        named |= {ours: fields[name] for name, ours in (("sex", "sex"), ("dob", "date_of_birth")) if name in fields}
        yield _block(found, IDENTITIES, what, named, names)
