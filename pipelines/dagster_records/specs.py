"""What Dagster shows of a table: its card as an asset's specification, and where its columns come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from expectations.rule import Rule
from pipelines.tables.cards import Card
from pipelines.tables.kept_lineage import Lineage


def key_of(table: str) -> dg.AssetKey:
    """core.crimes -> core/crimes."""
    return dg.AssetKey(table.split("."))


def _static_metadata(card: Card) -> dict[str, Any]:
    columns = [dg.TableColumn(c.name, c.type, c.meaning + (f" ({c.unit})" if c.unit else "")) for c in card.columns]
    return {
        "dagster/column_schema": dg.TableSchema(columns=columns),
        "grain": ", ".join(card.grain),
        "audience": ", ".join(card.audience) or "none: stays in the warehouse",
        "caveats": dg.MetadataValue.md("\n".join(f"- {c}" for c in card.caveats) or "none"),
        **dict(card.licence),
    }


def spec_of(card: Card, deps: Sequence[str] = ()) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=key_of(card.table),
        deps=[key_of(t) for t in deps],
        description=card.description,
        group_name=card.schema,
        code_version=card.code_hash[:16],
        metadata=_static_metadata(card),
        kinds=_kinds(card),
    )


def _kinds(card: Card) -> set[str]:
    suffix = ".sql" if card.is_select else card.maker.suffix if card.maker is not None else ""
    return {"duckdb", {".sql": "sql", ".py": "python", ".csv": "csv", ".toml": "python"}.get(suffix, "table")}


def lineage_of(lineage: Lineage) -> dg.TableColumnLineage:
    """Column lineage as Dagster draws it."""
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(asset_key=key_of(table), column_name=name) for table, name in origins]
            for column, origins in lineage.items()
        }
    )


def check_name(rule: Rule) -> str:
    """PUB-01 -> PUB_01: Dagster's names hold no hyphen."""
    return rule.code.replace("-", "_")


_WARN = dg.AssetCheckSeverity.WARN
SEVERITY = {"error": dg.AssetCheckSeverity.ERROR, "warn": _WARN, "info": _WARN}
