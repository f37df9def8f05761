"""STR: form, references and presence (recording-standards 6.1)."""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.care import INTERVIEW
from sample.synth.clock import DAY, FUTURE, HOUR, NONE, instant
from sample.synth.codes import NEIGHBOUR
from sample.synth.plant.order_rows import order
from sample.synth.world import Plan, World, plants


@plants("STR-01")
def references(w: World) -> Plan:
    n, m = w.breaches, w.near_misses
    twice, none, other = w.cast(2 * (n // 2), "105/1"), w.cast(max(1, n // 4), "105/1"), w.cast(2 * m, "58/3")
    yield
    half = twice.size // 2
    text = w.tables["crime"]["crime_ref"]
    # No duplicate may take away the parent of a cancelled one.
    edited = np.r_[twice, none, other]
    parent = pl.col("parent_crime_ref").is_in(pl.Series(edited).implode())
    w.tables["removal"] = w.tables["removal"].with_columns(
        pl.when(parent).then(0).otherwise(pl.col("parent_crime_ref")).alias("parent_crime_ref")
    )
    refs = text.to_list()
    for one, two in zip(twice[:half].tolist(), twice[half:].tolist(), strict=True):
        refs[two] = refs[one]
    for row in none.tolist():
        refs[row] = None
    for one, two in zip(other[:m].tolist(), other[m:].tolist(), strict=True):
        refs[two] = refs[one]
    w.tables["crime"] = w.tables["crime"].with_columns(pl.Series("crime_ref", refs, dtype=pl.String))
    w.set_values("crime", other[m:], force_code=NEIGHBOUR)
    w.breach("STR-01", np.r_[twice, none])
    w.decoy("STR-01", other)


@plants("STR-02")
def ho_codes(w: World) -> Plan:
    """Malformed; or private images (8/71) after 31 January 2024, in force until the day before."""
    n, m = w.breaches, w.near_misses
    bad, late, last = w.cast(n - n // 2, "3/1"), w.cast(n // 2, "8/71"), w.cast(m, "8/71")
    w.report_at(late, instant("2024-02-05T10:00") + np.arange(late.size) % 60 * 3 * HOUR)
    w.report_at(last, instant("2024-01-29T09:10") + np.arange(last.size) % 300)
    yield
    forms = ("3-1", "3.1X", "301", "3/1a", "CL3")
    for number, form in enumerate(forms):
        w.set_values("crime", bad[number :: len(forms)], ho_code=form, ho_code_raw=form)
    w.breach("STR-02", np.r_[bad, late])
    w.decoy("STR-02", last)


@plants("STR-03")
def mangled(w: World) -> Plan:
    """Two in a hundred (7.3): 8/65, 8/30, 3/1 and others as changed by a spreadsheet; padded codes are sound."""
    yield
    code = w.tables["crime"]["ho_code"].to_numpy()
    forms = {
        "8/65": ("Aug-65", "23955", "1965-08-01"),
        "8/66": ("Aug-66", "24320"),
        "8/67": ("Aug-67", "24685"),
        "8/30": ("30-Aug", "44803"),
        "8/72": ("Aug-72", "26512"),
        "3/1": ("03-Jan", "2025-01-03"),
    }
    raw = w.tables["crime"]["ho_code_raw"].to_list()
    can = w.free & np.isin(code, list(forms))
    chosen = w.rng.permutation(np.flatnonzero(can))[: w.crimes // 50]
    for number, row in enumerate(chosen.tolist()):
        options = forms[code[row]]
        raw[row] = options[number % len(options)]
    sound = [
        row
        for row in np.flatnonzero(w.free & ~np.isin(np.arange(w.crimes), chosen)).tolist()
        if str(raw[row]).startswith("00")
    ]
    w.tables["crime"] = w.tables["crime"].with_columns(pl.Series("ho_code_raw", raw, dtype=pl.String))
    w.breach("STR-03", chosen)
    w.decoy("STR-03", sound[: w.near_misses * 2])


@plants("STR-04")
def classes(w: World) -> Plan:
    one, two, three = w.cast(w.breaches // 2, "125/9"), w.cast(w.breaches // 4, "8/55"), w.cast(w.breaches // 4, "8/30")
    near = w.cast(w.near_misses, "66/39", rel="ex_partner")
    w.facts["ho"][near] = w.facts["ho"][one[:1]][0]
    yield
    w.set_values("crime", one, class_code="9B")
    w.set_values("crime", two, class_code="9A")
    w.set_values("crime", three, class_code="8M")
    w.set_values("crime", near, class_label="PUBLIC FEAR,  alarm or distress")
    w.breach("STR-04", np.r_[one, two, three])
    w.decoy("STR-04", near)


@plants("STR-05")
def cjs(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "105/1"), w.cast(w.near_misses, "105/1")
    yield
    for number, form in enumerate(("ZQ8803", "zq88039", "ZQ88039X", "COML58", "XX0123")):
        w.set_values("crime", bad[number::5], cjs_code=form)
    for number, form in enumerate(("ZQ88039A", "COML958B", "XX00123", "XX00123I")):
        w.set_values("crime", near[number::4], cjs_code=form)
    w.breach("STR-05", bad)
    w.decoy("STR-05", near)


@plants("STR-06")
def outcome_codes(w: World) -> Plan:
    """Well-formed codes without a meaning, and what looks like no code; a label that the dictionary knows is no breach.

    `NFA` and `1B` are set aside when they are read, and are listed all the same.
    """
    bad, near = w.cast(w.breaches, "58/1"), w.cast(w.near_misses, "58/1")
    yield
    for number, code in enumerate(("23", "NFA", "4A", "1B")):
        w.set_values("outcome", bad[number::4], pl.col("is_current"), code=code, code_raw=code)
    label = "Named Suspect Identified: Victim Supports Police Action But Evidential Difficulties"
    w.set_values("outcome", near, pl.col("is_current"), code_raw=label)
    w.breach("STR-06", bad)
    w.decoy("STR-06", near)


@plants("STR-07")
def future(w: World) -> Plan:
    """Years typed with two figures swapped; an expiry, a due date or an end in the future is no breach."""
    bad, near = w.cast(w.breaches, "8/66"), w.cast(w.near_misses, "195/94", out="0", arrested=True)
    logged = w.cast(4, "125/9")
    yield
    a, b, c = bad[::3], bad[1::3], bad[2::3]
    visited = logged[w.facts["has_incident"][logged]]
    w.set_values("incident", visited, key="incident", attended_ts=FUTURE)
    w.breach("STR-07", visited, "incident")
    held = order(w, logged, "injunction_pha", w.facts["recorded"][logged], applied_ts=FUTURE)
    w.breach("STR-07", held, "order")
    w.set_values("line_of_enquiry", a, pl.col("type") != INTERVIEW, done_ts=FUTURE)
    w.add("crime_flag", b.size, crime=b, flag="business", set_ts=np.full(b.size, FUTURE), set_by=w.facts["officer"][b])
    people = w.facts["victim_key"][c] * 0 + int(w.facts["victim_key"][0])
    w.add("party_role", c.size, crime=c, person_key=people, role="witness", named=True, age_at_offence=-1,
          age_at_disposal=-1, first_added_ts=FUTURE, eliminated_ts=NONE)  # fmt: skip
    w.set_values("review", near, next_due=FUTURE)
    w.set_values("bail", near, end_ts=FUTURE)
    w.breach("STR-07", bad)
    w.decoy("STR-07", near)


@plants("STR-08")
def order_of_dates(w: World) -> Plan:
    a, b, c, d = (w.cast(max(1, w.breaches // 4), "105/1") for _ in range(4))
    near = w.cast(w.near_misses, "58/3", gap=0, span=0)
    w.facts["lag"][c] = -2 * HOUR
    yield
    f = w.facts
    w.set_column("crime", a, "offence_to_ts", f["offence_from"][a] - DAY)
    w.set_column("crime", b, "offence_to_ts", f["reported"][b] + 3 * HOUR)
    w.set_column("outcome", d, "outcome_ts", f["recorded"][d] - 2 * HOUR, pl.col("is_current"))
    w.set_column("outcome", d, "outcome_ts", f["recorded"][d] - 4 * HOUR, ~pl.col("is_current"))
    w.breach("STR-08", np.r_[a, b, c, d])
    w.decoy("STR-08", near)


@plants("STR-09")
def presence(w: World) -> Plan:
    n, m = w.breaches, w.near_misses
    bad, near = w.cast(n, "125/9"), w.cast(m, "125/9")
    yield
    w.set_values("crime", bad[::4], supervising_collar=-1)
    w.set_values("crime", bad[1::4], recording_collar=-1)
    w.set_values("crime", bad[2::4], mo_text=None)
    w.set_values("crime", bad[3::4], postcode_sector=None, lat=np.nan, lon=np.nan, lsoa21=None)
    w.set_values("crime", near[::2], postcode_sector=None, lsoa21=None, lat=50.5, lon=-8.4)
    w.set_values("crime", near[1::2], postcode_sector=None, lat=np.nan, lon=np.nan, lsoa21="E01999901")
    w.breach("STR-09", bad)
    w.decoy("STR-09", near)


@plants("STR-10")
def mo_length(w: World) -> Plan:
    """Too short, too long, or the same for more than three crimes; exactly 20, exactly 300 and three of a kind are
    sound.
    """
    short, long = w.cast(max(1, w.breaches // 3), "105/1"), w.cast(max(1, w.breaches // 3), "105/1")
    same = w.cast(max(4, w.breaches), "105/1")
    same = np.r_[same, w.cast(1, "105/1")]
    edge, three = w.cast(2, "105/1"), w.cast(3 * max(1, w.near_misses // 3), "105/1")
    for row in short.tolist():
        w.text[row] = "Pushed; see report."
    for number, row in enumerate(short.tolist()):
        w.text[row] = f"Push {number:07d}"[:18]
    for number, row in enumerate(long.tolist()):
        w.text[row] = f"Pushed the victim {number:07d}; " + "the account is long and goes on " * 9
    size = 5
    for number, row in enumerate(same.tolist()):
        group = min(number // size, max(0, same.size // size - 1))
        w.text[row] = f"Pushed the victim near the shops, see statement {group}"
    w.text[int(edge[0])] = "Pushed near a shop.."
    w.text[int(edge[1])] = ("Pushed the victim near the shops and walked on. " * 7)[:299] + "."
    for number, row in enumerate(three.tolist()):
        w.text[row] = f"Shoved the victim in a queue, see the entry {number // 3}"
    yield
    w.breach("STR-10", np.r_[short, long, same])
    w.decoy("STR-10", np.r_[edge, three])


@plants("STR-11")
def orphans(w: World) -> Plan:
    """Rows of crimes that do not exist; a link to a record of another kind is sound."""
    n, near = w.breaches, w.cast(w.near_misses, "8/72")
    yield
    ghosts = 90_000_000 + np.arange(n)
    when = np.full(n, w.facts["recorded"][near[0]])
    a, b, c = ghosts[::3], ghosts[1::3], ghosts[2::3]
    w.add("crime_flag", a.size, crime=a, flag="alcohol", set_ts=when[::3], set_by=0)
    w.add("victim_contact", b.size, crime=b, ts=when[1::3], direction="to victim", reason="update", by_id=0)
    w.add("line_of_enquiry", c.size, crime=c, type="witness", raised_ts=when[2::3], required=False, done_ts=NONE)
    links = w.tables["crime_link"]
    w.tables["crime_link"] = pl.concat(
        [
            links.with_columns(
                other_id=pl.when(pl.col("other_kind") == "crime")
                .then(pl.lit("INV-C"))
                .otherwise(pl.lit("INV-I"))
                + pl.col("other_id").cast(pl.String).str.zfill(8)
            ),
            pl.DataFrame(
                {"crime": near, "other_id": [f"INV-INT{row:06d}" for row in near],
                "other_kind": ["intelligence"] * near.size,
                 "link_type": ["related"] * near.size, "linked_ts": w.facts["recorded"][near]}
            ),
        ]
    )  # fmt: skip
    w.breach("STR-11", ghosts)
    w.decoy("STR-11", near)


@plants("STR-12")
def victims(w: World) -> Plan:
    """Two victims, or none; a witness besides, or two victims of damage, are sound."""
    two, none = w.cast(w.breaches - w.breaches // 4, "8/72"), w.cast(w.breaches // 4, "8/72")
    near, other = w.cast(w.near_misses, "8/72"), w.cast(w.near_misses, "58/1")
    yield
    f = w.facts

    def extra(rows: np.ndarray, role: str) -> None:
        base = w.sex.size + w.extra_people
        w.extra_people += rows.size
        w.add(
            "party_role",
            rows.size,
            crime=rows,
            person_key=base + np.arange(rows.size),
            role=role,
            named=True,
            age_at_offence=35,
            age_at_disposal=-1,
            first_added_ts=f["recorded"][rows],
            eliminated_ts=NONE,
        )

    extra(two, "victim")
    extra(near, "subject")
    extra(other, "victim")
    w.drop("party_role", none, pl.col("role") == "victim")
    w.breach("STR-12", np.r_[two, none])
    w.decoy("STR-12", np.r_[near, other])


@plants("STR-13")
def no_suspect(w: World) -> Plan:
    """An outcome that identifies an offender, without a suspect row: OUT-02 is breached too."""
    bad, near = (
        w.cast(w.breaches, "8/72", suspect_row=False, named=False),
        w.cast(w.near_misses, "125/9", out="18", suspect_row=False),
    )
    yield
    w.breach("STR-13", bad)
    w.breach("OUT-02", bad)
    w.decoy("STR-13", near)


@plants("STR-15")
def nsir(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "105/1"), w.cast(w.near_misses, "105/1")
    yield
    w.set_values("incident", bad[::2], key="incident", nsir_open="12")
    w.set_values("incident", bad[1::2], key="incident", nsir_close="A12")
    w.set_values("incident", near[::2], key="incident", nsir_open="007", nsir_close=None)
    w.set_values("incident", near[1::2], key="incident", nsir_open="000")
    w.breach("STR-15", bad, "incident")
    w.decoy("STR-15", near, "incident")


@plants("STR-16")
def forces(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "125/9"), w.cast(w.near_misses, "125/9")
    yield
    logged = near[w.facts["has_incident"][near]]
    w.set_values("incident", logged, key="incident", force_code="E23000099")
    w.breach("STR-16", logged, "incident")
    w.set_values("crime", bad[::2], force_code="Action Fraud")
    w.set_values("crime", bad[1::2], force_code="E23000099")
    w.set_values("crime", near, force_code="W15000004")
    w.breach("STR-16", bad)
    w.decoy("STR-16", near)


@plants("STR-18")
def self_defence(w: World) -> Plan:
    """C5 on stalking and harassment; on an assault it is right."""
    bad, near = w.cast(w.breaches, "195/94", removal=5), w.cast(w.near_misses, "105/1", removal=5)
    yield
    w.breach("STR-18", bad)
    w.decoy("STR-18", near)
