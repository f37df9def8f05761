"""Ask for known vulnerabilities of everything in requirements.lock: `python tests/tools/audit.py`, or `make audit`.

pip-audit asks, for each version on every system. AUDIT_SERVICE is pypi (the default) or osv; AUDIT_URL is the address
of another service that answers as OSV does, such as a mirror of the force.

Before it is asked for ours, the service has to name the vulnerability of a package that has one. A service that is not
reached, answers something else, leaves packages out or knows nothing never counts as "none found".

Exit code 0: all were looked up, none has a known vulnerability. 1: some have. 2: nothing is known.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from locked import LOCK, entries, plain

NONE_FOUND, FOUND, NOTHING_KNOWN = 0, 1, 2
KNOWN = ("requests", "2.19.0")  # CVE-2018-18074: it sent passwords on to other hosts
SECONDS = 15  # that one answer may take


Found = dict[str, list[dict[str, Any]]]


class NothingKnown(Exception):
    """The service did not answer for every package."""


def ask(packages: list[tuple[str, str]], environment: Mapping[str, str], cache: Path) -> Found:
    """ "name version" -> its known vulnerabilities. Raises NothingKnown."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--format", "json", "--desc", "off",
               "--progress-spinner", "off", "--timeout", str(SECONDS), "--cache-dir", str(cache)]  # fmt: skip
    if url := environment.get("AUDIT_URL", "").strip():
        command += ["--vulnerability-service", "osv", "--osv-url", url]
    else:
        command += ["--vulnerability-service", environment.get("AUDIT_SERVICE", "").strip() or "pypi"]
    wanted = cache / "wanted.txt"
    wanted.write_text("".join(f"{name}=={version}\n" for name, version in packages), "utf-8")
    ran = subprocess.run([*command, "--requirement", str(wanted)], capture_output=True, text=True, check=False)
    try:
        answers = json.loads(ran.stdout)["dependencies"]
        found = {f"{plain(one['name'])} {one['version']}": one["vulns"] for one in answers if "skip_reason" not in one}
    except (ValueError, KeyError, TypeError):
        last = (ran.stderr.strip().splitlines() or ["no word"])[-1]
        raise NothingKnown(f"The service could not be reached, or its answer could not be read: {last}") from None
    if left := sorted({f"{name} {version}" for name, version in packages} - found.keys()):
        raise NothingKnown(f"It did not answer for {len(left)} of {len(packages)} packages: {', '.join(left[:5])}")
    return found


def rounds(lock: str) -> list[list[tuple[str, str]]]:
    """The packages of a lock. One that is locked in two versions comes in two rounds."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for entry in entries(lock):
        by_name[entry.name].append(entry.version)
    most = max(map(len, by_name.values()))
    return [[(name, held[i]) for name, held in by_name.items() if len(held) > i] for i in range(most)]


def audit(lock: str, environment: Mapping[str, str]) -> tuple[int, list[str]]:
    """The exit code, and lines that say what was found."""
    found: Found = {}
    with tempfile.TemporaryDirectory() as cache:
        try:
            if not ask([KNOWN], environment, Path(cache))[" ".join(KNOWN)]:
                raise NothingKnown(f"It knows of no vulnerability of {' '.join(KNOWN)}, which has one.")
            for packages in rounds(lock):
                found |= ask(packages, environment, Path(cache))
        except NothingKnown as words:
            return NOTHING_KNOWN, [f"Vulnerabilities could not be looked up: nothing is known. {words}"]
    each = [(package, one) for package, every in sorted(found.items()) for one in every]
    lines = [f"{package}: {one['id']}{_fixed(one['fix_versions'])}" for package, one in each]
    vulnerable = sum(map(bool, found.values()))
    if lines:
        return FOUND, [*lines, f"{vulnerable} of {len(found)} packages have known vulnerabilities."]
    return NONE_FOUND, [f"{len(found)} packages were looked up: none has a known vulnerability today."]


def _fixed(versions: list[str]) -> str:
    return f", mended in {', '.join(versions)}" if versions else ", not mended in any version"


def main() -> int:
    """Print what was found."""
    code, lines = audit(LOCK.read_text("utf-8"), os.environ)
    print("\n".join(lines), file=sys.stderr if code == NOTHING_KNOWN else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
