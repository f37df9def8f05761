"""Decisions are on a server that does not answer: each page says so in one sentence, and shows nobody's records."""

import asyncio
from pathlib import Path

import pytest
from dashboard_browser import serving
from dashboard_session import UNDRAWN, Drawn, Session
from published_home import build_home

from casework.store import address
from dashboards.registry import PAGES

pytestmark = pytest.mark.slow
SECRET = "s3cret-of-the-server"
AWAY = "saw that nothing answers there (connection refused). Start the server"
# pages of decisions, of the log, and those whose records are logged before they are shown
NEED_IT = {
    "audit", "review_links", "scrutiny_panel", "scoring_scheme", "access_log", "accounts", "decisions_and_actions",
    "people_to_look_at", "fix_list",
}  # fmt: skip


def test_every_page_is_drawn_and_those_that_need_it_say_where_it_is_and_what_to_do(tmp_path: Path) -> None:
    home = build_home(tmp_path)

    async def draw(at: str) -> dict[str, Drawn]:
        async with Session(at) as session:
            return {page.address: await session.open(page.address) for page in PAGES}

    with serving(home, **{address.URL: f"postgresql://stra:{SECRET}@127.0.0.1:1/decisions"}) as at:
        drawn = asyncio.run(draw(at))
    assert [name for name, page in drawn.items() if page.faults or page.says(UNDRAWN)] == []
    assert [name for name, page in drawn.items() if page.says(SECRET)] == []
    saying = {name for name, page in drawn.items() if page.says(AWAY)}
    assert saying >= NEED_IT, NEED_IT - saying
    for name in saying:
        assert drawn[name].says("The decisions are in the PostgreSQL database decisions on 127.0.0.1:1"), name
    assert not (home / address.FILE).exists(), "nothing is decided elsewhere meanwhile"
