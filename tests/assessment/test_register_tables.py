"""The registers as a build sees them: what was kept over what the product brings along, and what is overdue."""

import csv
import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from audit_hands import store
from published_home import build_home
from worked import Row, made, only

from assets.reference import list_path
from casework.assessment import registers
from casework.choices.register_kinds import KINDS
from casework.store.database import FILE, today
from dashboards.data.published import open_copy
from dashboards.data.scope import WHOLE
from dashboards.pages.assessment import registers_data, registers_text
from dashboards.text.assessment import assessment_text

AS_OF = dt.datetime(2026, 3, 31, 22, 30, tzinfo=dt.UTC)  # half past eleven in London, still the 31st
KEPT_AT = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


def kept(ref: str, revision: int = 1, is_closed: int = 0, register: str = "recommendations", **fields: Any) -> Row:
    return {"register": register, "entry_ref": ref, "revision": revision, "changed_by": "x", "changed_at": KEPT_AT,
            "fields": json.dumps({"title": "Invented"} | fields), "is_closed": is_closed}  # fmt: skip


def entries(
    rows: list[Row], starters: list[Row] | None = None, as_of: dt.datetime | None = AS_OF,
    facts: list[Row] | None = None,
) -> list[Row]:  # fmt: skip
    moments = [{"as_of_at": as_of}] if as_of else []
    return made("core.register_entries", raw_casework_register_rows=rows, core_extract_moments=moments,
                reference_register_starters=starters or [], reference_field_facts=facts or [])  # fmt: skip


STARTER = {"register": "policies", "entry_ref": "policy-1", "source": "Invented source",
           "fields": json.dumps({"title": "Invented policy", "metric_code": "risk_assessed"})}  # fmt: skip


class TestEntries:
    def test_the_latest_revision_counts(self) -> None:
        [row] = entries([kept("a"), kept("a", 2, title="Later", owner="Post", theme_code="T1", status="under_way",
                                         due_date="2026-03-30", metric_code="risk_assessed")])  # fmt: skip
        assert (row["title"], row["owner"], row["theme_code"], row["status"]) == ("Later", "Post", "T1", "under_way")
        assert (row["revision"], row["is_starter"], row["is_overdue"]) == (2, False, True)
        assert (row["due_date"], row["metric_code"]) == (dt.date(2026, 3, 30), "risk_assessed")
        assert json.loads(row["fields"])["title"] == "Later"
        assert "changed_by" not in row

    @pytest.mark.parametrize(
        ("due", "is_closed", "as_of", "expected"),
        [("2026-03-30", 0, AS_OF, True), ("2026-03-31", 0, AS_OF, False), ("2026-03-30", 1, AS_OF, False),
         (None, 0, AS_OF, False), ("2026-03-30", 0, None, None)],
    )  # fmt: skip
    def test_overdue_is_worked_out(self, due: str | None, is_closed: int, as_of: Any, expected: bool | None) -> None:
        given = {"due_date": due} if due else {}
        assert entries([kept("a", is_closed=is_closed, **given)], as_of=as_of)[0]["is_overdue"] is expected

    def test_what_has_no_status_is_open_until_it_is_closed(self) -> None:
        rows = entries([kept("a"), kept("b", is_closed=1), kept("c", is_closed=1, status="declined")])
        assert [row["status"] for row in rows] == ["open", "done", "declined"]

    def test_a_starter_stands_until_somebody_keeps_it(self) -> None:
        [starter] = entries([], [STARTER])
        assert (starter["is_starter"], starter["revision"], starter["starter_source"]) == (True, 0, "Invented source")
        [row] = entries([kept("policy-1", register="policies")], [STARTER])
        assert (row["is_starter"], row["starter_source"], row["metric_code"]) == (False, None, None)
        assert len(entries([kept("policy-1", register="guidance")], [STARTER])) == 2  # of another register


def test_the_summary_counts_entries_starters_and_placeholders_apart() -> None:
    given = [
        kept("p", register="lessons", title="To be entered: the lessons", control="c", risk_ref="r", metric_code="x"),
        kept("q", register="guidance", version="To be entered", disseminated_on="2026-01-01"),
        kept("a", owner="Post", due_date="2026-04-01", metric_code="x", cost="1", status="needs_decision"),
        kept("b", owner="Post", due_date="2026-01-01"), kept("c"), kept("d", is_closed=1, due_date="2026-01-01"),
        kept("e", register="lessons", control="c", risk_ref="r", metric_code="x"), kept("f", register="lessons"),
        kept("g", register="guidance", disseminated_on="2026-01-01"), kept("h", register="practice", grade="trial"),
        kept("i", register="practice", grade="described"),
    ]  # fmt: skip
    rows = made("metrics.register_summary", core_register_entries=entries(given, [STARTER]))
    [found] = only(rows, register="recommendations")
    wanted = {"entry_count": 4, "open_count": 3, "closed_count": 1, "needs_decision_count": 1, "overdue_count": 1,
              "no_owner_count": 1, "no_metric_count": 2, "in_hand_count": 1, "costed_count": 1,
              "starter_count": 0}  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    [policies] = only(rows, register="policies")
    assert (policies["entry_count"], policies["open_count"], policies["starter_count"]) == (0, 0, 1)
    [lessons], [guidance] = (only(rows, register=name) for name in ("lessons", "guidance"))
    assert (lessons["controlled_count"], lessons["entry_count"], lessons["placeholder_count"]) == (1, 2, 1)
    assert (guidance["passed_on_count"], guidance["open_count"], guidance["placeholder_count"]) == (1, 1, 1)
    assert only(rows, register="practice")[0]["compared_count"] == 1


def test_without_an_extract_there_is_no_day_to_be_overdue_by() -> None:
    rows = entries([kept("a", owner="Post", due_date="2026-01-01")], as_of=None)
    [row] = made("metrics.register_summary", core_register_entries=rows)
    assert (row["overdue_count"], row["in_hand_count"], row["open_count"]) == (None, None, 1)


def starters() -> list[dict[str, str]]:
    with list_path("register_starters").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def field_facts() -> list[dict[str, str]]:
    with list_path("field_facts").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measures() -> set[str]:
    found = set()
    for name in ("advice_figures", "protection_measures"):
        with list_path(name).open(encoding="utf-8", newline="") as file:
            found |= {row["measure_code"] for row in csv.DictReader(file) if row["advice_rows"]}
    return found


@pytest.mark.parametrize("row", starters(), ids=lambda row: row["entry_ref"])
def test_a_starter_can_be_kept_as_it_stands(row: dict[str, str], tmp_path: Path) -> None:
    engine, fields = store(tmp_path), json.loads(row["fields"])
    assert row["source"]
    registers.save(engine, row["register"], row["entry_ref"], fields, "Invented Analyst", seen_revision=0)
    assert registers.entries(engine)[0]["fields"] == fields
    assert "owner" not in fields  # a post is for the force to name
    assert fields.get("metric_code") is None or fields["metric_code"] in measures()


FACT = {"field_fact_code": "invented", "statement": "An invented Act is in force.", "factor": "legal",
        "theme_code": "T3", "source": "Invented source", "applies_from": "2026-06-29"}  # fmt: skip


def test_a_fact_of_the_field_is_a_starter_of_the_horizon_scan(tmp_path: Path) -> None:
    [row] = entries([], facts=[FACT, FACT | {"field_fact_code": "elsewhere", "factor": None}])
    assert (row["entry_ref"], row["title"], row["theme_code"]) == ("pestelo-invented", FACT["statement"], "T3")
    assert (row["is_starter"], row["starter_source"]) == (True, "Invented source")
    fields = json.loads(row["fields"])
    assert (fields["factor"], fields["source"], fields["horizon"]) == ("legal", "Invented source", "From 2026-06-29")
    engine = store(tmp_path)
    registers.save(engine, "pestelo", row["entry_ref"], fields, "Invented Analyst", seen_revision=0)
    assert registers.entries(engine)[0]["fields"] == fields
    saved = kept("pestelo-invented", register="pestelo")
    assert [row["title"] for row in entries([saved], facts=[FACT])] == ["Invented"]
    assert entries([], facts=[FACT | {"theme_code": None, "applies_from": None}])[0]["theme_code"] is None


@pytest.mark.parametrize("fact", field_facts(), ids=lambda row: row["field_fact_code"])
def test_a_fact_has_its_source_and_a_day_to_look_at_it(fact: dict[str, str]) -> None:
    assert fact["source"] and fact["address"] and fact["state"] in ("established", "press", "open")
    assert "//" not in fact["address"]
    # its words become JSON by SQL, which all engines write alike
    assert not any(mark in words for words in fact.values() for mark in '"\\')
    seen, review = (dt.date.fromisoformat(fact[day]) for day in ("seen_on", "review_by"))
    assert seen < review <= seen + dt.timedelta(days=366)
    assert not fact["source_date"] or dt.date.fromisoformat(fact["source_date"]) <= seen
    # what is not known says so, and is looked at within a quarter
    is_open = "not known" in fact["statement"].lower() or "was found" in fact["statement"]
    assert fact["state"] != "open" or (is_open and review <= seen + dt.timedelta(days=92))
    assert fact["factor"] in ("", *KINDS["pestelo"].fields[1].choices)


def test_a_decision_counts_at_once_as_the_next_build_will_count_it(tmp_path: Path) -> None:
    home = build_home(tmp_path)
    copy = open_copy(home, "command", WHOLE)
    assert assessment_text.asked(registers_data.entered(home, copy)).is_empty()
    engine, who = store(home), "Invented Analyst"
    given = {"title": "Invented action", "heading": "protect", "owner": "Invented post", "due_date": "2020-12-31",
             "status": "needs_decision"}  # fmt: skip
    registers.save(engine, "recommendations", "", given, who, seen_revision=0)
    late = registers.save(engine, "recommendations", "", given | {"title": "Done"}, who, seen_revision=0)
    registers.close(engine, "recommendations", late, "done", "Invented", who, seen_revision=1)
    starter = {"title": "Invented statement", "factor": "legal", "source": "Invented source"}
    registers.save(engine, "pestelo", "pestelo-legal-1", starter, who, seen_revision=0)
    found = registers_data.entered(home, copy)
    assert assessment_text.asked(found)["decision"].to_list() == ["Invented action"]
    assert registers_data.saved_since(home, copy) == 3
    with sqlite3.connect(home / FILE) as con:
        con.row_factory = sqlite3.Row
        rows = [dict(row) for row in con.execute("select * from register_rows")]
    day = copy.select(registers_data.ENTRIES)["as_of_date"][0]
    as_of = [{"as_of_at": dt.datetime.combine(day, dt.time(12), dt.UTC)}]
    built = pl.DataFrame(made("core.register_entries", raw_casework_register_rows=rows, core_extract_moments=as_of))
    shown = [name for name in found.columns if name not in ("changed_at", "fields")]
    order = ["register", "entry_ref"]
    assert found.sort(order).select(shown).to_dicts() == built.sort(order).select(shown).to_dicts()
    # due since the as-of day: overdue on "At a glance" and on "Decisions and actions", by one day
    yesterday = (today() - dt.timedelta(days=1)).isoformat()
    assert day.isoformat() < yesterday
    registers.save(engine, "recommendations", "", given | {"due_date": yesterday}, who, seen_revision=0)
    listed = registers_text.overdue(registers_data.entries(home, copy), today())
    counted = registers_data.entered(home, copy).filter("is_overdue", ~pl.col("is_starter"))
    assert counted.height == len(listed) == 2
