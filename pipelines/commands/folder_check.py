"""What a build of a data folder would not measure, and why, before anything is built.

For `stra doctor --data` and `stra map`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from assets.raw import extract_tables, sources
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.source import ExtractMapping
from dashboards.page_tables import tables_by_page
from expectations import RULES
from pipelines.commands.losses import Causes, Loss, fields_lacking, losses
from pipelines.delivery.recognition import Recognised, survey
from pipelines.fetching.folder import read_folder
from pipelines.tables.lineage import downstream_of

PARTS = "A figure that is made from several fields may still be made from fewer of them: that is not listed here."
Sections = dict[str, list[str]]  # heading -> its sentences


def check(data_dir: Path, mapping: ExtractMapping | None = None) -> tuple[Sections, bool]:
    """What was recognised and what would not be measured, in sentences; and whether a build would publish anything.

    Nothing is built, and no row is read. `mapping` is one that is not written yet, in place of the folder's own. Raises
    DataFolderMissing.
    """
    found = list(survey(read_folder(data_dir), mapping))
    delivered = _delivered(found)
    sections = {"Files": [_of_file(file) for file in found] or [f"{data_dir} has no file."]}
    if not delivered:
        looked_for = f"crime.csv and {len(extract_tables()) - 1} other tables of an extract, or open data"
        sections["Result"] = [
            f"No file is known, so a build would publish nothing. It looks for {looked_for}.",
            "Run `stra map` if your files have other names, or see docs/data-you-can-deliver.md.",
        ]
        return sections, False
    lost = losses(delivered)
    unmeasured = sum(any(fields_lacking(rule.needs, delivered)) for rule in RULES)
    sections["Result"] = [f"{len(RULES) - unmeasured} of {len(RULES)} rules will be measured."]
    sections["Not delivered"] = list(_not_delivered(delivered))
    sections["Rules that will not be measured"] = list(_rules(delivered))
    sections["Tables that will be empty or lack columns"] = list(_tables(lost))
    sections["Pages"] = list(_pages(lost, unmeasured))
    sections = {heading: sorted(said, key=len) for heading, said in sections.items()}
    sections["Pages"].append(PARTS)
    return sections, True


def lines(sections: Sections) -> Iterator[str]:
    """The sections to read on a terminal; without a sentence a section is left out."""
    for heading, sentences in sections.items():
        if sentences:
            yield f"{heading}:"
            yield from (f"  {sentence}" for sentence in sentences)


def _delivered(found: Iterable[Recognised]) -> dict[str, frozenset[str]]:
    """Delivered table -> the fields that all of its files lack."""
    tables: dict[str, frozenset[str]] = {}
    for file in found:
        if file.table and file.table != IDENTITIES:
            absent = frozenset(file.absent)
            tables[file.table] = tables.get(file.table, absent) & absent
    return tables


def _of_file(file: Recognised) -> str:
    if not file.table:
        return f"{file.name} is not used: {file.problem}."
    if not file.absent:
        return f"{file.name} is the table {file.table}."
    of_all = f"{len(file.absent)} of {len(extract_tables()[file.table])} fields"
    return f"{file.name} is the table {file.table}, without {_list(file.absent)} ({of_all})."


def _not_delivered(delivered: Mapping[str, object]) -> Iterator[str]:
    for what, is_extract in (("of the extract or beside it", True), ("of open data", False)):
        absent = [name for name, source in sources().items() if source.is_extract == is_extract]
        absent = [name for name in absent if name not in delivered]
        if absent:
            yield f"Tables {what}: {_list(absent)}."


def _rules(delivered: Mapping[str, Iterable[str]]) -> Iterator[str]:
    by_want: dict[tuple[str, ...], list[str]] = {}
    for rule in RULES:
        if lacking := tuple(fields_lacking(rule.needs, delivered)):
            by_want.setdefault(lacking, []).append(rule.code)
    for lacking, codes in by_want.items():
        yield f"{_list(dict.fromkeys(codes))}: for want of {_list(lacking)}."


def _tables(lost: Mapping[str, Loss]) -> Iterator[str]:
    """Published figures alone: what they are made from is for those who make it."""
    by_want: dict[Causes, list[str]] = {}
    for table, loss in lost.items():
        if table.startswith("metrics.") and loss.rows:
            by_want.setdefault(loss.rows, []).append(table)
    for causes, tables in by_want.items():
        yield f"{_list(tables)}: empty for want of {_list(sorted(causes))}."
    for table, loss in lost.items():
        if table.startswith("metrics.") and not loss.rows:
            yield f"{table}: without {_list(loss.columns)} for want of {_list(_causes([loss]))}."


def _pages(lost: Mapping[str, Loss], unmeasured: int) -> Iterator[str]:
    """What each page loses. `unmeasured` is the number of rules that will not be measured."""
    with_rules = downstream_of({"quality.rule_results", "quality.rule_breaches", "quality.rule_counts"})
    for page, tables in tables_by_page().items():
        named = [(table, lost[table]) for table in sorted(tables) if table in lost]
        whole = [_words(table) for table, loss in named if loss.rows]
        part = [_words(table) for table, loss in named if not loss.rows]
        said = [f"{len(whole)} of {len(tables)} tables will be empty ({_list(whole)})"] if whole else []
        said += [f"columns are missing from {_list(part)}"] if part else []
        want = f", for want of {_list(_causes(loss for _, loss in named))}" if named else ""
        rules = f"{unmeasured} of {len(RULES)} rules are not measured" if unmeasured and tables & with_rules else ""
        losing = "; ".join(filter(None, ("; ".join(said) + want, rules)))
        yield f"{page.question} ({page.audience}): {losing or 'no table or column is lost'}."


def _causes(named: Iterable[Loss]) -> list[str]:
    return sorted({cause for loss in named for causes in (loss.rows, *loss.columns.values()) for cause in causes})


def _words(table: str) -> str:
    return table.partition(".")[2].replace("_", " ")


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
