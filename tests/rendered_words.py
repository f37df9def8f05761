"""What no rendered text may say: a change as a bare percentage, or red, amber and green for one month on another."""

from __future__ import annotations

import re

NUMBER = r"\d[\d,]*(?:\.\d+)?"
PERCENT = r"\s*(?:%|per cent|percent)"
DIRECTION = (
    r"(?:up|down|rose|rise[sn]?|rising|fell|falls?|fallen|falling|grew|grown|growth|increase[sd]?|increasing|"
    r"decrease[sd]?|decreasing|drop(?:s|ped)?|climb(?:s|ed)?|jump(?:s|ed)?|gain(?:s|ed)?|chang(?:e|es|ed))"
)
FORBIDDEN = {
    "a signed percentage": rf"(?<![\w.,])[+\u2212\u2013-]\s?{NUMBER}{PERCENT}",
    "a direction and a percentage": rf"\b{DIRECTION}\b(?:\s+in\s+\w+)?(?:\s+by|\s+of|\s*:)?\s*{NUMBER}{PERCENT}",
    "a percentage and a direction": (
        rf"{NUMBER}{PERCENT}\s+(?:{DIRECTION}|more|less|fewer|higher|lower|above|below)\b(?!\s+limit)"
    ),
    "a percentage on the month or year before": (
        rf"{NUMBER}{PERCENT}\s+(?:on|from|since|than|compared with)\s+(?:the\s+)?"
        r"(?:last|previous|same|prior|month|year)"
    ),
    "red, amber, green": r"\bRAG\b|\b(?:red|amber|green)[\s/,-]+(?:or |and )?(?:red|amber|green)\b|\btraffic lights?\b",
    "an arrow for a change, or a coloured light": (
        "[\u25b2\u25bc\u2191\u2193\u2b06\u2b07]\\s*[\\d+\u2212-]|[\U0001f534\U0001f7e0\U0001f7e1\U0001f7e2]"
    ),
}


def faults_of(text: str) -> list[str]:
    """What a text says that it may not, each with the words around it."""
    found = []
    for name, pattern in FORBIDDEN.items():
        for match in re.finditer(pattern, text.replace("\u00a0", " ").replace("\u202f", " "), re.IGNORECASE):
            around = text[max(0, match.start() - 40): match.end() + 40]
            found.append(f"{name}: …{around}…")
    return found
