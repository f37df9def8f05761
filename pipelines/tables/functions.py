"""Formulas that many SELECTs share, by name: assets/functions.sql.

A SELECT calls one as it would any function. When its file is read, the formula comes in place of the call, so that both
engines, lineage and pages have the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import sqlglot
from sqlglot import Token, TokenType

FILE = Path(__file__).resolve().parents[2] / "assets" / "functions.sql"
_HEAD = re.compile(r"create macro (\w+)\(([a-z_, ]+)\) as$", re.MULTILINE)
_SIMPLE = re.compile(r"[\w.]+")  # needs no brackets as a part of a formula


class WrongCall(Exception):
    """A call with more or fewer values than its formula has: the message names it."""


@dataclass(frozen=True)
class Formula:
    """A function of the file: its name, the names of its values, and what is worked out from them."""

    name: str
    values: tuple[str, ...]
    body: str

    def of(self, given: Sequence[str]) -> str:
        """The formula, of the values that a call gives."""
        if len(given) != len(self.values):
            raise WrongCall(f"{self.name}: expected {len(self.values)} values, saw {len(given)}: {', '.join(given)}")
        texts = [text if _SIMPLE.fullmatch(text) else f"({text})" for text in given]
        put = dict(zip(self.values, texts, strict=True))
        return "(" + re.sub(r"\b[a-z]\w*\b", lambda word: put.get(word[0], word[0]), self.body) + ")"


@cache
def formulas() -> Mapping[str, Formula]:
    """The functions of the file by name."""
    _, *parts = _HEAD.split(FILE.read_text(encoding="utf-8"))  # name, names of values and what follows, three by three
    found = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return MappingProxyType(
        {name: Formula(name, tuple(values.split(", ")), rest.partition(";")[0].strip()) for name, values, rest in found}
    )


@cache
def _calls() -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(formulas())})\(")


def used_by(code: str) -> str:
    """The formulas that a SELECT calls by name, as text: a changed one makes its table again."""
    return "".join(repr(formulas()[name]) for name in sorted(set(_calls().findall(code))))


def expanded(code: str) -> str:
    """A SELECT with the formula in place of each call. Raises WrongCall."""
    if not _calls().search(code):
        return code
    tokens = sqlglot.tokenize(code, read="duckdb")
    return _expanded(code, tokens, 0, len(code))


def _expanded(code: str, tokens: Sequence[Token], start: int, end: int) -> str:
    """The text from `start` to `end`, in which these tokens are."""
    parts, place = [], 0
    while place < len(tokens):
        token = tokens[place]
        follows = tokens[place + 1] if place + 1 < len(tokens) else token
        if token.text in formulas() and follows.token_type == TokenType.L_PAREN:
            given, last = _given(code, tokens, place + 1)
            parts += [code[start : token.start], formulas()[token.text].of(given)]
            start, place = tokens[last].end + 1, last
        place += 1
    return "".join([*parts, code[start:end]])


def _given(code: str, tokens: Sequence[Token], opening: int) -> tuple[list[str], int]:
    """The values between a bracket and the one that closes it, and the place of that one."""
    given, depth, first = [], 0, opening + 1
    for place in range(opening, len(tokens)):
        kind = tokens[place].token_type
        depth += (kind in (TokenType.L_PAREN, TokenType.L_BRACKET)) - (kind in (TokenType.R_PAREN, TokenType.R_BRACKET))
        if depth == 0 or (depth == 1 and kind == TokenType.COMMA):
            start, end = tokens[first].start, tokens[place].start
            given.append(_expanded(code, tokens[first:place], start, end).strip())
            first = place + 1
        if depth == 0:
            return given, place
    raise WrongCall(f"a bracket is not closed: {code[tokens[opening].start :][:80]}")
