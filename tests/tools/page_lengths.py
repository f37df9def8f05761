"""How long each page is: `python tests/tools/page_lengths.py HOME [PAGE …]` prints a table, one page a line.

The first view that a reader gets, 1366 px wide: height in px, words in sight, notes beside figures, tables, and links
of a contents list or of sections. What is folded away is not counted.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dashboard_browser import Visit, launch, serving
from playwright.sync_api import sync_playwright

from dashboards.registry import PAGES

WIDTH, HEIGHT = 1366, 768
MEASURES = """() => {
  const main = document.querySelector('.stMain');
  const seen = where => [...main.querySelectorAll(where)].filter(e => e.checkVisibility()).length;
  const words = main.innerText.split(/\\s+/).filter(w => /\\w/.test(w)).length;
  return [main.scrollHeight, words, seen('.note, .caveats li, .source, .key li'), seen('table'), seen('.contents a')];
}"""


def lengths(home: Path, wanted: list[str]) -> Iterator[tuple[str, list[int]]]:
    """Each page's address with its height, words, notes, tables and links of its contents list."""
    with serving(home) as address, sync_playwright() as playwright:
        browser = launch(playwright)
        for page in PAGES:
            if not wanted or page.address in wanted:
                visit = Visit(browser, WIDTH, HEIGHT)
                yield page.address, visit.open(f"{address}/{page.address}", section="").evaluate(MEASURES)
                visit.close()
        browser.close()


def main() -> None:
    """Print the table."""
    print(f"{'page':30}{'px':>8}{'words':>8}{'notes':>8}{'tables':>8}{'links':>8}")
    for page, counts in lengths(Path(sys.argv[1]), sys.argv[2:]):
        print(f"{page:30}" + "".join(f"{count:8,}" for count in counts), flush=True)


if __name__ == "__main__":
    main()
