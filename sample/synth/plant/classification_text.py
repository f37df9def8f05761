"""CLS and NOT-01 by the text (recording-standards 6.3, 6.9): signals, and the same words negated or about someone else.
"""

from __future__ import annotations

import numpy as np

from sample.synth.clock import DAY, Ints, instant
from sample.synth.codes import HO
from sample.synth.text import ending
from sample.synth.world import Plan, World, plants


def give_phrases(w: World, rows: Ints, phrases: tuple[str, ...], in_log: bool = False) -> None:
    """Give each crime one of the phrases, in its MO or its log, with a place and an hour of its own."""
    tails = ending(w.rng, rows.size).to_list()
    for number, (row, tail) in enumerate(zip(rows.tolist(), tails, strict=True)):
        (w.log if in_log else w.text)[row] = f"{phrases[number % len(phrases)]}; {tail}"


FOUR = (  # three or four dimensions, none of them a behaviour of s.2A(3)
    "Suspect is obsessed with the victim and rings constantly although told to leave the victim alone",
    "Suspect is fixated, comes to the door every night and the attention is unwanted",
    "Jealous ex-friend who will not be put off; non-stop visits; previously reported and ongoing",
    "Suspect won't leave the victim alone, sits there all day, and came back again",
    "Knows where the victim works, 40 calls in one day, asked many times to stop, and it is ongoing",
)
FOUR_IN_HARASSMENT = (  # without a behaviour of section 2A(3), which is CLS-05's
    "Suspect is fixated on the victim, shouts insults all day, was told to stop and did it again",
    "Suspect is jealous and obsessed, swears constantly across the road although told to stop; previously reported",
)
FOUR_NEAR = (
    "Suspect was jealous of the victim's new job and this was previously reported",
    "Suspect is not obsessed and does not ring constantly; it was a dispute over a fence",
    "Noise all night; the victim says that it is ongoing",
    "There is shouting every day at the allotment and the suspect was told to stop",  # a phrase counts for one sign
    "Victim's sister said that her own neighbour is obsessed and rings constantly, unlike this suspect",
)


@plants("CLS-04")
def four(w: World) -> Plan:
    codes = ("195/94", "8/72", "125/9", "3/1", "58/3")
    bad = np.concatenate([w.cast(max(1, w.breaches // 5), code) for code in codes])
    near = np.concatenate([w.cast(max(1, w.near_misses // 4), code) for code in codes[:4]])
    give_phrases(w, bad, FOUR)
    give_phrases(w, bad[w.facts["ho"][bad] == HO["195/94"]], FOUR_IN_HARASSMENT)
    give_phrases(w, near, FOUR_NEAR)
    yield
    w.breach("CLS-04", bad)
    since = w.facts["recorded"][bad] >= instant("2023-06-01T00:00")  # CLS-13 is of crimes from then on
    threats = bad[(w.facts["ho"][bad] == HO["3/1"]) & since]
    w.breach("CLS-13", threats)  # more serious principal, stalking text, nothing included
    w.decoy("CLS-04", near)


@plants("CLS-05")
def behaviour(w: World) -> Plan:
    bad, near = w.cast(w.breaches, "195/94"), w.cast(w.near_misses, "195/94")
    give_phrases(w, bad, (
        "Suspect followed the victim home from work on two dates", "Suspect loitered by the victim's gate",
        "Suspect set up a fake account in the victim's name", "Suspect had logged in to the victim's accounts",
        "Suspect scratched the victim's car and damaged the letterbox",
        "Suspect was watching the victim through the window",
        "Suspect put a camera up that points at the victim's door",
    ))  # fmt: skip
    give_phrases(w, near, (
        "Suspect did not follow the victim; words were shouted once across the road",
        "Suspect shouted at the victim; there was no loitering and no spying",
        "Suspect scared the victim's dog; carpet was thrown over the fence",
        "Suspect never followed the victim and never contacted the victim",
        "Name calling at the school gates between the suspect and the victim",
        "Suspect had the music turned up to full volume and swore at the victim",
    ))  # fmt: skip
    yield
    online = bad[2::7]
    other = bad[3::7]
    rows = np.r_[online, other]
    w.add(
        "crime_flag",
        rows.size,
        crime=rows,
        flag="online",
        set_ts=w.facts["recorded"][rows],
        set_by=w.facts["officer"][rows],
    )
    w.breach("CLS-05", bad)
    w.decoy("CLS-05", near)


EFFECT = (
    "The victim has moved house because of the suspect", "The victim changed job and route to work",
    "The victim is terrified and can't sleep",
    "The victim has fitted CCTV and new locks", "Suspect said that he would kill the victim",
    "Suspect held a knife and said he would use it",
    "Suspect said that he would hurt the victim badly",
)  # fmt: skip
EFFECT_NEAR = (
    "The victim is not afraid and has not changed number", "Suspect made no threats to hurt the victim",
    "The caller said that she herself would hurt the suspect if he said one more word",
    "Suspect blocks the drive; the victim has skill in boxing",
    "Caller said of a television play that the hero was scared; nothing of the kind here",
)  # fmt: skip


@plants("CLS-06")
def too_low(w: World) -> Plan:
    """s.2A where the text shows fear or effect, or where the risk is high; a standard risk without such words is sound.
    """
    text, high = w.cast(w.breaches - w.breaches // 4, "195/12"), w.cast(w.breaches // 4, "195/12", grade="high")
    near, serious = w.cast(w.near_misses, "195/12"), w.cast(w.near_misses, "8/66")
    give_phrases(w, text, EFFECT)
    give_phrases(w, near, EFFECT_NEAR)
    give_phrases(w, serious, EFFECT)
    yield
    w.breach("CLS-06", np.r_[text, high])
    w.decoy("CLS-06", np.r_[near, serious])


@plants("CLS-08")
def threat_of_violence(w: World) -> Plan:
    bad, near, right = w.cast(w.breaches, "195/94"), w.cast(w.near_misses, "195/94"), w.cast(w.near_misses, "8/30")
    give_phrases(
        w,
        bad,
        (
            "Suspect said that he would kill the victim",
            "Suspect waved a knife at the victim",
            "Suspect threatened to burn the house down",
            "Suspect said that he would hurt the victim",
        ),
    )
    give_phrases(w, near, EFFECT_NEAR[1:4])
    give_phrases(w, right, ("Suspect said that he would kill the victim", "Suspect waved a knife at the victim"))
    yield
    w.breach("CLS-08", bad)
    w.decoy("CLS-08", np.r_[near, right])


@plants("CLS-13")
def hidden_stalking(w: World) -> Plan:
    """A more serious principal crime with stalking in its text and nothing included; May 2023 is left out (settled)."""
    bad = np.concatenate([w.cast(max(1, w.breaches // 3), code, rel="ex_partner") for code in ("19/8", "5/1", "8/1")])
    held = w.cast(w.near_misses, "19/8", rel="ex_partner", included=HO["195/12"])
    may, two = w.cast(max(1, w.near_misses // 2), "5/1"), w.cast(w.near_misses, "19/8", rel="ex_partner")
    text = tuple(phrase for phrase in FOUR if "friend" not in phrase)
    for rows in (bad, held, may):
        give_phrases(w, rows, text)
    give_phrases(w, two, ("Suspect was jealous of the victim's friends, and this was previously reported",))
    w.report_at(bad, np.maximum(w.facts["reported"][bad], instant("2023-06-05T08:00:10")))
    w.report_at(held, np.maximum(w.facts["reported"][held], instant("2023-06-05T08:00:10")))
    w.report_at(may, instant("2023-05-08T10:00:10") + np.arange(may.size) % 14 * DAY)
    yield
    w.breach("CLS-13", bad)
    w.decoy("CLS-13", np.r_[held, may, two])


@plants("CLS-15")
def coercion(w: World) -> Plan:
    bad = np.r_[
        w.cast(w.breaches - w.breaches // 3, "195/94", rel="partner"), w.cast(w.breaches // 3, "195/12", rel="spouse")
    ]
    m = max(1, w.near_misses // 2)
    near, right = w.cast(m, "195/94", rel="partner"), w.cast(m, "8/67", rel="partner")
    said = (
        "Suspect controls the victim's money and decides what the victim wears",
        "Suspect isolates the victim from family and friends",
        "The victim is not allowed to see friends and must ask permission to go out",
        "Suspect controls who the victim sees and takes the victim's wages",
    )  # fmt: skip
    give_phrases(w, bad, said)
    give_phrases(w, right, said)
    give_phrases(
        w,
        near,
        (
            "Suspect does not control the victim's money and does not isolate the victim",
            "Suspect swore at the victim; the victim sees friends freely",
        ),
    )
    yield
    w.breach("CLS-15", bad)
    w.decoy("CLS-15", np.r_[near, right])


@plants("CLS-16")
def hostility(w: World) -> Plan:
    bad = np.r_[w.cast(w.breaches - w.breaches // 2, "195/94"), w.cast(w.breaches // 2, "195/12")]
    m = max(1, w.near_misses // 3)
    flagged, negated, class_m = w.cast(m, "195/94"), w.cast(m, "195/94"), w.cast(m, "8/56")
    said = (
        "Suspect shouted racist abuse at the victim", "Suspect used homophobic slurs against the victim",
        "Suspect mocked the victim's disability",
        "Suspect shouted transphobic abuse at the victim", "Suspect shouted Islamophobic abuse at the victim",
    )  # fmt: skip
    give_phrases(w, bad, said)
    give_phrases(w, flagged, said[1:4])
    give_phrases(w, class_m, said[:1])
    give_phrases(
        w,
        negated,
        (
            "Suspect shouted at the victim; no racist words were used",
            "Suspect swore at the victim; there was nothing homophobic",
        ),
    )
    yield
    for number, strand in enumerate(("hate_orientation", "hate_disability", "hate_trans")):
        rows = flagged[number::3]
        w.add(
            "crime_flag",
            rows.size,
            crime=rows,
            flag=strand,
            set_ts=w.facts["recorded"][rows],
            set_by=w.facts["officer"][rows],
        )
    w.breach("CLS-16", bad)
    w.decoy("CLS-16", np.r_[flagged, negated, class_m])


@plants("CLS-17")
def online_safety(w: World) -> Plan:
    """8R on a threat or a false message after 31 January 2024; the day before, the older Act was right."""
    bad, early, near = w.cast(w.breaches, "8/72"), w.cast(w.near_misses, "8/72"), w.cast(w.near_misses, "8/72")
    said = (
        "Sent a message that threatened to kill the victim",
        "Sent a false message saying that the victim's child had died",
        "Sent a message with a threat to hurt the victim",
        "Sent a hoax message that there was a bomb at the victim's work",
    )  # fmt: skip
    give_phrases(w, bad, said)
    give_phrases(w, early, said)
    give_phrases(
        w, near, ("Sent a crude message; there was no threat in it", "Sent a rude message; nothing in it was false")
    )
    w.report_at(bad, np.maximum(w.facts["reported"][bad], instant("2024-02-10T08:00:10")))
    w.report_at(early, instant("2024-01-29T09:00:10") + np.arange(early.size) * 60)
    yield
    w.breach("CLS-17", bad)
    w.decoy("CLS-17", np.r_[early, near])


@plants("CLS-20")
def online(w: World) -> Plan:
    """Messages without the flag. Stalking: in harassment the same words would be a behaviour of stalking (CLS-05)."""
    bad, flagged, near = (
        w.cast(w.breaches, "195/12"),
        w.cast(w.near_misses, "195/12", online=True),
        w.cast(w.near_misses, "195/12"),
    )
    said = (
        "Suspect posted rude remarks about the victim on social media",
        "Suspect sent rude messages on WhatsApp to the victim",
        "Suspect sent a rude email to the victim", "Suspect wrote rude posts about the victim on Facebook",
    )  # fmt: skip
    give_phrases(w, bad, said)
    give_phrases(w, flagged, said)
    give_phrases(
        w,
        near,
        ("Suspect shouted at the victim; nothing was posted online", "Suspect left a rude card; no email was sent"),
    )
    yield
    w.breach("CLS-20", bad)
    w.decoy("CLS-20", np.r_[flagged, near])


@plants("NOT-01")
def notices(w: World) -> Plan:
    """A notice, or its words in the text; on a public order offence, or negated, it does not count."""
    given, text = w.cast(w.breaches - w.breaches // 2, "195/94"), w.cast(w.breaches // 2, "195/94")
    other, negated = w.cast(w.near_misses, "125/9"), w.cast(w.near_misses, "195/94")
    words = (
        "Suspect was given words of advice by the officer",
        "Suspect was issued with a PIN",
        "A harassment warning was served on the suspect",
    )
    give_phrases(w, text, words)
    give_phrases(
        w,
        negated,
        (
            "Suspect was not given words of advice",
            "No harassment warning was issued",
            "Suspect asked for the victim's bank pin in jest",
        ),
    )
    yield
    f = w.facts
    both = np.r_[given, other]
    kinds = np.array(["pin", "harassment_warning", "words_of_advice", "cpn_warning", "other"])[np.arange(both.size) % 5]
    w.add(
        "notice",
        both.size,
        crime=both,
        type=kinds,
        issued_ts=f["recorded"][both] + 2 * DAY,
        issued_by=f["officer"][both],
        to_key=f["suspect_key"][both],
    )
    w.breach("NOT-01", np.r_[given, text])
    w.decoy("NOT-01", np.r_[other, negated])
