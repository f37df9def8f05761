"""The licence of every package that is installed, and whether it is allowed: `python tests/tools/licences.py`, or
`make licences`.

What a package's metadata say is read as an SPDX expression. What they leave open was read by a person and is written
in .ci/licences.toml, beside what is allowed and each exception. The list is written to .ci/licences.csv. Exit code 1
if a licence is missing, unknown or not allowed.
"""

import csv
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from license_expression import ExpressionError, Licensing, get_spdx_licensing
from locked import ROOT, entries, named_in, plain, run_time

POLICY, LIST = ROOT / ".ci" / "licences.toml", ROOT / ".ci" / "licences.csv"
COLUMNS = ("package", "licence", "needed_for", "source")
BY_METADATA, BY_PERSON = "metadata", "read by a person"
NOT_HERE, TEXT = "not installed here", "the text of a licence"
# Wordings of metadata that mean one SPDX expression.
WORDINGS = {
    "MIT License": "MIT", "MIT license": "MIT", "ISC License": "ISC", "PSFL": "PSF-2.0",
    "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "Apache License Version 2.0": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause", "2-clause BSD": "BSD-2-Clause", "3-Clause BSD License": "BSD-3-Clause",
}  # fmt: skip
# Classifier -> the expressions it can mean. One that can mean a single one says which, if nothing else does.
CLASSIFIERS = {
    "MIT License": {"MIT"},
    "Mozilla Public License 2.0 (MPL 2.0)": {"MPL-2.0"},
    "Apache Software License": {"Apache-1.1", "Apache-2.0"},
    "BSD License": {"0BSD", "BSD-2-Clause", "BSD-3-Clause", "BSD-4-Clause"},
    "ISC License (ISCL)": {"ISC"},
    "Python Software Foundation License": {"PSF-2.0", "Python-2.0"},
}


@dataclass(frozen=True)
class Said:
    """What a package's metadata say: an SPDX expression if they are clear ("" if not), and their words."""

    licence: str
    words: str


@cache
def spdx() -> Licensing:
    """The licences that SPDX lists."""
    return get_spdx_licensing()


def is_known(expression: str) -> bool:
    """Whether it is an SPDX expression, of licences that SPDX lists."""
    try:
        return bool(expression) and not spdx().unknown_license_keys(expression) and spdx().parse(expression) is not None
    except ExpressionError:
        return False


def is_allowed(expression: str, allowed: Iterable[str]) -> bool:
    """Whether these licences let us use it: one side of every OR, both sides of every AND."""
    if not is_known(expression):
        return False
    tree, permitted = spdx().parse(expression), set(allowed)

    def holds(node: Any) -> bool:
        if node.isliteral:
            return str(node.render("{symbol.key}")) in permitted
        return (any if node.operator.strip() == "OR" else all)(holds(part) for part in node.args)

    return holds(tree)


def said_by(about: Message) -> Said:
    """What one package's metadata say."""
    if expression := (about.get("License-Expression") or "").strip():
        return Said(expression, expression)
    field = (about.get("License") or "").strip()
    field = field if "\n" not in field else TEXT
    endings = [line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License ::")]
    classifiers = [ending for ending in endings if ending != "OSI Approved"]
    words = "; ".join(filter(None, [field, *classifiers]))
    meant = [CLASSIFIERS.get(one, {one}) for one in classifiers]
    clear = WORDINGS.get(field, field if is_known(field) else "")
    if clear and all(clear in one for one in meant):
        return Said(clear, words)
    is_silent = field in ("", TEXT)  # then a classifier that can mean one licence says which
    if is_silent and len(meant) == 1 and len(meant[0]) == 1 and is_known(*meant[0]):
        return Said(*meant[0], words)
    return Said("", words)


def installed() -> dict[str, Said]:
    """Package -> what it says, for all that are installed here."""
    return {plain(one.metadata["Name"]): said_by(one.metadata) for one in metadata.distributions()}  # type: ignore[arg-type]


def needed() -> dict[str, str]:
    """Package -> what it is needed for, for all that both locks and the optional drivers name."""
    both = [entries((ROOT / name).read_text("utf-8")) for name in ("requirements-spark.lock", "requirements.lock")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    return (
        dict.fromkeys(named_in(project["sqlserver"] + project["oracle"]), "other databases")
        | {entry.name: "Spark" for entry in both[0]}
        | {entry.name: "tests" for entry in both[1]}
        | {entry.name: "the product" for entry in run_time(both[1])}
    )


def judge(
    packages: Mapping[str, str], here: Mapping[str, Said], policy: Mapping[str, Any]
) -> tuple[list[dict[str, str]], list[str]]:
    """The list, and what is wrong: one line for each licence that is missing, unknown or not allowed, and for each line
    of the policy that is of no use or has no reason."""
    rows, faults, used = [], [], set()
    read, exceptions = policy["read"], policy["exceptions"]
    for name in sorted(packages):
        said = here.get(name, Said("", NOT_HERE))
        licence, source = said.licence, BY_METADATA
        if name in read and (not said.licence or read[name]["says"] == NOT_HERE):
            licence, source = read[name]["licence"], BY_PERSON
            if said.words not in (read[name]["says"], NOT_HERE) and read[name]["says"] != NOT_HERE:
                faults.append(f"{name}: its metadata now say {said.words!r}: read its licence again")
        elif name in read:
            faults.append(f"{name}: its metadata are clear ({licence}): remove it from what a person read")
        if not licence:
            faults.append(f"{name}: no licence is clear; its metadata say {said.words!r}")
        elif not is_known(licence):
            faults.append(f"{name}: {licence} is unknown to SPDX")
        elif name in exceptions:
            used.add(name)
            if licence != exceptions[name]["licence"]:
                faults.append(f"{name}: {licence}, but the exception is for {exceptions[name]['licence']}")
        elif not is_allowed(licence, policy["allowed"]):
            faults.append(f"{name}: {licence} is not allowed")
        rows.append(dict(zip(COLUMNS, (name, licence, packages[name], source))))
    faults += [f"{name}: an exception for nothing" for name in sorted(exceptions.keys() - used)]
    faults += [f"{name}: read, but not needed" for name in sorted(read.keys() - packages.keys())]
    for part in (exceptions, read):
        faults += [f"{name}: no reason" for name, one in part.items() if len(one.get("reason", "").split()) < 3]
    return rows, faults


def policy() -> dict[str, Any]:
    """What is allowed."""
    return tomllib.loads(POLICY.read_text("utf-8"))


def listed() -> list[dict[str, str]]:
    """The list as it is committed."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(rows: list[dict[str, str]], target: Path) -> None:
    """Write the list."""
    with target.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def main() -> int:
    """Write the list and print what is wrong."""
    rows, faults = judge(needed(), installed(), policy())
    write(rows, LIST)
    for licence in sorted({row["licence"] for row in rows}):
        names = [row["package"] for row in rows if row["licence"] == licence]
        print(f"{licence or 'no licence'} ({len(names)}): {', '.join(names)}")
    print("\n".join([*faults, f"{len(rows)} packages, {len(faults)} faults: {LIST.relative_to(ROOT)}"]))
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
