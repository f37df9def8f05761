"""A chart is drawn once for the same content, and anew for any other."""

import datetime as dt

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboards.charts import cache
from dashboards.charts.cache import drawn_once

ROWS = pl.DataFrame({"month": [dt.date(2025, 1, 1), None], "value": [1.5, 2.0]})


class Pen:
    """A chart's function that counts how often it draws."""

    def __init__(self) -> None:
        self.times = 0

        @drawn_once
        def draw(rows: pl.DataFrame, names: object = (), *, unit: str = "crimes", mean: float = 0.0) -> go.Figure:
            self.times += 1
            return go.Figure(layout={"title": {"text": f"{rows.height} {unit} {names} {mean}"}})

        self.draw = draw


@pytest.fixture
def pen(monkeypatch: pytest.MonkeyPatch) -> Pen:
    monkeypatch.setattr(cache, "_drawn", type(cache._drawn)())
    return Pen()


def test_the_same_rows_are_drawn_once_whatever_frame_they_are_in(pen: Pen) -> None:
    assert pen.draw(ROWS, unit="people") is pen.draw(ROWS.clone(), unit="people")
    assert pen.times == 1


@pytest.mark.parametrize(
    "other",
    [
        ROWS.with_columns(value=pl.col("value") + 1e-9), ROWS.rename({"value": "other"}), ROWS.reverse(), ROWS.head(1),
        ROWS.with_columns(value=pl.col("value").cast(pl.Float32)), ROWS.with_columns(month=pl.lit(None, pl.Date)),
    ],
)  # fmt: skip
def test_any_other_value_name_order_or_type_is_another_chart(pen: Pen, other: pl.DataFrame) -> None:
    assert pen.draw(ROWS) is not pen.draw(other)
    assert pen.times == 2


def test_so_is_any_other_argument(pen: Pen) -> None:
    pen.draw(ROWS)
    for names in ({"a": "one"}, {"a": "two"}, {"b": "one"}, ["a", "one"], [ROWS], [ROWS.reverse()]):
        pen.draw(ROWS, names)
        pen.draw(ROWS, names)
    pen.draw(ROWS, unit="people")
    pen.draw(ROWS, mean=0.5)
    assert pen.times == 9


def test_what_was_longest_unseen_is_let_go(pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST", 2)
    first, second, third = ROWS, ROWS.head(1), ROWS.reverse()
    for rows in (first, second, first, third, first):
        pen.draw(rows)
    assert pen.times == 3
    pen.draw(second)
    assert pen.times == 4
