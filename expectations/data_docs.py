"""Data Docs: Great Expectations' result of each batch, as pages without external requests.

Its own renderers make the pages from results in memory. Its site builder would first need everything in its stores,
which costs more than the evaluation of all rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

STYLE = """<style>body{font-family:system-ui,sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem;color:#3D3D3D}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #8a8a8a;padding:.4rem;text-align:left}</style>"""
INDEX = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rules by table</title></head><body>
<h1>Rules by table</h1><p>Great Expectations' results for each table. Rules without a row to examine, and rules that
could not be run, are not here; quality.rule_results has them all.</p>
<table><tr><th scope="col">Table</th><th scope="col">Rules judged</th><th scope="col">Rules broken</th></tr>
{rows}</table></body></html>"""
_STATIC = re.compile(r"href=\"\.\./(\.\./)*static/")


def write(results: Sequence[Any], docs: Path) -> None:
    """Write a page for each validation result, and index.html that lists them."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
    from great_expectations.render.view.view import DefaultJinjaPageView

    docs.mkdir(parents=True, exist_ok=True)
    renderer, view = ValidationResultsPageRenderer(), DefaultJinjaPageView()
    rows = []
    for number, result in enumerate(results):
        html: str = view.render(renderer.render(result))  # type: ignore[no-untyped-call]
        page = without_site_links(without_external_requests(html))
        (docs / f"{number:03d}.html").write_text(page, encoding="utf-8")
        broken = sum(not item.success for item in result.results)
        rows.append(
            f'<tr><td><a href="{number:03d}.html">{escape(result.suite_name)}</a></td>'
            f"<td>{len(result.results)}</td><td>{broken}</td></tr>\n"
        )
    index = without_external_requests(INDEX.format(rows="".join(rows)))
    (docs / "index.html").write_text(index, encoding="utf-8")


def without_external_requests(html: str) -> str:
    """Remove every script, style, image and frame of another host from a page; add a plain style."""
    # each tag is found first and looked into then: one pattern for both would take the square of a long page
    html = re.sub(r"<script\b[^>]{0,4000}>\s*+</script>", _without_other_host, html, flags=re.I)
    html = re.sub(r"<(?:link|img|iframe)\b[^>]{0,4000}>", _without_other_host, html, flags=re.I)
    html = re.sub(r"@import\s+url\([^()]*\);?", lambda found: "" if "//" in found[0] else found[0], html, flags=re.I)
    return html.replace("</head>", STYLE + "</head>", 1)


def _without_other_host(tag: re.Match[str]) -> str:
    return "" if re.search(r"(href|src)=[\"']?(https?:)?//", tag[0], re.I) else tag[0]


def without_site_links(html: str) -> str:
    """Point links into a missing site to the index, and correct the wording of shares.

    A share is of the rows that could be evaluated. Great Expectations names all rows of the table as its denominator.
    """
    html = re.sub(r'href="(\.\./)+(index|expectations/[^"]*)\.html"', 'href="index.html"', html)
    html = re.sub(r"<link\b[^>]{0,4000}>", lambda found: "" if _STATIC.search(found[0]) else found[0], html)
    return re.sub(r"of [\d,]+ total rows", "of the rows that could be judged", html)
