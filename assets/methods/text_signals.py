"""Signals in free text: the words of recording-standards 6.9 in police narratives, with negations and guards.

Every pattern is a row of reference.text_lexicon and runs on an automaton whose time is linear in the text; nothing
backtracks. A text is read in three steps:

1. *Normalised*: plain quotes and ASCII, single spaces, ends of clauses marked.
2. *Blanked* in one pass from the left: the four words after a negation, what a friend reports of their own case,
   threats by the reporting person, contact by the police. A phrase with its own negation ("no contact",
   "can't sleep") is kept. A blank leaves two spaces, which no phrase of a lexicon bridges.
3. *Matched*: one alternation for each dimension; the first phrase found is returned. A phrase counts for one of the
   four signs, the first of fixated, obsessive, unwanted and repeated that has it. Most texts have no phrase of most
   dimensions, so an alternation of several dimensions first finds the texts that have one.

Interpretations. A witness who speaks of this victim counts ("neighbour says he watches her house"); a comparison does
not ("my friend says her ex follows her"). "Caller says she will kill him" is her own threat; "caller says he will
kill her" is his. "And", "but", a comma and the end of a sentence end a negation; "or" and "nor" extend it; articles
are not among the four words. A suspect's denial removes nothing; a victim who "denies any" or "denies being" does.

Where a retention purge erased a text (pipelines/identities/erased_rows.py), letters (`erased_text`) replace it, and
its signals are read from them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

NEGATION_WINDOW = 4  # words (recording-standards 6.9)
SLICE_ROWS = 50_000
TOGETHER = 8_000  # most characters of the patterns searched for together: an automaton too large is slower than several
FOUR = ("fixated", "obsessive", "unwanted", "repeated")
GUARDS_TO_SENTENCE = ("third_party", "other_context")

# Characters of a word: ASCII without full stops, commas and the like. "&" precedes a word that ends a negation and "^"
# one that extends it, so the first of the two patterns leaves them out.
_WORD = r"[#-%'*+\-/0-9<->@A-Z\[-\]_-~]+"
_MARKED_WORD = r"[#-'*+\-/0-9<->@A-Z\[-~]+"
_GAP = rf" (?:{_MARKED_WORD} ){{0,4}}"
_TO_CLAUSE_END = r"[ \"-+\--\-/-:<->@-~]*"
_TO_SENTENCE_END = r"[ \"-\-/-:<->@-~]*"
_BLANK = "  "  # which no phrase bridges
_FLAGS = "(?i-u)"  # without case, and ASCII: the text is normalised to it
_SPACES = r"[\s\x00-\x1f]{2,}|[\s\x00-\x1f--[ ]]"  # what is not one space already

ERASED = "\ue000"  # before and after the letters of an erased text: no character of any script
_LETTERS = {
    "fixated": "a", "obsessive": "b", "unwanted": "c", "repeated": "d", "s2a3": "e", "effect_s4a": "f", "coercion": "g",
    "threat": "h", "false_message": "i", "online": "j", "notice_words": "k",
}  # fmt: skip
_STRANDS = {"race": "1", "religion": "2", "disability": "3", "orientation": "4", "trans": "5"}
_WORDS_ERASED = "the words were erased"

_QUOTES = {
    "’": "'",
    "‘": "'",
    "´": "'",
    "`": "'",
    "“": '"',
    "”": '"',
    "–": "; ",
    "—": "; ",
    " - ": "; ",
    "&": " and ",
    "^": " ",
}


_Signal = tuple[str, str, str]  # lexicon, dimension, pattern


@dataclass(frozen=True)
class _Patterns:
    """The compiled lexicon: ends of clauses, blanked phrases, and one alternation for each dimension."""

    clause_end: str
    negation_end: str
    alternative: str
    kept: str
    blanked: str
    blanked_but_kept: str
    signals: tuple[_Signal, ...]
    groups: tuple[tuple[str, tuple[_Signal, ...]], ...]  # signals but the four signs, with a pattern that finds any


def text_signals(narratives: pl.DataFrame, reference_text_lexicon: pl.DataFrame) -> pl.DataFrame:
    """One row per narrative, in the order given, with the signals of its text.

    In: `record_type`, `record_ref`, `text`; and reference.text_lexicon (`lexicon`, `dimension`, `pattern`,
    `own_negation`). Out: the first two columns, a boolean for each signal, `four_score` (0 to 4),
    `hate_strand` (the first in the lexicon's order, or null) and `phrases` ("fixated: knew where; ...", null
    where nothing was found). Where the text is null every signal is null: not evaluable.

    Memory is bounded by slices of SLICE_ROWS. Raises ValueError for a lexicon without one of the parts used here.
    """
    patterns = _compiled(reference_text_lexicon)
    parts = [_signals_of(part, patterns) for part in narratives.iter_slices(SLICE_ROWS)]
    return pl.concat(parts or [_signals_of(narratives, patterns)])


def _signals_of(narratives: pl.DataFrame, patterns: _Patterns) -> pl.DataFrame:
    letters = pl.col("text").str.extract(f"^{ERASED}([a-z0-9]*){ERASED}", 1)
    read = narratives.select("record_type", "record_ref", "text", letters=letters)
    found = _matched(_blanked(_normalised(read, patterns), patterns), patterns)
    letters = pl.col("letters")
    hit = {
        lexicon: pl.when(letters.is_null())
        .then(_any_of(patterns, lexicon))
        .otherwise(letters.str.contains(_LETTERS.get(lexicon, "-"), literal=True))
        for lexicon, _, _ in patterns.signals
    }
    signals = {
        **{f"is_{name}": hit[name] for name in FOUR},
        "four_score": pl.sum_horizontal(hit[name].cast(pl.Int64) for name in FOUR),
        "has_stalking_behaviour": hit["s2a3"],
        "has_violence_or_effect": hit["effect_s4a"],
        "has_coercion": hit["coercion"],
        "has_threat": hit["threat"],
        "has_false_message": hit["false_message"],
        "hate_strand": pl.coalesce(
            *(pl.when(letters.str.contains(sign)).then(pl.lit(strand)) for strand, sign in _STRANDS.items()),
            *(
                pl.when(pl.col(f"{lexicon}/{dimension}").is_not_null()).then(pl.lit(dimension))
                for lexicon, dimension, _ in patterns.signals
                if lexicon == "hate"
            ),
        ),
        "is_online": hit["online"],
        "has_notice_words": hit["notice_words"],
        "phrases": pl.when(letters.is_null()).then(_phrases(patterns)).when(letters != "").then(pl.lit(_WORDS_ERASED)),
    }
    was_read = pl.col("text").is_not_null()
    return found.select(
        "record_type", "record_ref", **{name: pl.when(was_read).then(signal) for name, signal in signals.items()}
    )


def _matched(texts: pl.DataFrame, patterns: _Patterns) -> pl.DataFrame:
    """The texts with the first phrase of each dimension."""
    found, text = _four_matched(texts, patterns), pl.col("text")
    places = found.select("text").with_row_index("place")
    for any_of_them, signals in patterns.groups:
        first = (text.str.extract(pattern, 0).alias(f"{lexicon}/{name}") for lexicon, name, pattern in signals)
        phrases = places.filter(text.str.contains(any_of_them)).select("place", *first)
        of_all = places.select("place").join(phrases, on="place", how="left", maintain_order="left")
        found = found.hstack(of_all.drop("place"))
    return found


def _four_matched(texts: pl.DataFrame, patterns: _Patterns) -> pl.DataFrame:
    """The texts with the first phrase of each of the four signs.

    A phrase counts for one of them: what it matched is blanked before the next one is read.
    """
    found = texts.with_columns(rest=pl.col("text"))
    of_four = [signal for signal in patterns.signals if signal[0] in FOUR]
    for lexicon, dimension, pattern in sorted(of_four, key=lambda signal: FOUR.index(signal[0])):
        phrase = f"{lexicon}/{dimension}"
        found = found.with_columns(pl.col("rest").str.extract(pattern, 0).alias(phrase))
        if lexicon != FOUR[-1]:
            blanked = pl.col("rest").str.replace_all(pattern, _BLANK)
            found = _changed_where(found, pl.col(phrase).is_not_null(), rest=blanked)
    return found


def _changed_where(texts: pl.DataFrame, is_changed: pl.Expr, **change: pl.Expr) -> pl.DataFrame:
    """The texts in their order, changed where they need it: an expression would change every text."""
    numbered = texts.with_row_index("place")
    needs = texts.select(is_changed.fill_null(value=False)).to_series()
    changed = numbered.filter(needs).with_columns(**change)
    return pl.concat([changed, numbered.filter(~needs)]).sort("place").drop("place")


def erased_text(signals: Mapping[str, Any], length: int, mark: str) -> str:
    """The replacement of an erased text: its signals as letters and the beginning of `mark`, filled to `length`.

    `signals` is a row of `text_signals`. `mark`, of small letters and figures, distinguishes equal texts from others.
    """
    renamed = {"s2a3": "stalking_behaviour", "effect_s4a": "violence_or_effect"}
    columns = {n: f"{'is' if n in (*FOUR, 'online') else 'has'}_{renamed.get(n, n)}" for n in _LETTERS}
    letters = "".join(letter for name, letter in _LETTERS.items() if signals[columns[name]])
    strand = signals["hate_strand"]
    shown = f"{ERASED}{letters}{_STRANDS[strand] if strand else ''}{ERASED}"
    return (shown + mark)[: max(length, len(shown))].ljust(length, ".")


def _blanked(texts: pl.DataFrame, patterns: _Patterns) -> pl.DataFrame:
    """Blank the texts; those without a phrase to keep take the fast way, a replacement without groups."""
    text = pl.col("text")
    numbered = texts.with_row_index("place")
    has_kept = texts.select(text.str.contains(patterns.kept).fill_null(value=False)).to_series()
    kept = numbered.filter(has_kept).with_columns(text.str.replace_all(patterns.blanked_but_kept, "${1}${2}"))
    others = numbered.filter(~has_kept).with_columns(text.str.replace_all(patterns.blanked, ""))
    return pl.concat([kept, others]).sort("place").drop("place")


def _any_of(patterns: _Patterns, lexicon: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(f"{part}/{name}").is_not_null() for part, name, _ in patterns.signals
                             if part == lexicon)  # fmt: skip


def _phrases(patterns: _Patterns) -> pl.Expr:
    named = [
        pl.format("{}: {}", pl.lit(dimension.replace("_", " ")), pl.col(f"{lexicon}/{dimension}"))
        for lexicon, dimension, _ in patterns.signals
    ]
    joined = pl.concat_str(named, separator="; ", ignore_nulls=True).str.replace_all("[&^]", "")
    return pl.when(joined != "").then(joined)


def _normalised(texts: pl.DataFrame, patterns: _Patterns) -> pl.DataFrame:
    """The texts in ASCII, with plain quotes and single spaces, and the ends of clauses marked."""
    text = pl.col("text")
    plain = _changed_where(
        texts.with_columns(text.str.replace_many(_QUOTES)),
        text.str.len_bytes() != text.str.len_chars(),  # not all ASCII
        text=text.str.normalize("NFKD").str.replace_all(r"[^\x00-\x7f]", ""),
    )
    marked = text.str.replace_all(_SPACES, " ").str.strip_chars()
    for pattern, mark in (
        (patterns.clause_end, "; ${1}"), (patterns.negation_end, "&${1}"), (patterns.alternative, "^${1}"),
    ):  # fmt: skip
        marked = marked.str.replace_all(pattern, mark)
    return plain.with_columns(marked)


def _compiled(lexicon: pl.DataFrame) -> _Patterns:
    words = dict(lexicon.filter(pl.col("lexicon") == "word_list").select("dimension", "pattern").iter_rows())
    rows = [
        (row["lexicon"], row["dimension"], _expanded(row["pattern"], words), row["own_negation"])
        for row in lexicon.filter(pl.col("lexicon") != "word_list").iter_rows(named=True)
    ]
    groups: dict[tuple[str, str], list[str]] = {}
    for name, dimension, pattern, _ in rows:
        groups.setdefault((name, dimension), []).append(pattern)
    not_signals = ("boundary", "negation", "guard")
    of_signals = {key: patterns for key, patterns in groups.items() if key[0] not in not_signals}
    needed = {*FOUR, "s2a3", "effect_s4a", "coercion", "threat", "false_message", "hate", "online", "notice_words"}
    missing = (needed | set(not_signals)) - {name for name, _ in groups}
    if missing:
        raise ValueError(f"the text lexicon has no rows for {', '.join(sorted(missing))}")
    signals = tuple((*key, _phrases_of(patterns)) for key, patterns in of_signals.items())
    return _Patterns(
        clause_end=_words(groups["boundary", "clause"]),
        negation_end=_words(groups["boundary", "negation"]),
        alternative=_words(groups["boundary", "alternative"]),
        **_blanking(groups, rows),
        signals=signals,
        groups=_grouped([signal for signal in signals if signal[0] not in FOUR], of_signals),
    )


def _grouped(
    signals: list[_Signal], patterns: Mapping[tuple[str, str], list[str]]
) -> tuple[tuple[str, tuple[_Signal, ...]], ...]:
    """The signals in groups of at most TOGETHER characters, each with the pattern that finds any of its phrases."""
    groups: list[list[_Signal]] = []
    for signal in signals:
        if groups and sum(len(pattern) for _, _, pattern in (*groups[-1], signal)) <= TOGETHER:
            groups[-1].append(signal)
        else:
            groups.append([signal])
    return tuple(
        (_phrases_of([phrase for lexicon, name, _ in group for phrase in patterns[lexicon, name]]), tuple(group))
        for group in groups
    )


def _phrases_of(patterns: list[str]) -> str:
    """The pattern that finds the first phrase of any of these."""
    return rf"{_FLAGS}\b(?:{'|'.join(patterns)})\b"


def _words(patterns: list[str]) -> str:
    return rf"{_FLAGS}\b({'|'.join(patterns)})\b"


def _blanking(groups: dict[tuple[str, str], list[str]], rows: list[tuple[str, str, str, str | None]]) -> dict[str, str]:
    """Phrases to keep, and alternations of those to blank: at one position the earlier alternative wins."""

    def either(*keys: tuple[str, str]) -> str:
        return "|".join(pattern for key in keys for pattern in groups.get(key, []))

    def with_own_negation(kind: str) -> str:
        return "|".join(pattern for _, _, pattern, own_negation in rows if own_negation == kind)

    words = rf"(?:(?: (?:a|an|the|any))*(?: {_WORD})){{0,{NEGATION_WINDOW}}}"  # articles are not counted
    window = rf"{words}(?:(?:,(?: {_WORD}){{1,3}}){{0,3}},? \^{_WORD}{words})*"  # "followed, watched or called her"
    guards = (
        rf"(?:{either(*(('guard', name) for name in GUARDS_TO_SENTENCE))})\b{_TO_SENTENCE_END}"
        rf"|(?:{either(('guard', 'own_threat'))})\b{_TO_CLAUSE_END}"
        rf"|(?:{either(('guard', 'police_contact'), ('guard', 'no_complaint'))})\b"
    )
    negations = rf"(?:{either(('negation', 'phrase'), ('negation', 'word'))})\b{window}"
    held = f"{either(('negation', 'exception'))}|{with_own_negation('held')}"
    reaching = with_own_negation("reaching")
    return {
        "kept": rf"{_FLAGS}\b(?:{held}|{reaching})\b",
        "blanked": rf"{_FLAGS}\b(?:{guards}|{negations})",
        "blanked_but_kept": rf"{_FLAGS}\b(?:{guards}|({held})\b|({reaching})\b{window}|{negations})",
    }


def _expanded(pattern: str, words: dict[str, str]) -> str:
    """Expand a pattern: `<name>` is a word list, ` ... ` is up to four words of the same clause."""
    for _ in range(2):  # a word list may name another
        pattern = re.sub(r"<(\w+)>", lambda named: f"(?:{words[named[1]]})", pattern)
    return pattern.replace(" ... ", _GAP)
