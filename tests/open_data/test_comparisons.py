"""Charts that compare forces and areas at one time: limits, outliers, and a force without a figure."""

import invented_figures as invented
import polars as pl
import pytest
from published_home import FORCES

from dashboards.charts import across, force_map
from dashboards.charts.labels import place_labels


def with_short_names(rows: pl.DataFrame) -> pl.DataFrame:
    names = pl.DataFrame([(f[0], f[2]) for f in FORCES], schema=["force_code", "short_name"], orient="row")
    return rows.join(names, on="force_code", how="left")


def rate_funnel() -> pl.DataFrame:
    return with_short_names(invented.funnel(FORCES)).filter(pl.col("measure") == "rate_per_1000")


def test_the_funnel_names_its_outliers_and_the_highlighted_force_only() -> None:
    rows = rate_funnel()
    figure = across.funnel(
        rows, measure="rate_per_1000", unit="per 1,000", denominator_name="Residents", highlight="E23000032"
    )
    named = {a.text.split(" 2")[0] for a in figure.layout.annotations}
    outliers = set(rows.filter(pl.col("outlier") != "")["short_name"])
    assert outliers
    assert named == outliers | {"Kent"}


def test_a_force_far_beyond_the_limits_stands_at_the_edge_with_its_figure_in_words() -> None:
    is_city = pl.col("force_code") == "E23000034"
    rows = rate_funnel().with_columns(
        value=pl.when(is_city).then(41.5).otherwise("value"),
        outlier=pl.when(is_city).then(pl.lit("high_998")).otherwise("outlier"),
    )
    assert across.off_scale(rows) == ["E23000034"]
    figure = across.funnel(rows, measure="rate_per_1000", unit="per 1,000", denominator_name="Residents")
    assert "City of London 41.50, beyond the scale" in {a.text for a in figure.layout.annotations}
    top = figure.layout.yaxis.range[1]
    assert top < 41.5
    drawn = [y for t in figure.data if t.mode == "markers" and t.x for y in t.y]
    assert max(drawn) <= top


def test_funnel_limits_pass_through_the_published_ones_and_follow_one_over_size_between() -> None:
    def limit(n: float) -> float:
        return 0.06 + 1.96 * (0.06 * 0.94 / n + 0.01**2) ** 0.5

    sizes = [100.0, 1000.0, 50_000.0]
    xs, ys = across.between_sizes(sizes, [0.06] * 3, [limit(n) for n in sizes])
    assert len(xs) > 10
    assert ys == pytest.approx([limit(n) for n in xs], rel=1e-9)
    assert all(n in [round(x, 6) for x in xs] for n in sizes)


def test_a_force_that_the_funnel_cannot_place_is_not_drawn_as_zero() -> None:
    rows = rate_funnel().with_columns(
        pl.when(pl.col("force_code") == "E23000032").then(None).otherwise(pl.col("value")).alias("value")
    )
    figure = across.funnel(rows, measure="rate_per_1000", unit="per 1,000", denominator_name="Residents")
    drawn = sum(len(t.x) for t in figure.data if t.mode == "markers")
    assert drawn == len(FORCES) - 1


def test_labels_keep_off_each_other_where_there_is_room() -> None:
    names = ["Avon and Somerset", "Kent", "Essex"]
    rows = pl.DataFrame({"x": [10.0, 10.4, 500.0], "y": [5.0, 5.0, 1.0], "name": names})
    first, second, _ = place_labels(rows, rows, x="x", y="y", text="name")
    assert (first["xanchor"], first["yshift"]) != (second["xanchor"], second["yshift"])


def test_the_map_is_polygons_in_plain_svg_and_leaves_a_force_without_a_figure_white() -> None:
    rows = invented.squares(FORCES).join(rate_funnel().drop("force_name"), on="force_code")
    rows = rows.with_columns(
        pl.when(pl.col("force_code") == "E23000032").then(None).otherwise(pl.col("value")).alias("value")
    )
    figure = force_map.force_map(rows, measure="rate_per_1000", unit="per 1,000")
    assert {t.type for t in figure.data} == {"scatter"}  # no map trace, so nothing is fetched
    areas = [t for t in figure.data if t.fill == "toself"]
    assert len(areas) == len(FORCES)
    blank = [t for t in areas if t.name == "no figure"]
    assert [(t.fillcolor, t.line.dash) for t in blank] == [("#FFFFFF", "dot")]


def test_bars_carry_their_figures_and_hatch_the_remainder() -> None:
    words = ["10 (77%)", "3 (23%)"]
    rows = pl.DataFrame({"n": ["A", "No area recorded"], "v": [10, 3], "w": words, "rest": [False, True]})
    bar = across.bars(rows, label="n", value="v", words="w", is_marked="rest").data[0]
    assert list(bar.text) == words
    assert list(bar.marker.pattern.shape) == ["", "/"]


def test_parts_of_a_stacked_bar_add_up_and_a_part_without_any_is_left_out() -> None:
    rows = pl.DataFrame({"unit": ["A", "B"], "bad": [3, 0], "good": [1, 4], "none": [0, 0]})
    parts = [
        across.Part("bad", "breached", "#801650", "#FFFFFF"),
        across.Part("good", "holds", "#28A197", "#3D3D3D", "/"),
        across.Part("none", "not measured", "#DDE3EA", "#545B64"),
    ]
    figure = across.stacked(rows, label="unit", parts=parts)
    assert [(bar.name, list(bar.x), list(bar.text)) for bar in figure.data] == [
        ("breached", [3, 0], ["3", ""]),
        ("holds", [1, 4], ["1", "4"]),
    ]
    assert [bar.marker.pattern.shape for bar in figure.data] == ["", "/"]
    assert figure.layout.barmode == "stack"


def test_a_name_from_a_file_is_text_on_a_chart() -> None:
    assert across.wrapped('<a href="x">A & B</a>') == '&lt;a href="x"&gt;A &amp; B&lt;/a&gt;'
