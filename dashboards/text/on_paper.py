"""The marking of every printed sheet. Pure."""

from __future__ import annotations


def style(marking: str) -> str:
    """The style that prints the marking at the head and foot of every sheet, with its number."""
    words = "".join(f"\\{ord(character):06x}" for character in marking)  # escaped: it is text, never style
    return (
        f'<style>@page {{ @top-center {{ content: "{words}"; }} @bottom-center {{ content: "{words}"; }} '
        '@bottom-right { content: counter(page) " of " counter(pages); } }</style>'
    )
