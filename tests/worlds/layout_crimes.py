"""Three dozen invented crimes for the layouts of exports: each with its incident, people, outcomes and papers.

Names are made of syllables that say invented, postcodes are in ZZ99, telephone numbers in a range kept for drama.
The values of fields are those of the extract; `layout_export` writes them as a record system would.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

from sample.synth.codes import OFFENCES, RELATIONSHIPS, STALKING_AND_HARASSMENT
from sample.synth.identities import NAMES
from sample.synth.people import SURNAMES
from sample.synth.text import ACTS, AREAS, BEHAVED, PLACES

Record = dict[str, Any]  # name of a field -> value; null is None
COUNT, SEED = 36, 16
BEGAN = datetime.fromisoformat("2025-09-02T08:00")
OFFICERS = [str(7013 + 37 * number) for number in range(12)]  # collar numbers
_SYLLABLES = SURNAMES["english"]


def crimes() -> list[Record]:
    """One record a crime: table or part of it -> its fields. Moments are London time, without a zone."""
    chance = random.Random(SEED)
    people = [_person(number, chance) for number in range(40)]
    return [_crime(number, people, chance) for number in range(COUNT)]


def _person(number: int, chance: random.Random) -> Record:
    born = date(1960, 1, 1) + timedelta(days=chance.randrange(16_000))
    forename = NAMES[number % len(NAMES)][0]
    return {
        "person_key": str(9_900_417 + 61 * number), "surname": _SYLLABLES[0][number % 12] + _SYLLABLES[1][number // 12],
        "forename": forename, "middle_name": NAMES[(number + 7) % len(NAMES)][0], "date_of_birth": born,
        "sex": "FM"[number % 2], "ethnicity_self": ("W1", "A2", "B1", "M3", "O9")[number % 5],
        "appearance": f"IC{number % 6 + 1}",
        "postcode": f"ZZ99 {number % 10}{'ABDEFGHJLN'[number % 10]}{'PQRSTUWXYZ'[number // 10]}",
        "phone": f"07700 900{number:03}", "email": f"invented{number}@example.invalid",
        "pncid": f"1925/{number:07}Z" if number % 3 == 0 else None,
    }  # fmt: skip


def _crime(number: int, people: list[Record], chance: random.Random) -> Record:
    code, class_code, label, cjs_code, kind = chance.choice([o for o in OFFENCES if o[1] in STALKING_AND_HARASSMENT])
    reported = BEGAN + timedelta(hours=number * 91 + chance.randrange(60), minutes=7 * number % 60)
    began = reported - timedelta(days=chance.randrange(2, 90), minutes=chance.randrange(600))
    closed = number % 3 != 0

    def later(days: float) -> datetime:
        return reported + timedelta(days=days, minutes=chance.randrange(300), seconds=chance.randrange(60))

    victim = {**people[number % 20], "role": "victim", "relationship": None, "first_added_ts": later(0)}
    suspects = [people[20 + (number * 7 + place) % 20] for place in range(number % 3)]  # no suspect, one or two
    outcomes = (
        [("16" if number % 4 else "15", later(40)), ("1A" if number % 10 == 1 else "1", later(70))][: 1 + number % 2]
        if closed
        else []
    )
    record: Record = {
        "row": {"number": number + 1},
        "force": {"name": "Invented Constabulary", "org": "99"},
        "crime": {
            "crime_id": str(700_100 + 13 * number), "crime_ref": f"99/{41_000 + 17 * number}/25",
            "force_code": "E23000013", "reported_ts": reported, "recorded_ts": later(0.4), "offence_from_ts": began,
            "offence_to_ts": reported - timedelta(hours=5) if number % 4 else None, "ho_code": code,
            "class_code": class_code, "class_label": label, "cjs_code": cjs_code,
            "mo_text": f"{chance.choice(ACTS.get(kind, BEHAVED)).capitalize()} {chance.choice(PLACES)}.",
            "status": "cancelled" if number % 9 == 0 else "closed" if closed else "open", "lsoa21": f"E0103{number:04}",
            "location_type": ("dwelling", "street", "workplace", "online")[number % 4],
            "postcode_sector": f"ZZ99 {number % 10}",
            "lat": 51.4 + number / 500, "lon": -2.6 + number / 400, "easting": 350_000 + 91 * number,
            "northing": 170_000 + 57 * number, "recording_collar": OFFICERS[number % 12],
            "supervising_collar": OFFICERS[(number + 5) % 12], "oic_id": OFFICERS[(number + 3) % 12],
            "updated_ts": later(75), "beat": AREAS[number % 6], "district": f"Invented District {'NSE'[number % 3]}",
            "da": number % 3 == 1, "online": number % 5 == 0, "hate": number % 11 == 0, "repeat": number % 4 == 0,
            "flags": "; ".join(["DA"] * (number % 3 == 1) + ["ONLINE"] * (number % 5 == 0)) or None,
        },
        "incident": {
            "incident_id": f"{reported:%Y%m%d}-{number * 29 + 3:04}", "created_ts": reported, "closed_ts": later(1),
            "channel": ("101", "999", "online", "front_counter")[number % 4], "caller_role": "victim",
            "nsir_open": ("D01", "A05", "B12")[number % 3], "nsir_close": "C01" if number % 5 else "D01",
            "graded": ("priority", "scheduled", "immediate")[number % 3], "attended_ts": later(0.2),
            "log_text": f"Caller says that it goes on, invented log {number + 1}.", "da_flag": number % 3 == 1,
            "crime_related": number % 6 != 0, "no_crime_rationale": None if number % 6 else "Invented reason",
            "decision_by": None if number % 6 else OFFICERS[2], "decision_ts": None if number % 6 else later(1),
        },
        "victim": {
            **victim, "age_at_offence": (began.date() - victim["date_of_birth"]).days // 365,
            "vulnerability": "Mental health" if number % 7 == 0 else None, "eliminated_ts": None,
            "victim_support": ("yes", "no", "withdrawn")[number % 3],
        },
        "investigator": {"unit": f"Invented Unit {'AB'[number % 2]}", "rank": ("PC", "DC")[number % 2]},
        "allocation": {"from_ts": later(1), "officer": f"Fable, Invented {number % 12}"},
        "included": {"ho_code": "8/30" if number % 6 == 5 else None},
        "removal": {
            "removal_code": "C2" if number % 9 == 0 else None, "removal_ts": later(30) if number % 9 == 0 else None,
        },
        "review": {"ts": later(14)},
        "assessment": {
            "ra_id": f"RA{number * 3 + 80_011}", "tool": ("DASH", "DARA", "S-DASH")[number % 3], "version": "2009",
            "stage": "review" if number % 5 == 0 else "initial", "started_ts": later(0.2), "completed_ts": later(0.5),
            "by_id": OFFICERS[(number + 3) % 12], "grade": ("standard", "medium", "high")[number % 3],
            "professional_judgement": number % 4 == 0, "answers": "".join(chance.choices("YN", k=27)),
            "review_due": later(28).date(), "actions": f"Invented safety plan {number + 1}",
            "owner_id": OFFICERS[4], "consent": number % 2 == 0, "service": "Invented Advocates", "sent_ts": later(2),
        },
        "submission": {
            "type": ("ea", "charging")[number % 2], "ts": later(20), "decision_ts": later(34),
            "decision": ("charge", "further work")[number % 2], "advice_kind": "Invented area",
            "lawyer": f"Mocksworth, I{number % 4}", "urn": f"99ZZ{number:07}25", "state": "Pre-charge",
        },
        "custody": {
            "custody_id": f"99ZZ/{number * 5 + 2_000}/25", "asn": f"25/0000/00/{number:06}Z", "arrest_ts": later(3),
            "bail": ("pre_charge_bail", "rui")[number % 2],
        },
    }  # fmt: skip
    for place in (1, 2):
        person = suspects[place - 1] if place <= len(suspects) else {}
        record[f"suspect{place}"] = person and {
            **person, "role": "suspect", "relationship": RELATIONSHIPS[(number * 5 + place) % len(RELATIONSHIPS)],
            "age_at_offence": (began.date() - person["date_of_birth"]).days // 365, "first_added_ts": later(2),
            "eliminated_ts": later(20) if place == 2 else None,
        }  # fmt: skip
        record[f"outcome{place}"] = (
            {
                "outcome_id": f"{number * 10 + place + 500_000}", "seq": place, "code": outcomes[place - 1][0],
                "outcome_ts": outcomes[place - 1][1], "authoriser_id": OFFICERS[(number + 5) % 12],
                "authoriser_rank": "Sgt", "rationale": f"Invented rationale {number + 1}",
                "victim_informed_ts": outcomes[place - 1][1] + timedelta(days=2), "is_current": place == len(outcomes),
                "alt_ho_code": "195/94" if outcomes[place - 1][0] == "1A" else None,
            }
            if place <= len(outcomes)
            else {}
        )  # fmt: skip
    record["outcome"] = record["outcome2"] or record["outcome1"]  # the one that is current
    record["linked"] = record["crime"] if record["incident"]["crime_related"] else {}  # the crime of an incident
    return record


def rows_of(record: Record, kind: str) -> list[Record]:
    """The rows that a crime gives to a file: of the crime itself, its people, outcomes or flags, each with its name.

    `kind` is crime, party, outcome, flag or defendant. A party is in the row under `party`, and so on.
    """
    parts = {
        "crime": [{}],
        "party": [record["victim"], record["suspect1"], record["suspect2"]],
        "outcome": [record["outcome1"], record["outcome2"]],
        "defendant": [record["suspect1"]],
        "flag": [
            {"flag": flag, "set_ts": record["crime"]["recorded_ts"], "set_by": record["crime"]["recording_collar"]}
            for flag in (record["crime"]["flags"] or "").split("; ")
            if flag
        ],
    }
    return [{**record, kind: part} if kind != "crime" else record for part in parts[kind] if part or kind == "crime"]
