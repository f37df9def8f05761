"""The documentation as a static site: the Markdown pages of this folder, with a search that needs no server.

The order of the pages is here. What a page says is in its own file. Sphinx is imported when a site is built and never
before, because it takes half a second and 60 MB.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TITLE = "stra"
LINK = re.compile(r"\[([^\]]+)\]\((?:([\w-]+)\.md)?#([^)\s]+)\)")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # which Sphinx gives its warnings, terminal or not

# The first page is index.md. A heading of the navigation -> its pages, in order.
NAVIGATION: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Start", ("tour", "getting-started", "invented-force", "pages", "data-you-can-deliver", "your-own-tables")),
    ("Subjects", ("recording", "people", "outcomes", "assessment", "explore", "commissioning", "small-numbers")),
    ("Running it", ("running-it", "access-and-audit-trail", "documents", "notebooks", "national", "performance",
                    "reliability")),
    ("Authorities and words", ("measures", "extract-fields", "standards", "assessment-method", "statistics-code",
                               "open-benchmark", "glossary")),
    ("Working on the code", ("architecture", "adding-things", "naming")),
)

SETTINGS: dict[str, Any] = {
    "project": "stra",
    "language": "en_GB",
    "extensions": ["myst_parser"],
    "myst_heading_anchors": 4,  # a heading's address is the one that GitHub gives it
    "exclude_patterns": ["templates", "style"],
    "templates_path": [str(HERE / "templates")],
    "html_title": TITLE,
    "html_theme": "furo",
    "html_theme_options": {"top_of_page_buttons": []},
    "html_static_path": [str(HERE / "style")],
    "html_css_files": ["site.css"],
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "html_use_index": False,
    "smartquotes": False,
}


def build_site(out: Path) -> list[str]:
    """Write the site into the folder `out`; return what is wrong with the pages, one line each, empty if nothing.

    A link or an anchor that leads nowhere, a page without a place in the navigation: the site is written all the same.
    Opens no connection. Raises OSError if `out` cannot be written.
    """
    from pygments.lexers.special import TextLexer
    from sphinx.application import Sphinx

    warnings = io.StringIO()
    with tempfile.TemporaryDirectory(prefix="stra-docs-") as work:
        app = Sphinx(
            srcdir=HERE, confdir=None, outdir=out, doctreedir=work, buildername="html",
            confoverrides=SETTINGS, status=None, warning=warnings,
        )  # fmt: skip
        app.add_lexer("csv", TextLexer)  # in no colours, and without a warning that it has none
        app.connect("source-read", _add_navigation)
        app.connect("source-read", _link_paragraphs)
        app.connect("html-page-context", _make_accessible, priority=900)
        app.build()
    for leftover in (".buildinfo", "objects.inv"):  # for another run of Sphinx, and for other projects: nobody here
        (out / leftover).unlink(missing_ok=True)
    (out / "_sources").rmdir()  # which it makes even if no source is copied
    return [COLOUR.sub("", line) for line in warnings.getvalue().splitlines() if line.strip()]


def _add_navigation(app: Any, page: str, source: list[str]) -> None:
    """The list of pages, kept out of index.md so that it reads well where no site is built."""
    if page == "index":
        for heading, pages in NAVIGATION:
            listing = "\n".join((":hidden:", f":caption: {heading}", "", *pages))
            source[0] += f"\n```{{toctree}}\n{listing}\n```\n"


def _link_paragraphs(app: Any, page: str, source: list[str]) -> None:
    """Links to paragraphs that carry a mark of their own (`<a id="6.3"></a>`): Sphinx knows its own headings alone."""

    def link(found: re.Match[str]) -> str:
        text, other, paragraph = found.groups()
        marks = ANCHOR.findall((HERE / f"{other or page}.md").read_text(encoding="utf-8"))
        return f'<a href="{other or page}.html#{paragraph}">{text}</a>' if paragraph in marks else found[0]

    source[0] = LINK.sub(link, source[0])


def _make_accessible(app: Any, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Whatever may scroll sideways can be reached by keyboard (WCAG 2.2, 2.1.1); a heading says its level (4.1.2)."""
    replacements = (
        ("body", "<pre>", '<pre tabindex="0">'),
        ("body", '<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
        ("furo_navigation_tree", 'role="heading"', 'role="heading" aria-level="2"'),
    )
    for part, given, wanted in replacements:
        if part in context:
            context[part] = context[part].replace(given, wanted)


def main() -> None:
    """`python -m docs.site FOLDER`: the server builds in a process of its own, so that Sphinx leaves its memory."""
    problems = build_site(Path(sys.argv[1]))
    print("\n".join(problems), file=sys.stderr)


if __name__ == "__main__":
    main()
