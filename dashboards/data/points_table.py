"""A force's own points table in words: whether loaded, its use, its back-test."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dashboards.data.published import Copy, optional
from dashboards.text import numbers

STATES, BANDS = "core.list_states", "core.rfgv_bands"
METHOD = "points table"
COMPONENTS = {  # component -> (name, what its bands are of)
    "recency": ("Recency", "days since the last report"),
    "frequency": ("Frequency", "events in the window"),
    "gravity": ("Gravity", "harm in the window"),
    "victims": ("Victims", "distinct victims in the window"),
}
MAY_LOAD = (
    "A force may load its own points table, such as a MATAC matrix (component, from_value, to_value, points). People "
    "are then also ranked by points, and the points table is tested like the score."
)


@dataclass(frozen=True)
class PointsTable:
    """The published state of the points table; "" if the copy has none."""

    is_loaded: bool = False
    state: str = ""
    file_name: str = ""

    @property
    def words(self) -> str:
        """The table in use in words, or why there is none, or that one may be loaded."""
        if self.is_loaded:
            later = self.state.removeprefix("loaded").lstrip(", ")
            return (
                f"Points table: the force's own, {self.file_name}. Points for "
                f"{numbers.listed(f'{name.lower()} ({of})' for name, of in COMPONENTS.values())} are added up; people "
                f"with equal points share a rank.{f' {numbers.capital(later)}' if later else ''}"
            )
        if "refused" in self.state:
            return f"The force's own points table is not used; the score applies. {numbers.capital(self.state)}"
        return MAY_LOAD


def find_points_table(copy: Copy) -> PointsTable:
    """The state of the points table in a published copy."""
    rows = optional(copy.select, STATES, columns="is_loaded, state, file_name", where="list_code = 'rfgv_points'")
    if rows is None:
        return PointsTable()
    is_loaded, state, file_name = rows.row(0)
    return PointsTable(bool(is_loaded), state, file_name or "")


def band_rows(bands: pl.DataFrame) -> pl.DataFrame:
    """The bands in the order of components and values, each in words."""
    places = {component: place for place, component in enumerate(COMPONENTS)}
    ordered = bands.sort(pl.col("component").replace_strict(places, default=len(places)), "from_value")
    names = {component: f"{name}: {of}" for component, (name, of) in COMPONENTS.items()}
    return ordered.with_columns(
        name=pl.col("component").replace(names),
        band=pl.struct("from_value", "to_value").map_elements(
            lambda b: _band(b["from_value"], b["to_value"]), return_dtype=pl.String
        ),
    )


def _band(start: float, end: float | None) -> str:
    return f"{start:g} or more" if end is None else f"{start:g} to below {end:g}"
