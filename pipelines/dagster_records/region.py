"""Many forces as many builds: a partition a force, on any number of machines, and then the region of all of them.

A code location of its own, beside that of a single home: `dagster dev -m pipelines.dagster_records.region`. Each
partition is one run of `stra build`, so that the launcher, queue and executor of the site spread them. The region is
one run of `stra combine` over all homes. `STRA_FORCES_DATA` has a data folder for each force, `STRA_FORCES_HOMES` gets
a home for each, and `STRA_REGION_HOME` is the home of the region: folders that every machine sees.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

DATA, HOMES, REGION = "STRA_FORCES_DATA", "STRA_FORCES_HOMES", "STRA_REGION_HOME"
STRA = (sys.executable, "-m", "pipelines.commands.cli")
PUBLISHED, WITHHELD = 0, 3  # exit codes: whole, and with something withheld, which the manifest names
LAST_LINES = 20  # of what a command said, kept with its run


def forces() -> list[str]:
    """The forces: the folders below that of their data. Raises ValueError without any."""
    text = os.environ.get(DATA, "")
    try:
        found = sorted(path.name for path in Path(text).iterdir() if path.is_dir()) if text else []
    except (OSError, ValueError):  # there is none, or no system holds such a path
        found = []
    if not found:
        expected = "expected a folder with a data folder for each force. Make it, or set it"
        raise ValueError(f"{DATA}: saw {text!r}; {expected}.")
    return found


def run(context: dg.AssetExecutionContext, arguments: Sequence[str]) -> dg.MaterializeResult[None]:
    """Run a command of stra, its lines in the run's log. Raises Failure with its last line."""
    done = subprocess.run([*STRA, *arguments], capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    for line in said[-LAST_LINES:]:
        context.log.info(line)
    if done.returncode not in (PUBLISHED, WITHHELD):
        raise dg.Failure(said[-1] if said else f"stra {arguments[0]} ended with exit code {done.returncode}")
    is_withheld = done.returncode == WITHHELD
    return dg.MaterializeResult(metadata={"exit_code": done.returncode, "something_withheld": is_withheld})


FORCES = dg.StaticPartitionsDefinition(forces())


@dg.asset(partitions_def=FORCES, description="The home of one force, built from its own deliveries.")
def force_home(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Build the home of the force that the partition names."""
    data, home = (Path(os.environ[name]) / context.partition_key for name in (DATA, HOMES))
    return run(context, ["build", "--data", str(data), "--home", str(home)])


@dg.asset(
    deps=[dg.AssetDep(force_home, partition_mapping=dg.AllPartitionMapping())],
    description="The home of the region: figures made again from the rows of all homes.",
)
def region_home(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
    """Combine the homes of all forces. One that is missing is named, and nothing is written."""
    homes = [str(Path(os.environ[HOMES]) / force) for force in FORCES.get_partition_keys()]
    return run(context, ["combine", "--home", os.environ[REGION], "--homes", *homes])


defs = dg.Definitions(
    assets=[force_home, region_home],
    jobs=[
        dg.define_asset_job("build_forces", selection=[force_home]),
        dg.define_asset_job("combine_forces", selection=[region_home]),
    ],
)
