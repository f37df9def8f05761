"""Signals in free text: precision and recall on invented sentences, worked examples, and what must always hold.

tests/worlds/labelled_sentences.csv is invented, every sentence. `tuned` sentences were used to improve the lexicon;
`held_out` ones were written when it was finished, measured once, and must never be tuned on. How it went: sets of about
a hundred sentences were held out in turn, measured (precision and recall 0.93, 0.98, written together with the lexicon;
0.77, 0.55; 0.91, 0.72; 0.90, 0.55) and only then used; the fifth stands as held out (0.89, 0.79; since contact needs a
person 0.93, 0.80). So the lexicon misses a fifth or more of what is freely worded: it must be measured on a force's own
logs. `police_text` was written by the author of that change, before it, half of it neighbours' disputes and abuse:
behaviours of stalking had precision 0.65, recall 0.98, and have 0.95, 1.00.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worked import made

from assets.methods.text_signals import FOUR, text_signals
from assets.reference import list_path
from pipelines.tables.cards import all_cards

ROOT = Path(__file__).resolve().parents[2]
LABELS = {
    **{name: f"is_{name}" for name in FOUR},
    "behaviour": "has_stalking_behaviour",
    "violence_or_effect": "has_violence_or_effect",
    "coercion": "has_coercion",
    "threat": "has_threat",
    "false_message": "has_false_message",
    "online": "is_online",
    "notice_words": "has_notice_words",
}
STRANDS = ("race", "religion", "disability", "orientation", "trans")


@cache
def lexicon() -> pl.DataFrame:
    return pl.read_csv(list_path("text_lexicon"))


@cache
def labelled() -> pl.DataFrame:
    sentences = pl.read_csv(ROOT / "tests" / "worlds" / "labelled_sentences.csv")
    return sentences.with_columns(pl.col("labels").fill_null(""))


def signals(texts: Iterable[str | None]) -> list[dict[str, Any]]:
    rows = [{"record_type": "crime", "record_ref": str(number), "text": text} for number, text in enumerate(texts)]
    return text_signals(pl.DataFrame(rows, schema=dict.fromkeys(("record_type", "record_ref", "text"), pl.String)),
                        lexicon()).to_dicts()  # fmt: skip


def names(row: dict[str, Any]) -> set[str]:
    """The signals of one row, by the names used in the labels."""
    strand = {f"hate:{row['hate_strand']}"} if row["hate_strand"] else set()
    return {label for label, column in LABELS.items() if row[column]} | strand


def of(text: str) -> set[str]:
    return names(signals([text])[0])


def measured(part: str) -> tuple[dict[str, Counter[str]], list[str]]:
    """Hits, false alarms and misses by dimension; and the sentences that went wrong."""
    sentences = labelled().filter(pl.col("part") == part)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    wrong = []
    for row, text, labels in zip(
        signals(sentences["sentence"]), sentences["sentence"], sentences["labels"], strict=True
    ):
        found, meant = names(row), set(labels.split())
        strands = [f"hate:{strand}" for strand in STRANDS if f"hate:{strand}" in meant]
        meant -= set(strands[1:])  # one strand is given, the first in the lexicon's order
        for name in found | meant:
            counts[name]["hit" if name in found & meant else "false alarm" if name in found else "miss"] += 1
        if found != meant:
            wrong.append(f"  +{sorted(found - meant)} -{sorted(meant - found)} {text} [{row['phrases']}]")
    return counts, wrong


def shares(count: Counter[str]) -> tuple[float, float]:
    hit = count["hit"]
    return hit / max(1, hit + count["false alarm"]), hit / max(1, hit + count["miss"])


def table(part: str, counts: dict[str, Counter[str]]) -> str:
    total: Counter[str] = sum(counts.values(), Counter())
    lines = [f"\n{part:22} hits  false alarms  misses  precision  recall"]
    for name, count in [*sorted(counts.items()), ("all", total)]:
        precision, recall = shares(count)
        lines.append(
            f"{name:22} {count['hit']:4}  {count['false alarm']:12}  {count['miss']:6}  {precision:9.3f}  {recall:6.3f}"
        )
    return "\n".join(lines)


class TestLabelledSentences:
    def test_there_are_enough_of_them_and_every_dimension_is_met(self) -> None:
        counts = dict(labelled().group_by("part").len().iter_rows())
        assert counts["tuned"] >= 200
        assert counts["held_out"] >= 100
        used = {label for labels in labelled()["labels"] for label in labels.split()}
        assert used == {*LABELS, *(f"hate:{strand}" for strand in STRANDS)}
        assert labelled()["sentence"].is_unique().all()

    @pytest.mark.parametrize(
        ("part", "least_precision", "least_recall"),
        [("tuned", 0.95, 0.95), ("held_out", 0.9, 0.75), ("police_text", 0.95, 0.95)],
    )
    def test_precision_and_recall(
        self, part: str, least_precision: float, least_recall: float, capsys: pytest.CaptureFixture[str]
    ) -> None:
        counts, wrong = measured(part)
        with capsys.disabled():
            print(table(part, counts))
        precision, recall = shares(sum(counts.values(), Counter()))
        assert precision >= least_precision, "\n".join(wrong)
        assert recall >= least_recall, "\n".join(wrong)

    @pytest.mark.parametrize("sign", [*FOUR, "behaviour"])
    def test_each_sign_in_police_text(self, sign: str) -> None:
        counts, wrong = measured("police_text")
        assert min(shares(counts[sign])) >= 0.9, "\n".join(wrong)


class TestContact:
    """CLS-05, settled: contact and approach need a person as object."""

    @pytest.mark.parametrize(
        "text",
        [
            "Music turned up to full volume.", "Name calling at the school gates.", "Neighbour called her a slag.",
            "Inft calls stating youths are on the roof.", "Several calls to the council.", "They called at the shop.",
            "Call received from member of public.", "Suspect approached the counter and swore.",
            "She is trying to contact housing.", "He appeared at court.", "Suspect turned up the music.",
        ],
    )  # fmt: skip
    def test_without_a_person_is_none(self, text: str) -> None:
        assert "behaviour" not in of(text)

    @pytest.mark.parametrize(
        "text",
        [
            "He turned up at her work.", "Suspect called her twice.", "Suspect keeps calling the victim.",
            "He called at her address.", "Several calls from her ex.", "Suspect approached the victim.",
            "She was approached by the suspect.", "He is trying to contact her.", "Texts from him every day.",
        ],
    )  # fmt: skip
    def test_with_a_person_is(self, text: str) -> None:
        assert "behaviour" in of(text)


class TestFour:
    """Settled: a phrase counts for one of the four signs."""

    @pytest.mark.parametrize(
        ("text", "signs"),
        [
            ("He rings her every day.", {"obsessive"}),
            ("He shouts every day.", {"repeated"}),
            ("He persistently swears.", {"obsessive"}),
            ("He won't stop texting her.", {"obsessive"}),
            ("She asked him on several occasions to stop.", {"unwanted"}),
            ("He came by 40 times a day.", {"obsessive"}),
            ("He rings her every day and has done so for months.", {"obsessive", "repeated"}),
            ("She told him to stop and he came again.", {"unwanted", "repeated"}),
        ],
    )
    def test_one_phrase_one_sign(self, text: str, signs: set[str]) -> None:
        assert of(text) & set(FOUR) == signs
        assert signals([text])[0]["four_score"] == len(signs)


class TestNegation:
    @pytest.mark.parametrize(
        "text",
        [
            "He did not follow her.", "No threats were made.", "There were no threats, and he has never followed her.",
            "She has not been followed or watched.", "He didn’t threaten her.", "He didnt threaten her.",
            "Nil weapons, nil threats.", "There is no evidence that he is following her.",
        ],
    )  # fmt: skip
    def test_what_is_negated_is_no_signal(self, text: str) -> None:
        assert of(text) == set()

    @pytest.mark.parametrize(
        ("text", "signal"),
        [
            ("He did not knock, he followed her.", "behaviour"),
            ("He did not knock but followed her.", "behaviour"),
            ("He was not there. He followed her.", "behaviour"),
            ("He was not at his mother's house yesterday following her.", "behaviour"),
            ("Not only did she see him, she has also been followed.", "behaviour"),
            ("Without warning he punched her.", "violence_or_effect"),
        ],
    )
    def test_it_ends_with_the_clause_or_after_four_words(self, text: str, signal: str) -> None:
        assert signal in of(text)

    @pytest.mark.parametrize(
        ("text", "signal"),
        [
            ("He won’t leave her alone.", "fixated"),
            ("She can't sleep.", "violence_or_effect"),
            ("She does not want him there.", "unwanted"),
            ("He was told not to contact her.", "unwanted"),
            ("She is not allowed to see her mother.", "coercion"),
            ("This is not the first time.", "repeated"),
        ],
    )
    def test_phrases_that_hold_their_own_negation_are_kept(self, text: str, signal: str) -> None:
        assert of(text) == {signal}


class TestGuards:
    @pytest.mark.parametrize(
        "text",
        [
            "My friend says her ex follows her.", "Caller says she will kill him.", "I'll stab him if he comes back.",
            "Officers contacted her by phone.", "A programme about a man who stalked and killed women.",
        ],
    )  # fmt: skip
    def test_other_peoples_cases_own_threats_and_police_contact_are_not_counted(self, text: str) -> None:
        assert of(text) == set()

    @pytest.mark.parametrize(
        ("text", "signal"),
        [
            ("Neighbour says he watches her house.", "behaviour"),
            ("Caller says he will kill her.", "threat"),
            ("Victim was threatened with a knife.", "threat"),
            ("He said “I will kill you”.", "violence_or_effect"),
            ("My friend says her ex follows her, but mine threatened me.", "threat"),
        ],
    )
    def test_witnesses_and_victims_are(self, text: str, signal: str) -> None:
        assert signal in of(text)


class TestWords:
    @pytest.mark.parametrize(
        "text",
        ["He stood against the wall.", "A scarred knee.", "Wooden blocks and car parks.", "The skill of a killjoy.",
         "She lost her pin for the card.", "Pins and needles.", "Gay Street is closed."],
    )  # fmt: skip
    def test_words_inside_words_are_not_found(self, text: str) -> None:
        assert of(text) == set()

    def test_pin_counts_in_capitals_only_and_all_else_in_any_case(self) -> None:
        assert of("PIN issued") == {"notice_words"}
        assert of("pin issued") == set()
        assert of("WORDS OF ADVICE GIVEN") == of("words of advice given") == {"notice_words"}

    def test_white_space_and_quotes_are_made_plain(self) -> None:
        plain, broken, curly = signals(
            ["He won't leave her alone", " He \r\n won't\tleave  her \u00a0alone", "He won’t leave her alone"]
        )
        assert plain["phrases"] == broken["phrases"] == curly["phrases"] == "fixated: won't leave her alone"

    def test_phrases_name_each_hit(self) -> None:
        [row] = signals(["He knew where she was although she had told him to stop"])
        assert row["phrases"] == "fixated: knew where she; unwanted: told him to stop"
        assert row["four_score"] == 2


class TestShape:
    def test_a_null_text_gives_nulls_not_false(self) -> None:
        empty, missing = signals(["", None])
        assert empty["is_fixated"] is False and empty["four_score"] == 0 and empty["phrases"] is None
        assert {value for name, value in missing.items() if name not in ("record_type", "record_ref")} == {None}

    def test_no_rows_give_no_rows_with_all_columns(self) -> None:
        given_nothing = pl.DataFrame(schema=dict.fromkeys(("record_type", "record_ref", "text"), pl.String))
        assert text_signals(given_nothing, lexicon()).columns == list(signals(["x"])[0])

    def test_a_text_is_read_alone_as_the_card_says(self) -> None:
        """`by_row`: workers read the texts in parts, so none may bear on another."""
        assert all_cards()["core.text_signals"].by_row
        texts = [*labelled()["sentence"].head(40).to_list(), None, ""]
        alone = [{**signals([text])[0], "record_ref": str(number)} for number, text in enumerate(texts)]
        assert alone == signals(texts) and any(row["phrases"] for row in alone)

    def test_a_lexicon_with_a_part_missing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="coercion"):
            text_signals(pl.DataFrame(), lexicon().filter(pl.col("lexicon") != "coercion"))

    def test_patterns_have_no_groups_that_capture_and_name_known_word_lists(self) -> None:
        lists = set(lexicon().filter(pl.col("lexicon") == "word_list")["dimension"])
        for pattern in lexicon()["pattern"]:
            assert not re.search(r"(?<!\\)\((?!\?)", pattern), pattern
            assert set(re.findall(r"<(\w+)>", pattern)) <= lists, pattern
            assert re.match(r"\w|\(|<|\\d|\[\w", pattern), pattern

    def test_the_tables_come_out_as_their_cards_say(self) -> None:
        of = {"delivery_ref": "d", "period": "all"}
        crimes = [
            {"crime_id": "c1", "mo_text": "Invented: PIN issued", **of},
            {"crime_id": "c2", "mo_text": None, **of},
        ]
        incidents = [{"incident_id": "i1", "log_text": "Invented: followed her home", **of}]
        current = [{"source": source, **of} for source in ("crime", "incident")]
        rows = made("core.text_signals", raw_crime=crimes, raw_incident=incidents, core_current_periods=current)
        assert [(row["record_type"], row["record_ref"]) for row in rows] == [("crime", "c1"), ("incident", "i1")]
        assert [names(row) for row in rows] == [{"notice_words"}, {"behaviour"}]
        assert rows[1]["phrases"] == "following: followed her"


SENTENCES = st.lists(st.sampled_from(labelled()["sentence"].to_list()), max_size=4).map(" ".join)
NEGATED = st.sampled_from(
    ["He did not follow her.", "There were no threats.", "She has never been watched.", "He didn't text or call her.",
     "Nil weapons.", "No PIN was issued.", "She is not scared of him.", "No racist language was used.",
     "He has not been jealous.", "Neither followed nor blocked.", "No words of advice given."]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text() | SENTENCES | st.none(), max_size=6))
def test_any_text_is_read_without_a_crash(texts: list[str | None]) -> None:
    rows = signals(texts)
    assert len(rows) == len(texts)
    assert all(row["four_score"] is None or 0 <= row["four_score"] <= 4 for row in rows)


@settings(max_examples=60, deadline=None)
@given(SENTENCES, NEGATED)
def test_a_negated_sentence_never_adds_a_signal(text: str, negated: str) -> None:
    before, after, ahead = signals([text, f"{text} {negated}", f"{negated} {text}"])
    assert names(after) == names(ahead) == names(before)


@settings(max_examples=30, deadline=None)
@given(st.lists(SENTENCES, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(texts: list[str], draw: Any) -> None:
    order = list(range(len(texts)))
    draw.shuffle(order)
    straight, shuffled = signals(texts), signals([texts[place] for place in order])
    for new, old in enumerate(order):
        assert {**shuffled[new], "record_ref": ""} == {**straight[old], "record_ref": ""}
