"""Questions to which two pages give different figures: `python tests/tools/twin_figures.py HOME` opens every page.

With tests/worlds on PYTHONPATH. The questions are in twin_figures.toml. Prints a table, a
question a line, with each figure and the pages that say it, and how many pairs of different figures there are.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
import tomllib
from collections import defaultdict
from functools import reduce
from itertools import combinations
from pathlib import Path

from dashboard_session import Session
from republication import pages
from streamlit.proto.Element_pb2 import Element
from whole_run import served

from dashboards.data.published import AUDIENCES

KINDS = {
    "<share>": r"(?<![\d.])(\d+(?:\.\d+)?%)",
    "<days>": r"(\d+(?:\.\d+)?) days",
    "<count>": r"(?<![\d.,])(\d[\d,]*|none|nothing)",
}
QUESTIONS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def pattern_of(written: str) -> str:
    """The pattern that is meant."""
    return reduce(lambda text, kind: text.replace(*kind), KINDS.items(), written)


def words(element: bytes) -> str:
    """What an element says, its parts with a bar between; "" of the sources of a page."""
    held = Element.FromString(element)
    kind = held.WhichOneof("type") or ""
    body = str(getattr(getattr(held, kind), "body", "")) if kind in ("html", "markdown", "text", "heading") else ""
    bare = re.sub(r"<(script|style|details class=.source).*?</\1>", " ", body, flags=re.S)
    bare = re.sub(r"</?(p|li|td|th|tr|div|dt|dd|small|span|br|h\d)\b[^>]*>", " | ", bare)
    said = re.sub(r"[\s|]*\|[\s|]*", " | ", re.sub(r"<[^>]+>", "", html.unescape(bare)))
    return "" if "Where does this number come from?" in said else re.sub(r"\s+", " ", said)


async def read(address: str, audience: str) -> dict[str, str]:
    """Page -> its words, of every page of an audience."""
    async with Session(address) as session:
        return {page: "\n".join(map(words, (await session.open(page)).elements)) for page in pages(audience)}


def answers(said: dict[str, str]) -> dict[str, dict[str, set[str]]]:
    """Question -> figure -> the pages that give it."""
    found: dict[str, dict[str, set[str]]] = {question: defaultdict(set) for question in QUESTIONS}
    for question, patterns in QUESTIONS.items():
        for page, text in said.items():
            for match in (match for pattern in patterns for match in re.finditer(pattern_of(pattern), text)):
                found[question][match[1].replace("nothing", "none")].add(page)
    return found


def main() -> None:
    """Print the table."""
    said: dict[str, str] = {}
    for audience in AUDIENCES:
        with served(Path(sys.argv[1]), audience) as address:
            said |= asyncio.run(read(address, audience))
    pairs = 0
    print("| question | figures and their pages |\n|---|---|")
    for question, figures in answers(said).items():
        differing = [1 for one, other in combinations(figures.values(), 2) if one != other or len(one) > 1]
        pairs += len(differing)
        if differing:
            print(f"| {question} | " + "; ".join(f"{f} ({', '.join(sorted(on))})" for f, on in figures.items()) + " |")
    print(f"{pairs} pairs of different figures on {len(said)} pages")


if __name__ == "__main__":
    main()
