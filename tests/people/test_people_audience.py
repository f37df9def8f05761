"""Who may see people: nothing of a person reaches the command or the commissioning audience."""

import json
from pathlib import Path

import duckdb
import pytest
from conftest import InventedForce

from pipelines.tables.cards import all_cards

OF_PEOPLE = ("metrics.repeat_suspects", "metrics.repeat_dyads", "metrics.repeat_victims", "metrics.repeat_management",
             "metrics.dyad_escalation", "metrics.dyad_timeline", "metrics.ranking_by_group", "metrics.v100",
             "metrics.meeting_lists", "metrics.meeting_list_states", "metrics.scrutiny_frame",
             "core.person_pairs", "core.person_changes", "core.crime_behaviours")  # fmt: skip
OTHERS = ("command", "commissioning")
# everything that names a person, a pair of people or a record about them
REFERENCES = """
    select person_key as ref from core.people union select person_ref from core.people
    union select crime_ref from core.crimes union select dyad_ref from core.suspect_reports
    union select custody_ref from core.custodies union select order_ref from core.orders
    union select breach_ref from core.order_breaches union select outcome_ref from core.outcomes
    union select assessment_ref from core.risk_assessments union select incident_ref from core.incidents
"""


def test_cards_of_tables_on_people_name_the_integrity_audience_alone() -> None:
    audiences = {table: card.audience for table, card in all_cards().items() if table in OF_PEOPLE}
    assert {tuple(audience) for audience in audiences.values()} == {("integrity",)}, audiences


def test_no_card_for_another_audience_has_a_column_of_people_or_records() -> None:
    columns = {"person_ref", "person_key", "suspect_ref", "victim_ref", "dyad_ref", "victim_key", "respondent_key"}
    others = {name: card for name, card in all_cards().items() if set(card.audience) & set(OTHERS)}
    assert others and not [name for name, card in others.items() if columns & {c.name for c in card.columns}]


@pytest.mark.slow
class TestBuilt:
    def test_what_the_page_reads_is_published_to_integrity_and_to_nobody_else(
        self, invented_force: InventedForce
    ) -> None:
        published = {audience: self.manifest(invented_force, audience) for audience in (*OTHERS, "integrity")}
        held = [table for table in OF_PEOPLE if table in all_cards()]
        assert set(held) <= set(published["integrity"])
        for audience in OTHERS:
            assert not set(OF_PEOPLE) & set(published[audience])
            folder = invented_force.home / "published" / audience
            assert not [table for table in OF_PEOPLE if (folder / f"{table}.parquet").exists()]

    @pytest.mark.parametrize("audience", OTHERS)
    def test_no_cell_of_another_audience_holds_a_reference(self, invented_force: InventedForce, audience: str) -> None:
        with invented_force.connect() as con:
            con.execute(f"create temp table refs as select distinct ref from ({REFERENCES}) where ref is not null")
            assert con.execute("select count(*) from refs").fetchall()[0][0] > 30_000
            files = sorted((invented_force.home / "published" / audience).glob("*.parquet"))
            assert files
            assert self.holding(con, files) == []

    def test_the_scan_finds_references_where_they_are(self, invented_force: InventedForce) -> None:
        with invented_force.connect() as con:
            con.execute(f"create temp table refs as select distinct ref from ({REFERENCES}) where ref is not null")
            folder = invented_force.home / "published" / "integrity"
            found = self.holding(con, [folder / "metrics.dyad_timeline.parquet"])
        assert set(found) == {f"metrics.dyad_timeline.{c}" for c in ("dyad_ref", "person_ref", "record_ref",
                                                                     "victim_ref", "words")}  # fmt: skip

    @staticmethod
    def manifest(force: InventedForce, audience: str) -> list[str]:
        path = force.home / "published" / audience / "manifest.json"
        return list(json.loads(path.read_text("utf-8"))["tables"])

    @staticmethod
    def holding(con: duckdb.DuckDBPyConnection, files: list[Path]) -> list[str]:
        """Columns with a reference in them, alone or as a word of a text."""
        found = []
        for file in files:
            columns = con.execute("select column_name, column_type from (describe from read_parquet(?))", [str(file)])
            for column, kind in columns.fetchall():
                if kind not in ("VARCHAR", "UUID"):
                    continue
                words = f"unnest(regexp_split_to_array(cast(\"{column}\" as varchar), '[^A-Za-z0-9_-]+'))"
                count = con.execute(
                    f"select count(*) from (select {words} as word from read_parquet(?) union all "
                    f'select cast("{column}" as varchar) from read_parquet(?)) where word in (select ref from refs)',
                    [str(file), str(file)],
                ).fetchall()[0][0]
                if count:
                    found.append(f"{file.stem}.{column}")
        return found
