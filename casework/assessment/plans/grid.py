"""Tables of a document as lines of text cells, with merged cells filled in.

A cell that is merged downwards is repeated in each of its lines. One that is merged to the right is repeated as well,
and marked: a heading counts for all its columns, the words of a row count once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from casework.store.refusal import Refused

MOST_LINES, MOST_COLUMNS, MOST_DEPTH = 1000, 60, 12  # of a table, and of tables within tables
MOST_LETTERS = 2_000_000  # of all cells of a file, with what merged cells repeat


@dataclass(frozen=True)
class Line:
    """A line of a table: its place in the file, its cells, and the columns that only repeat the cell to their left."""

    place: str
    cells: tuple[str, ...]
    across: frozenset[int] = frozenset()

    @property
    def own(self) -> tuple[str, ...]:
        """The cells, each merged one in its first column alone."""
        return tuple("" if at in self.across else text for at, text in enumerate(self.cells))


@dataclass(frozen=True)
class Table:
    """A table, and the tables inside its cells."""

    lines: tuple[Line, ...]
    inner: tuple[Table, ...] = ()


@dataclass
class Grid:
    """A table that is being read, line by line and cell by cell."""

    name: str
    inner: list[Table] = field(default_factory=list)
    _lines: list[Line] = field(default_factory=list)
    _cells: dict[int, str] = field(default_factory=dict)  # of the open line
    _across: set[int] = field(default_factory=set)
    _down: dict[int, tuple[int, str, bool]] = field(default_factory=dict)  # column -> lines left, words, is across
    _next: int = 0
    _letters: int = 0
    is_open: bool = False

    def begin_line(self) -> None:
        """Begin a line; the one before is complete."""
        self.end_line()
        if len(self._lines) >= MOST_LINES:
            raise Refused(f"{self.name}: expected at most {MOST_LINES} rows; it has more. Import its parts.")
        self.is_open, self._next = True, 0
        for column, (left, words, is_across) in list(self._down.items()):
            self._put(column, words, is_across)
            self._down[column] = (left - 1, words, is_across)
            if left <= 1:
                del self._down[column]

    def skip(self, columns: int) -> None:
        """Leave columns empty at the start of a line."""
        for _ in range(min(columns, MOST_COLUMNS)):
            self._put(self._free(), "", False)

    def add(self, words: str, *, columns: int = 1, lines: int = 1, continues: bool = False) -> None:
        """Add a cell. One that `continues` has the words of the cell above it."""
        start = self._free()
        if start >= MOST_COLUMNS:
            raise Refused(f"{self.name}: expected at most {MOST_COLUMNS} columns; it has more. It is no plan.")
        if continues and self._lines:
            above = self._lines[-1].cells
            words = above[start] if start < len(above) else words
        for step in range(max(1, columns)):
            column = start + step
            if column in self._cells or column >= MOST_COLUMNS:  # a cell from above is in the way, or none is left
                break
            self._put(column, words, step > 0)
            if lines > 1:
                self._down[column] = (min(lines, MOST_LINES) - 1, words, step > 0)

    def end_line(self) -> None:
        """Complete the open line, if there is one."""
        if not self.is_open:
            return
        self.is_open = False
        width = max(self._cells, default=-1) + 1
        cells = tuple(self._cells.get(column, "") for column in range(width))
        place = f"{self.name}, row {len(self._lines) + 1}"
        self._lines.append(Line(place, cells, frozenset(self._across)))
        self._cells, self._across = {}, set()

    def table(self) -> Table:
        """The complete table."""
        self.end_line()
        return Table(tuple(self._lines), tuple(self.inner))

    def _free(self) -> int:
        while self._next in self._cells:
            self._next += 1
        return self._next

    def _put(self, column: int, words: str, is_across: bool) -> None:
        self._letters += len(words)
        if self._letters > MOST_LETTERS:
            raise Refused(f"{self.name}: expected at most {MOST_LETTERS:,} characters; it has more. It is no plan.")
        self._cells[column] = words
        if is_across:
            self._across.add(column)
