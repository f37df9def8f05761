"""What mapping.toml says of a field: a column of the file, or a text made of columns and words.

`Crime Ref` is a column. `=victim` is the word victim in every row. `=[Crime Ref]/1` is made of a column and a word, and
has no value in a row where the column has none. `[#]` is the number of the row's line in its file.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assets.readers.sql import literal

LINE = "#"
LINES_A_GROUP = 1_000_000_000  # added to the line for each further group of columns that makes rows of the same table
_MIDNIGHT = "[ T]+0?0:00(:00)?([.]0+)?$"
_PIECE = re.compile(r"\[([^\[\]]+)\]")


def is_made(said: str) -> bool:
    """Whether a field is made of words and columns, instead of being one column."""
    return said.startswith("=")


def columns_of(said: str) -> tuple[str, ...]:
    """The columns of the file that a field is made of, each once."""
    if not is_made(said):
        return (said,)
    return tuple(dict.fromkeys(piece for piece in _PIECE.findall(said[1:]) if piece != LINE))


def is_sound(said: str) -> bool:
    """Whether every square bracket of a made text is closed, and something is made."""
    return not is_made(said) or (len(said) > 1 and not re.search(r"[\[\]]", _PIECE.sub("", said[1:])))


def made_sql(said: str, cell: Callable[[str], str]) -> str:
    """SQL of a made text. `cell` gives the SQL of a column's value; it is null if any column's value is."""
    pieces = _PIECE.split(said[1:])
    parts = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            parts += [literal(piece)] if piece else []
        elif piece == LINE:
            parts.append(f"cast(line_number % {LINES_A_GROUP} as varchar)")
        elif pieces[place + 1].startswith(" "):  # a time follows: a spreadsheet writes its days with a midnight
            parts.append(f"regexp_replace({cell(piece)}, '{_MIDNIGHT}', '')")
        else:
            parts.append(cell(piece))
    return " || ".join(parts)
