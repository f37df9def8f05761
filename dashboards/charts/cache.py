"""Charts cached by their inputs: drawing is the slowest part of most pages."""

from __future__ import annotations

import hashlib
import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any, ParamSpec

import plotly.graph_objects as go
import polars as pl

Args = ParamSpec("Args")
MOST = 256  # charts that are kept

_ONE_AT_A_TIME = threading.Lock()
_drawn: OrderedDict[tuple[Any, ...], go.Figure] = OrderedDict()


def drawn_once(draw: Callable[Args, go.Figure]) -> Callable[Args, go.Figure]:
    """Cache the charts that a function draws, by its arguments.

    The same rows give the same chart object, which nobody may change after it is drawn.
    """

    @wraps(draw)
    def drawn(*args: Args.args, **kwargs: Args.kwargs) -> go.Figure:
        key = (draw.__module__, draw.__qualname__, _content(args), _content(kwargs))
        with _ONE_AT_A_TIME:
            held = _drawn.get(key)
        figure = draw(*args, **kwargs) if held is None else held
        with _ONE_AT_A_TIME:
            _drawn[key] = figure
            _drawn.move_to_end(key)
            while len(_drawn) > MOST:
                _drawn.popitem(last=False)
        return figure

    return drawn


def _content(value: Any) -> Any:
    """The content of a value, for comparison; a frame by its bytes, types and names."""
    if isinstance(value, pl.DataFrame):
        written = io.BytesIO()
        value.write_ipc(written)
        return hashlib.sha256(written.getbuffer()).digest()
    if isinstance(value, Mapping):
        return tuple((key, _content(held)) for key, held in value.items())
    if isinstance(value, Collection) and not isinstance(value, str | bytes):
        return tuple(_content(held) for held in value)
    return value
