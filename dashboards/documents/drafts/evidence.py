"""The drafts' inputs: the integrity copy, and the force's own questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.data import extract
from dashboards.data.published import optional
from dashboards.data.register import Reader
from dashboards.text import numbers
from dashboards.text.content import Block, Bullets, Heading, Number, Paragraph, Runs, number, text

SETTINGS, RULES, LINKAGE = "reference.settings", "quality.rule_results", "metrics.linkage_quality"
RECORD_LEVEL = "The force whose extract it is"  # publisher of record-level sources
OPEN = "To be completed by the force: "
Row = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """Rows and the manifest of the copy."""

    reader: Reader

    @property
    def manifest(self) -> dict[str, Any]:
        """The copy's manifest."""
        return dict(self.reader.copy.manifest)

    @property
    def force(self) -> str:
        """The force whose records these are."""
        of = optional(extract.find_extract, self.reader.copy)
        return "no force extract is in this copy" if of is None else of.force_name

    def rows(self, table: str, **equal: Any) -> list[Row]:
        """Rows of a published table. Raises Missing."""
        return self.reader.rows(table, **equal)

    def setting(self, key: str, form: str = "weight") -> Number:
        """A setting as used in the build."""
        return number(SETTINGS, "value", form, key=key)

    def sources(self, *, of_people: bool) -> list[dict[str, Any]]:
        """Delivered sources: those about people, or the others."""
        held = self.manifest.get("sources", [])
        return [s for s in held if (s.get("publisher") == RECORD_LEVEL) == of_people]


def latest_delivery(source: Mapping[str, Any]) -> str:
    """When the last file of a delivered source was received."""
    return numbers.moment(max((d["received_at"] for d in source.get("deliveries", [])), default=None))


def section(level: int, title: str, *paragraphs: Runs | str) -> list[Block]:
    """A heading and its paragraphs."""
    runs = [text(p) if isinstance(p, str) else p for p in paragraphs]
    return [Heading(level, title), *(Paragraph(run) for run in runs)]


def listed(*lines: Runs | str) -> Bullets:
    """A list."""
    return Bullets(tuple(text(line) if isinstance(line, str) else line for line in lines))


def questions(*asked: str) -> Bullets:
    """The questions that only the force can answer."""
    return Bullets(tuple(text(f"{OPEN}{ask}") for ask in asked))
