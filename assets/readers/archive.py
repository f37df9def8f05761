"""Zip archives, opened safely: no name inside an archive decides where a file is written.

Limits and checks of archives belong here. Reading a member's content belongs to the reader of its format.
"""

from __future__ import annotations

import errno
import lzma
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from assets.readers.source import BrokenFile, DeliveredFile

# A month of street-level CSV packs about 7:1; a hundredfold is no longer a table. Small members may be anything.
MAX_RATIO = 100
SMALL_BYTES = 10_000_000
MAX_MEMBER_BYTES = 4_000_000_000
# The largest archive of data.police.uk (the full history to 2017) holds less than half of this.
MAX_TOTAL_BYTES = 40_000_000_000
MAX_MEMBERS = 100_000
MAX_NAME = 1_000  # characters of a member's name with its folders

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".ods", ".ots")
# What zipfile and its decompressors raise on damaged bytes.
_DAMAGE = (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, struct.error, ValueError, RuntimeError, IndexError)


def is_archive(file: DeliveredFile) -> bool:
    """Whether a file is a zip archive to open, by content or name; a workbook, which is a zip too, is not."""
    if file.head.startswith((_ZIP, _EMPTY_ZIP)):
        return not is_workbook(file)
    return file.name.lower().endswith(".zip")


def is_workbook(file: DeliveredFile) -> bool:
    """Whether a file is an Excel or OpenDocument workbook, by name or by content."""
    if file.name.lower().endswith(_WORKBOOKS):
        return True
    try:
        with zipfile.ZipFile(file.path) as package:
            return bool({"[Content_Types].xml", "mimetype"} & set(package.namelist()))
    except _DAMAGE:
        return False


def members(file: DeliveredFile, scratch: Path) -> Iterator[tuple[str, Path | BrokenFile]]:
    """Yield the members of an archive, each unpacked to `scratch` until the next is requested, or its fault.

    Names are `archive.zip!member`; a fault of the archive as a whole comes under the archive's own name.
    """
    try:
        with zipfile.ZipFile(file.path) as package:
            infos = [i for i in package.infolist() if not i.is_dir() and not _is_passed_over(i)]
            _check_whole(infos, file.size)
            seen: set[str] = set()
            for info in sorted(infos, key=lambda i: _name(i)):
                name = f"{file.name}!{_name(info)}"
                problem = _trouble(info, _name(info) in seen)
                seen.add(_name(info))
                if problem is not None:
                    yield name, problem
                    continue
                with tempfile.TemporaryDirectory(dir=scratch) as folder:
                    target = Path(folder) / f"member{PurePosixPath(_name(info)).suffix[:10]}"
                    yield name, _unpack(package, info, target) or target
    except BrokenFile as problem:
        yield file.name, problem
    except _DAMAGE as problem:
        yield file.name, BrokenFile(
            "archive", f"a damaged or cut zip file ({problem})", "a zip archive",
            "Download it again; if that does not help, ask the publisher for the file.",
        )  # fmt: skip


def _name(info: zipfile.ZipInfo) -> str:
    # Old Windows tools write backslashes.
    return info.orig_filename.replace("\\", "/")


def _is_passed_over(info: zipfile.ZipInfo) -> bool:
    """Whether a member is ignored: hidden, added by macOS, or in a `truth` folder, which no build reads."""
    parts = [p for p in _name(info).split("/") if p not in ("", ".", "..")]
    return any(p.startswith(".") or p in ("__MACOSX", "truth") for p in parts)


def _check_whole(infos: list[zipfile.ZipInfo], packed: int) -> None:
    """Raise BrokenFile for an archive that as a whole is empty, hostile or a bomb."""
    if not infos:
        raise BrokenFile("archive", "no file in it", "at least one file", "Ask the publisher for the file.")
    for info in infos:
        name = _name(info)
        if name.startswith("/") or ".." in name.split("/") or name[1:2] == ":" or "\0" in name:
            raise BrokenFile(
                f"member {name!r}", "a name that leads out of the archive", "names below the archive",
                "Nothing of it was unpacked. Do not open it; ask the publisher where it comes from.",
            )  # fmt: skip
        if len(name) > MAX_NAME:
            raise BrokenFile(
                f"member {name[:60]!r}...", f"a name of {len(name):,} characters", f"at most {MAX_NAME:,}",
                "Nothing of it was unpacked. Unpack it by hand and deliver the files.",
            )  # fmt: skip
    total = sum(i.file_size for i in infos)
    if total > MAX_TOTAL_BYTES or (total > packed * MAX_RATIO and total > SMALL_BYTES) or len(infos) > MAX_MEMBERS:
        raise BrokenFile(
            "archive", f"{len(infos):,} members that unpack from {packed:,} to {total:,} bytes (a zip bomb)",
            f"at most {MAX_MEMBERS:,} members, {MAX_TOTAL_BYTES:,} bytes and {MAX_RATIO} times the packed size",
            "Nothing of it was unpacked. If it is genuine, unpack it by hand and deliver the files.",
        )  # fmt: skip


def _trouble(info: zipfile.ZipInfo, is_repeated: bool) -> BrokenFile | None:
    """The reason why this member is not unpacked; None where there is none."""
    if is_repeated:
        return BrokenFile("member", "a second member of the same name", "every name once",
                          "The first was read. Ask the publisher which one is meant.")  # fmt: skip
    if stat.S_ISLNK(info.external_attr >> 16):
        return BrokenFile("member", "a symbolic link", "a file", "Put the file itself into the archive.")
    if info.flag_bits & 0x1:
        return BrokenFile("member", "an encrypted file", "a file without a password",
                          "Unpack the archive with its password and deliver the files.")  # fmt: skip
    if info.file_size > MAX_MEMBER_BYTES or (
        info.file_size > SMALL_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1)
    ):
        return BrokenFile(
            "member", f"{info.compress_size:,} bytes that unpack to {info.file_size:,} (a zip bomb)",
            f"at most {MAX_MEMBER_BYTES:,} bytes and {MAX_RATIO} times the packed size",
            "It was not unpacked. If it is genuine, unpack it by hand and deliver the file.",
        )  # fmt: skip
    if _name(info).lower().endswith(".zip"):
        return _nested()
    return None


def _nested() -> BrokenFile:
    return BrokenFile("member", "a zip archive inside the zip archive", "files", "Unpack it and deliver its files.")


def _unpack(package: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> BrokenFile | None:
    """Unpack one member; its fault, or None. A full disk is not the member's fault: OSError."""
    blocks = _blocks(package, info)
    with open(target, "wb") as out:
        try:
            for number, block in enumerate(blocks):
                is_zip = number == 0 and block.startswith((_ZIP, _EMPTY_ZIP))
                if is_zip and not _name(info).lower().endswith(_WORKBOOKS):
                    return _nested()
                out.write(block)
        except _DAMAGE as problem:
            return BrokenFile(
                "member", f"damaged bytes ({problem})", "the bytes of the archive's checksum",
                "Download the archive again; if that does not help, ask the publisher for the file.",
            )  # fmt: skip
    return None


def _blocks(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member, checked. Raises one of _DAMAGE, or OSError where the disk fails."""
    try:
        with package.open(info) as stream:
            while block := stream.read(1 << 20):
                yield block
    except OSError as problem:
        # bz2 raises it without a number; a seek before the start of the file gives EINVAL.
        if problem.errno in (None, errno.EINVAL):
            raise zipfile.BadZipFile(str(problem)) from problem
        raise
