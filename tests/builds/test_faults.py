"""Every call that changes a file fails, is cut short, or is the last of its process: what is read is old or new.

What people write: decisions, accounts, registers, documents, digests, exports and the records of builds. Each call of
each command has its turn with `make trials`, in each way in which it can fail. In every run of all tests two calls of
each command fail in one way; over the commands, each way has its turn. The home is the kept small one: no build here.
"""

import itertools
import json
import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from faults import KILLED, KINDS, Call, Ended, Faults, fails_as
from small_home import copy_small_home
from trials import count

from casework.access import access_log
from casework.upkeep import checks
from dashboards.documents import records

pytestmark = [pytest.mark.kill, pytest.mark.trials]
SEED = 20261130
EARLIER = b"an earlier document"
OUT = "out"
DIGEST = '[registrar]\nrole = "auditor"\nfolder = "{folder}"\n'
PLAN = "Number,Recommendation,Status\n1,An invented one,Open\n2,Another invented one,Complete\n"
RECORDS = """
from pathlib import Path
from casework.store import builds, event_log
home = Path(arguments[0])
try:
    builds.record_end(home, "published", "", 1.0)
    builds.record_look(home)
except OSError as problem:
    print(f"stra: {problem}")
    raise SystemExit(1)
finally:
    event_log.write(home, "watching ended", process=1)
"""
COMMANDS: dict[str, str] = {
    "account": "account set --home {home} --identity invented@force.invented --role auditor --reason invented",
    "register": "register import --home {home} --file {plan} --by Invented",
    "lists": "report lists --home {home} --out {out}/lists.html",
    "drafts": "report drafts --home {home} --out {out}",
    "lineage": "report lineage --home {home} --out {out}/lineage.json",
    "log": "log export --home {home} --out {out}/log.csv --recipient invented",
    "digest": "digest --home {home}",
    "records": RECORDS,
}
IN_TURN = list(zip(COMMANDS, itertools.cycle(KINDS)))  # a command in one way each


@dataclass(frozen=True)
class Place:
    """A home to write to, and a folder for documents; both can be put back as they were."""

    base: Path
    faults: Faults

    @property
    def home(self) -> Path:
        return self.base.parent / "case" / "home"

    @property
    def out(self) -> Path:
        return self.base.parent / "case" / OUT

    def put_back(self, documents: Sequence[str] = ()) -> None:
        """As at the start. What no command here writes to is the same file under another name."""
        shutil.rmtree(self.home.parent, ignore_errors=True)
        self.out.mkdir(parents=True)
        shutil.copytree(self.base, self.home, symlinks=True, copy_function=_linked)
        for name in documents:
            (self.out / name).write_bytes(EARLIER)

    def run(self, name: str, **how: int) -> Ended:
        return self.faults.run(self._asked(name), [self.home, self.out], **how)

    def calls(self, name: str) -> tuple[Ended, list[Call]]:
        return self.faults.calls(self._asked(name), [self.home, self.out])

    def _asked(self, name: str) -> Sequence[str] | str:
        text = COMMANDS[name]
        if name == "records":
            return text
        return text.format(home=self.home, out=self.out, plan=self.base.parent / "plan.csv").split()

    def documents(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}


def _linked(source: str, target: str) -> str:
    is_written_once = any(part in ("published", "raw", "warehouse.duckdb") for part in Path(source).parts)
    os.link(source, target) if is_written_once else shutil.copy2(source, target)
    return target


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, machine: Faults) -> Place:
    root = tmp_path_factory.mktemp("faults")
    _, home = copy_small_home(root)
    shutil.rmtree(home / "dagster")
    (root / "plan.csv").write_text(PLAN, encoding="utf-8")
    (home / "digests.toml").write_text(DIGEST.format(folder=root / "case" / OUT), encoding="utf-8")
    access_log.record_in(home, access_log.by_command("consultation", "integrity", "a test", "the first row"))
    return Place(home, machine)


@pytest.mark.parametrize(("name", "kind"), count(IN_TURN, [*itertools.product(COMMANDS, KINDS)]))
def test_a_command_that_fails_anywhere_leaves_what_was_there_and_the_next_one_is_whole(
    place: Place, name: str, kind: str
) -> None:
    place.put_back()
    ended, calls = place.calls(name)
    assert ended.code in (0, 3), ended.said
    whole = place.documents()
    can_fail = [call for call in calls if fails_as(call, kind)]
    assert can_fail
    failed, chosen = 0, random.Random(SEED).sample(can_fail, min(count(2, 100_000), len(can_fail)))
    for call in sorted(chosen, key=lambda each: each.number):
        place.put_back(list(whole))
        done = place.run(name, **fails_as(call, kind))
        failed += done.code != 0
        if kind == KILLED:
            assert done.code < 0, (call, done)
        elif done.code not in (0, 3):
            done.assert_clear()
        assert "Traceback" not in done.said, (call, done.said)
        for document, content in place.documents().items():
            hidden = document.startswith(".")
            assert hidden <= (kind == KILLED), (call, document)
            assert hidden or content == EARLIER or is_like(content, whole[document]), (call, document, content[-200:])
        assert set(whole) <= set(place.documents()), call
        assert_kept(place.home)
        again = place.run(name)
        assert again.code in (0, 3), (call, again.said)
        assert place.documents().keys() == whole.keys(), call
        assert_kept(place.home)
        assert_logs_whole(place.home)
    print(f"{name}: {kind}: {len(calls)} calls, {failed} of the commands failed")


def is_like(content: bytes, whole: bytes) -> bool:
    """Whether it is the whole document, but for its moment and number: it ends as the whole one does."""
    return content[:1] == whole[:1] and abs(len(content) - len(whole)) < 300 and content[-1:] == whole[-1:]


def assert_kept(home: Path) -> None:
    """No decision is lost or damaged, and the record of documents can be followed."""
    assert checks.faults(home) == []
    assert access_log.verify_in(home, []).row_count >= 1
    ended = home / "last_build.json"
    assert not ended.exists() or json.loads(ended.read_bytes())
    held, _ = records.read_records(home)
    for record in held:
        assert (home / records.REGISTERS / f"{record.register_sha256}.json").is_file()


def assert_logs_whole(home: Path) -> None:
    """Every line of the logs can be read, also after one that was cut off."""
    for log in [*home.glob("logs/*.jsonl"), *home.glob(records.FILE)]:
        for line in log.read_text(encoding="utf-8").splitlines():
            json.loads(line)
    assert records.read_records(home)[1] == []
