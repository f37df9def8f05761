"""`stra map --json`: the same proposals, questions and writer for a program, such as the page "Map an extract".

A request is a JSON object, all of it optional: `answers` (key of a question -> option), `measured` (say what will be
measured, which takes some seconds) and `write` (the fingerprint of the folder as it was seen: mapping.toml is written
unless the folder has changed since).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.commands.folder_check import check
from pipelines.commands.map import draft_of, left_open, mapping_path, proposed, rest, usable_mapping
from pipelines.fetching.folder import read_folder
from pipelines.mapping.blocks import LONG, has_codes
from pipelines.mapping.decisions import Decision, Question, accepted, made_tables, settled
from pipelines.mapping.file import write_mapping
from pipelines.mapping.guess import TableGuess
from pipelines.mapping.sheets import Tell

CHANGED = "Nothing was written: the folder has changed since you looked. Look at it again."
REPLACES = (
    "Nothing was written: mapping.toml says something else of the same tables or words, and nothing that a person "
    "wrote is replaced here. Take those out of it, or run `stra map`, which asks."
)
NOTHING_NEW = "Nothing was written: there is nothing new."


def reply(data_dir: Path, request: Mapping[str, Any], tell: Tell = lambda name: None) -> dict[str, Any]:
    """What is proposed and asked with these answers, and the text of mapping.toml. Each file that is read is named.

    Raises DataFolderMissing, and MappingError if the folder's mapping has a fault.
    """
    delivered = read_folder(data_dir)
    held = usable_mapping(delivered)
    folder, proposals = proposed(delivered, held, tell)
    answers: Mapping[str, str] = request.get("answers", {})
    asked: dict[str, Question] = {}

    def ask(question: Question) -> str | None:
        asked[question.key] = question
        said = answers.get(question.key)
        return said if said in question.options else None

    decided = [accepted(settled(proposal, ask), ask) for proposal in proposals]
    path = mapping_path(delivered)
    draft = draft_of(path, held, decided)
    problem = ""
    if "write" in request:
        if draft is None:
            problem = NOTHING_NEW
        elif request["write"] != delivered.fingerprint:
            problem = CHANGED
        elif not write_mapping(path, draft, lambda question, default: False):
            problem = REPLACES
    found: dict[str, Any] = {
        "path": str(path),
        "is_there": path.exists(),
        "seen": delivered.fingerprint,
        "files": [_file(one) for one in decided],
        "questions": [{**asdict(q), "key": q.key, "answer": ask(q)} for q in list(asked.values())],
        "notes": [*rest(folder, proposals), *left_open(decided)],
        "text": draft.text if draft is not None else "",
        "is_new": draft is None or draft.is_new,
        "problem": problem,
    }
    if request.get("measured"):
        found["measured"], found["is_known"] = check(data_dir, draft.mapping if draft is not None else held)
    return found


def _file(decision: Decision) -> dict[str, Any]:
    proposal = decision.proposal
    (first, *_) = proposal.tables
    return {
        "name": proposal.sheet.name,
        "is_wide": proposal.wide is not None,
        "table": first.table,
        "score": first.score,
        "columns": list(map(asdict, proposal.columns)),
        "tables": list(made_tables(proposal)) if proposal.wide is not None else [],
        "codes": [code for table in proposal.tables for code in _codes(table)],
        "why_left": decision.why,
    }


def _codes(table: TableGuess) -> list[dict[str, Any]]:
    """Their codes of a table and what each means; None if nobody knows. Values that are hardly codes are left out."""
    return [
        {"field": f"{table.table}.{name}", "theirs": theirs, "ours": ours}
        for name, meant in table.values.items()
        if has_codes(table, name)
        for theirs, ours in meant.items()
        if ours is not None or len(theirs) <= LONG
    ]
