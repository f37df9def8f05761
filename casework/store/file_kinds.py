"""What kind of file someone put in: its first bytes have to agree with its name.

It is checked before any library reads the file. Of a ZIP archive only the list of its parts is read.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection

from casework.store.refusal import Refused

ZIP, NAMES = b"PK\x03\x04", "[Content_Types].xml"
PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml"}  # the part without which it is none
MACROS = "vbaproject.bin"
WORDS = {
    "csv": "a CSV file (text in lines)", "html": "a web page (text that begins with <)",
    "docx": "a Word document (.docx)", "xlsx": "a workbook (.xlsx)",
}  # fmt: skip
SAME = {"htm": "html"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_OTHERS = (  # the first bytes of what people send instead -> what it is, and what to do
    (b"\xd0\xcf\x11\xe0", "an old Office file, or one with a password", "Save it as {kind}, without a password"),
    (b"%PDF", "a PDF", "Save the document that it was made from, or copy its table into {kind}"),
    (b"{\\rtf", "a rich text file", "Save it as {kind}"),
    (b"PK\x05\x06", "an empty ZIP archive", "Save it as {kind} again"),
    (b"\x89PNG", "a picture", "Save the table that it shows as {kind}"),
    (b"\xff\xd8\xff", "a picture", "Save the table that it shows as {kind}"),
    (b"GIF8", "a picture", "Save the table that it shows as {kind}"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first"),
    (b"Rar!", "a RAR archive", "Unpack it first"),
    (b"MZ", "a program", "Send no program here"),
    (b"\x7fELF", "a program", "Send no program here"),
    (b"#!", "a program", "Send no program here"),
    (b"SQLite format 3", "a database", "Export its table as {kind}"),
    (b"PAR1", "a Parquet file", "Export it as {kind}"),
)


def check_kind(name: str, content: bytes, allowed: Collection[str]) -> str:
    """The kind that a file has by its name and by its bytes.

    Raises Refused, with what was expected, what was seen and what to do, where either is not allowed or they differ.
    """
    kinds = list(dict.fromkeys(SAME.get(kind, kind) for kind in allowed))
    expected, best = " or ".join(WORDS[kind] for kind in kinds), f".{kinds[0]}"
    named = name.rpartition(".")[2].lower() if "." in name else ""
    named = SAME.get(named, named)
    if not content.strip(b" \t\r\n\x00"):
        raise Refused(f"{name}: expected {expected}; it is empty. Save it again.")
    seen, what, remedy = _seen(content, named)
    if seen not in kinds:
        raise Refused(f"{name}: expected {expected}; saw {what}. {remedy.format(kind=best)}.")
    if seen != named:
        what = f"the ending .{named}" if named else "no ending"
        raise Refused(
            f"{name}: its bytes are {WORDS[seen]}, but its name has {what}. Name it .{seen}, or save it again."
        )
    return seen


def _seen(content: bytes, named: str) -> tuple[str, str, str]:
    """(kind, "", "") of a file by its bytes, or ("", what it is, what to do)."""
    if content.startswith(ZIP):
        return _packed(content, named)
    for mark, what, remedy in _OTHERS:
        if content.startswith(mark):
            return "", what, remedy
    if content.startswith(_UTF_16):
        start = content[:4096].decode("utf-16", errors="ignore")
    elif b"\x00" in content:
        return "", f"no text: byte {content.index(0) + 1:,} is zero", "Save it as {kind} again"
    else:
        start = content[:4096].removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    kind = "html" if start.lstrip()[:1] == "<" else "csv"
    return kind, WORDS[kind], "Save it as {kind}"


def _packed(content: bytes, named: str) -> tuple[str, str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            held = set(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as problem:
        return "", f"a ZIP archive that is damaged or has a password ({problem})", "Save it as {kind} again"
    if any(part.lower().rpartition("/")[2] == MACROS for part in held):
        return "", "an Office file with macros", "Save it as {kind}, without macros"
    kinds = [kind for kind, part in PARTS.items() if {NAMES, part} <= held]
    if len(kinds) != 1:
        need = f" without {PARTS[named]}" if named in PARTS else ""
        return "", f"a ZIP archive{need} that is no Office file", "Save it as {kind}"
    return kinds[0], WORDS[kinds[0]], "Save it as {kind}"
