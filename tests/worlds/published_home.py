"""A small published home of invented figures, laid out as `stra build` publishes one. Plain functions, no fixtures."""

import datetime as dt
import hashlib
import io
import json
import pickle
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import invented_advice as advice
import invented_demand as demand
import invented_figures as invented
import invented_links as links
import invented_measures as measures
import invented_meeting as meeting
import invented_outcome_figures as outcomes
import invented_panel as panel
import invented_people as people
import invented_protection as protection
import invented_recording as recording
import invented_registers as registers
import invented_support as support
import invented_suspect_figures as suspects
import invented_themes as themes
import invented_verdicts as watching
import polars as pl
from invented_figures import MET, RECEIVED, RUN, SOURCES, Force
from kept_homes import kept

from pipelines.tables.cards import all_cards

FORCES: list[Force] = [
    (MET, "Metropolitan Police Service", "Metropolitan Police", 8_899_375),
    ("E23000010", "West Yorkshire Police", "West Yorkshire", 2_320_214),
    ("E23000013", "Cleveland Police", "Cleveland", 566_740),
    ("E23000032", "Kent Police", "Kent", 1_846_478),
    ("E23000034", "City of London Police", "City of London", 8_706),
    ("E23000035", "Devon & Cornwall Police", "Devon and Cornwall", 1_762_306),
    ("W15000003", "South Wales Police", "South Wales", 1_335_066),
    ("W15000004", "Dyfed-Powys Police", "Dyfed-Powys", 516_898),
]
TABLE_SOURCES = {
    "metrics.area_demand": ["csp_offences"], "core.coverage": ["police_uk_street"],
    "metrics.outcome_mix": ["police_uk_outcomes", "police_uk_street"],
    "metrics.control_chart_points": ["mps_ward_offences", "recorded_crime_pfa"],
    "metrics.control_chart_series": ["mps_ward_offences", "recorded_crime_pfa"],
    "metrics.recorded_rates": ["recorded_crime_pfa"], "metrics.stalking_shares": ["recorded_crime_pfa"],
    "metrics.force_funnel": ["recorded_crime_pfa"]}
# address -> the figures that must be on the page
FIGURES = (
    invented.FIGURES | demand.FIGURES | measures.FIGURES | outcomes.FIGURES | protection.FIGURES
    | recording.FIGURES | support.FIGURES | suspects.FIGURES | themes.FIGURES
)  # fmt: skip
Content = dict[str, pl.DataFrame]


def tables(forces: Sequence[Force] = FORCES, boundaries: pl.DataFrame | None = None) -> dict[str, Content]:
    """Audience -> table -> rows."""
    content = {audience: dict(held) for audience, held in _tables(tuple(forces)).items()}
    if boundaries is not None:
        content["command"]["core.force_boundaries"] = boundaries
    return content


@lru_cache
def _tables(forces: tuple[Force, ...]) -> dict[str, Content]:
    """The same rows for any forces, and those of open data about them."""
    named = pl.DataFrame(
        [(f[0], f[1], f[2], "E92000001", "territorial", f[2].lower().replace(" ", "-")) for f in forces], orient="row",
        schema=["force_code", "force_name", "short_name", "country_code", "force_type", "slug"])
    shared = {"reference.forces": named, "reference.recording_regimes": invented.regimes(),
              "core.coverage": invented.coverage(forces)}
    of_extract = _of_extract()
    return {
        "command": shared | of_extract["command"] | invented.command_tables(forces),
        "integrity": shared | of_extract["integrity"],
        "commissioning": shared | of_extract["commissioning"] | invented.commissioning_tables(forces),
    }


@lru_cache
def _of_extract() -> dict[str, Content]:
    """Made once a run: most figures are worked out by the product's own SQL from invented rows, which takes seconds."""
    folder = kept("figures", lambda folder: (folder / "tables").write_bytes(pickle.dumps(_made())))
    found: dict[str, Content] = pickle.loads((folder / "tables").read_bytes())
    return found


def _made() -> dict[str, Content]:
    runs = pl.DataFrame({"run_ref": [recording.EARLIER, RUN],
                         "started_at": [RECEIVED - dt.timedelta(days=23), RECEIVED],
                         "as_of": [dt.date(2025, 10, 31)] * 2, "code_version": ["0.1.0"] * 2})
    rules = pl.concat([invented.rule_results(), recording.rule_results()], how="diagonal_relaxed")
    unknown = pl.DataFrame({"file_name": ["notes.docx"], "size_bytes": [18_220], "reason": ["no source knows it"]})
    return {
        "command": recording.command_tables() | suspects.command_tables() | demand.command_tables()
        | outcomes.command_tables() | protection.command_tables() | advice.command_tables()
        | watching.command_tables() | measures.command_tables() | registers.command_tables() | themes.command_tables(),
        "integrity": recording.integrity_tables() | links.integrity_tables() | suspects.integrity_tables()
        | people.integrity_tables() | meeting.integrity_tables() | panel.integrity_tables()
        | themes.integrity_tables() | {
            "raw.deliveries": invented.deliveries(), "raw.quarantined_rows": invented.quarantine(),
            "raw.unrecognised_files": unknown, "quality.runs": runs, "quality.rule_results": rules,
            "quality.rule_breaches": invented.rule_breaches(),
            "reference.settings": pl.concat([invented.settings(), people.settings()])},
        "commissioning": support.commissioning_tables(),
    }


def provenance(content: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, object]]:
    """Invented SQL for each table, and a raw table for each source, as a build would tell of them."""
    told: dict[str, dict[str, object]] = {}
    for name, frame in content.items():
        sources = [f"raw.{source}" for source in TABLE_SOURCES.get(name, [])]
        told[name] = {
            "description": f"One row is a row of {name}.", "kind": "sql",
            "file": f"assets/{name.replace('.', '/')}.sql",
            "text": f"-- Invented, with markup: {invented.PAYLOAD} up 12 %\nselect * from {', '.join(sources)}",
            "methods": [], "code_hash": "0", "reads": sources,
            "lineage": {column: [[sources[0], column]] for column in frame.columns[:-1] if sources}}
        told |= {source: {"description": f"One row is a row of {source}.", "kind": "reader", "text": "Reads files.",
                          "file": f"assets/{source.replace('.', '/')}.py", "methods": [], "code_hash": "0",
                          "reads": [], "lineage": {}} for source in sources}
    return told


_files: dict[int, tuple[pl.DataFrame, bytes, str]] = {}  # id of a frame -> the frame, its file and the file's hash


def _file_of(frame: pl.DataFrame) -> tuple[bytes, str]:
    """The Parquet file of a frame, and its hash: written once, for most frames are published to dozens of homes."""
    if id(frame) not in _files:
        held = io.BytesIO()
        frame.write_parquet(held)
        _files[id(frame)] = frame, held.getvalue(), hashlib.sha256(held.getvalue()).hexdigest()
    return _files[id(frame)][1:]


def publish(home: Path, audience: str, content: Mapping[str, pl.DataFrame], *,
            withheld: Mapping[str, str] | None = None, version: str = "20261124T011000000000Z",
            grain: Mapping[str, Sequence[str]] | None = None) -> Path:
    """Write one audience's folder and manifest and swap the link; returns the folder. `grain`: the key by table."""
    folder = home / "published" / "copies" / audience / version
    folder.mkdir(parents=True)
    entries = {}
    columns_of = {name: card.columns for name, card in all_cards().items()}
    for name, frame in content.items():
        path = folder / f"{name}.parquet"
        content_of_file, digest = _file_of(frame)
        path.write_bytes(content_of_file)
        entries[name] = {
            "file": path.name, "rows": frame.height, "sha256": digest,
            "description": f"One row is a row of {name}.", "grain": list((grain or {}).get(name, [])),
            "caveats": [f"Invented figures ({name})."],
            "columns": {c: [str(t), "", ""] for c, t in frame.schema.items()}, "sources": TABLE_SOURCES.get(name, []),
            "headings": {c.name: c.heading for c in columns_of.get(name, ()) if c.heading}}
    sources = [
        {"source": source, "publisher": publisher, "licence": "Open Government Licence v3.0", "published": "2025",
         "attribution": "Contains public sector information licensed under the Open Government Licence v3.0",
         "deliveries": [{"file_name": file, "sha256": "0" * 64, "received_at": RECEIVED.isoformat(), "rows": 1200}]}
        for source, (publisher, file) in SOURCES.items()]
    told = json.dumps({"tables": provenance(content)}).encode()
    (folder / "provenance.json").write_bytes(told)
    manifest = {"audience": audience, "published_at": "2026-11-24T01:10:00+00:00", "run_ref": RUN,
                "code_version": "0.1.0", "settings_hash": "0", "as_of": "2025-10-31", "tables": entries,
                "withheld": dict(withheld or {}), "sources": sources, "limits": {"publish.stale_days": 1_000_000},
                "provenance": {"file": "provenance.json", "sha256": hashlib.sha256(told).hexdigest()}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    link, fresh = home / "published" / audience, home / "published" / f".{audience}.link"
    fresh.symlink_to(folder.relative_to(home / "published"))
    fresh.replace(link)
    return folder


def build_home(home: Path, *, forces: Sequence[Force] = FORCES, boundaries: pl.DataFrame | None = None,
               leave_out: Sequence[str] = (), empty: Sequence[str] = (),
               withheld: Mapping[str, str] | None = None) -> Path:
    """A home of three audiences; `leave_out` and `withheld` tables are not published, `empty` ones without a row."""
    held_back = withheld or {}
    for audience, content in tables(forces, boundaries).items():
        kept = {name: frame.clear() if name in empty else frame for name, frame in content.items()
                if name not in leave_out and name not in held_back}
        publish(home, audience, kept, withheld={t: why for t, why in held_back.items() if t in content})
    return home
