"""What the page "Map an extract" says of a reply of `stra map --json`. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards.text import numbers

Reply = Mapping[str, Any]
OPEN = "none of them"  # the option of a question that leaves it open
RESULT = "Result"  # the section of a check that comes first
_MARKUP = re.compile(r"[\\`*\[\]<>$~|]|:(?=\w)|(?<!\w)_|_(?!\w)")
EXIT_CODES = {
    0: "The build is published whole.",
    3: "The build is published, with some tables withheld. The lines below name them.",
}


def finding(reply: Reply) -> str:
    """How many files are proposed, and how many questions are open."""
    files = len(reply["files"])
    if not files:
        if reply["is_there"]:
            return "Every file that can be mapped is mapped: there is nothing to decide."
        return "No file needs a mapping: there is nothing to decide."
    count = len(open_questions(reply["questions"]))
    asked = f"{numbers.plural(count, 'question')} to answer" if count else "nothing has to be asked"
    return f"{numbers.plural(files, 'file')} can be mapped; {asked}."


def open_questions(questions: Sequence[Reply]) -> list[Reply]:
    """The questions without an answer, or left open, for want of which something is left out."""
    return [q for q in questions if q["answer"] in (None, OPEN) and q["otherwise"] != "yes"]


def of_file(questions: Iterable[Reply], name: str) -> list[Reply]:
    """The questions about a file."""
    return [question for question in questions if question["file"] == name]


def is_of_code(question: Reply) -> bool:
    """Whether a question asks what a code means."""
    return ": what does " in str(question["words"])


def reading(file: Reply) -> str:
    """What a file is taken for, in a sentence."""
    if file["is_wide"]:
        count = numbers.plural(len(file["tables"]), "table, or part of one,", "tables, or parts of them,")
        return f"A wide export: {count} can be made of each row."
    left = f" It is left open: {file['why_left']}." if file["why_left"] else ""
    return f"It is the table {file['table']} (confidence {file['score']:.2f}).{left}"


def proposal(column: Reply) -> str:
    """What a column is proposed to be."""
    if column["fields"]:
        part = f" of {column['part']}" if column["part"] else ""
        return f"{' and '.join(column['fields'])}{part}"
    if column["options"]:
        return f"open: may be {' or '.join(column['options'])}"
    return "not used"


def confidence(column: Reply) -> str:
    """How certain a proposal is; from 0 to 1."""
    return f"{column['score']:.2f}" if column["fields"] else "–"


def meaning(code: Reply) -> str:
    """What a code of theirs means."""
    if code["ours"] is None:
        return "not known: stays open"
    return code["ours"] or "no value"


def label(question: Reply) -> str:
    """The words of a question as a label. Columns and codes in it are text, though Streamlit reads labels as Markdown.

    Only what would have an effect is escaped: a screen reader reads every sign.
    """
    return _MARKUP.sub(lambda sign: f"\\{sign[0]}", question["words"])


def because(question: Reply) -> str:
    """What rests on an answer, and values that the question is about."""
    values = f"Values: {', '.join(question['samples'])}." if question["samples"] else ""
    return " ".join(filter(None, (question["effect"], values)))


def option(words: str) -> str:
    """An option of a question on the page."""
    return "None of them: leave it open" if words == OPEN else words


def listed(sections: Mapping[str, Sequence[str]]) -> str:
    """What will be measured, as HTML: the result, then headings that open, each with its sentences."""
    parts = [f'<p class="note">{html.escape(sentence)}</p>' for sentence in sections.get(RESULT, ())]
    for heading, sentences in sections.items():
        if sentences and heading != RESULT:
            items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
            parts.append(
                f"<details><summary>{html.escape(heading)} ({len(sentences)})</summary><ul>{items}</ul></details>"
            )
    return "".join(parts)


def text_region(text: str, label: str) -> str:
    """A file's text as HTML that scrolls by keyboard."""
    return (
        f'<div class="table-scroll file-text" tabindex="0" role="region" aria-label="{html.escape(label, quote=True)}">'
        f"<pre>{html.escape(text)}</pre></div>"
    )


def build_ended(code: int) -> str:
    """How a build has ended."""
    return EXIT_CODES.get(code, "The build has failed: nothing new is published, and the last copy stays in use.")
