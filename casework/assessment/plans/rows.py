"""The recommendations of a plan, from the rows of its tables; what cannot be understood is named with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from casework.assessment.plans import files, words
from casework.assessment.plans.grid import Line, Table
from casework.assessment.plans.words import When, Words
from casework.store.refusal import Refused

TOP = 25  # rows among which the headings are looked for
JOINED = ("text", "action", "evidence", "update")  # columns of which there may be several
SINGLE = (  # columns that have one value of a row
    "number", "part", "text", "action", "evidence", "owner", "addressed_to", "due_date", "status", "updated_on",
)  # fmt: skip
NEEDED = "a column with the number of the recommendation, and one with its text, action, status or update"
SHOWN = 120  # characters of what was seen


@dataclass(frozen=True)
class Problem:
    """What was not imported: where, what was seen, what was expected, and what to do."""

    place: str
    seen: str
    expected: str
    remedy: str


@dataclass(frozen=True)
class Update:
    """What the force says it did, with the day that the plan gives."""

    words: str
    day: str = ""


@dataclass(frozen=True)
class Draft:
    """A recommendation as the plan has it: only what the plan says."""

    place: str
    number: str
    fields: Mapping[str, str]
    updates: tuple[Update, ...] = ()
    status: str = ""
    status_words: str = ""


@dataclass
class Plan:
    """What a file holds: recommendations, what was not imported, and what to look at."""

    name: str
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Column:
    place: int
    heading: str
    means: str
    when: When


def read_plan(name: str, content: bytes, known: Words) -> Plan:
    """The plan in a file. Raises Refused where the file as a whole has none."""
    found = files.tables_of(name, content)
    plan = Plan(name, notices=list(found.notices))
    tables = list(found.tables)
    if found.are_readings:
        tables = sorted(tables, key=lambda table: -_best(table, known))[:1]
    used = [chosen for table in tables for chosen in _with_headings(table, known)]
    if not used:
        raise Refused(f"{name}: expected a table with {NEEDED}; saw {_seen(tables)}. Name its columns so.")
    for lines, at in used:
        _read_table(plan, lines, at, known)
    _take_out_repeats(plan)
    return plan


def _meanings(line: Line, known: Words) -> list[str]:
    return [known.column(cell) for cell in line.cells]


def _is_heading(line: Line, known: Words) -> bool:
    said = set(_meanings(line, known))
    return bool(said & {"number", "part"}) and bool(said & {"text", "action", "status", "update"})


def _best(table: Table, known: Words) -> int:
    """How many columns the best of the first lines names."""
    return max((sum(map(bool, _meanings(line, known))) for line in table.lines[:TOP]), default=0)


def _with_headings(table: Table, known: Words) -> Iterator[tuple[tuple[Line, ...], int]]:
    """The tables with a plan's headings and the place of these; a table around such a one is layout."""
    at = next((n for n, line in enumerate(table.lines[:TOP]) if _is_heading(line, known)), None)
    if at is not None:
        yield table.lines, at
        return
    for inner in table.inner:
        yield from _with_headings(inner, known)


def _seen(tables: list[Table]) -> str:
    if not tables:
        return "no table"
    first = next((line for table in tables for line in table.lines if any(line.cells)), None)
    return "an empty table" if first is None else f"the columns {', '.join(map(repr, first.cells))[: SHOWN * 3]}"


def _read_table(plan: Plan, lines: tuple[Line, ...], at: int, known: Words) -> None:
    columns = _columns(plan, lines[at], known)
    for line in lines[:at]:
        if any(line.own):
            plan.notices.append(f"{line.place}: {_short(' '.join(line.own))} is above the headings and was left out.")
    for line in lines[at + 1 :]:
        if not any(cell.strip() for cell in line.cells) or line.cells == lines[at].cells:
            continue
        if len(line.cells) > 1 and len(line.across) == len(line.cells) - 1:
            plan.notices.append(f"{line.place}: {_short(line.cells[0])} goes over all columns: no recommendation.")
            continue
        try:
            plan.drafts += _drafts(plan, line, columns, known)
        except _NotUnderstood as problem:
            plan.problems.append(problem.problem)
        for place, cell in enumerate(line.own):
            if cell.strip() and place >= len(lines[at].cells):
                plan.notices.append(f"{line.place}: {_short(cell)} has no heading and was left out.")


class _NotUnderstood(Exception):
    def __init__(self, line: Line, seen: str, expected: str, remedy: str) -> None:
        super().__init__(seen)
        self.problem = Problem(line.place, _short(seen), expected, remedy)


def _columns(plan: Plan, line: Line, known: Words) -> list[_Column]:
    """The columns that are understood; the others are named."""
    held: list[_Column] = []
    for place, heading in enumerate(line.cells):
        means = known.column(heading)
        is_again = means not in JOINED and any(
            column.means == means and (means != "part" or column.heading != heading) for column in held
        )
        if not means and heading.strip():
            plan.notices.append(f"{line.place}: the column {_short(heading)} is not known and was left out.")
        elif is_again and place not in line.across:
            plan.notices.append(f"{line.place}: the column {_short(heading)} is a second one for {means}: left out.")
        elif means:
            held.append(_Column(place, heading, means, words.when(heading)))
    return held


def _drafts(plan: Plan, line: Line, columns: list[_Column], known: Words) -> Iterator[Draft]:
    """The recommendation of a row; with a part, the recommendation and its part."""
    cells = line.own
    said = {means: _joined(_under(columns, means, cells)) for means in SINGLE}
    number, (part, rest) = words.number_of(said["number"]), words.number_at_start(said["part"])
    if said["number"] and not number:
        raise _NotUnderstood(
            line, said["number"], "one number of a recommendation, such as 7 or 7.1",
            "Give the row one number, then import the file again",
        )  # fmt: skip
    if not number and not part:
        raise _NotUnderstood(
            line, " ".join(cells), "the number of a recommendation, such as 7 or 7.1; its cell is empty",
            "Enter the number on each row, then import the file again",
        )  # fmt: skip
    if number and part and not part.startswith(number):
        raise _NotUnderstood(
            line, said["part"], f"a part of recommendation {number}, such as {number}.1",
            "Correct one of the two numbers, then import the file again",
        )  # fmt: skip
    status = known.state(said["status"])
    if said["status"] and not status:
        raise _NotUnderstood(
            line, said["status"], f"a state that is known: {', '.join(sorted(known.states))}",
            "Write one of these in the row's status, then import the file again",
        )  # fmt: skip
    updates = tuple(_updates(plan, line, cells, columns, said["updated_on"]))
    if status in ("done", "declined") and not (updates or said["action"] or said["evidence"]):
        raise _NotUnderstood(
            line, said["status"], "what was done, or why it is not taken up, beside that state",
            "Write it in the row's update or action, then import the file again",
        )  # fmt: skip
    due = _day(plan, line, said["due_date"], "the due date") or words.day_at_start(said["text"])
    text = f"{said['text']} {rest}".strip()
    if part and number and part != number:
        asked = {"asked": said["text"], "addressed_to": said["addressed_to"], "due_date": due}
        yield Draft(line.place, number, _given(asked))
        text = rest
    fields = {"asked": text, "due_date": due} | {
        name: said[name] for name in ("evidence", "action", "owner", "addressed_to")
    }
    yield Draft(line.place, part or number, _given(fields), updates, status, said["status"])


def _given(fields: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _under(columns: list[_Column], means: str, cells: tuple[str, ...]) -> list[tuple[str, str]]:
    """The cells of the columns of one meaning, each with its heading."""
    return [(c.heading, cells[c.place].strip()) for c in columns if c.means == means and c.place < len(cells)]


def _joined(parts: list[tuple[str, str]]) -> str:
    """The words of the columns of one meaning, each once; from the second heading on with its heading."""
    held: list[tuple[str, str]] = []
    for heading, cell in parts:
        if cell and cell not in [before for _, before in held]:
            held.append((heading, cell))
    return " ".join(
        cell if n == 0 or heading == held[n - 1][0] else f"{heading}: {cell}" for n, (heading, cell) in enumerate(held)
    )


def _updates(plan: Plan, line: Line, cells: tuple[str, ...], columns: list[_Column], day: str) -> Iterator[Update]:
    """What the force says it did, the earliest first; a heading's month is in the words, its day beside them."""
    by_date: dict[When, list[tuple[str, str]]] = {}
    for column in columns:
        if column.means == "update" and column.place < len(cells) and cells[column.place].strip():
            by_date.setdefault(column.when, []).append((column.heading, cells[column.place].strip()))
    dated = sorted(by_date.items(), key=lambda item: item[0].order)
    for n, (date, parts) in enumerate(dated, 1):
        said = _joined(parts)
        is_last = n == len(dated)
        own_day = _day(plan, line, day, "the date of the update") if is_last and day else ""
        yield Update(f"{date.words}: {said}" if date.words and not date.day else said, own_day or date.day)


def _day(plan: Plan, line: Line, said: str, what: str) -> str:
    """A day of a row, "" where none is said; what is no day is named."""
    found = words.day(said)
    if said and not found:
        plan.problems.append(
            Problem(line.place, _short(said), f"{what} as one day, such as 31/03/2026",
                    "The rest of the row is imported: correct the date, or enter it on the page")
        )  # fmt: skip
    return found


def _take_out_repeats(plan: Plan) -> None:
    """Keep a recommendation once; a second row of its number that says something else is named."""
    held: dict[str, Draft] = {}
    for draft in plan.drafts:
        first = held.setdefault(draft.number, draft)
        adds_nothing = (
            draft.fields.items() <= first.fields.items()
            and set(draft.updates) <= set(first.updates)
            and draft.status in ("", first.status)
        )
        if not adds_nothing:
            plan.problems.append(
                Problem(draft.place, f"number {draft.number} again", f"each number once; it is in {first.place} too",
                        "Give each row its own number, such as 7.1 and 7.2, or put both into one row")
            )  # fmt: skip
    plan.drafts = list(held.values())


def _short(text: str) -> str:
    said = " ".join(text.split())
    return repr(said if len(said) <= SHOWN else f"{said[: SHOWN - 1]}…")
