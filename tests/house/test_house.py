"""The rules of the house that no single room can keep: who imports what, what is locked, what lies where."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from dagster import AssetKey, AssetMaterialization, DagsterInstance
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from packaging.requirements import Requirement
from playwright.sync_api import Browser
from test_words import ROOT, tracked

from pipelines.tables import cards
from pipelines.tables.cards import Card

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
SPARK_LOCK = (ROOT / "requirements-spark.lock").read_text("utf-8")

FOLDERS = {".ci", "assets", "benchmarks", "casework", "dashboards", "deploy", "docs", "expectations", "pipelines"} | {
    "sample", "stra", "tests",
}  # fmt: skip
FILES = {"README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", ".gitignore", ".gitattributes"} | {
    "pyproject.toml", "requirements.lock", "requirements-spark.lock", "Makefile", "dagster.yaml",
}  # fmt: skip
# Other people's words, whatever they mention: delivered files, kept as they came.
DELIVERED = "sample/open_data/"


def locked() -> list[tuple[Requirement, int]]:
    """Each entry of the lock with the number of its hashes."""
    entries = re.sub(r"\s*#.*", "", LOCK).replace("\\\n", " ").splitlines()
    found = []
    for entry in filter(None, map(str.strip, entries)):
        requirement, *hashes = re.split(r"\s+--hash=(?=sha256:[0-9a-f]{64}(?:\s|$))", entry)
        found.append((Requirement(requirement), len(hashes)))
    return found


def test_the_environment_of_spark_is_the_tested_one_with_spark_beside_it() -> None:
    versions = [dict(re.findall(r"^([a-z0-9][\w.-]*(?:\[\w+\])?)==(\S+)", lock, re.M)) for lock in (LOCK, SPARK_LOCK)]
    assert versions[0].items() <= versions[1].items()
    added = versions[1].keys() - versions[0].keys()
    assert {"pyspark", "py4j", "grpcio-status", "zstandard"} <= added and len(added) < 8
    assert "index" not in re.sub(r"#.*", "", SPARK_LOCK) and SPARK_LOCK.count("--hash=sha256:") > len(versions[1])


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_room_imports_what_it_may_not() -> None:
    run = lint_imports(ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_import_contracts_can_break(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    wrong = {
        "assets": "import dagster, pipelines, expectations",
        "pipelines": "import great_expectations, dashboards, pyspark, pipelines.engines.in_duckdb",
        "expectations": "import streamlit, sphinx",
        "dashboards": "import sample",
        "casework": "",
        "docs": "import sample",
        "sample": "",
        "stra": "",
    }
    packages(tmp_path, wrong)
    engines(tmp_path)
    upwards = {
        "pipelines/system": "import pipelines.engines",
        "casework/store": "import casework.access",
        "casework/access": "",
        "dashboards/documents": "import dashboards.pages",
        "dashboards/pages": "",
    }
    packages(tmp_path, upwards)
    run = lint_imports(tmp_path)
    assert run.returncode == 1, run.stdout + run.stderr
    for contract in PROJECT["tool"]["importlinter"]["contracts"]:
        assert re.search(rf"^{re.escape(contract['name'])} BROKEN", run.stdout, re.M), contract["name"]


# The rule for small numbers, and the settings that ship for a copy without them.
HOLDS_THE_RULE = ("dashboards/text/small_numbers.py", "dashboards/data/settings.py")
SMALL_WORDS = re.compile(r"fewer than (?:5|five)\b|\b(?:one to four|1 to 4)\b", re.I)


def small_number_rules(text: str) -> list[str]:
    """What in a module's code looks like a small-number rule of its own: a threshold of five, or its words."""
    tree, found = ast.parse(text), []
    documented = [n for n in ast.walk(tree) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef)]
    docstrings = {id(n.body[0].value) for n in documented if n.body and isinstance(n.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            found += SMALL_WORDS.findall(node.value)
        elif isinstance(node, ast.Compare):
            sides = [side.value for side in (node.left, *node.comparators) if isinstance(side, ast.Constant)]
            found += [ast.unparse(node) for side in sides if side == 5 or (side == 4 and len(node.ops) > 1)]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "is_between":
            found += [ast.unparse(node) for arg in node.args if isinstance(arg, ast.Constant) and arg.value == 1]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value == 5:
            found += [ast.unparse(node) for name in node.targets if re.search("SMALL|FEW|LEAST", ast.unparse(name))]
    return found


def test_the_small_number_rule_is_written_once() -> None:
    names = [name for name in tracked() if name.startswith("dashboards/") and name.endswith(".py")]
    assert set(HOLDS_THE_RULE) < set(names)
    found = {name: small_number_rules((ROOT / name).read_text("utf-8")) for name in names if name not in HOLDS_THE_RULE}
    assert {name: rules for name, rules in found.items() if rules} == {}
    tables = [name for name in tracked() if name.startswith("assets/") and name.endswith(".sql")]
    assert [name for name in tables if "between 1 and 4" in (ROOT / name).read_text("utf-8")] == []


@pytest.mark.parametrize(
    "code",
    ["SMALLEST = 5", "few = 0 < count < 5", "if total >= 5: pass", "pl.col('n').is_between(1, 4)",
     "pl.col('n').is_between(1, SMALLEST - 1)", "words = 'Fewer than five crimes'", "words = f'{x}: 1 to 4'"],
)  # fmt: skip
def test_a_second_small_number_rule_is_found(code: str) -> None:
    assert small_number_rules(f'"""Fewer than five."""\n{code}\n')


# subject whose pages import -> subject imported from: plan of the rooms
SHARED_BETWEEN_SUBJECTS = {("protection", "people")}
OF_ALL_SUBJECTS = "front"  # the front pages say what the pages of all subjects have found


def test_pages_of_one_subject_import_no_other_subject() -> None:
    found = set()
    for name in tracked():
        folders = name.split("/")
        if name.startswith("dashboards/pages/") and len(folders) == 4 and name.endswith(".py"):
            for other in re.findall(r"dashboards\.pages\.(\w+)", (ROOT / name).read_text("utf-8")):
                found |= {(folders[2], other)} - {(folders[2], folders[2])}
    assert {pair for pair in found if pair[0] != OF_ALL_SUBJECTS} == SHARED_BETWEEN_SUBJECTS


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ({}, None),  # the front door has documents written
        ({"pipelines/builds": "from dashboards.documents import writer"},
         "pipelines import all of ours but dashboards"),
        ({"pipelines/commands/plan": "from dashboards.documents import writer"},
         "pipelines import all of ours but dashboards"),
        ({"pipelines/commands/reports": "import dashboards.server"}, "pipelines import all of ours but dashboards"),
        ({"pipelines/commands/reports": "import streamlit"}, "Streamlit only in dashboards"),
        ({"dashboards/documents/writer": "import dashboards.server", "dashboards/server": "import streamlit"},
         "Streamlit only in dashboards"),
    ],
)  # fmt: skip
def test_the_front_door_alone_imports_documents_and_they_need_no_streamlit(
    tmp_path: Path, changed: dict[str, str], broken: str | None
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    right = dict.fromkeys(("assets", "casework", "docs", "expectations", "sample", "dashboards", "dashboards/documents",
                           "pipelines", "pipelines/commands"), "")  # fmt: skip
    packages(tmp_path, right)
    engines(tmp_path)
    front_door = {"pipelines/commands/reports": "from dashboards.documents import writer", "dashboards/server": "",
                  "dashboards/documents/writer": "", "dashboards/pages": "import streamlit"}  # fmt: skip
    for module, line in (front_door | changed).items():
        (tmp_path / f"{module}.py").write_text(f"{line}\n", "utf-8")
    run = lint_imports(tmp_path)
    assert re.findall(r"^(.+?) BROKEN", run.stdout, re.M) == ([broken] if broken else []), run.stdout + run.stderr


def packages(root: Path, lines: dict[str, str]) -> None:
    for package, line in lines.items():
        (root / package).mkdir()
        (root / package / "__init__.py").write_text(f"{line}\n", "utf-8")


def engines(root: Path) -> None:
    """The modules that a contract protects: it names them, so that they must be there."""
    packages(root, {"pipelines/engines": ""})
    for contract in PROJECT["tool"]["importlinter"]["contracts"]:
        for module in contract.get("protected_modules", ()):
            (root / f"{module.replace('.', '/')}.py").write_text("", "utf-8")


def test_every_entry_of_the_lock_is_held_to_a_version_and_its_hashes() -> None:
    entries = locked()
    assert len(entries) > 50
    for requirement, hash_count in entries:
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert requirement.url is None, requirement
        assert hash_count >= 1, requirement


def test_the_lock_names_no_index_host_or_path() -> None:
    options = re.findall(r"^\s*(-.*)$", LOCK, re.M)
    assert [line for line in options if not re.fullmatch(r"--hash=sha256:[0-9a-f]{64}( \\)?", line)] == []
    assert re.findall(r"^.*(?:/| @ ).*$", LOCK, re.M) == []


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_what_the_project_asks_for_is_locked_once_within_its_range(python: str) -> None:
    machine = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    here: dict[str, str] = {}
    for requirement, _ in locked():
        if requirement.marker is None or requirement.marker.evaluate(machine):
            assert requirement.name not in here, requirement
            here[requirement.name] = str(requirement.specifier).removeprefix("==")
    asked = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    for requirement in map(Requirement, asked):
        assert requirement.specifier.contains(here[requirement.name], prereleases=True), requirement


def test_no_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    # In pieces, so that this file is not the one that names them.
    pieces = [("pypi", "org"), ("pythonhosted", "org"), ("deb", "debian"), ("registry", "npmjs")]
    registries = [".".join(piece) for piece in pieces]
    machine = re.compile(r"(?<![\w.~/-])/(?:root|work|home/\w+|Users/\w+|opt/\w+)(?=/)|[A-Z]:\\Users")
    found = []
    for name in tracked():
        if name.startswith(DELIVERED) and not name.endswith(".md"):
            continue
        text = (ROOT / name).read_bytes().decode("utf-8", "replace")
        found += [f"{name}: {word}" for word in [*registries, f"{ROOT}/"] if word in text]
        found += [f"{name}: {match[0]}" for match in machine.finditer(text)]
    assert found == []


def test_the_top_level_is_the_one_of_the_design() -> None:
    names = tracked()
    assert {name.split("/")[0] for name in names if "/" in name} == FOLDERS
    assert {name for name in names if "/" not in name} == FILES


def test_the_run_time_home_and_a_forces_own_data_are_never_committed() -> None:
    for private in ["data/force/crime.csv", ".stra/warehouse.duckdb", ".venv/ready"]:
        ignored = subprocess.run(["git", "check-ignore", "-q", private], cwd=ROOT, check=False)
        assert ignored.returncode == 0, private


def test_delivered_files_are_kept_from_git_s_line_end_conversion() -> None:
    files = [name for name in tracked() if name.startswith(DELIVERED) and not name.endswith(".md")]
    attributes = subprocess.run(
        ["git", "check-attr", "text", "--", *files], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(attributes) == len(files) > 0
    assert [line for line in attributes if not line.endswith(": text: unset")] == []


def test_tests_lie_in_folders_and_are_no_packages() -> None:
    names = [name for name in tracked() if name.startswith("tests/") and name.endswith(".py")]
    assert [name for name in names if name.endswith("__init__.py")] == []  # it would shadow the package assets
    assert [name for name in names if name.count("/") != 2] == ["tests/conftest.py"]
    tests = [Path(name).name for name in names if Path(name).name.startswith("test_")]
    assert len(tests) == len(set(tests))  # they are collected by name, whatever their folder
    outside = {"worlds", "tools"}
    assert {name.split("/")[1] for name in names if "/test_" not in name} - {"conftest.py"} == outside


def test_dagster_is_set_by_the_checkout_and_keeps_its_records_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    ref = InstanceRef.from_dir(str(tmp_path), config_dir=str(ROOT))
    with DagsterInstance.from_ref(ref) as instance:
        assert instance.telemetry_enabled is False
        assert instance.nux_enabled is False
        assert instance.root_directory == str(tmp_path)
        instance.report_runless_asset_event(AssetMaterialization("forces", metadata={"dagster/row_count": 43}))
    default = DagsterSqliteStorage.from_local(str(tmp_path)).event_log_storage  # what Dagster reads without us
    event = default.get_latest_materialization_events([AssetKey("forces")])[AssetKey("forces")]
    assert event is not None and event.asset_materialization is not None
    assert event.asset_materialization.metadata["dagster/row_count"].value == 43


@pytest.mark.browser
def test_the_browser_of_the_page_tests_starts(browser: Browser) -> None:
    """Without one every page would go unseen: a missing browser is a failure, not a reason to skip."""
    with browser.new_page() as page:
        page.set_content("<h1>Stalking and harassment</h1>")
        assert page.inner_text("h1") == "Stalking and harassment"


def test_a_table_is_made_anew_when_a_method_it_uses_changes() -> None:
    """By the import lines as Python reads them, for every file of assets."""
    for path in sorted((ROOT / "assets").rglob("*.py")):
        named = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "assets":
                place = ROOT.joinpath(*str(node.module).split("."))
                named |= {place.with_suffix(".py"), *((place / alias.name).with_suffix(".py") for alias in node.names)}
            assert not isinstance(node, ast.Import) or not any(a.name.startswith("assets") for a in node.names), path
        assert cards._imports(path) == {file for file in named if file.exists()}, path
    used = cards.methods_of(cards.all_cards()["metrics.control_chart_series"])
    assert {"series.py", "chart.py", "limits.py"} <= {path.name for path in used if path.parent.name == "spc"}


def test_the_hash_of_a_table_moves_with_a_method_of_a_method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = tmp_path / "assets"
    (assets / "metrics").mkdir(parents=True)
    (assets / "methods").mkdir()
    (assets / "metrics" / "one.py").write_text("from assets.methods.near import (\n    near,\n)\n")
    (assets / "methods" / "near.py").write_text("from assets.methods import far\n")
    (assets / "methods" / "far.py").write_text("FAR = 1\n")
    monkeypatch.setattr(cards, "ROOT", tmp_path)

    def hashed() -> str:
        cards._imports.cache_clear()
        maker = assets / "metrics" / "one.py"
        return Card("metrics.one", maker, maker, "", (), (), (), ()).code_hash

    before = hashed()
    assert hashed() == before
    (assets / "methods" / "far.py").write_text("FAR = 2\n")
    assert hashed() != before
    cards._imports.cache_clear()
