"""Parts of one run of the tests, side by side: each takes the next file that no other part of its kind has taken.

STRA_PART names the kind and the folder that the parts share. Files with tests that open a browser or kill processes are
`waiting`, all others `busy`. A part reads the files of its kind alone.
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

PART = os.environ.pop("STRA_PART", None)  # tests that start pytest start no part
_WAITS = re.compile(r"\bmark\.(?:browser|kill)\b")


class Part:
    """One part of a run: what it collects, and the loop over its tests."""

    def __init__(self, asked: str) -> None:
        kind, _, folder = asked.partition(":")
        self.is_waiting, self.folder = kind == "waiting", Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """True for a file of tests of the other kind."""
        if not collection_path.match("test_*.py"):
            return None
        is_waiting = _WAITS.search(collection_path.read_text(encoding="utf-8")) is not None
        return None if is_waiting == self.is_waiting else True

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the tests of the files that this part takes. A test is torn down in view of the one that follows it."""
        if session.config.option.collectonly:
            return None
        if session.testsfailed:
            raise session.Interrupted(f"{session.testsfailed} errors while tests were collected")
        tests = self._taken(session.items)
        test = next(tests, None)
        for following in chain(tests, [None]):
            if test is not None:
                test.config.hook.pytest_runtest_protocol(item=test, nextitem=following)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
            test = following
        return True

    def _taken(self, tests: list[pytest.Item]) -> Iterator[pytest.Item]:
        """Tests file by file: a file is taken when the last test of the file before it begins."""
        files = defaultdict(list)
        for test in tests:
            files[test.path].append(test)
        for path, of_file in files.items():
            try:
                (self.folder / "-".join(path.parts[-2:])).touch(exist_ok=False)
            except FileExistsError:
                continue
            yield from of_file
