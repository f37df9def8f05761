"""A file that changes while it is read is refused as such: the delivery's name is the hash of what was read."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from delivered import says, street_row, table

from assets.raw.open_data.police_uk_street import SOURCE
from assets.readers import files
from assets.readers.csv import reader as csv_reader
from assets.readers.source import BrokenFile, DeliveredFile, Part
from pipelines.fetching.folder import read_folder


class TestFilesThatChange:
    def inspected(self, folder: Path) -> DeliveredFile:
        path = folder / "2025-01-kent-street.csv"
        path.write_bytes(table(street_row(1), street_row(2)))
        return files.inspect(path, path.name)

    def test_while_it_is_hashed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "2025-01-kent-street.csv"
        path.write_bytes(table(street_row(1)))

        real = hashlib.sha256

        class Growing:
            def __init__(self) -> None:
                self.real = real()

            def update(self, block: bytes) -> None:
                self.real.update(block)
                if path.stat().st_size < 2_000_000:
                    with open(path, "ab") as stream:
                        stream.write(b"x" * 1_500_000)

            def hexdigest(self) -> str:
                return self.real.hexdigest()

        monkeypatch.setattr(files.hashlib, "sha256", Growing)
        [(name, problem)] = files.open_file(path, path.name, tmp_path)  # type: ignore[misc]
        assert isinstance(problem, BrokenFile)
        says(f"{name}: {problem}", path.name, "It is still being written", "build again")

    @pytest.mark.parametrize("reader", ["_read_fast", "_read_carefully"])
    def test_while_it_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str) -> None:
        file = self.inspected(tmp_path)
        real = getattr(csv_reader, reader)

        def grows(*arguments: Any) -> Any:
            result = real(*arguments)
            with open(file.path, "ab") as stream:
                stream.write(street_row(3).encode())
            return result

        monkeypatch.setattr(csv_reader, reader, grows)
        if reader == "_read_carefully":
            monkeypatch.setattr(csv_reader, "_read_fast", lambda *arguments: 0)
        out = tmp_path / "rows.parquet"
        with pytest.raises(BrokenFile, match="expected a file that stays as it is") as caught:
            SOURCE.read(Part(file), "ref", out)
        says(str(caught.value), "bytes after", "still being written", "build again")
        assert not out.exists()

    def test_a_cut_row_of_a_growing_file_is_not_called_damage(self, tmp_path: Path) -> None:
        file = self.inspected(tmp_path)
        with open(file.path, "ab") as stream:
            stream.write(b"half a row")
        with pytest.raises(BrokenFile, match="still being written"):
            SOURCE.read(Part(file), "ref", tmp_path / "rows.parquet")

    def test_replaced_by_another_of_the_same_size_and_time(self, tmp_path: Path) -> None:
        file = self.inspected(tmp_path)
        status = file.path.stat()
        other = tmp_path / "other"
        other.write_bytes(file.path.read_bytes().replace(b"Burglary", b"Robbery "))
        os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
        other.replace(file.path)
        with pytest.raises(BrokenFile, match="still being written"):
            SOURCE.read(Part(file), "ref", tmp_path / "rows.parquet")

    def test_gone_before_it_is_read(self, tmp_path: Path) -> None:
        file = self.inspected(tmp_path)
        file.path.unlink()
        with pytest.raises(BrokenFile, match="saw that it is gone"):
            SOURCE.read(Part(file), "ref", tmp_path / "rows.parquet")

    def test_gone_before_it_is_opened(self, tmp_path: Path) -> None:
        [(_, problem)] = files.open_file(tmp_path / "a.csv", "a.csv", tmp_path)  # type: ignore[misc]
        says(str(problem), "cannot be opened", "Check that it is there")


def test_a_file_that_could_not_be_read_is_new_once_it_can_be(tmp_path: Path) -> None:
    """A right changes neither its size nor its time. The build would say for ever that nothing is new."""
    with tempfile.TemporaryDirectory() as made:  # any account may go through it
        folder = Path(made)
        folder.chmod(0o755)
        (folder / "crime.csv").write_text("crime_id\n1\n", "utf-8")
        (folder / "crime.csv").chmod(0o600)
        own = os.geteuid()
        try:
            if own == 0:
                os.seteuid(65_534)  # root may read everything
            else:
                (folder / "crime.csv").chmod(0)
            closed = read_folder(folder).fingerprint
            again = read_folder(folder).fingerprint
        finally:
            os.seteuid(own)
        (folder / "crime.csv").chmod(0o644)
        assert closed == again
        assert read_folder(folder).fingerprint != closed
