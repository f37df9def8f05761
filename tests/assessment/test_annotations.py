"""Annotations of a series and saved views: each revision kept, none overwritten, and who sees what."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import invented_assessment
import polars as pl
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from worked import made

from casework.assessment import notes, views
from casework.assessment.notes import Series
from casework.store import database
from casework.store.refusal import Refused
from casework.store.tables import annotation_rows
from dashboards.data.published import open_copy
from dashboards.data.register import Reader, Register
from dashboards.data.scope import WHOLE
from dashboards.documents.as_docx import plain_words
from dashboards.documents.assessment import evidence, final_part
from dashboards.pages.assessment import explorer_data
from dashboards.text.assessment import explorer_text
from dashboards.text.content import runs_of
from pipelines.tables.cards import all_cards

SERIES = Series("recorded", "F", "district", "District 1")
WHO, OTHER = "Invented Analyst", "Invented Leader"
VIEW = "explore?measure=recorded&by=district"


def save(engine: Engine, ref: str = "", seen: int = 0, **given: Any) -> str:
    kept = {"series": SERIES, "about_date": "2025-03-04", "words": "Invented: a new form", "who": WHO} | given
    return notes.save(engine, ref, seen_revision=seen, **kept)


class TestAnnotations:
    def test_one_is_kept_changed_and_withdrawn_and_every_revision_stands(self, engine: Engine) -> None:
        ref = save(engine)
        save(engine, ref, 1, words=" changed  words ", who=OTHER)
        [held] = notes.shown(engine)
        assert (held["words"], held["changed_by"], held["revision"]) == ("changed words", "invented leader", 2)
        notes.withdraw(engine, ref, WHO, seen_revision=2)
        assert notes.shown(engine) == []
        with engine.connect() as con:
            kept = database.rows(con, annotation_rows.select())
            said = con.exec_driver_sql("select action, detail from events order by event_number").fetchall()
        assert [(row["revision"], row["is_withdrawn"]) for row in kept] == [(1, 0), (2, 0), (3, 1)]
        assert [row[0] for row in said] == ["annotation kept", "annotation kept", "annotation withdrawn"]
        assert "Invented: a new form" not in str(said)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"words": " "}, "1 to 200 characters; this has 0"),
            ({"words": "x" * 201}, "this has 201"),
            ({"words": "a\x00b"}, "Expected readable characters"),
            ({"about_date": "31/03/2025"}, "expected a day such as 2026-03-31"),
            ({"series": replace(SERIES, breakdown_value="")}, "of one series"),
            ({"who": ""}, "Enter your name"),
            ({"seen": 1}, "changed since you opened it"),
        ],
    )
    def test_what_is_not_whole_is_refused(self, engine: Engine, given: dict[str, Any], why: str) -> None:
        with pytest.raises(Refused, match=why):
            save(engine, **given)
        assert notes.shown(engine) == []

    def test_it_stays_with_its_series_and_who_saw_an_earlier_one_overwrites_nothing(self, engine: Engine) -> None:
        ref = save(engine)
        with pytest.raises(Refused, match="of another series"):
            save(engine, ref, 1, series=replace(SERIES, breakdown_value="District 2"))
        save(engine, ref, 1, words="first")
        with pytest.raises(Refused, match="nothing was overwritten"):
            save(engine, ref, 1, words="second")
        with pytest.raises(Refused, match="nothing was overwritten"):
            notes.withdraw(engine, ref, WHO, seen_revision=1)
        assert [row["words"] for row in notes.shown(engine)] == ["first"]

    def test_the_store_only_adds(self, engine: Engine) -> None:
        save(engine)
        views.save(engine, "Mine", VIEW, WHO, is_shared=False)
        for statement in ("delete from annotations", "update saved_views set name = 'x'"):
            with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
                con.exec_driver_sql(statement)


class TestViews:
    def test_a_view_is_its_owners_or_shared_and_its_owner_withdraws_it(self, engine: Engine) -> None:
        views.save(engine, "Mine", VIEW, WHO, is_shared=False)
        shared = views.save(engine, "All", VIEW, WHO, is_shared=True)
        assert [view["name"] for view in views.offered(engine, WHO)] == ["All", "Mine"]
        assert [view["name"] for view in views.offered(engine, OTHER)] == ["All"]
        assert [view["name"] for view in views.offered(engine, "")] == ["All"]
        with pytest.raises(Refused, match="Only the owner"):
            views.withdraw(engine, shared, OTHER, seen_revision=1)
        views.withdraw(engine, shared, "INVENTED  analyst", seen_revision=1)
        assert views.offered(engine, OTHER) == []
        with pytest.raises(Refused, match="You have a view named mine"):
            views.save(engine, "mine", VIEW, WHO, is_shared=True)

    @pytest.mark.parametrize(
        "address",
        ["https://x.invalid/", "//192.0.2.1", "javascript:alert(1)", "../x", "explore?<b>", f"explore?{'x' * 999}", ""],
    )
    def test_a_view_leads_to_a_page_of_this_server_alone(self, engine: Engine, address: str) -> None:
        with pytest.raises(Refused, match="Expected the address of a page"):
            views.save(engine, "Elsewhere", address, WHO, is_shared=True)


class TestSeries:
    def test_it_has_its_own_annotations_numbered_by_day(self, engine: Engine, tmp_path: Path) -> None:
        save(engine, about_date="2025-06-01", words="second")
        save(engine, words="first")
        save(engine, series=replace(SERIES, breakdown_value="District 2"), words="of another")
        found = explorer_data.notes(tmp_path, SERIES)
        assert [(note.number, note.words, note.author) for note in found] == [(1, "first", WHO), (2, "second", WHO)]

    def test_each_is_on_the_period_of_its_day_and_for_years_to_a_month_on_the_last(self) -> None:
        def periods(period_type: str, *months: tuple[dt.date, dt.date]) -> list[dt.date]:
            rows = pl.DataFrame(months, orient="row", schema=["period_start", "period_end"])
            note = explorer_data.Note(1, "a", 1, dt.date(2025, 3, 31), "x", "y", "")
            return list(explorer_data.by_period(rows, [note], period_type))

        january, march, april = (dt.date(2025, month, 1) for month in (1, 3, 4))
        assert periods("quarter", (january, march), (april, dt.date(2025, 6, 1))) == [january]
        assert periods("month", (march, march), (april, april)) == [march]
        year = (dt.date(2024, 4, 1), march), (dt.date(2024, 5, 1), april)
        assert periods("rolling_12", *year) == [dt.date(2024, 4, 1)]


class TestPublished:
    def kept(self, ref: str, revision: int = 1, **given: Any) -> dict[str, Any]:
        return {
            "annotation_ref": ref, "revision": revision, "measure_code": "recorded", "force_code": "F",
            "breakdown": "none", "breakdown_value": "all", "about_date": dt.date(2025, 3, 4), "words": "first",
            "is_withdrawn": 0, "changed_by": "invented analyst", "changed_at": dt.datetime(2025, 4, 1, tzinfo=dt.UTC),
        } | given  # fmt: skip

    def test_the_latest_revision_counts_unless_it_is_withdrawn_and_commissioners_get_none(self) -> None:
        rows = made("core.annotations", raw_casework_annotations=[
            self.kept("a"), self.kept("a", 2, words="second"), self.kept("b"), self.kept("b", 2, is_withdrawn=1),
        ])  # fmt: skip
        assert [(row["annotation_ref"], row["words"]) for row in rows] == [("a", "second")]
        assert list(all_cards()["core.annotations"].audience) == ["command", "integrity"]

    def test_the_assessment_has_them_as_text_with_day_and_author(self, tmp_path: Path) -> None:
        rows = made("core.annotations", raw_casework_annotations=[self.kept("a", words="<b>x</b> =1+1 50%")])
        home = invented_assessment.assessment_home(tmp_path, core__annotations=pl.DataFrame(rows))
        register = Register(Reader(open_copy(home, "command", WHOLE)))
        blocks = final_part.blocks(evidence.gather(register.reader), "OFFICIAL")
        said = [plain_words(runs, register) for block in blocks for runs in runs_of(block)]
        at = said.index("Annotations of measures")
        name = explorer_text.series_name("Stalking and harassment recorded", "none", "all")
        assert said[at + 2 : at + 7] == [name, "4 Mar 2025", "<b>x</b> =1+1 50%", WHO, "1 Apr 2025"]
