"""The identity store: `home/identity/`, encrypted (AES-GCM), for linkage alone.

It holds names, model and register. The key comes from the environment. Only in the demonstration, where every force is
invented, is a key file made beside the data. Nothing is written before the key has opened what is already there.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import secrets
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.system.disk import write_whole

KEY = "STRA_IDENTITY_KEY"
FOLDER = "identity"
KEY_FILE = "demonstration.key"
SHORTEST_KEY = 16
ERASED = "erased"  # the entry that says who was erased: see erased_list.py
MAGIC = b"STRAID01"
PRIVATE = 0o600  # of the files of the store: for the account that runs the product
PIECE = 64 * 1024 * 1024  # bytes encrypted at once


def mark() -> str:
    """Changes when a key is given, taken away or exchanged; says nothing of it."""
    given = os.environ.get(KEY, "").strip()
    return hashlib.sha256(f"stra {given}".encode()).hexdigest()[:8] if given else "no key"


class NoIdentityKey(Exception):
    """There is no key to keep identities with, or it is too short to be one."""


class WrongIdentityKey(Exception):
    """The key does not open the entries of the store; nothing was written."""


class IdentityStore:
    """The encrypted files of one home.

    Raises NoIdentityKey or WrongIdentityKey before anything is written.
    """

    def __init__(self, home: Path, is_demonstration: bool) -> None:
        self.folder = home / FOLDER
        self.made_key = False
        secret = self._secret(is_demonstration)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._cipher, self._hash_key = _secrets_of(secret, self._salt())
        if self._path("check").exists():
            self.read("check")
        else:
            self.write({"check": b"stra"})

    def _secret(self, is_demonstration: bool) -> str:
        given = os.environ.get(KEY, "").strip()
        if given:
            if len(given) < SHORTEST_KEY:
                raise NoIdentityKey(
                    f"{KEY} has {len(given)} characters; expected at least {SHORTEST_KEY}: give a longer one, made at"
                    " random, and keep it where the force keeps its keys."
                )
            return given
        file = self.folder / KEY_FILE
        if not is_demonstration:
            raise NoIdentityKey(
                f"the extract has names of people (person_identity) and the environment has no {KEY}: they were"
                f" not read. Set {KEY} to a key of the force, of {SHORTEST_KEY} characters or more, and build again; or"
                " remove the file, and each person key counts as one person."
            )
        if not file.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(file, secrets.token_urlsafe(32), mode=PRIVATE)
            self.made_key = True
        return file.read_text(encoding="ascii")

    def _salt(self) -> bytes:
        file = self.folder / "salt"
        if not file.exists():
            write_whole(file, secrets.token_bytes(16), mode=PRIVATE)
        return file.read_bytes()

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.enc"

    def keyed_hash(self, text: str) -> str:
        """HMAC-SHA-256 of a text: nobody without the key can compute or find it."""
        return hmac.digest(self._hash_key, text.encode(), "sha256").hex()

    def names(self) -> list[str]:
        """The names of the entries in the store."""
        return sorted(path.stem for path in self.folder.glob("*.enc"))

    def read(self, name: str) -> bytes | None:
        """One entry, None where there is none. Raises WrongIdentityKey."""
        from cryptography.exceptions import InvalidTag

        path = self._path(name)
        if not path.exists():
            return None
        sealed = path.read_bytes()
        pieces, at, number = [], len(MAGIC), 0
        try:
            while at < len(sealed):
                size, nonce = struct.unpack_from("<Q12s", sealed, at)
                at += 20
                pieces.append(self._cipher.decrypt(nonce, sealed[at : at + size], f"{name} {number}".encode()))
                at, number = at + size, number + 1
        except (InvalidTag, struct.error):
            raise WrongIdentityKey(
                f"{path}: the key in {KEY} does not open it, or the file was changed. Nothing was written: give the"
                " key that it was made with, or put the folder back from its copy."
            ) from None
        return b"".join(pieces)

    def write(self, entries: Mapping[str, bytes]) -> None:
        """Write entries, each whole or not at all, in the order given."""
        for name, content in entries.items():
            sealed = [MAGIC]
            for number, start in enumerate(range(0, max(1, len(content)), PIECE)):
                nonce = secrets.token_bytes(12)
                piece = self._cipher.encrypt(nonce, content[start : start + PIECE], f"{name} {number}".encode())
                sealed += [struct.pack("<Q12s", len(piece), nonce), piece]
            write_whole(self._path(name), b"".join(sealed), mode=PRIVATE)

    def remove(self, name: str) -> None:
        """Take an entry out."""
        self._path(name).unlink(missing_ok=True)


def _secrets_of(secret: str, salt: bytes) -> tuple[Any, bytes]:
    """The cipher of the entries and the key of `keyed_hash`, from one secret.

    Neither reveals the other.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    derived = Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(secret.encode())
    return AESGCM(derived), hmac.digest(derived, b"stra keyed hash", "sha256")


def frame_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as an entry of the store."""
    stream = io.BytesIO()
    frame.write_parquet(stream, compression="zstd", compression_level=1)
    return stream.getvalue()


def bytes_frame(content: bytes) -> pl.DataFrame:
    """The frame of an entry."""
    return pl.read_parquet(io.BytesIO(content))


def json_bytes(value: Any) -> bytes:
    """Plain values as an entry of the store."""
    return json.dumps(value, sort_keys=True).encode()
