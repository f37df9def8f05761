"""The data dictionary: every card on one page without server, script or network."""

from __future__ import annotations

import html
from pathlib import Path

from pipelines.system.disk import write_whole
from pipelines.tables.cards import SCHEMAS, Card, all_cards
from pipelines.tables.lineage import reads

STYLE = (
    "body{font-family:system-ui,sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem;color:#1F2933}"
    "h1,h2,h3{color:#12436D}table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}"
    "th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "caption{text-align:left;font-weight:600}code{font-size:.95em}"
)
AUDIENCE_WORDS = "none: it stays in the warehouse"


def write_dictionary(path: Path) -> None:
    """Write the dictionary of all tables as an HTML page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cards = all_cards().values()
    contents = "".join(f'<li><a href="#{c.table}"><code>{c.table}</code></a></li>' for c in cards)
    body = "".join(_schema(schema, [c for c in cards if c.schema == schema]) for schema in SCHEMAS)
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Data dictionary</title>'
        f"<style>{STYLE}</style></head><body><main><h1>Data dictionary</h1>"
        f"<p>{len(cards)} tables. Each is made from the file named, which also says what it reads.</p>"
        f'<nav aria-label="Tables"><ul>{contents}</ul></nav>{body}</main></body></html>'
    )
    write_whole(path, page)


def _schema(schema: str, cards: list[Card]) -> str:
    return f"<h2>{schema}</h2>" + "".join(_table(card) for card in cards)


def _table(card: Card) -> str:
    facts = {
        "Made from": card.maker.name if card.maker is not None else "the build itself",
        "Reads": ", ".join(reads(card)),
        "Unique by": ", ".join(card.grain),
        "Published to": ", ".join(card.audience) or AUDIENCE_WORDS,
        **{key.capitalize(): value for key, value in card.licence.items()},
    }
    listed = "".join(f"<li>{name}: {html.escape(value)}</li>" for name, value in facts.items() if value)
    caveats = "".join(f"<li>{html.escape(caveat)}</li>" for caveat in card.caveats)
    rows = "".join(
        f'<tr><th scope="row"><code>{html.escape(c.name)}</code></th><td>{html.escape(c.type)}</td>'
        f"<td>{html.escape(c.meaning)}</td><td>{html.escape(c.unit)}</td></tr>"
        for c in card.columns
    )
    return (
        f'<section><h3 id="{card.table}"><code>{card.table}</code></h3><p>{html.escape(card.description)}</p>'
        f"<ul>{listed}</ul>{f'<p>Caveats</p><ul>{caveats}</ul>' if caveats else ''}"
        f'<table><caption>Columns of {card.table}</caption><thead><tr><th scope="col">Column</th>'
        f'<th scope="col">Type</th><th scope="col">Meaning</th><th scope="col">Unit</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )
