"""Bad archives: what is refused, what is not, and that nothing of them lands where it should not."""

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from delivered import deliver, outcome_row, outcomes, refused, says, street_row, table, zipped

from assets.readers import archive

GOOD = {"2025-01/2025-01-kent-street.csv": table(street_row(1), street_row(2))}


class TestArchives:
    def test_members_are_named_and_gone_from_the_scratch_folder_afterwards(self, tmp_path: Path) -> None:
        members = GOOD | {"2025-01/2025-01-kent-outcomes.csv": outcomes(outcome_row(1))}
        content = zipped(members | {"__MACOSX/._x": b"x", "truth/people.csv": b"x", ".DS_Store": b"x"})
        found = deliver(tmp_path, content, "police-uk/2025-01.zip")
        assert [(o.name, o.source, o.reading and o.reading.rows_loaded) for o in found] == [
            ("police-uk/2025-01.zip!2025-01/2025-01-kent-outcomes.csv", "police_uk_outcomes", 1),
            ("police-uk/2025-01.zip!2025-01/2025-01-kent-street.csv", "police_uk_street", 2),
        ]
        assert list((tmp_path / "scratch").iterdir()) == []

    def test_a_bad_member_does_not_cost_the_others(self, tmp_path: Path) -> None:
        found = deliver(tmp_path, zipped(GOOD | {"2025-01/2025-01-essex-street.csv": b"<html>"}), "a.zip")
        assert [(o.broken is None) for o in found] == [False, True]
        says(f"{found[0].name}: {found[0].broken}", "a.zip!2025-01/2025-01-essex-street.csv", "an HTML page")

    @pytest.mark.parametrize("name", ["../../2025-01-kent-street.csv", "/etc/2025-01-kent-street.csv",
                                      "..\\x.csv", "C:\\x.csv", "a/../../x.csv"])  # fmt: skip
    def test_zip_slip(self, tmp_path: Path, name: str) -> None:
        message = refused(tmp_path, zipped(GOOD | {name: b"x"}), "a.zip")
        says(message, "a.zip", "member", name.split("\\")[-1], "leads out of the archive", "Nothing of it was unpacked")
        assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["a.zip"]

    def test_backslashes_of_old_windows_tools_are_folders(self, tmp_path: Path) -> None:
        content = zipped({name.replace("/", "\\"): member for name, member in GOOD.items()})
        [outcome] = deliver(tmp_path, content, "a.zip")
        assert outcome.name == "a.zip!2025-01/2025-01-kent-street.csv"

    def test_a_zip_bomb(self, tmp_path: Path) -> None:
        message = refused(tmp_path, zipped({"2025-01-kent-street.csv": b"0" * 30_000_000}), "a.zip")
        says(message, "a.zip", "to 30,000,000 bytes (a zip bomb)", "100 times the packed size", "unpack it by hand")

    def test_a_bomb_among_ordinary_members(self, tmp_path: Path) -> None:
        noise = os.urandom(2_000_000)
        found = deliver(tmp_path, zipped(GOOD | {"b.csv": b"0" * 30_000_000, "noise.bin": noise}), "a.zip")
        assert [o.name for o in found if o.broken] == ["a.zip!b.csv"]
        says(str(found[1].broken), "30,000,000 (a zip bomb)", "It was not unpacked")

    def test_an_archive_beyond_the_limit(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 100)
        says(refused(tmp_path, zipped(GOOD), "a.zip"), "a.zip", "at most", "100 bytes")

    def test_a_zip_inside_a_zip(self, tmp_path: Path) -> None:
        inner = zipped(GOOD)
        found = deliver(tmp_path, zipped(GOOD | {"inner.zip": inner, "2025-01-x-street.csv": inner}), "a.zip")
        assert [o.broken is None for o in found] == [False, True, False]
        for outcome in (found[0], found[2]):
            says(f"{outcome.name}: {outcome.broken}", "a.zip!", "a zip archive inside the zip archive", "Unpack it")

    def test_an_encrypted_member(self, tmp_path: Path) -> None:
        content = bytearray(zipped(GOOD))
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            content[content.index(signature) + offset] |= 1
        message = refused(tmp_path, bytes(content), "a.zip")
        says(message, "a.zip!2025-01/2025-01-kent-street.csv", "an encrypted file", "with its password")

    def test_a_symbolic_link(self, tmp_path: Path) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            link = zipfile.ZipInfo("2025-01-kent-street.csv")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            package.writestr(link, "/etc/passwd")
        says(refused(tmp_path, target.getvalue(), "a.zip"), "a.zip!2025-01-kent-street.csv", "a symbolic link")

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_members_of_one_name(self, tmp_path: Path) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as package:
            for number in (1, 2):
                package.writestr("2025-01-kent-street.csv", table(street_row(number)))
        first, second = deliver(tmp_path, target.getvalue(), "a.zip")
        assert first.reading is not None
        says(f"{second.name}: {second.broken}", "a.zip!2025-01-kent-street.csv", "a second member of the same name")

    @pytest.mark.parametrize("kept", [30, 200, -10])
    def test_a_cut_archive(self, tmp_path: Path, kept: int) -> None:
        message = refused(tmp_path, zipped(GOOD)[:kept], "police-uk/2025-01.zip")
        says(message, "police-uk/2025-01.zip: archive", "a damaged or cut zip file", "Download it again")

    def test_a_damaged_member(self, tmp_path: Path) -> None:
        content = bytearray(zipped(GOOD))
        content[100] ^= 0xFF
        message = refused(tmp_path, bytes(content), "a.zip")
        says(message, "a.zip!2025-01/2025-01-kent-street.csv", "damaged bytes", "Download the archive again")

    def test_an_empty_archive_and_a_page_under_the_name_of_one(self, tmp_path: Path) -> None:
        says(refused(tmp_path, zipped({}), "a.zip"), "a.zip", "no file in it", "Ask the publisher")
        says(refused(tmp_path, b"<html>", "b.zip"), "b.zip", "a damaged or cut zip file", "Download it again")

    def test_a_disk_that_is_full_is_not_the_archives_fault(self, tmp_path: Path) -> None:
        if not Path("/dev/full").exists():
            pytest.skip("/dev/full is there on Linux only")
        path = tmp_path / "a.zip"
        path.write_bytes(zipped({"2025-01-kent-street.csv": os.urandom(3_000_000)}))
        with zipfile.ZipFile(path) as package, pytest.raises(OSError, match="No space left"):
            archive._unpack(package, package.infolist()[0], Path("/dev/full"))
