"""What we install: licences, the bill of materials, known vulnerabilities, and the lowest versions that were tried."""

import csv
import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

import audit
import licences
import matrix
import pytest
import sbom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from licences import Said, judge
from locked import LOCK, ROOT, entries, run_time
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

LOCKED = LOCK.read_text("utf-8")
ALLOWED = {"allowed": ["MIT", "Apache-2.0", "BSD-3-Clause"], "exceptions": {}, "read": {}}
SMALL = """one==1.0 \\
    --hash=sha256:aa
    # via stra (pyproject.toml)
two==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:bb
"""
TWICE = f"""{SMALL}two==3.0 ; sys_platform != 'win32' \\
    --hash=sha256:cc
    # via
    #   one
    #   stra (pyproject.toml)
"""


def about(expression: str = "", field: str = "", *classifiers: str) -> Message:
    """Metadata of a package."""
    message = Message()
    for name, value in (("License-Expression", expression), ("License", field)):
        if value:
            message[name] = value
    for classifier in classifiers:
        message["Classifier"] = f"License :: {classifier}"
    return message


class TestLicences:
    def test_every_package_has_a_licence_that_is_allowed(self) -> None:
        needed = licences.needed()
        rows, faults = judge(needed, licences.installed(), licences.policy())
        assert faults == []
        assert {row["package"] for row in rows} == set(needed) and len(needed) > 150
        assert rows == licences.listed(), "make licences writes the list again"

    @pytest.mark.parametrize(
        ("metadata", "licence"),
        [
            (about("MIT"), "MIT"),
            (about("MIT OR Apache-2.0", "whatever"), "MIT OR Apache-2.0"),
            (about("", "Apache 2.0"), "Apache-2.0"),
            (about("", "ISC License", "OSI Approved :: ISC License (ISCL)"), "ISC"),
            (about("", "", "OSI Approved", "OSI Approved :: MIT License"), "MIT"),
            (about(""), ""),
            (about("", "", "OSI Approved :: BSD License"), ""),  # which of them?
            (about("", "Apache", "OSI Approved :: Apache Software License"), ""),  # which version?
            (about("", "ISC", "OSI Approved :: BSD License"), ""),  # one of the two is wrong
            (about("", "BSD"), ""),
            (about("", "MIT License\n\nPermission is ..."), ""),
            (about("", "", "OSI Approved :: MIT License", "OSI Approved :: GNU General Public License (GPL)"), ""),
        ],
    )
    def test_metadata_are_read_where_they_are_clear(self, metadata: Message, licence: str) -> None:
        assert licences.said_by(metadata).licence == licence

    @pytest.mark.parametrize(
        ("expression", "allowed"),
        [
            ("MIT", True), ("MIT AND Apache-2.0", True), ("GPL-3.0-only OR MIT", True),
            ("(MIT OR GPL-2.0-only) AND MIT", True), ("GPL-3.0-only", False),
            ("MIT AND GPL-3.0-only", False), ("MIT OR GPL-3.0-only AND LGPL-2.1-only", True),
            ("Frobnicate-1.0", False), ("MIT OR Frobnicate-1.0", False), ("MIT AND", False), ("", False),
            ("GPL-3.0-or-later WITH GCC-exception-3.1", False), ("Apache-2.0 WITH LLVM-exception", False),
        ],
    )  # fmt: skip
    def test_an_expression_is_judged_by_its_parts(self, expression: str, allowed: bool) -> None:
        assert licences.is_allowed(expression, ALLOWED["allowed"]) is allowed

    @pytest.mark.parametrize(
        ("said", "fault"),
        [
            (Said("MIT", "MIT"), None),
            (Said("", ""), "one: no licence is clear; its metadata say ''"),
            (Said("", "BSD"), "one: no licence is clear; its metadata say 'BSD'"),
            (Said("Frobnicate-1.0", ""), "one: Frobnicate-1.0 is unknown to SPDX"),
            (Said("GPL-3.0-only", ""), "one: GPL-3.0-only is not allowed"),
        ],
    )
    def test_what_is_unknown_or_not_allowed_fails(self, said: Said, fault: str | None) -> None:
        assert judge({"one": "tests"}, {"one": said}, ALLOWED)[1] == ([fault] if fault else [])

    def test_a_package_that_is_not_here_fails_unless_a_person_read_its_licence(self) -> None:
        fault = "one: no licence is clear; its metadata say 'not installed here'"
        assert judge({"one": "tests"}, {}, ALLOWED)[1] == [fault]
        read = {"one": {"says": "not installed here", "licence": "MIT", "reason": "its text says so"}}
        assert judge({"one": "tests"}, {}, ALLOWED | {"read": read})[1] == []

    def test_an_exception_and_what_was_read_hold_for_what_they_say_alone(self) -> None:
        lgpl = "LGPL-3.0-only"
        exception = {"one": {"licence": lgpl, "reason": "used as it is"}}
        read = {"one": {"says": "BSD", "licence": "BSD-3-Clause", "reason": "three clauses there"}}
        for policy, said, fault in (
            ({"exceptions": exception}, Said(lgpl, ""), None),
            (
                {"exceptions": exception},
                Said("GPL-3.0-only", ""),
                f"one: GPL-3.0-only, but the exception is for {lgpl}",
            ),
            ({"exceptions": {"one": {"licence": lgpl, "reason": ""}}}, Said(lgpl, ""), "one: no reason"),
            ({"exceptions": {"two": exception["one"]}}, Said("MIT", ""), "two: an exception for nothing"),
            ({"read": read}, Said("", "BSD"), None),
            ({"read": read}, Said("", "BSD-ish"), "one: its metadata now say 'BSD-ish': read its licence again"),
            ({"read": read}, Said("MIT", ""), "one: its metadata are clear (MIT): remove it from what a person read"),
            ({"read": {"two": read["one"]}}, Said("MIT", "MIT"), "two: read, but not needed"),
        ):
            assert judge({"one": "tests"}, {"one": said}, ALLOWED | policy)[1] == ([fault] if fault else []), policy


class TestBillOfMaterials:
    def test_it_is_valid_and_holds_the_lock(self) -> None:
        text = sbom.bill(LOCKED)
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
        bill, needed = json.loads(text), run_time(entries(LOCKED))
        parts = {part["purl"]: part for part in bill["components"]}
        assert set(parts) == {f"pkg:pypi/{entry.name}@{entry.version}" for entry in needed}
        for entry in needed:
            part = parts[f"pkg:pypi/{entry.name}@{entry.version}"]
            [files] = part["externalReferences"]
            assert {f"sha256:{one['content']}" for one in files["hashes"]} == set(entry.hashes) != set()
            markers = [one["value"] for one in part.get("properties", [])]
            assert part["licenses"] and markers == ([entry.marker] if entry.marker else [])
        product = bill["metadata"]["component"]
        assert (product["name"], product["version"]) == ("stra", version("stra"))
        asks = {one["ref"]: set(one.get("dependsOn", [])) for one in bill["dependencies"]}
        assert set(asks) == {product["bom-ref"], *parts} and set().union(*asks.values()) == set(parts)

    def test_it_holds_what_the_product_asks_for_and_no_tool_of_the_tests(self) -> None:
        names = {entry.name for entry in run_time(entries(LOCKED))}
        project = matrix.project()
        assert {Requirement(one).name for one in project["dependencies"]} <= names
        assert names & {"pytest", "mypy", "ruff", "hypothesis", "playwright", "pip-audit", "pip"} == set()
        assert {entry.name for entry in run_time(entries(TWICE + "polars==1 \\\n    --hash=sha256:dd\n"))} == {"polars"}

    def test_the_same_lock_gives_the_same_bytes(self) -> None:
        first = sbom.bill(LOCKED)
        script = "import sys, sbom, locked; sys.stdout.write(sbom.bill(locked.LOCK.read_text('utf-8')))"
        other = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "PYTHONPATH": str(ROOT / "tests" / "tools")}
        again = subprocess.run(
            [sys.executable, "-c", script], env=os.environ | other, capture_output=True, text=True, check=True
        )
        assert again.stdout == first
        assert "timestamp" not in first
        changed = sbom.bill(LOCKED.replace("--hash=sha256:", "--hash=sha256:0", 1))
        serials = [uuid.UUID(json.loads(text)["serialNumber"]) for text in (first, changed)]
        assert serials[0] != serials[1]


def test_the_schema_refuses_a_bill_that_is_none() -> None:
    wrong = '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": 1}'
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(wrong) is not None


def test_a_line_of_no_known_form_is_not_left_out() -> None:
    assert [(e.name, e.version, e.marker, len(e.hashes), e.asked_by) for e in entries(TWICE)] == [
        ("one", "1.0", "", 1, ("stra (pyproject.toml)",)),
        ("two", "2.0", "sys_platform == 'win32'", 1, ()),
        ("two", "3.0", "sys_platform != 'win32'", 1, ("one", "stra (pyproject.toml)")),
    ]
    for wrong in ("one @ file.whl \\\n    --hash=sha256:aa\n", "one>=1\n", SMALL + "--index-url x\n"):
        with pytest.raises(ValueError, match="not a form of the lock"):
            entries(wrong)


# what a service answers to a question
Answer = Callable[[dict[str, Any]], tuple[int, str]]


@contextmanager
def service(answer: Answer) -> Iterator[str]:
    """The address of a service of vulnerabilities on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *said: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        server.server_close()


def knows(*vulnerable: tuple[str, str]) -> Answer:
    """A service that knows of one vulnerability of each of these."""

    def answer(asked: dict[str, Any]) -> tuple[int, str]:
        name = asked["package"]["name"]
        if (name, asked["version"]) not in vulnerable:
            return 200, "{}"
        ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]}]
        affected = [{"package": {"name": name, "ecosystem": "PyPI"}, "ranges": ranges}]
        return 200, json.dumps({"vulns": [{"id": f"INVENTED-{name}", "summary": "invented", "affected": affected}]})

    return answer


class TestVulnerabilities:
    def asked(self, answer: Answer, lock: str = SMALL) -> tuple[int, list[str]]:
        with service(answer) as url:
            return audit.audit(lock, {"AUDIT_URL": url})

    def test_none_is_found_where_every_package_was_looked_up(self) -> None:
        seen: list[tuple[str, str]] = []

        def answer(asked: dict[str, Any]) -> tuple[int, str]:
            seen.append((asked["package"]["name"], asked["version"]))
            return knows(audit.KNOWN)(asked)

        code, lines = self.asked(answer, TWICE)
        assert (code, lines) == (0, ["3 packages were looked up: none has a known vulnerability today."])
        assert sorted(seen) == sorted([audit.KNOWN, ("one", "1.0"), ("two", "2.0"), ("two", "3.0")])

    def test_one_is_found_also_of_a_package_for_another_system(self) -> None:
        code, lines = self.asked(knows(audit.KNOWN, ("two", "2.0")))
        assert code == 1
        assert lines == ["two 2.0: INVENTED-two, mended in 9.9", "1 of 2 packages have known vulnerabilities."]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (knows(), "It knows of no vulnerability of requests 2.19.0"),  # an empty mirror
            (lambda asked: (200, "<html>Sign in</html>"), "could not be reached, or its answer could not be read"),
            (
                lambda asked: (503, "") if asked["package"]["name"] == "two" else knows(audit.KNOWN)(asked),
                "could not be",
            ),
        ],
    )
    def test_nothing_is_known_where_the_service_does_not_answer_for_all(self, answer: Answer, words: str) -> None:
        code, [line] = self.asked(answer)
        assert code == 2
        assert line.startswith("Vulnerabilities could not be looked up: nothing is known.") and words in line
        assert "none" not in line

    def test_nothing_is_known_where_there_is_no_service(self) -> None:
        code, [line] = audit.audit(SMALL, {"AUDIT_URL": "http://127.0.0.1:1/v1/query"})
        assert code == 2 and "could not be reached" in line

    def test_the_whole_lock_is_asked_for(self) -> None:
        asked = {pair for packages in audit.rounds(LOCKED) for pair in packages}
        assert asked == {(entry.name, entry.version) for entry in entries(LOCKED)}


class TestLowestVersions:
    def test_the_lowest_version_of_each_range_was_tried(self) -> None:
        """Installed, imported, built with, its figures compared and pages opened, on every Python."""
        with matrix.PROVED.open(encoding="utf-8", newline="") as file:
            proved = {row["package"]: row for row in csv.DictReader(file)}
        assert {name: row["lowest"] for name, row in proved.items()} == matrix.lowest_asked(matrix.direct()), (
            "make matrix"
        )
        for name, row in proved.items():
            assert row["held"].split() == list(matrix.STEPS), f"{name}: make matrix"
            assert [one.rpartition(".")[0] for one in row["pythons"].split()] == list(matrix.PYTHONS), name

    def test_every_python_that_is_allowed_is_in_the_matrix(self) -> None:
        allowed = SpecifierSet(matrix.project()["requires-python"])
        assert [f"3.{minor}" for minor in range(30) if f"3.{minor}.99" in allowed] == list(matrix.PYTHONS)

    def test_a_cell_that_failed_or_was_not_tried_proves_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(matrix, "PROVED", tmp_path / "proved.csv")
        monkeypatch.setattr(matrix, "direct", lambda: ["a>=2.3,<3", "b==1.5"])

        def cell(name: str, a: str, **other: object) -> dict[str, Any]:
            steps = dict.fromkeys(matrix.STEPS, "held")
            return {"cell": name, "day": "2026-11-30", "version": name[:4] + ".1", "direct": {"a": a, "b": "1.5"}} | (
                steps | other
            )

        for rows in ([], [cell("3.12-highest", "2.9")], [cell("3.12-lowest", "2.3", pages="failed: no foot")]):
            with pytest.raises(SystemExit, match="Nothing is proved"):
                matrix.prove(rows)
        assert not matrix.PROVED.exists()
        # uv found a version above the lowest of `a` on 3.12: it proves `b` alone there
        matrix.prove([cell("3.11-lowest", "2.3.0"), cell("3.12-lowest", "2.4"), cell("3.13-highest", "2.3")])
        assert matrix.PROVED.read_text("utf-8").splitlines() == [
            "package,lowest,pythons,held,tried_on",
            f"a,2.3,3.11.1,{' '.join(matrix.STEPS)},2026-11-30",
            f"b,1.5,3.11.1 3.12.1,{' '.join(matrix.STEPS)},2026-11-30",
        ]

    def test_what_is_installed_is_within_its_range(self) -> None:
        for asked in map(Requirement, matrix.direct()):
            assert asked.specifier.contains(version(asked.name), prereleases=True), asked

    def test_a_lowest_version_is_read_from_each_form(self) -> None:
        asked = ["a>=2.3,<3", "b[x,y]==1.5.6.4", "c.d-e>=0.1.8", "f<9,>=2"]
        assert matrix.lowest_asked(asked) == {"a": "2.3", "b": "1.5.6.4", "c.d-e": "0.1.8", "f": "2"}


class TestSignedTags:
    """The commands of SECURITY.md, in a repository of their own."""

    def test_a_tag_is_good_if_a_maintainer_signed_it_and_nothing_was_changed(self, tmp_path: Path) -> None:
        def run(command: str, *, is_good: bool = True) -> str:
            ran = subprocess.run(
                command, shell=True, cwd=tmp_path, env=alone, capture_output=True, text=True, check=False
            )
            assert (ran.returncode == 0) is is_good, command + ran.stdout + ran.stderr
            return ran.stdout + ran.stderr

        alone = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
        documented = [
            line for line in (ROOT / "SECURITY.md").read_text("utf-8").splitlines() if line.startswith("git ")
        ]
        sign, trust, verify, _ = documented
        for key in ("ours", "other"):
            run(f"ssh-keygen -q -t ed25519 -N '' -C {key} -f {key}")
        (tmp_path / "SIGNERS").write_text("maintainer@invented " + (tmp_path / "ours.pub").read_text())
        run("git init -q . && git config user.name Maintainer && git config user.email maintainer@invented")
        run("git config gpg.format ssh && git config user.signingkey ours.pub && git commit -q --allow-empty -m one")
        run(sign)
        run(trust)
        assert 'Good "git" signature for maintainer@invented' in run(verify)
        run("git config user.signingkey other.pub && " + sign.replace("git tag", "git tag -f"))
        run(verify, is_good=False)
        run("git tag -f v0.2.0 -m unsigned")
        run(verify, is_good=False)
        run("git config user.signingkey ours.pub && " + sign.replace("git tag", "git tag -f"))
        run("git cat-file tag v0.2.0 | sed 's/stra 0.2.0/stra 0.2.1/' | git hash-object -t tag -w --stdin > changed")
        run("git update-ref refs/tags/v0.2.0 $(cat changed)")
        run(verify, is_good=False)
