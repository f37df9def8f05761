"""Parts of one run: every test runs once, whichever part takes it, and a part reads only files of its kind."""

import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).parents[1] / "tools"
CONFTEST = "import parts\ndef pytest_configure(config): config.pluginmanager.register(parts.Part(parts.PART))"
FILE = "import pytest\n{}\n@pytest.mark.parametrize('n', range(3))\ndef test_it(n): pass\n"
WAITING = "pytestmark = pytest.mark.browser\nimport gone"
COMMAND = (sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-W", "ignore", ".")


def test_every_test_runs_once_in_one_of_the_parts(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    for name, first in (("a", ""), ("b", ""), ("c", ""), ("d", WAITING)):
        (tmp_path / f"test_{name}.py").write_text(FILE.format(first), encoding="utf-8")

    def part(kind: str) -> subprocess.Popen[str]:
        environment = os.environ | {"STRA_PART": f"{kind}:{tmp_path / kind}", "PYTHONPATH": str(TOOLS)}
        return subprocess.Popen(COMMAND, cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE)

    said = [started.communicate()[0] for started in (part("busy"), part("busy"), part("waiting"))]
    ran = sorted(line.split()[0] for out in said for line in out.splitlines() if " PASSED" in line)
    assert ran == [f"test_{name}.py::test_it[{n}]" for name in "abc" for n in range(3)]
    assert ["No module named 'gone'" in out for out in said] == [False, False, True]
