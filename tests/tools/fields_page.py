"""The page of the extract's fields, from the layouts that declare them.

`python tests/tools/fields_page.py` writes docs/extract-fields.md. A test compares the page with what this makes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from assets.raw import source_files, sources
from assets.readers.extract.layout import Layout
from pipelines.mapping.schema import words_of
from pipelines.tables.cards import all_cards

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extract-fields.md"
HEAD = """# Fields of the extract

One file a table, named like the table. [Data you can deliver](data-you-can-deliver.md#your-extract) says which forms
are accepted, and [Standards, section 7](standards.md#7) how values are written. A field that may be absent may be empty
too. Any other field is expected: without it, its rules are not measured. Moments are read as UTC or with their offset,
and as London time without one.

Most tables have a typed table with the same rows, in which the last column names the field. A field without such a name
stays in raw. Tables without a typed table are read by a SELECT of their own.

The line below a table says what of it [`stra replay`](running-it.md#an-earlier-day) can know of an earlier day.

This page is made from the layouts: `python tests/tools/fields_page.py` writes it.
"""


def page() -> str:
    """The whole page: the tables of the extract, then those beside it."""
    found = [source.layout for source in sources().values() if source.layout is not None]
    parts = {"The extract": "extract", "Beside the extract, all optional": "beside_extract"}
    return HEAD + "".join(
        f"\n## {title}\n" + "".join(_table(layout) for layout in found if _folder(layout) == folder)
        for title, folder in parts.items()
    )


def _folder(layout: Layout) -> str:
    return source_files()[layout.table].parent.name


def _table(layout: Layout) -> str:
    card = all_cards()[f"raw.{layout.table}"]
    core = f" Its typed table is `{layout.core}`." if layout.core else ""
    head = ("field", "meaning", "values", *(("column",) if layout.core else ()))
    lines = "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ("---",) * len(head), *_rows(layout)))
    return f"\n### `{layout.table}`\n\n{card.description}{core}\n\n{lines}\n{''.join(_known(layout))}"


def _known(layout: Layout) -> Iterator[str]:
    """What of it `stra replay` can know of an earlier day."""
    known = layout.known
    if reason := known.as_delivered or known.left_out:
        yield f"On an earlier day: {'as delivered' if known.as_delivered else 'left out'} ({reason}).\n"
        return
    by = [f"from {_names(known.since)} on"] if known.since else []
    by += [f"with its row of {_names(known.of)}"] if known.of else []
    by += ["if a row that is known names it"] if known.named_in else []
    yield f"On an earlier day a row is known {', '.join(by)}.\n"
    for time, fields in known.with_time.items():
        yield f"Known with `{time}`: {_names(fields)}.\n"
    if known.planned:
        yield f"May be after the day: {_names(known.planned)}.\n"
    if known.undated:
        yield f"As now, for want of a time: {_names(known.undated)}.\n"


def _names(fields: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in fields)


def _rows(layout: Layout) -> Iterator[tuple[str, ...]]:
    for column in all_cards()[f"raw.{layout.table}"].columns:
        field = layout.fields[column.name]
        unit = f", in {column.unit}" if column.unit and column.unit != "UTC" else ""
        typed = (f"`{field.column}`" if field.column else "",) if layout.core else ()
        yield (f"`{field.name}`", column.meaning, words_of(field.kind) + unit, *typed)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
