"""Every entry of the lexicon in recording-standards 6.9 is found in a plain sentence. All sentences are invented."""

from typing import Any

import polars as pl
import pytest

from assets.methods.text_signals import text_signals
from assets.reference import list_path

LEXICON = pl.read_csv(list_path("text_lexicon"))
SENTENCES = {
    "is_fixated": (
        "He won't leave me alone", "He wont let it go", "Suspect is obsessed with her", "He is fixated on her",
        "Suspect is jealous of her friends", "Jealous ex-friend who will not be put off", "He knows where I live",
        "He knew where she worked", "He is tracking her phone", "an airtag was found in her bag",
        "He contacts her from a new account", "every account has been used",
    ),
    "is_obsessive": (
        "constant phone calls", "He constantly texts", "He rings all day", "messages all night", "He sent 40 messages",
        "comes every night", "texts every hour", "non-stop calls", "He sits outside her house",
        "drives past her house", "waits outside her school",
    ),
    "is_unwanted": (
        "She told him to stop", "asked him to leave her alone", "asked many times to stop", "She has blocked him",
        "unwanted calls", "she wants no contact", "She doesn't want to see him", "He turned up uninvited",
    ),
    "is_repeated": (
        "He came again", "repeated calls", "previously reported to police", "this is ongoing", "since March",
        "over the last month",
    ),
    "has_stalking_behaviour": (
        "He followed her", "attempts to contact her", "a fake account in her name", "impersonating her online",
        "He monitors her phone", "spyware on her phone", "He logged in to her email", "loitering near her home",
        "He damaged her car", "her tyres were slashed", "put rubbish in her letterbox", "damage to her property",
        "He interfered with her car", "He watches her", "spying on her", "a camera pointing at her bedroom",
    ),
    "has_violence_or_effect": (
        "She has moved out", "She moved house", "she changed number", "she changed her job", "She is afraid of him",
        "she is terrified", "She was scared", "she can't sleep", "she cant leave the house", "had a panic attack",
        "fitted CCTV", "changed the locks", "said he will kill her", "threatened to burn the house",
        "Suspect held a knife and said he would use it", "a weapon was used", "said he would hurt her",
    ),
    "hate_strand": ("Suspect mocked the victim's disability",),
}  # fmt: skip
SILENT = (
    "He did not follow her", "There was no weapon", "She is not afraid", "not obsessed", "no CCTV available",
    "He spoke against the scared clocks", "The skill of blocks", "Suspect moved out in June",
    "The brothers argued about a jealous dog",
)  # fmt: skip


def signals_of(sentences: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = [{"record_type": "crime", "record_ref": str(n), "text": text} for n, text in enumerate(sentences)]
    return text_signals(pl.DataFrame(rows), LEXICON).to_dicts()


@pytest.mark.parametrize("signal", SENTENCES)
def test_the_words_of_the_standard_are_found(signal: str) -> None:
    rows = signals_of(SENTENCES[signal])
    assert [text for text, row in zip(SENTENCES[signal], rows, strict=True) if not row[signal]] == []


def test_a_camera_that_the_suspect_puts_up_is_no_effect_on_the_victim() -> None:
    suspect, victim = signals_of(("Suspect put a camera up at her door", "She has installed cameras"))
    assert (suspect["has_violence_or_effect"], victim["has_violence_or_effect"]) == (False, True)


def test_negated_words_and_parts_of_other_words_are_no_signals() -> None:
    signals = [name for name in SENTENCES if name != "hate_strand"]
    hits = [(text, name) for text, row in zip(SILENT, signals_of(SILENT), strict=True) for name in signals if row[name]]
    assert hits == []
