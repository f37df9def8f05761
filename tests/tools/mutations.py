"""Mutated deliveries: a sound file with bytes, cells, labels, members or tags changed. The number gives all of it."""

import io
import random
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import sound_files as sound

SEED = 21
WORDS = (
    "", " ", "NULL", "N/A", "-", "0", "-0", "007", "1e309", "NaN", "-inf", "99999999999999999999", "1.5", "0x1F",
    "true", "=1+1", "+44", "@SUM(1)", "=HYPERLINK(\"http://a.invalid\")", "'; drop table raw.deliveries; --",
    "\" or 1=1 --",
    "<script>alert(1)</script>", "{{7*7}}", "$(id)", "%s%n", "../../etc/passwd", "C:\\x", "\\\\?\\UNC\\a\\b", "CON",
    "\u202egnp", "e\u0301", "\u200b", "\U0001f46e", "\ufeff", "\ud7ff", "\x00", "\x1b[31m", "a\nb", "a\r\nb", "\u2028",
    "31/02/2025", "00/00/0000", "2025-13-01", "2025-02-30 24:00", "24:00", "19/01/2026 24:00", "01/02/03", "1904-01-01",
    "45000", "2026-03-29 01:30", "2025-10-26 01:30", "9999-12-31T23:59:59Z", "0001-01-01", "-4713-01-01", "12/31/2025",
    "1A", "0/0", "999/999", "29-Aug", "8Q", "8q ", "16 - words", "Yes", "y", "x" * 5000, '"', '""', ",", ";", "\t", "|",
)  # fmt: skip
TOKENS = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b'"', b'""', b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"\x1a",
    b"PAR1", b"PK\x03\x04", b"PK\x05\x06", b"<", b">", b"]]>", b"<!--", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"{",
    b"}", b"[", b"]", b"null", b"1e999", b"\\u0000", b"\\ud800", b"-1", b"4294967295", b"9" * 400,
    b"[" * 2000, b"{\"a\":" * 2000,
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A delivery: its form, its name below the data folder, its bytes."""

    form: str
    name: str
    content: bytes


def mutant(number: int) -> Mutant:
    """The delivery of this number, always the same."""
    chance = random.Random(SEED * 1_000_003 + number)
    form = sound.FORMATS[number % len(sound.FORMATS)]
    with tempfile.TemporaryDirectory() as folder:
        name, content = _MAKERS.get(form, _extract)(form, chance, number, Path(folder))
    return Mutant(form, name, content)


def of_bytes(content: bytes, chance: random.Random) -> bytes:
    """One to six changes of bytes: flipped, cut, put in, repeated, exchanged."""
    held = bytearray(content)
    for _ in range(chance.randrange(1, 7)):
        if not held:
            break
        at, length = chance.randrange(len(held)), chance.choice([1, 1, 2, 8, 64, 1000])
        what = chance.randrange(7)
        if what == 0:
            held[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            held[at] = chance.randrange(256)
        elif what == 2:
            del held[at : at + length]
        elif what == 3:
            held[at:at] = chance.choice(TOKENS)
        elif what == 4:
            held[at:at] = held[at : at + length] * chance.choice([1, 2, 50])
        elif what == 5:
            other = chance.randrange(len(held))
            held[at : at + length], held[other : other + length] = (
                held[other : other + length], held[at : at + length],
            )  # fmt: skip
        elif chance.random() < 0.3:
            del held[at:]
    return bytes(held)


def of_grid(rows: sound.Grid, chance: random.Random) -> sound.Grid:
    """One to five changes of a table: labels and cells, rows lost, doubled, longer, shorter or exchanged."""
    rows = [list(row) for row in rows]
    for _ in range(chance.randrange(1, 6)):
        row, place = chance.randrange(len(rows)), chance.randrange(max(len(rows[0]), 1))
        what = chance.randrange(12)
        if what < 4 and place < len(rows[row]):
            rows[row][place] = chance.choice(WORDS)
        elif what == 4:
            word = chance.choice(WORDS)
            rows[1:] = [[word if n == place else value for n, value in enumerate(each)] for each in rows[1:]]
        elif what == 5 and place < len(rows[0]):
            rows[0][place] = chance.choice([*WORDS, rows[0][0], rows[0][place].upper(), f" {rows[0][place]} ", "x"])
        elif what == 6:
            rows = [each[:place] + each[place + 1 :] for each in rows] if len(rows[0]) > 1 else rows
        elif what == 7:
            rows.insert(row, list(rows[row]))
        elif what == 8 and len(rows) > 1:
            del rows[row]
        elif what == 9:
            rows[row] = rows[row][:place] if chance.random() < 0.5 else [*rows[row], *chance.choices(WORDS, k=3)]
        elif what == 10:
            rows.insert(0, ["Extract of crimes", *[""] * (len(rows[0]) - 1)])
        elif what == 11 and chance.random() < 0.1:
            rows = [[*each, *("z" * (n == 0) + str(k) for k in range(3000))] for n, each in enumerate(rows)]
    return rows


def of_zip(content: bytes, chance: random.Random, inner: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The archive written again: members changed by `inner`, lost, doubled, renamed, out of their order or stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        if chance.random() < 0.1:
            chance.shuffle(names)
        target = chance.choice(names)
        for name in names:
            member = old.read(name)
            if name == target or chance.random() < 0.1:
                name, member = inner(name, member)
            if not name:
                continue
            kind = chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2])
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), member, kind)
    whole = out.getvalue()
    if chance.random() < 0.2:  # a size or a check sum that is a lie
        at = chance.choice([found.start() for found in re.finditer(b"PK\x01\x02|PK\x03\x04", whole)])
        field = at + chance.choice([6, 8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 42])
        lie = chance.choice([0, 1, 2**31, 2**32 - 1, chance.randrange(2**32)])
        whole = whole[:field] + lie.to_bytes(4, "little") + whole[field + 4 :]
    return of_bytes(whole, chance) if chance.random() < 0.1 else whole


def of_tags(content: bytes, chance: random.Random) -> bytes:
    """XML with a tag lost, doubled or nested, an attribute or a text changed; what stays is often well-formed."""
    tags = list(re.finditer(rb"<[^<>]{1,300}>", content))
    if not tags:
        return of_bytes(content, chance)
    tag = chance.choice(tags)
    what = chance.randrange(7)
    if what == 0:
        return content[: tag.start()] + content[tag.end() :]
    if what == 1:
        return content[: tag.end()] + tag[0] * chance.choice([1, 5, 500]) + content[tag.end() :]
    if what == 2 and (found := list(re.finditer(rb'="([^"]*)"', content))):
        value = chance.choice(found)
        new = chance.choice(
            [b"", b"-1", b"0", b"A0", b"XFD1048576", b"ZZZZ9", b"1048576", b"9" * 30, b"&amp;", b"../x", b"e"]
        )
        return content[: value.start(1)] + new + content[value.end(1) :]
    if what == 3 and (found := list(re.finditer(rb'\s[\w:-]+="[^"]*"', content))):
        lost = chance.choice(found)
        return content[: lost.start()] + content[lost.end() :]
    if what == 4 and (found := list(re.finditer(rb">([^<>]+)<", content))):
        text = chance.choice(found)
        new = chance.choice(
            [b"", b"999999", b"-1", b"1e400", b"#REF!", b"x" * 40_000, b":c " * 5000, "é\u202e".encode()]
        )
        return content[: text.start(1)] + new + content[text.end(1) :]
    if what == 5:
        return (
            content[: tag.start()] + b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>" + content[tag.start() :]
        )
    return of_bytes(content, chance)


def _member(chance: random.Random) -> Callable[[str, bytes], tuple[str, bytes]]:
    def change(name: str, member: bytes) -> tuple[str, bytes]:
        what = chance.random()
        if what < 0.05:
            return "", member
        if what < 0.1:
            return chance.choice(
                [f"../{name}", f"/{name}", name.upper(), f"{name}\x00.csv", f"C:{name}", "CON.csv"]
            ), member
        if name.endswith((".xml", ".rels")) and what < 0.85:
            return name, of_tags(member, chance)
        return name, of_bytes(member, chance)

    return change


def _extract(form: str, chance: random.Random, number: int, folder: Path) -> tuple[str, bytes]:
    table, rows = sound.table_for(chance, number)
    name = f"force/{table}_{number % 1000}.{form}"
    what = chance.random()
    if form == "parquet" and what < 0.3:
        return name, sound.typed_parquet(rows, chance)
    if what < 0.55:
        return name, sound.WRITERS[form](of_grid(rows, chance), folder)
    content = sound.WRITERS[form](rows, folder)
    if form in ("xlsx", "ods") and what < 0.9:
        return name, of_zip(content, chance, _member(chance))
    if form == "parquet" and what < 0.85:  # the footer alone
        at = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
        return name, content[:at] + of_bytes(content[at:-8], chance) + content[-8:]
    return name, of_bytes(content, chance)


def _zip(form: str, chance: random.Random, number: int, folder: Path) -> tuple[str, bytes]:
    members = {}
    for each in range(3):
        table, rows = sound.table_for(chance, number * 10 + each)
        ending = chance.choice(["csv", "xlsx", "json", "parquet"])
        members[f"{table}_{each}.{ending}"] = sound.WRITERS[ending](rows, folder)
    if chance.random() < 0.1:
        members["inner.zip"] = sound.as_zip(members)
    return f"zip/{number}.zip", of_zip(sound.as_zip(members), chance, _member(chance))


def _gz(form: str, chance: random.Random, number: int, folder: Path) -> tuple[str, bytes]:
    table, rows = sound.table_for(chance, number)
    content = sound.compressed(sound.as_csv(rows))
    return f"gz/{number}/{table}.csv{chance.choice(['.gz', ''])}", of_bytes(content, chance)


def _areas(form: str, chance: random.Random, number: int, folder: Path) -> tuple[str, bytes]:
    name, content = chance.choice(sorted(sound.areas().items()))
    if chance.random() < 0.6:  # a value exchanged for another, so that it is JSON still
        values = list(re.finditer(rb'-?\d+\.\d+|"[^"]*"|\[|\{', content))
        for value in sorted(chance.sample(values, 3), key=lambda found: -found.start()):
            new = chance.choice(
                [b"null", b"1e999", b'"x"', b"[]", b"{}", b"true", b"-181.5", b"[[[0,0]]]", b"NaN", b"["]
            )
            content = content[: value.start()] + new + content[value.end() :]
        return f"areas/{number}/{name}", content
    return f"areas/{number}/{name}", of_bytes(content, chance)


def _published(form: str, chance: random.Random, number: int, folder: Path) -> tuple[str, bytes]:
    names = sorted(sound.published())
    small = [name for name in names if not name.endswith(".xlsx")]
    name = chance.choice(small if chance.random() < 0.9 else names)
    content = sound.published()[name]
    if name.endswith(".xlsx"):
        return f"open/{number}/{name}", of_zip(content, chance, _member(chance))
    if chance.random() < 0.5:
        rows = [line.split(",") for line in content.decode("utf-8", "replace").splitlines()]
        return f"open/{number}/{name}", "\n".join(map(",".join, of_grid(rows, chance))).encode("utf-8", "replace")
    return f"open/{number}/{name}", of_bytes(content, chance)


def _mapping(form: str, chance: random.Random, number: int, folder: Path) -> tuple[str, bytes]:
    content = of_bytes(sound.MAPPING, chance)
    if chance.random() < 0.5:
        lines = sound.MAPPING.decode().splitlines()
        at = chance.randrange(len(lines))
        left, _, right = lines[at].partition("=")
        word = chance.choice(WORDS).replace("\\", "\\\\").replace('"', '\\"')
        lines[at] = chance.choice(
            [f'{left}= "{word}"', f'"{word}" ={right}', f"{left}= {word}", "", f"{left}= [[]]", f"[{word}]"]
        )
        content = "\n".join(lines).encode("utf-8", "replace")
    return f"mapping/{number}/mapping.toml", content


def _identities(form: str, chance: random.Random, number: int, folder: Path) -> tuple[str, bytes]:
    ending = chance.choice(sorted(sound.WRITERS))
    rows = sound.identities(number)
    name = f"names/{number}/person_identity.{ending}"
    if chance.random() < 0.5:
        return name, sound.WRITERS[ending](of_grid(rows, chance), folder)
    content = sound.WRITERS[ending](rows, folder)
    if ending in ("xlsx", "ods") and chance.random() < 0.6:
        return name, of_zip(content, chance, _member(chance))
    return name, of_bytes(content, chance)


_MAKERS = {
    "zip": _zip, "gz": _gz, "geojson": _areas, "published": _published, "mapping": _mapping, "identities": _identities,
}  # fmt: skip
