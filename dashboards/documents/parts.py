"""Parts of a document: where the figures of one are missing, it says why in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from dashboards.data.home_state import in_use_again
from dashboards.data.published import Missing
from dashboards.text import numbers
from dashboards.text.content import Block, Heading, Runs, paragraph, text

P = ParamSpec("P")


def publication(manifest: Mapping[str, Any]) -> tuple[tuple[str, Runs], ...]:
    """When the figures of a document were published; and that they are earlier ones, if they are in use again."""
    again = in_use_again(manifest)
    published = ("Published", text(numbers.moment(manifest.get("published_at"))))
    return (published, ("Earlier figures", text(again))) if again else (published,)


def part(heading: str = "", level: int = 1) -> Callable[[Callable[P, list[Block]]], Callable[P, list[Block]]]:
    """Put the blocks that a function makes under a heading, if any; the reason where its figures are missing."""

    def of(made: Callable[P, list[Block]]) -> Callable[P, list[Block]]:
        @wraps(made)
        def whole(*args: P.args, **more: P.kwargs) -> list[Block]:
            head: list[Block] = [Heading(level, heading)] if heading else []
            try:
                return [*head, *made(*args, **more)]
            except Missing as why:
                return [*head, paragraph(f"Not measured: {why}")]

        return whole

    return of
