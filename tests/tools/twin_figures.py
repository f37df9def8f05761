"""Questions to which two pages give different figures: `python tests/tools/twin_figures.py HOME` opens every page.

With tests/worlds on PYTHONPATH. A question is a pattern of words with the figure in brackets. Prints a table, a
question a line, with each figure and the pages that say it, and how many pairs of different figures there are.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from dashboard_session import Session
from republication import pages
from streamlit.proto.Element_pb2 import Element
from whole_run import served

from dashboards.data.published import AUDIENCES

SHARE, DAYS = r"(?<![\d.])(\d+(?:\.\d+)?%)", r"(\d+(?:\.\d+)?) days"
COUNT = r"(?<![\d.,])(\d[\d,]*|none|nothing)"
QUESTIONS = {
    "How many decisions and actions are overdue?": [
        rf"and {COUNT} overdue", rf"and ({'nothing'}) is overdue", rf"{COUNT} of \d[\d,]* open entr\w+ overdue",
        rf"{COUNT} of them overdue", rf"{COUNT} overdue, \d+ waiting", rf"{COUNT} (?:is|are) overdue",
        rf"recommendations of inspections and super-complaints that are overdue \| {COUNT}",
    ],
    "Which share was offered support?": [
        rf"Offered support ?\|? ?[\d,]+ ?\|? ?{SHARE} \(", rf"[Ss]upport offered, consent recorded \|? ?{SHARE}",
        rf"Support offered within [^|]*\|? ?{SHARE}", rf"Support offered \| {SHARE}",
    ],
    "How many residents?": [
        rf"(?<!per ){COUNT} residents", rf"per 1,000 residents \| [^|]*\| [^|]*\| [^|]*\| {COUNT}",
    ],
    "Which share is recorded within 24 hours?": [
        rf"Recorded within 24 hours(?: of the (?:first )?report)? ?\|? ?{SHARE}",
        rf"{SHARE} of stalking and harassment (?:is|was) recorded within 24 hours",
        rf"Recorded in time \| {SHARE}", rf"duty of the recording rules\) \| 24 hours \| {SHARE}",
        rf"recorded within 24 hours \({SHARE}", rf"{SHARE} of \d[\d,]* recorded within 24 hours",
    ],
    "Which share of tests of the standards is met?": [
        rf"{SHARE} of tests of the recording standards", rf"Recording standards met ?\|? ?{SHARE}",
        rf"{SHARE} of [\d,]+ tests by",
    ],
    "Which share of suspects is repeat?": [
        rf"{SHARE} of suspects", rf"{SHARE} (?:are|is) repeat", rf"^Repeat suspects[^|%]*\| {SHARE}",
        rf"Suspects with two or more events[^|]*\| {SHARE}",
    ],
    "Which share of victims is repeat?": [
        rf"Repeat victims[^|%]*\| {SHARE}", rf"Victims with two or more events[^|]*\| {SHARE}",
    ],
    "Which share is charged?": [
        rf"[Cc]harged or summonsed within \d+ days ?\|? ?{SHARE}", rf"Charged/Summonsed \| {SHARE}",
        rf"{SHARE} (?:were|was|are|of crimes were) charged", rf"[Cc]harged within \d+ days ?\|? ?{SHARE}",
    ],
    "How long until the first contact?": [rf"first contact: {DAYS}", rf"first contact ?\|? ?{DAYS}", rf"waited {DAYS}"],
    "How many accepted offers are above capacity?": [
        rf"{COUNT} (?:more|above) (?:than )?(?:its |their )?capacity", r"above capacity \| ((?:room for )?\d[\d,]*)",
    ],
    "How many victims of stalking are known?": [rf"{COUNT} victims of stalking\b", rf"Known as stalked ?\|? ?{COUNT}"],
    "How many protective orders are in force?": [
        rf"[Oo]rders in force:? ?\|? ?{COUNT}", rf"in force at the end of the month ?\|? ?{COUNT}",
    ],
    "How many gaps are there?": [rf"{COUNT} gaps?\b"],
    "How many crimes of stalking and harassment?": [
        rf"{COUNT} crimes of stalking and harassment", rf"Stalking and harassment recorded ?\|? ?{COUNT}",
    ],
    "Which share of victims does not support action?": [
        rf"Victim does not support[^|%]*\| {SHARE}", rf"[Ww]ithdrew:? ?\|? ?{SHARE}",
    ],
}  # fmt: skip


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
            for match in (match for pattern in patterns for match in re.finditer(pattern, text)):
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
