"""Write the software bill of materials, CycloneDX 1.6 as JSON: `python tests/tools/sbom.py [FILE]`, or `make sbom`.

It lists what the product needs to run, on every system, from requirements.lock: versions, purls, the hashes of the
files that may be installed, who needs what, and licences from .ci/licences.csv. The same commit gives the same bytes:
the serial number is derived from the content, and there is no time in it.
"""

import sys
import tomllib
import uuid
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, Property, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from licences import listed
from locked import LOCK, ROOT, Entry, entries, plain, run_time
from packageurl import PackageURL

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:stra:sbom")
MARKER = "stra:marker"  # property: the machines on which this version is installed


def bill(lock: str) -> str:
    """The bill of materials of this lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    licences = {row["package"]: row["licence"] for row in listed()}
    product = _component(project["name"], project["version"], project["license"], ComponentType.APPLICATION)
    needed = run_time(entries(lock))
    parts = [(entry, _part(entry, licences)) for entry in needed]
    bom = Bom(components=[part for _, part in parts])
    bom.metadata.component, bom.metadata.timestamp = product, None
    for asker, ours in [("stra (pyproject.toml)", product), *((entry.name, part) for entry, part in parts)]:
        bom.register_dependency(ours, [part for entry, part in parts if asker in map(_name, entry.asked_by)])
    bom.serial_number = NAMESPACE
    bom.serial_number = uuid.uuid5(NAMESPACE, _text(bom))
    return _text(bom)


def _text(bom: Bom) -> str:
    return str(JsonV1Dot6(bom).output_as_string(indent=2)) + "\n"


def _name(asker: str) -> str:
    return asker if " " in asker else plain(asker)


def _component(name: str, version: str, licence: str, kind: ComponentType) -> Component:
    purl = PackageURL("pypi", None, name, version)
    licences = [LicenseFactory().make_from_string(licence)]
    return Component(name=name, version=version, type=kind, purl=purl, bom_ref=str(purl), licenses=licences)


def _part(entry: Entry, licences: dict[str, str]) -> Component:
    """One package. Its files differ by system, so that their hashes belong to its distribution."""
    part = _component(entry.name, entry.version, licences[entry.name], ComponentType.LIBRARY)
    hashes = [HashType(alg=HashAlgorithm.SHA_256, content=one.removeprefix("sha256:")) for one in entry.hashes]
    files = ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION, url=XsUri(str(part.purl)), hashes=hashes,
        comment="One of these files is installed, according to the system",
    )  # fmt: skip
    part.external_references.add(files)
    if entry.marker:
        part.properties.add(Property(name=MARKER, value=entry.marker))
    return part


def main() -> None:
    """Write it, and say where."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "stra.cdx.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    text = bill(LOCK.read_text("utf-8"))
    target.write_text(text, "utf-8")
    print(f"{target}: {len(run_time(entries(LOCK.read_text('utf-8'))))} components")


if __name__ == "__main__":
    main()
