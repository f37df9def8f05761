"""Accounts in words: neutral by default, so that no signal word is where it was not planted.

Two texts are alike only by rare chance: each ends in an invented place, hour and detail. Nobody is named.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from sample.synth.clock import Ints

ACTS: dict[str, tuple[str, ...]] = {
    "harassment": (
        "Shouted insults at the victim on two occasions", "Made rude gestures at the victim in the street",
        "Banged on the shared wall late in the evening", "Threw litter into the front garden",
        "Called the victim names at the market", "Blew a horn and jeered as the victim walked by",
        "Spread rumours about the victim at work", "Left rude notes on the garden gate",
        "Played loud music at the wall and swore at the victim", "Mocked the victim in front of customers",
    ),
    "aggravated": (
        "Shouted racist insults at the victim on two occasions", "Mocked the victim's religion in the street",
        "Used racially abusive words at the market", "Swore at the victim about the country of birth",
    ),
    "communication": (
        "Sent a grossly offensive message on social media", "Sent an indecent picture by private message online",
        "Posted a grossly offensive comment online about the victim", "Sent a crude email to the work address",
        "Sent an offensive voice message through an app", "Wrote an obscene comment on a social media page",
    ),
    "coercion": (
        "Controls the household money and keeps the bank card", "Decides who may visit and checks each receipt",
        "Isolates the victim from family and friends", "Dictates what the victim wears and when to sleep",
    ),
    "threat": ("Said that the victim would not live to see the weekend",
        "Said that the victim would be dead by Friday"),
    "disorder": (
        "Swore and shouted in the street", "Used abusive words in the queue",
        "Shouted in the victim's face at the shop",
        "Behaved in a disorderly way at the taxi rank", "Spat on the pavement and swore at passers-by",
    ),
    "order": (
        "Came within the area named in the court order", "Walked into the street named in the court order",
        "Was seen in the excluded area named by the court",
    ),
    "assault": (
        "Pushed the victim to the ground", "Slapped the victim across the face", "Grabbed the victim by the arm",
        "Punched the victim once to the shoulder", "Shoved the victim into a door frame",
    ),
    "damage": (
        "Scratched the paintwork of a parked van", "Broke a window with a stone", "Kicked a fence panel out",
        "Poured paint over a doorstep", "Snapped a wing mirror",
    ),
    "sexual": ("Sexual offence reported; details are kept in the restricted log",),
    "incident": (
        "Caller reports raised voices nearby", "Report of noise from a gathering",
        "Caller worried about a dispute next door",
        "Request for a call from the neighbourhood team", "Report of rude words in the street",
    ),
}  # fmt: skip
FIXATED = (
    "Suspect is fixated on the victim",
    "Suspect is obsessed with the victim",
    "Suspect is jealous and knows where the victim goes",
)
OBSESSIVE = ("sits outside for hours", "drives past every day", "waits outside work", "turns up constantly")
UNWANTED = (
    "although told to leave the victim be",
    "although the victim asked for no contact",
    "and the attention is unwanted",
)
REPEATED = ("this happened again", "this has been ongoing", "it was previously reported")
BEHAVED = (
    "followed the victim home",
    "loitered by the school gate",
    "watched the house from the lane",
    "left gifts on the step",
)
PLACES = (
    "by the library", "at the bus station", "in the market square", "near the post office", "by the town hall",
    "at the leisure centre", "on the canal bridge", "by the cinema", "at the garden centre", "near the surgery",
    "by the bakery", "at the railway halt", "in the park", "by the swimming pool", "at the allotments", "on the green",
    "near the church hall", "by the fountain", "at the college", "in the arcade", "by the museum", "near the quay",
)  # fmt: skip
AREAS = (
    "Mockbridge", "Feignham", "Shamwick", "Notreal Green", "Inventon", "Fablecross", "Figmentley", "Pretendham",
    "Fauxfield", "Dummyside", "Contrive Hill", "Madeupton", "Imagine Vale", "Fictley", "Sampleton", "Phantomby",
)  # fmt: skip
DETAILS = (
    "two people nearby saw it", "nobody else was present", "it lasted some minutes", "the victim walked away",
    "the victim went indoors", "a passer-by called police", "it was raining", "the street was quiet",
    "the shop was full",
    "a friend came to help", "staff made a note of it", "the victim kept a diary", "an officer took an account",
    "the victim came to the front counter", "an account was taken at home", "the caller rang on the same day",
)  # fmt: skip


def pick(rng: np.random.Generator, options: tuple[str, ...], n: int) -> pl.Series:
    """One of the options n times."""
    return pl.Series(options)[rng.integers(0, len(options), n)]


def ending(rng: np.random.Generator, n: int) -> pl.Series:
    """Place, hour and detail."""
    parts = pl.DataFrame(
        {
            "place": pick(rng, PLACES, n), "area": pick(rng, AREAS, n), "detail": pick(rng, DETAILS, n),
            "hour": pl.Series(rng.integers(0, 24, n)).cast(pl.String).str.zfill(2),
            "minute": pl.Series(rng.integers(0, 60, n)).cast(pl.String).str.zfill(2),
            "people": pl.Series(rng.integers(2, 40, n)).cast(pl.String),
        }
    )  # fmt: skip
    return parts.select(
        pl.format(
            "{}, {}, at {}:{}; {}. Entry {} in the notebook.", "place", "area", "hour", "minute", "detail", "people"
        )
    ).to_series()


def signal(rng: np.random.Generator, n: int) -> pl.Series:
    """Stalking in full: fixated, obsessive, unwanted, repeated (6.9), without a word of fear or of effect."""
    parts = {"a": FIXATED, "b": OBSESSIVE, "c": UNWANTED, "d": REPEATED, "e": BEHAVED}
    columns = {key: pick(rng, options, n) for key, options in parts.items()}
    return pl.DataFrame(columns).select(pl.format("{}, {}, {}; {}; {}", "a", "b", "c", "d", "e")).to_series()


def narratives(rng: np.random.Generator, kinds: list[str], kind: Ints) -> pl.Series:
    """A text for each number in `kind`, an index into `kinds`."""
    out: list[pl.DataFrame] = []
    for number, label in enumerate(kinds):
        where = np.flatnonzero(kind == number)
        if where.size:
            act = signal(rng, where.size) if label == "stalking" else pick(rng, ACTS[label], where.size)
            end = ending(rng, where.size)
            out.append(pl.DataFrame({"row": where, "text": act + " " + end}))
    return pl.concat(out).sort("row")["text"]
