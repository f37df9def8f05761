"""The log of processing that a build writes before it reads or links people.

Data Protection Act 2018, section 62.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from assets.readers.extract.keys import LEFT_OUT
from casework.access.access_log import by_command, record_in
from pipelines.delivery.ledger import Delivery

_collection = partial(by_command, "collection", "integrity", "stra build")
_combination = partial(by_command, "combination", "integrity", "stra build")


def collected(home: Path, deliveries: Sequence[Delivery], of_people: frozenset[str]) -> None:
    """Log the tables of people about to be loaded, and the keys left out because a person said they are nobody's.

    Raises Refused: then nothing of them is loaded.
    """
    actions = []
    for d in sorted(deliveries, key=lambda d: d.file_name):
        if d.source in of_people and d.reading is not None:
            words = ["", *(f", {notice}" for notice in d.reading.notices if notice.endswith(LEFT_OUT))]
            of = f"{d.source}: {d.file_name}"
            actions += [_collection(of + more, record_count=d.reading.rows_loaded) for more in words]
    if actions:
        record_in(home, *actions)


def collected_names(home: Path, file: str) -> None:
    """Log that names of people are about to be read.

    Raises Refused: then they are not read.
    """
    record_in(home, _collection(f"person_identity: {file}"))


def combined(home: Path, run: Mapping[str, Any]) -> None:
    """Log that records are about to be linked as one person.

    Raises Refused: then they are not linked.
    """
    words = f"linkage ({run['manner']}): records linked as {run['person_count']} people"
    record_in(home, _combination(words, record_count=int(run["record_count"])))
