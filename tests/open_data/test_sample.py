"""The sample is a real excerpt: small, the publishers' own bytes, and attributed file by file."""

import csv
import hashlib
import re
import zipfile
from pathlib import Path

import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
OPEN_DATA = SAMPLE / "open_data"
ATTRIBUTION = OPEN_DATA / "ATTRIBUTION.md"
LARGEST = 15_000_000  # bytes

with open(SAMPLE / "manifest.csv", encoding="utf-8", newline="") as handle:
    LISTED = {row["path"]: row for row in csv.DictReader(handle)}


def content(path: str) -> bytes:
    """The bytes of a file, or of a member of an archive (`archive.zip!member`)."""
    archive, _, member = path.partition("!")
    if not member:
        return (OPEN_DATA / path).read_bytes()
    with zipfile.ZipFile(OPEN_DATA / archive) as opened:
        return opened.read(member)


def test_the_manifest_lists_every_file_and_every_member_of_an_archive_and_nothing_else() -> None:
    found = set()
    for path in OPEN_DATA.rglob("*"):
        if path.is_file() and path != ATTRIBUTION:
            name = path.relative_to(OPEN_DATA).as_posix()
            found.add(name)
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as opened:
                    found.update(f"{name}!{member}" for member in opened.namelist())
    assert found == set(LISTED)


def test_the_sample_stays_small() -> None:
    sizes = {path.name: path.stat().st_size for path in OPEN_DATA.rglob("*") if path.is_file()}
    assert sum(sizes.values()) <= LARGEST


@pytest.mark.parametrize("path", sorted(LISTED))
def test_the_bytes_are_those_that_were_delivered(path: str) -> None:
    delivered = content(path)
    assert len(delivered) == int(LISTED[path]["bytes"])
    assert hashlib.sha256(delivered).hexdigest() == LISTED[path]["sha256"]


def test_every_file_has_a_publisher_a_licence_and_a_place_where_it_was_found() -> None:
    row = r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|"
    table = re.findall(row, ATTRIBUTION.read_text("utf-8"), re.M)
    attributed = {path: (publisher, licence) for path, publisher, licence, _, _ in table}
    # An archive is attributed through its members.
    packed = {path.partition("!")[0] for path in LISTED if "!" in path}
    assert attributed == {
        path: (row["publisher"], row["licence"]) for path, row in LISTED.items() if path not in packed
    }
    for path, _, licence, repository, commit in table:
        assert licence in {"OGL v3.0", "OGL v2.0"}, path
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", repository), path
        assert re.fullmatch(r"[0-9a-f]{12,40}", commit), path


def test_the_licences_statements_are_given() -> None:
    text = " ".join(ATTRIBUTION.read_text("utf-8").split())
    for version in ("v2.0", "v3.0"):
        assert f"Contains public sector information licensed under the [Open Government Licence {version}]" in text
    assert "Source: Office for National Statistics licensed under the Open Government Licence v3.0" in text
    assert "contains OS data © Crown copyright and database right" in text
