"""Samples of a scrutiny panel as people carry them: drawn once, answered under pseudonyms, nothing overwritten."""

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path

import invented_panel as invented
import invented_protection as protection
import polars as pl
import pytest
from audit_hands import store
from published_home import build_home, publish, tables
from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError
from worked import Row, made

from casework.audit import panels
from casework.choices.panel_words import LONGEST_COMMENT
from casework.store import database as stores
from casework.store.database import FILE
from casework.store.refusal import Refused
from dashboards.data.audit import panel_sample
from dashboards.data.audit.panel_sample import Wish
from dashboards.data.published import Copy, open_copy
from dashboards.data.scope import WHOLE
from dashboards.documents.reports import panel_pack
from dashboards.parts import forms
from dashboards.text.audit import panel_text
from pipelines.tables.cards import all_cards

WISH_PERIOD = ("2025-Q1", "2025-Q3")
WISH = Wish("Invented panel", *WISH_PERIOD, 12, with_charged=True)
ACTION = {"finding": "Invented finding", "owner": "Invented owner", "due_date": "2026-03-31"}
YES = dict.fromkeys(invented.QUESTIONS, "yes")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    return open_copy(build_home(tmp_path_factory.mktemp("home")), "integrity", WHOLE)


@pytest.fixture
def panel(engine: Engine, copy: Copy) -> str:
    return panel_sample.draw(engine, copy, WISH, "Invented Analyst", seed=7)


def answer(engine: Engine, panel: str, case: str, **given: object) -> None:
    words: dict = {"answers": YES, "overall": "appropriate", "comment": "", "seen_revision": 0} | given
    panels.answer(engine, panel, case, "Invented Chair", **words)


def first_case(engine: Engine, panel: str) -> str:
    return str(panels.cases(engine, panel)[0]["case_ref"])


class TestFrame:
    """The table that a sample is drawn from, by worked example."""

    CRIME: tuple[tuple[str, object], ...] = (
        ("crime_ref", "c1"), ("offence_class", "8Q"), ("is_principal", True), ("recorded_date", "2025-03-20"),
        ("recorded_quarter", "2025-Q1"), ("relationship_group", "former partner"), ("removal_type", ""),
        ("is_outcome_unread", False), ("outcome_code", "16"), ("outcome_group", "g"), ("end_day", 12),
    )  # fmt: skip

    def frame(self, duties: list[Row] | None = None, **more: object) -> list[Row]:
        measures = [
            {"measure_code": code, "kind": kind, "status": status, "place": place}
            for place, (code, kind, status) in enumerate(
                [("risk", "duty", "measured"), ("plan", "duty", "nothing to judge"), ("after", "follow-up", "measured"),
                 ("gone", "duty", "not measured")]
            )
        ]  # fmt: skip
        return made("metrics.scrutiny_frame", core_outcome_times=[dict(self.CRIME) | more],
                    core_protection_duties=duties or [], metrics_protection_measures=measures)  # fmt: skip

    def test_a_closed_crime_stands_in_the_quarter_of_its_outcome(self) -> None:
        [row] = self.frame()
        assert (row["closed_quarter"], row["recorded_quarter"], row["is_charged"]) == ("2025-Q2", "2025-Q1", False)
        assert (row["met_measures"], row["missed_measures"]) == (None, None)
        assert self.frame(outcome_group="Charged/Summonsed")[0]["is_charged"]

    @pytest.mark.parametrize(
        "decoy",
        [{"removal_type": "cancelled"}, {"removal_type": "transferred"}, {"is_principal": False},
         {"outcome_code": None}, {"is_outcome_unread": True}],
    )  # fmt: skip
    def test_open_removed_unread_and_other_crimes_are_not_drawn_from(self, decoy: Row) -> None:
        assert self.frame(**decoy) == []

    def test_of_several_duties_of_a_measure_the_worst_counts_and_follow_ups_do_not(self) -> None:
        states = [("risk", "met"), ("risk", "late"), ("plan", "not known"), ("after", "missed"), ("gone", "missed")]
        [row] = self.frame([{"measure_code": m, "crime_ref": "c1", "state": s} for m, s in states])
        assert (row["met_measures"], row["late_measures"], row["missed_measures"]) == (None, "risk", None)

    def test_the_table_names_no_unit_and_no_day(self) -> None:
        card = all_cards()["metrics.scrutiny_frame"]
        assert list(card.audience) == ["integrity"]
        assert not [c.name for c in card.columns if c.name.endswith(("_date", "_at", "unit_name"))]
        assert {c.type for c in card.columns} == {"varchar", "boolean"}


def test_only_the_integrity_audience_is_given_what_samples_are_drawn_from() -> None:
    for table in (panel_sample.FRAME, panel_sample.QUESTIONS):
        assert list(all_cards()[table].audience) == ["integrity"]


class TestDraw:
    def test_the_sample_is_in_proportion_without_repeats_and_drawn_again_the_same(
        self, engine: Engine, copy: Copy, panel: str
    ) -> None:
        drawn = panels.kept_draw(engine, panel)
        assert Counter(stratum for stratum, _ in drawn) == dict.fromkeys({s for s, _ in drawn}, 3)
        assert len(set(drawn)) == 12
        sample = panels.samples(engine)[0]
        assert panel_sample.is_drawn_again(engine, sample)
        again = panel_sample.draw(engine, copy, WISH, "Another", seed=7)
        assert panels.kept_draw(engine, again) == drawn
        other = panel_sample.draw(engine, copy, WISH, "Another", seed=8)
        assert panels.kept_draw(engine, other) != drawn

    def test_a_sample_that_was_changed_is_no_longer_drawn_again(self, engine: Engine, panel: str) -> None:
        sample = panels.samples(engine)[0]
        for statement in (
            "update panel_cases set crime_ref = 'INV-PRARE' where draw_number = 1",
            "delete from panel_frames where crime_ref = 'INV-PRARE'",
        ):
            with engine.begin() as con:
                con.exec_driver_sql(statement)
            assert not panel_sample.is_drawn_again(engine, sample)

    def test_crimes_charged_and_other_quarters_are_left_out_where_asked(self, engine: Engine, copy: Copy) -> None:
        wish = Wish("Invented", "2025-Q2", "2025-Q2", 200, with_charged=False)
        ref = panel_sample.draw(engine, copy, wish, "Invented Analyst")
        assert len(panels.cases(engine, ref)) == 60
        facts = [case["facts"] for case in panels.cases(engine, ref)]
        assert {(f["outcome_group"], f["recorded_quarter"]) for f in facts} == {(invented.OUTCOMES[1], "2025-Q2")}

    def test_the_same_case_has_another_name_in_another_sample(self, engine: Engine, copy: Copy, panel: str) -> None:
        again = panel_sample.draw(engine, copy, WISH, "Another", seed=7)
        names = [{c["case_ref"] for c in panels.cases(engine, ref)} for ref in (panel, again)]
        assert len(names[0]) == len(names[1]) == 12 and not names[0] & names[1]

    def test_the_key_leaves_the_store_with_nothing(self, engine: Engine, panel: str) -> None:
        with engine.connect() as con:
            [key] = con.exec_driver_sql("select pseudonym_key from panel_samples").scalars().all()
        assert len(key) == 64
        held = json.dumps([panels.samples(engine), panels.cases(engine, panel), panels.actions(engine)])
        assert key not in held and panel_pack.page(engine, panel, "OFFICIAL").count(key) == 0

    def test_facts_that_few_share_are_withheld(self, engine: Engine, copy: Copy) -> None:
        ref = panel_sample.draw(engine, copy, Wish("All", "2025-Q1", "2025-Q3", 1000, True), "Invented Analyst")
        assert len(panels.cases(engine, ref)) == 361
        shown = Counter(case["facts"]["relationship_group"] for case in panels.cases(engine, ref))
        assert shown == {"former partner": 360, "not shown: few such cases": 1}

    def test_nothing_to_draw_from_is_said_and_nothing_kept(self, engine: Engine, copy: Copy, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="nothing to draw from"):
            panel_sample.draw(engine, copy, Wish("x", "2019-Q1", "2019-Q1", 5, True), "Invented Analyst")
        empty = open_copy(build_home(tmp_path / "e", leave_out=[panel_sample.FRAME]), "integrity", WHOLE)
        with pytest.raises(Refused, match=f"{panel_sample.FRAME} is not published"):
            panel_sample.draw(engine, empty, WISH, "Invented Analyst")
        with pytest.raises(Refused, match="title"):
            panel_sample.draw(engine, copy, Wish(" ", "2025-Q1", "2025-Q3", 5, True), "Invented Analyst")
        with pytest.raises(Refused, match="Enter your name"):
            panel_sample.draw(engine, copy, WISH, " ")
        assert panels.samples(engine) == []


class TestPack:
    def test_it_holds_no_reference_no_day_no_unit(self, engine: Engine, panel: str) -> None:
        text = panel_pack.page(engine, panel, "OFFICIAL")
        for stratum, crime in panels.frame(engine, panel):
            assert crime not in text, stratum
        words = re.sub(r"<style>.*</style>", "", text)
        assert not re.search(r"\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]{2} \d{4}|Unit |\d\d:\d\d", words)
        assert text.count('<h2 id="case-') == 12
        assert "Invented data. Invented Force." in text and "http" not in text and "<script" not in text
        assert "Invented question on recording?" in text and "☐\xa0Inconsistent with policy" in text
        assert "A charged crime may be before a court" in text

    def told(self, rows: list[Row]) -> dict[str, tuple[str, ...]]:
        facts = panel_sample.facts_of(rows, {}, 5)
        return {ref: tuple(panel_text.measures(f, state) for state in panel_sample.STATES) for ref, f in facts.items()}

    def cases(self, count: int, name: str, **more: str | None) -> list[Row]:
        coarse = dict.fromkeys(panel_sample.FACTS, "same") | dict.fromkeys(f"{s}_measures" for s in panel_sample.STATES)
        return [{**coarse, "crime_ref": f"{name}{n}"} | {f"{k}_measures": v for k, v in more.items()}
                for n in range(count)]  # fmt: skip

    def test_a_measure_that_one_case_missed_is_not_told(self) -> None:
        rows = self.cases(6, "a", met="risk", missed="plan") + self.cases(1, "rare", met="risk", missed="notice_no_end")
        told = self.told(rows)
        assert told["a0"] == ("risk", "none on record", "plan")
        # one measure met and one missed: as many as six others have
        few = "1 measure; which, not shown: few such cases"
        assert told["rare0"] == (few, "none on record", few)

    def test_measures_that_few_share_together_are_counted_and_else_not_told(self) -> None:
        rows = self.cases(5, "a", met="risk plan") + self.cases(3, "b", met="risk told")
        rows += self.cases(2, "c", met="told plan") + self.cases(4, "d", met="risk plan told")
        told = self.told(rows)
        assert (told["a0"][0], told["a0"][2]) == ("risk; plan", "none on record")
        assert told["b0"][0] == told["c0"][0] == "2 measures; which, not shown: few such cases"
        assert told["d0"] == (panel_text.WITHHELD,) * 3

    def test_measures_are_told_only_where_enough_share_them_with_the_facts_shown(self) -> None:
        others = [row | {"offence_class": "other"} for row in self.cases(6, "o", met="risk")]
        rows = others + self.cases(4, "a", met="risk") + self.cases(5, "b", met="plan told")
        told = self.told(rows)
        assert (told["o0"][0], told["a0"][0], told["b0"][0]) == ("risk", panel_text.WITHHELD, "plan; told")

    def test_what_was_not_judged_is_not_measured_and_never_none(self) -> None:
        assert self.told(self.cases(2, "a"))["a0"] == ("not measured",) * 3
        told = self.told(self.cases(5, "a") + self.cases(5, "b", late="risk"))
        assert (told["a0"], told["b0"]) == (("not measured",) * 3, ("none on record", "risk", "none on record"))

    def test_a_sample_drawn_before_tells_no_measure(self) -> None:
        facts = {"met": ["risk"], "late": [], "missed": ["notice_no_end"]}
        assert panel_text.measures(facts, "missed") == panel_text.NOT_HELD

    def test_without_protection_tables_the_pack_says_so_with_the_caveat(self, engine: Engine, tmp_path: Path) -> None:
        none = pl.lit(None, pl.String)
        bare = invented.frame().with_columns(met_measures=none, late_measures=none, missed_measures=none)
        home = build_home(tmp_path / "bare")
        given = {panel_sample.FRAME: bare, panel_sample.MEASURES: protection.protection_measures()}
        publish(home, "integrity", tables()["integrity"] | given, version="20261125T000000000000Z")
        copy = open_copy(home, "integrity", WHOLE)
        text = panel_pack.page(engine, panel_sample.draw(engine, copy, WISH, "Invented Analyst"), "OFFICIAL")
        assert text.count("<td>not measured</td>") == 36 and "none on record" not in text
        assert "Invented figures (metrics.scrutiny_frame)." in text
        assert "Not measured in this extract, so shown for no case: Victim consulted on the plan." in text

    def test_a_measure_that_one_case_of_the_frame_missed_is_in_no_pack(self, engine: Engine, tmp_path: Path) -> None:
        missed = pl.when(pl.col("crime_ref") == "INV-PRARE").then(pl.lit("notice_no_end")).otherwise("missed_measures")
        home = build_home(tmp_path / "rare")
        frame = invented.frame().with_columns(missed_measures=missed)
        publish(
            home, "integrity", tables()["integrity"] | {panel_sample.FRAME: frame}, version="20261125T000000000000Z"
        )
        copy = open_copy(home, "integrity", WHOLE)
        every = Wish("All", "2025-Q1", "2025-Q3", 1000, with_charged=True)
        text = panel_pack.page(engine, panel_sample.draw(engine, copy, every, "Invented Analyst"), "OFFICIAL")
        assert text.count('<h2 id="case-') == 361 and "notice no end" not in text

    def test_the_seed_stays_in_the_store(self, engine: Engine, copy: Copy) -> None:
        ref = panel_sample.draw(engine, copy, WISH, "Invented Analyst", seed=712_345_678)
        assert panels.samples(engine)[0]["seed"] == 712_345_678
        assert "712345678" not in panel_pack.page(engine, ref, "OFFICIAL")

    def test_a_hostile_title_is_text(self, engine: Engine, copy: Copy) -> None:
        wish = Wish("<script>x</script>", "2025-Q1", "2025-Q3", 3, True)
        text = panel_pack.page(engine, panel_sample.draw(engine, copy, wish, "Invented Analyst"), "OFFICIAL")
        assert "<script" not in text

    def test_it_is_written_without_a_browser(self, copy: Copy, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="no sample"):
            panel_pack.write(tmp_path, tmp_path / "pack.html")
        panel_sample.draw(store(tmp_path), copy, WISH, "Invented Analyst")
        out = panel_pack.write(tmp_path, tmp_path / "out" / "pack.html")
        assert out.read_text("utf-8").startswith("<!DOCTYPE html>")


class TestFindings:
    def test_a_change_is_a_new_revision_and_the_last_counts(self, engine: Engine, panel: str) -> None:
        case = first_case(engine, panel)
        answer(engine, panel, case)
        answer(engine, panel, case, overall="observations", comment="Invented remark", seen_revision=1)
        held = panels.latest_answers(engine, panel)
        assert (held[case]["revision"], held[case]["overall"], held[case]["answers"]) == (2, "observations", YES)
        for statement in ("delete from panel_answers", "update panel_answers set overall = 'appropriate'"):
            with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
                con.exec_driver_sql(statement)

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"overall": ""}, "of the lists"),
            ({"answers": YES | {"risk": "maybe"}}, "of the lists"),
            ({"answers": {"risk": "yes"}}, "Every question"),
            ({"comment": "x" * (LONGEST_COMMENT + 1)}, f"at most {LONGEST_COMMENT}"),
            ({"overall": "observations"}, "what the panel observed"),
            ({"seen_revision": 1}, "another window"),
        ],
    )
    def test_what_is_not_whole_is_refused(self, engine: Engine, panel: str, given: dict, why: str) -> None:
        with pytest.raises(Refused, match=why):
            answer(engine, panel, first_case(engine, panel), **given)
        assert panels.latest_answers(engine, panel) == {}

    def test_no_reference_of_a_record_comes_back_in_words(self, engine: Engine, panel: str) -> None:
        case = first_case(engine, panel)
        crime = panels.record_of(engine, panel, case)
        with pytest.raises(Refused, match="pseudonyms"):
            answer(engine, panel, case, comment=f"see {crime}")
        with pytest.raises(Refused, match="pseudonyms"):
            panels.add_action(engine, panel, case, "Invented Chair", ACTION | {"finding": f"see {crime}"})

    def test_nor_in_a_title_or_in_what_was_done(self, engine: Engine, copy: Copy, panel: str) -> None:
        case = first_case(engine, panel)
        crime = panels.record_of(engine, panel, case)
        ref = panels.add_action(engine, panel, case, "Invented Chair", ACTION)
        with pytest.raises(Refused, match="pseudonyms"):
            panels.finish_action(engine, ref, "Invented Owner", f"Looked at {crime.lower()}.", seen_revision=1)
        assert panels.actions(engine, panel)[0]["done_at"] is None
        wish = Wish(f"Panel on {crime}", *WISH_PERIOD, 12, with_charged=True)
        with pytest.raises(Refused, match="title is in the pack"):
            panel_sample.draw(engine, copy, wish, "Invented Analyst")
        assert len(panels.samples(engine)) == 1

    @pytest.mark.parametrize(
        ("words", "is_named"),
        [("see C1.", True), ("(c1)", True), ("C1", True), ("C12", False), ("XC1", False), ("no reference", False),
         ("C12 and C1", True)],
    )  # fmt: skip
    def test_a_reference_is_a_whole_word(self, words: str, is_named: bool) -> None:
        assert panels._names_one_of(words, ["C1"]) is is_named

    def test_a_case_of_another_sample_is_none_of_this(self, engine: Engine, copy: Copy, panel: str) -> None:
        other = panel_sample.draw(engine, copy, WISH, "Another", seed=9)
        with pytest.raises(Refused, match="no case"):
            answer(engine, panel, first_case(engine, other))
        with pytest.raises(Refused, match="no case"):
            panels.record_of(engine, panel, "none")

    def test_the_questions_are_those_of_the_draw(self, engine: Engine, panel: str, tmp_path: Path) -> None:
        home = build_home(tmp_path / "later")
        asked = invented.integrity_tables()[panel_sample.QUESTIONS].head(1)
        publish(
            home, "integrity", tables()["integrity"] | {panel_sample.QUESTIONS: asked}, version="20261125T000000000000Z"
        )
        later = open_copy(home, "integrity", WHOLE)
        new = panel_sample.draw(engine, later, WISH, "Another")
        held = {s["panel_ref"]: s["questions"] for s in panels.samples(engine)}
        assert held == {panel: invented.QUESTIONS, new: {"recorded": invented.QUESTIONS["recorded"]}}

    def test_how_far_the_panel_is(self) -> None:
        answers = {"a": {"overall": "appropriate"}, "b": {"overall": "appropriate"}, "c": {"overall": "no_agreement"}}
        assert panel_text.findings_answer(12, answers) == "3 of 12 cases read: appropriate 2, the panel did not agree 1"
        assert panel_text.findings_answer(1, {}) == "0 of 1 case read"


class TestTracker:
    def test_a_finding_has_an_owner_and_a_day_and_is_done_once(self, engine: Engine, panel: str) -> None:
        ref = panels.add_action(engine, panel, "", "Invented Chair", ACTION)
        [held] = panels.actions(engine, panel)
        assert (held["owner"], held["due_date"], held["done_at"]) == ("Invented owner", "2026-03-31", None)
        panels.finish_action(engine, ref, "Invented Owner", "Invented deed", seen_revision=1)
        with pytest.raises(Refused, match="changed since"):
            panels.finish_action(engine, ref, "Invented Owner", "again", seen_revision=2)
        assert panels.actions(engine)[0]["done_words"] == "Invented deed"

    @pytest.mark.parametrize("gap", [{"finding": " "}, {"owner": ""}, {"due_date": "soon"}, {"finding": "x" * 301}])
    def test_what_is_not_whole_is_refused(self, engine: Engine, panel: str, gap: dict) -> None:
        with pytest.raises(Refused):
            panels.add_action(engine, panel, "", "Invented Chair", ACTION | gap)
        assert panels.actions(engine) == []

    @pytest.mark.parametrize(
        ("done", "today", "state"),
        [(None, "2026-03-31", "open"), (None, "2026-04-01", "overdue"), ("x", "2027", "done")],
    )
    def test_states(self, done: str | None, today: str, state: str) -> None:
        assert panel_text.due({"done_at": done, "due_date": "2026-03-31"}, today) == state


@pytest.mark.parametrize(
    ("hindrance", "words"),
    [
        ("begin immediate", "Not saved. The casework store is locked"),
        (None, "Not saved. The casework store can only be"),
    ],
)
def test_a_deed_that_the_store_does_not_take_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hindrance: str | None, words: str
) -> None:
    monkeypatch.setattr(stores, "BUSY_MS", 50)
    engine = store(tmp_path)
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(forms, "tell", lambda said, kind: told.append((said, kind)))
    monkeypatch.setattr(forms.visit, "opens_this_page", lambda: True)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    if hindrance:
        other.execute(hindrance)
    else:
        event.listen(engine, "connect", lambda connection, record: connection.execute("pragma query_only = on"))
        engine.dispose()
    forms.attempt(lambda: panels.add_action(engine, "panel", "", "Invented Chair", ACTION), "done")
    other.close()
    [(said, kind)] = told
    assert said.startswith(words) and kind == "missing"


def test_a_deed_of_somebody_who_no_longer_opens_the_page_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(forms, "tell", lambda said, kind: told.append(said))
    monkeypatch.setattr(forms.visit, "opens_this_page", lambda: False)
    forms.attempt(lambda: told.append("done all the same"), "done")
    assert told == ["Not done: you are signed out, or may no longer open this page."]


def test_every_deed_is_in_the_log_without_words(engine: Engine, panel: str) -> None:
    answer(engine, panel, first_case(engine, panel), comment="Invented remark")
    ref = panels.add_action(engine, panel, "", "Invented Chair", ACTION)
    panels.finish_action(engine, ref, "Invented Owner", "Invented deed", seen_revision=1)
    with engine.connect() as con:
        log = con.exec_driver_sql("select action, detail from events order by event_number").fetchall()
    assert [row[0] for row in log] == ["panel drawn", "panel answered", "panel action added", "panel action done"]
    assert "remark" not in str(log) and "deed" not in str(log)
