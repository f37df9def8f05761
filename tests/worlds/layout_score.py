"""Count how well proposals for the columns of a layout agree with its true answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from layout_export import Column, Layout

Proposals = Mapping[tuple[str, str], tuple[str | None, bool]]  # (file, column) -> answer, whether a person is asked


@dataclass(frozen=True)
class Score:
    """Columns of one layout, by what became of them."""

    right: int
    asked: int
    wrong: int
    missed: int

    @property
    def columns(self) -> int:
        """All columns of the layout."""
        return self.right + self.asked + self.wrong + self.missed


def score(layout: Layout, proposals: Proposals) -> Score:
    """Compare proposals with the truth. Raises KeyError where a proposal is about no column of the layout.

    An answer is `table.field`, several with a comma between them, or None (or `none`) for no field. A column without a
    proposal is left alone. A field may be followed by `@` and its part of the row, such as `person.sex@suspect1`.
    Right: every field proposed is a true one, of the true part, or there is none on either side. Asked: a person is
    asked, whatever the proposal. Missed: left alone although it feeds a field. Wrong: all else.
    """
    truth = {(file.name, column.heading): column for file in layout.files for column in file.columns}
    if strange := set(proposals) - set(truth):
        raise KeyError(f"{layout.name} has no such column: {sorted(strange)}")
    counts = {"right": 0, "asked": 0, "wrong": 0, "missed": 0}
    for place, column in truth.items():
        answer, asked = proposals.get(place, (None, False))
        counts["asked" if asked else _verdict(_fields(answer or ""), column)] += 1
    return Score(**counts)


def table_of(scores: Mapping[str, Score]) -> str:
    """The scores as lines of text, a layout a line, with their sum and the share of columns that are right."""
    total = Score(*(sum(getattr(s, name) for s in scores.values()) for name in ("right", "asked", "wrong", "missed")))
    lines = [f"{'layout':24}{'columns':>8}{'right':>7}{'asked':>7}{'wrong':>7}{'missed':>8}{'share right':>13}"]
    for name, s in {**scores, "all": total}.items():
        share = f"{s.right / s.columns:.1%}" if s.columns else "none"
        lines.append(f"{name:24}{s.columns:8}{s.right:7}{s.asked:7}{s.wrong:7}{s.missed:8}{share:>13}")
    return "\n".join(lines)


def _fields(answer: str) -> frozenset[str]:
    return frozenset(part.strip() for part in answer.split(",")) - {"", "none"}


def _verdict(proposed: frozenset[str], column: Column) -> str:
    if proposed:
        true = {*column.answers, *(f"{answer}@{column.part}" for answer in column.answers)}
        return "right" if proposed <= true else "wrong"
    return "missed" if column.answers else "right"
