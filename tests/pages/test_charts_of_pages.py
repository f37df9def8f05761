"""Every chart of every page as a browser is sent it: what its marks say, its text alternative, and its table."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest
from charts_read import NO_WORDS, marks
from dashboard_browser import serving
from dashboard_session import Session
from published_home import build_home
from republication import pages
from streamlit.proto.Element_pb2 import Element

from dashboards.charts.blanks import WITHHELD
from dashboards.data.published import AUDIENCES

pytestmark = pytest.mark.browser

EXPLORED = (  # measure explorer: by part, and over time
    "measure=recorded&by=district", "measure=charged_365&by=class&period=financial_year",
    "measure=recorded&by=relationship&period=quarter", "measure=recorded_24h&by=unit",
)  # fmt: skip
FEWEST = 40  # charts that the invented home has at least; without this nothing would be tried


@dataclass(frozen=True)
class Sent:
    """A chart of a page, its alternative text, and the HTML that follows it up to the next chart."""

    page: str
    chart: dict[str, Any]
    alt: str
    after: str


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Sent]:
    with serving(build_home(tmp_path_factory.mktemp("home"))) as address:
        return asyncio.run(_all(address))


async def _all(address: str) -> list[Sent]:
    found = []
    for audience in AUDIENCES:
        async with Session(address) as session:
            asked = [(page, "") for page in pages(audience)]
            asked += [("explore", query) for query in EXPLORED if "explore" in pages(audience)]
            for page, query in asked:
                drawn = await session.open(page, query)
                assert drawn.faults == (), (page, drawn.faults)
                elements = [Element.FromString(element) for element in drawn.elements]
                places = [at for at, one in enumerate(elements) if one.WhichOneof("type") == "plotly_chart"]
                for start, end in zip(places, [*places[1:], len(elements)]):
                    chart, below = elements[start].plotly_chart, elements[start + 1 : end]
                    after = "".join(one.html.body for one in below if one.WhichOneof("type") == "html")
                    found.append(Sent(f"{page}?{query}", json.loads(chart.spec), chart.alt, after))
    return found


def test_no_mark_says_none_or_nan(sent: list[Sent]) -> None:
    assert len(sent) >= FEWEST
    said = [(one.page, mark.words) for one in sent for mark in marks(one.chart) if mark.template or mark.words]
    assert len(said) > 500
    assert [found for found in said if NO_WORDS.search(found[1])] == []


def test_no_mark_without_a_figure_stands_at_nought(sent: list[Sent]) -> None:
    """The value of a bar or dot across is its x; that of a point over time its y."""
    blank = ("no figure", "suppressed", "hidden to protect", "too few", "fewer than", "withheld")
    at_nought = [
        (one.page, mark.words)
        for one in sent
        for mark in marks(one.chart)
        if mark.template and (mark.y if isinstance(mark.x, str) else mark.x) == 0
    ]
    assert at_nought, "an example has one"
    assert [found for found in at_nought if any(word in found[1] for word in blank)] == []


def test_every_chart_has_a_text_and_a_table_and_neither_says_none_or_nan(sent: list[Sent]) -> None:
    assert [one.page for one in sent if not one.alt.strip()] == []
    assert [(one.page, one.alt) for one in sent if NO_WORDS.search(one.alt)] == []
    assert [one.page for one in sent if "<table>" not in one.after] == []
    cells = [(one.page, cell.split("<")[0]) for one in sent for cell in one.after.split("<td")[1:]]
    assert [found for found in cells if NO_WORDS.search(found[1].partition(">")[2])] == []


def test_a_cross_is_explained_in_the_table(sent: list[Sent]) -> None:
    """The key of a cross sends its reader to the table, which has words where there is no figure."""
    crossed = [one for one in sent if any(trace.get("name") == WITHHELD for trace in one.chart["data"])]
    words = ("no figure", "suppressed", "hidden", "too few", "fewer than", "withheld", "not measured", "not known", "*")
    assert crossed, "an example has one"
    assert [one.page for one in crossed if not any(word in one.after for word in words)] == []
