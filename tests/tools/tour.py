"""`make tour`: takes the pictures of docs/tour.md again, from the demonstration that `make run` has built."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "worlds"))

from dashboard_browser import Visit, launch, serving  # noqa: E402

WIDTH, HEIGHT = 1366, 768
EXPLORE = "explore?role=senior_leader&period=quarter&until=2026-01-01"
RISE = "&measure=recorded_stalking&by=district&part_district=Invented+District+3"
LOAD = "&measure=open_caseload&by=unit&part_unit=Invented+Unit+C"
LATE = "fix_list?role=analyst&unit=Invented+Unit+C&group=RSK-02&month=2026-02-01&section=by-record"
PICTURES = {  # name of the picture -> address, and how the heading begins that is at its top, else the page's
    "tour-1-first": ("at_a_glance?role=senior_leader", ""),
    "tour-2-finding": (EXPLORE + RISE, "Stalking recorded: each district"),
    "tour-3-cause": (EXPLORE + LOAD, "Open crimes at the end of the month by unit"),
    "tour-4-records": (LATE, "By record"),
    "tour-5-question": ("decisions_and_actions?role=senior_leader", ""),
}


def main(home: Path, out: Path) -> int:
    """Write each picture into `out`; 1 if a page did something wrong, which is printed."""
    faults = []
    with sync_playwright() as playwright, serving(home) as address:
        visit = Visit(launch(playwright), WIDTH, HEIGHT)
        for name, (page, top) in PICTURES.items():
            visit.open(f"{address}/{page}", section="")
            if top:
                visit.page.get_by_role("heading", name=top).first.evaluate("heading => heading.scrollIntoView()")
                visit.page.wait_for_timeout(1_000)  # what comes into sight is drawn then
            visit.page.screenshot(path=out / f"{name}.png")
        faults = visit.faults
    print(*faults, sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs"))
