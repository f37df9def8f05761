"""A chart as its reader meets it: each mark that is drawn, with the words that show when it is pointed at."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

FIELD = re.compile(r"%\{([a-z]+)((?:\[\d+\])*)(?:([:|])([^}]*))?\}")
DATA = ("x", "y", "z", "base", "text", "hovertext", "customdata", "error_x", "error_y", "name")
NO_WORDS = re.compile(r"(?<![A-Za-z])(nan|NaN|null|None|undefined|NaT|inf)(?![A-Za-z])")


@dataclass(frozen=True)
class Mark:
    """A point, bar or cell that is drawn: its place, its value on a colour scale, and its words."""

    x: Any
    y: Any
    z: Any
    words: str
    template: str  # how the words were made; empty where nothing is said when it is pointed at


def as_json(figure: go.Figure) -> dict[str, Any]:
    """The figure as a browser is sent it."""
    found: dict[str, Any] = json.loads(json.dumps(figure, cls=PlotlyJSONEncoder))
    return found


def marks(figure: Mapping[str, Any]) -> list[Mark]:
    """Every mark that is drawn; annotations are marks with a place and words."""
    found = [mark for trace in figure["data"] for mark in _of_trace(trace)]
    notes = figure.get("layout", {}).get("annotations") or ()
    words = [(note.get("y"), f"{note.get('y', '')}: {note.get('text', '')}") for note in notes]
    return found + [Mark(None, y, None, said, "") for y, said in words]


def data_of(figure: Mapping[str, Any]) -> str:
    """All values and words of its traces and notes, as text: what someone finds who reads the page's source."""
    kept = [{name: trace[name] for name in DATA if name in trace} for trace in figure["data"]]
    notes = [note.get("text", "") for note in figure.get("layout", {}).get("annotations") or ()]
    return json.dumps([kept, notes], ensure_ascii=False)


def _of_trace(trace: Mapping[str, Any]) -> Iterator[Mark]:
    if trace.get("type") == "heatmap":
        for down, (row, words) in enumerate(zip(trace["z"], trace.get("text") or cycle([None]))):
            for across, value in enumerate(row):
                if value is not None:
                    yield Mark(trace["x"][across], trace["y"][down], value, (words or [])[across] if words else "", "")
        return
    template = trace.get("hovertemplate") or ("%{text}" if trace.get("hoverinfo") == "text" else "")
    if trace.get("hoverinfo") == "skip":
        template = ""
    for at, (x, y) in enumerate(zip(trace.get("x") or (), trace.get("y") or ())):
        if x is not None and y is not None:
            said = FIELD.sub(lambda field, at=at, trace=trace: _said(trace, field, at), template)
            written = _at(trace.get("text"), at) if "text" in str(trace.get("mode", "text")) else None
            yield Mark(x, y, None, said or str(written or ""), template)


def _said(trace: Mapping[str, Any], field: re.Match[str], at: int) -> str:
    value = _at(trace.get(field[1]), at)
    for place in re.findall(r"\d+", field[2]):
        value = value[int(place)]
    if field[3] == "|":  # a date in a form of its own
        return f"{dt.date.fromisoformat(value):{field[4]}}"
    return str(value)


def _at(values: Any, at: int) -> Any:
    return values[at] if isinstance(values, list) else values
