"""The build that is published, as events of OpenLineage 2.0.2: one line of JSON each, for a catalogue of the force.

A table is a job with one output. Its event names the tables that it reads, its SQL, and for each column the columns
that it is made from. Files that were delivered are the inputs of raw tables. It holds no value of any row, and nothing
is sent anywhere.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from casework.store.refusal import Refused
from pipelines.publication import provenance
from pipelines.system.disk import write_whole
from pipelines.tables.cards import AUDIENCES

SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
FACETS = {  # facet -> its schema
    "schema": "facets/1-0-0/SchemaDatasetFacet.json",
    "columnLineage": "facets/1-0-1/ColumnLineageDatasetFacet.json",
    "outputStatistics": "1-0-1/OutputStatisticsOutputDatasetFacet.json",
    "documentation": "facets/1-0-0/DocumentationJobFacet.json",
    "sql": "1-0-1/SQLJobFacet.json",
}
PRODUCER = "urn:stra"
FILES = "delivered"  # the namespace of delivered files
Entry = Mapping[str, Any]


class NothingPublished(Refused):
    """No audience has a published copy in the home."""


def write(home: Path, out: Path) -> int:
    """Write the events of the published build to a file, a line each; returns their number. Raises NothingPublished."""
    lines = [json.dumps(event, ensure_ascii=False) for event in events(home)]
    write_whole(out, "".join(f"{line}\n" for line in lines))
    return len(lines)


def events(home: Path) -> Iterator[dict[str, Any]]:
    """START and COMPLETE of every table of the published build. Raises NothingPublished."""
    manifests = [_json(home / "published" / audience / "manifest.json") for audience in AUDIENCES]
    held = [manifest for manifest in manifests if manifest]
    if not held:
        raise NothingPublished(f"{home}: nothing is published. Run `stra build` first.")
    tables: dict[str, Entry] = {}
    published: dict[str, Entry] = {}
    for audience in AUDIENCES:
        tables |= _json(home / "published" / audience / provenance.FILE).get("tables", {})
    for manifest in held:
        published |= manifest["tables"]
    files = {source["source"]: source["deliveries"] for manifest in held for source in manifest["sources"]}
    for table in sorted(tables):
        yield from _events(table, tables[table], published.get(table, {}), files, held[0])


def _events(
    table: str, entry: Entry, published: Entry, files: Mapping[str, list[Entry]], manifest: Entry
) -> Iterator[dict[str, Any]]:
    """Both events of one table."""
    run = {"runId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCER}:{manifest['run_ref']}:{table}"))}
    job = {
        "namespace": PRODUCER,
        "name": table,
        "facets": {"documentation": _facet("documentation", description=entry["description"])}
        | ({"sql": _facet("sql", query=entry["text"])} if entry["kind"] == "sql" else {}),
    }
    start = {
        "eventType": "START", "eventTime": manifest["published_at"], "producer": PRODUCER, "schemaURL": SPEC,
        "run": run, "job": job, "inputs": _inputs(table, entry, files), "outputs": [],
    }  # fmt: skip
    yield start
    yield start | {"eventType": "COMPLETE", "outputs": [_output(table, entry, published)]}


def _inputs(table: str, entry: Entry, files: Mapping[str, list[Entry]]) -> list[dict[str, Any]]:
    schema, _, name = table.partition(".")
    delivered = files.get(name, []) if schema == "raw" else []
    return [
        *({"namespace": PRODUCER, "name": above} for above in entry["reads"]),
        *({"namespace": FILES, "name": f"{file['file_name']}#{file['sha256']}"} for file in delivered),
    ]


def _output(table: str, entry: Entry, published: Entry) -> dict[str, Any]:
    """The table, with its columns and rows if it is published, and what its columns are made from."""
    facets = {}
    if published:
        fields = [
            {"name": name, "type": kind, "description": meaning}
            for name, (kind, meaning, *_) in published["columns"].items()
        ]
        facets["schema"] = _facet("schema", fields=fields)
    if entry["lineage"]:
        made = {
            column: {"inputFields": [{"namespace": PRODUCER, "name": of, "field": field} for of, field in origins]}
            for column, origins in entry["lineage"].items()
        }
        facets["columnLineage"] = _facet("columnLineage", fields=made)
    found: dict[str, Any] = {"namespace": PRODUCER, "name": table, "facets": facets}
    if published.get("rows") is not None:
        found["outputFacets"] = {"outputStatistics": _facet("outputStatistics", rowCount=published["rows"])}
    return found


def _facet(name: str, **content: Any) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": f"https://openlineage.io/spec/{FACETS[name]}", **content}


def _json(path: Path) -> dict[str, Any]:
    """The content of a file; empty if there is none."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found
