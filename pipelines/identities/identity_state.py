"""What linkage keeps between runs: records, model, register and its log.

They are entries of the identity store. One entry, written last, names the others: a killed run leaves the state of the
run before.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from assets.methods.linkage.model import Model
from assets.methods.linkage.register import Register
from pipelines.identities.identity_store import ERASED, IdentityStore, bytes_frame, frame_bytes, json_bytes

MARKS = {"person_key": pl.String, "row_mark": pl.UInt64}
FRAMES = ("members", "people", "log", "records", "marks")


@dataclass(frozen=True)
class State:
    """`marks` separate changed rows; `trained_on` is the day of the last full run."""

    register: Register = field(default_factory=Register.empty)
    model: Model | None = None
    records: pl.DataFrame = field(default_factory=pl.DataFrame)
    marks: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MARKS))
    trained_on: date | None = None
    code_mark: str = ""


def load(store: IdentityStore) -> State:
    """The last state, an empty one where nothing was linked yet."""
    index = store.read("index")
    if index is None:
        return State()
    said = json.loads(index)
    frames = {}
    for name in FRAMES:
        content = store.read(said["entries"][name])
        if content is None:
            return State()
        frames[name] = bytes_frame(content)
    return State(
        Register(frames["members"], frames["people"], frames["log"], said["next_run"]),
        Model(
            said["pair_probability"], {k: tuple(v) for k, v in said["m"].items()},
            {k: tuple(v) for k, v in said["u"].items()},
        ),
        frames["records"], frames["marks"], date.fromisoformat(said["trained_on"]), said["code_mark"],
    )  # fmt: skip


def save(store: IdentityStore, state: State) -> None:
    """Write the state beside the earlier one, point to it, remove the earlier one."""
    assert state.model is not None and state.trained_on is not None
    run = secrets.token_hex(4)
    frames = {
        "members": state.register.members, "people": state.register.people, "log": state.register.log,
        "records": state.records, "marks": state.marks,
    }  # fmt: skip
    entries = {name: f"{name}-{run}" for name in FRAMES}
    store.write({entries[name]: frame_bytes(frame) for name, frame in frames.items()})
    index = {
        "entries": entries, "pair_probability": state.model.pair_probability,
        "m": {k: list(v) for k, v in state.model.m.items()}, "u": {k: list(v) for k, v in state.model.u.items()},
        "trained_on": state.trained_on.isoformat(), "next_run": state.register.next_run, "code_mark": state.code_mark,
    }  # fmt: skip
    store.write({"index": json_bytes(index)})
    for name in store.names():
        if name not in ("index", "check", ERASED, *entries.values()):
            store.remove(name)
