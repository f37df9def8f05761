"""A folder of backups: encrypted objects, each named by its content, and one encrypted list for each backup.

An object is named by a keyed hash of its content (HMAC-SHA-256) and encrypted with AES-GCM under a key of its own. So
nobody without the key knows what a backup holds, and no content is written twice. A list is written last, under a
name that its encryption is bound to: a backup is there whole or not at all. The key comes from the environment only.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from casework.store.refusal import Refused
from pipelines.system.disk import flush

KEY = "STRA_BACKUP_KEY"
SHORTEST_KEY = 16
FORMAT, OBJECTS, LISTS = "format.json", "objects", "lists"
MAGIC = b"STRABK01"
BLOCK = 4 * 1024 * 1024  # bytes of an object at most: a large file is several, of which only the changed ones are new
NONCE = 12
NAMED = re.compile(r"(\d{6})-\d{8}T\d{6}Z\.list")


class BackupRefused(Refused):
    """Nothing was kept or restored; the message says what was expected, what was seen and what to do."""


@dataclass(frozen=True)
class Vault:
    """The folder of backups, opened with its key."""

    folder: Path
    name_key: bytes
    seal_key: bytes

    def name_of(self, content: bytes) -> str:
        """The name of the object with this content."""
        return hmac.digest(self.name_key, content, "sha256").hex()

    def path_of(self, name: str) -> Path:
        """Where an object is."""
        return self.folder / OBJECTS / name[:2] / name

    def write(self, content: bytes) -> tuple[str, bool]:
        """Keep an object; its name, and whether it was new. Its folder is flushed by `flush_folders`."""
        name = self.name_of(content)
        path = self.path_of(name)
        if path.is_file() and path.stat().st_size == len(MAGIC) + NONCE + len(content) + 16:
            return name, False
        if not path.parent.is_dir():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(path, self._sealed(name, content))
        return name, True

    def read(self, name: str) -> bytes:
        """The content of an object. Raises BackupRefused where it is not as it was written."""
        path = self.path_of(name)
        content = self._opened(path, name)
        if self.name_of(content) != name:
            raise BackupRefused(_damaged(path, "its content is that of another object"))
        return content

    def flush_folders(self) -> None:
        """Wait until the names of all objects are on the disk."""
        objects = self.folder / OBJECTS
        for folder in [*objects.iterdir(), objects, self.folder]:
            if folder.is_dir():
                flush(folder)

    def lists(self) -> list[str]:
        """The names of all lists, the earliest first."""
        folder = self.folder / LISTS
        return sorted(p.name for p in folder.iterdir() if NAMED.fullmatch(p.name)) if folder.is_dir() else []

    def write_list(self, name: str, content: dict[str, Any]) -> None:
        """Keep the list of a backup, and read it again."""
        folder = self.folder / LISTS
        folder.mkdir(mode=0o700, exist_ok=True)
        write_durably(folder / name, self._sealed(name, json.dumps(content).encode()))
        flush(folder)
        flush(self.folder)
        if self.read_list(name) != json.loads(json.dumps(content)):
            raise BackupRefused(_damaged(folder / name, "it is not what was written"))

    def read_list(self, name: str) -> dict[str, Any]:
        """The list of a backup. Raises BackupRefused where it is not as it was written."""
        content: dict[str, Any] = json.loads(self._opened(self.folder / LISTS / name, name))
        return content

    def _sealed(self, name: str, content: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        sealed: bytes = self._cipher(name).encrypt(nonce, content, name.encode())
        return MAGIC + nonce + sealed

    def _opened(self, path: Path, name: str) -> bytes:
        from cryptography.exceptions import InvalidTag

        try:
            sealed = _read_from_disk(path)
        except FileNotFoundError:
            raise BackupRefused(_damaged(path, "it is not there")) from None
        start = len(MAGIC) + NONCE
        try:
            if not sealed.startswith(MAGIC):
                raise InvalidTag
            content: bytes = self._cipher(name).decrypt(sealed[len(MAGIC) : start], sealed[start:], name.encode())
        except (InvalidTag, ValueError):
            raise BackupRefused(_damaged(path, "it was changed or cut short")) from None
        return content

    def _cipher(self, name: str) -> Any:
        return self._aes(hmac.digest(self.seal_key, name.encode(), "sha256"))

    @cached_property
    def _aes(self) -> Any:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM


def open_vault(folder: Path, *, is_new: bool) -> Vault:
    """The folder of backups, made if `is_new` allows it. Raises BackupRefused where it cannot be opened."""
    secret = os.environ.get(KEY, "").strip()
    if len(secret) < SHORTEST_KEY:
        seen = f"{len(secret)} characters" if secret else "none"
        raise BackupRefused(
            f"expected a key of {SHORTEST_KEY} characters or more in {KEY}, saw {seen}. Make one at random, and keep "
            "it where the force keeps its keys: without it no backup can be read."
        )
    file = folder / FORMAT
    if not file.is_file():
        there = [path.name for path in folder.iterdir() if path.name not in ("lock", f".{FORMAT}")]
        if not is_new or there:
            what = "there is none" if not there else f"saw other files ({', '.join(sorted(there)[:3])})"
            wanted = "an empty folder, or one with backups" if is_new else "a folder with backups"
            raise BackupRefused(f"{folder}: expected {wanted}; {what}. Name another folder.")
        salt = secrets.token_bytes(16)
        made = _vault(folder, secret, salt)
        said = {"format": 1, "salt": salt.hex(), "check": made.name_of(MAGIC)}
        write_durably(file, json.dumps(said).encode())
        flush(folder)
    try:
        said = json.loads(file.read_text(encoding="ascii"))
        opened, check = _vault(folder, secret, bytes.fromhex(said["salt"])), str(said["check"])
    except (ValueError, KeyError, TypeError):
        raise BackupRefused(f"{_damaged(file, 'it cannot be read')} It holds the salt of the key.") from None
    if not hmac.compare_digest(opened.name_of(MAGIC), check):
        raise BackupRefused(
            f"{folder}: expected the key that it was made with, saw another in {KEY}. Nothing was written: give that "
            "key, or name a new folder."
        )
    return opened


def _vault(folder: Path, secret: str, salt: bytes) -> Vault:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    derived = Scrypt(salt=salt, length=64, n=2**14, r=8, p=1).derive(secret.encode())
    return Vault(folder, derived[:32], derived[32:])


def write_durably(path: Path, content: bytes) -> None:
    """Write a file beside its place, flush it, give it its name. The folder is for the caller to flush."""
    fresh = path.with_name(f".{path.name}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        put(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    os.replace(fresh, path)


def put(handle: int, content: bytes) -> None:
    """Write all of the content."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def blocks(path: Path) -> Iterator[bytes]:
    """The content of a file, in pieces of the size of an object; none of an empty file."""
    with open(path, "rb") as stream:
        while piece := stream.read(BLOCK):
            yield piece


def _read_from_disk(path: Path) -> bytes:
    """The content as the disk has it, not as memory remembers it, where the system allows that."""
    with open(path, "rb") as stream:
        with contextlib.suppress(OSError):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return stream.read()


def _damaged(path: Path, what: str) -> str:
    return (
        f"{path}: expected it as it was written, {what}. Use another backup, and find out what writes to this folder."
    )
