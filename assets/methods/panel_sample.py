"""Stratified random sample of cases for a scrutiny panel, with pseudonyms and coarsened facts.

The selection is that of audits (audit_sample: SHA-256 of seed, frame hash and reference), stratum by stratum.
Allocation is proportional, and remaining units go to the largest remainders (Hare quota). Facts are coarsened until
they cannot identify a case.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence

from assets.methods import audit_sample

UNIT_TYPE = "crime"
WITHHELD = "not shown: few such cases"
OTHERS = "other outcomes"
LETTERS = "23456789BCDFGHJKMNPQRTVWXZ"  # no character that reads as another or spells a word
LENGTH = 8


def allocate(sizes: Mapping[str, int], total: int, fewest: int) -> dict[str, int]:
    """Cases to select from each stratum: `fewest` of each (all of a smaller one), the rest in proportion.

    Where `total` is too small for `fewest` of each, each gets as many as possible. Raises ValueError for less than one
    case.
    """
    if total < 1 or fewest < 0 or any(size < 1 for size in sizes.values()):
        raise ValueError(f"no sample of {total} cases from {dict(sizes)}, at least {fewest} of each")
    total = min(total, sum(sizes.values()))
    each = next(n for n in range(fewest, -1, -1) if sum(min(size, n) for size in sizes.values()) <= total)
    base = {stratum: min(size, each) for stratum, size in sizes.items()}
    left = {stratum: size - base[stratum] for stratum, size in sizes.items()}
    rest, whole = total - sum(base.values()), sum(left.values())
    if not whole:
        return base
    found = {stratum: base[stratum] + rest * count // whole for stratum, count in left.items()}
    by_remainder = sorted(left, key=lambda stratum: (-(rest * left[stratum] % whole), stratum))
    for stratum in by_remainder[: total - sum(found.values())]:
        found[stratum] += 1
    return found


def strata(cases: Sequence[tuple[str, str]], total: int) -> list[str]:
    """Stratum of each (class, outcome) for a sample of `total`; strata of less than half a case are merged.

    Such an outcome joins the others of its class; where those together are too few, those of all classes.
    """
    fewest = len(cases) / (2 * total)
    found = [f"{crime_class}, {outcome}" for crime_class, outcome in cases]
    counts = Counter(found)
    found = [s if counts[s] >= fewest else f"{c}, {OTHERS}" for s, (c, _) in zip(found, cases, strict=True)]
    counts = Counter(found)
    return [s if counts[s] >= fewest else f"other classes, {OTHERS}" for s in found]


def hash_of_frame(frame: Sequence[tuple[str, str]]) -> str:
    """The hash of a frame of (stratum, crime reference)."""
    return audit_sample.frame_hash((stratum, (UNIT_TYPE, ref)) for stratum, ref in frame)


def draw(frame: Sequence[tuple[str, str]], total: int, fewest: int, seed: int) -> list[tuple[str, str]]:
    """(stratum, crime reference) of each case selected; the same for the same frame, sizes and seed."""
    by_stratum: dict[str, list[audit_sample.Unit]] = {}
    for stratum, ref in frame:
        by_stratum.setdefault(stratum, []).append((UNIT_TYPE, ref))
    marked = hash_of_frame(frame)
    counts = allocate({stratum: len(units) for stratum, units in by_stratum.items()}, total, fewest)
    return [
        (stratum, ref)
        for stratum in sorted(by_stratum)
        for _, ref in audit_sample.draw(by_stratum[stratum], counts[stratum], seed, marked)
    ]


def pseudonyms(refs: Sequence[str], key: bytes) -> dict[str, str]:
    """Reference -> pseudonym by HMAC-SHA256 under the sample's own key.

    Without the key nobody can test references against pseudonyms. Raises ValueError for a key shorter than the hash.
    """
    if len(key) < hashlib.sha256().digest_size:
        raise ValueError("a pseudonym needs a key of 32 bytes at least")
    found: dict[str, str] = {}
    for ref in sorted(refs):
        attempt = 0
        while (name := _name(key, f"{attempt}|{ref}")) in found.values():
            attempt += 1
        found[ref] = name
    return found


def _name(key: bytes, text: str) -> str:
    number = int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest(), "big")
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        signs.append(LETTERS[place])
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"


def coarsened(rows: Sequence[Mapping[str, str]], order: Sequence[str], smallest: int) -> list[dict[str, str]]:
    """Each row with facts withheld, in `order`, until at least `smallest` rows share all that is still shown.

    A column outside `order` is not a fact and is left out. All of `order` may be withheld: then nothing is shown.
    """
    levels = [[tuple(row[name] for name in order[k:]) for row in rows] for k in range(len(order) + 1)]
    counts = [Counter(level) for level in levels]
    found = []
    for i, row in enumerate(rows):
        gone = next((k for k in range(len(order)) if counts[k][levels[k][i]] >= smallest), len(order))
        found.append({name: WITHHELD if place < gone else row[name] for place, name in enumerate(order)})
    return found


def select_measures(
    rows: Sequence[Mapping[str, str]],
    shown: Sequence[Mapping[str, str]],
    measures: Sequence[Mapping[str, Sequence[str]]],
    smallest: int,
) -> list[dict[str, list[str]] | dict[str, int] | None]:
    """Measures of each row that may be shown (state -> codes), beside the facts `shown` by `coarsened`.

    Codes that fewer than `smallest` rows have in that state are WITHHELD. Where fewer rows share the codes and the
    facts shown, the result is how many there are in each state. Where fewer share that as well, it is None.
    """
    shared = Counter((state, code) for row in measures for state, codes in row.items() for code in codes)
    named = [{state: _common(state, codes, shared, smallest) for state, codes in row.items()} for row in measures]
    counted = [{state: len(codes) for state, codes in row.items()} for row in measures]
    left = [tuple(name for name, value in facts.items() if value != WITHHELD) for facts in shown]
    are_named, are_counted = (_enough(rows, left, groups, smallest) for groups in (named, counted))
    return [named[i] if are_named[i] else counted[i] if are_counted[i] else None for i in range(len(rows))]


def _common(state: str, codes: Sequence[str], shared: Mapping[tuple[str, str], int], smallest: int) -> list[str]:
    common = [code for code in codes if shared[state, code] >= smallest]
    return common if len(common) == len(codes) else [*common, WITHHELD]


def _enough(
    rows: Sequence[Mapping[str, str]],
    left: Sequence[tuple[str, ...]],
    groups: Sequence[Mapping[str, object]],
    smallest: int,
) -> list[bool]:
    """Whether at least `smallest` rows share a row's remaining facts and measures."""

    def key(i: int, names: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        return tuple(rows[i][name] for name in names), repr(groups[i])

    alike = {names: Counter(key(i, names) for i in range(len(rows))) for names in set(left)}
    return [alike[names][key(i, names)] >= smallest for i, names in enumerate(left)]
