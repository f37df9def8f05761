"""What no rendered text may say: a change as a bare percentage, or red, amber and green for one month on another."""

import re

NUMBER = r"\d[\d,]*(?:\.\d+)?"
PERCENT = r"\s*(?:%|per cent|percent)"
DIRECTION = (
    r"(?:up|down|rose|rise[sn]?|rising|fell|falls?|fallen|falling|grew|grown|growth|increas(?:e[sd]?|ing)|"
    r"decreas(?:e[sd]?|ing)|drop(?:s|ped)?|climb(?:s|ed)?|jump(?:s|ed)?|gain(?:s|ed)?|chang(?:e[sd]?|ing)|"
    r"reduc(?:e[sd]?|ing|tions?)|declin(?:e[sd]?|ing)|shr[ai]nk(?:s|ing)?|improv(?:e[sd]?|ing|ements?)|"
    r"worsen(?:s|ed|ing)?|surg(?:e[sd]?|ing)|halved|doubled|trebled|tripled)"
)
FORBIDDEN = {
    "a signed percentage": rf"(?<![\w.,])[+\u2212\u2013-]\s?{NUMBER}{PERCENT}",
    "a direction and a percentage": (
        rf"\b{DIRECTION}\b(?:\s+\w+){{0,2}},?(?:\s+(?:by|of|about|nearly|over)|\s*:){{1,2}}\s*{NUMBER}{PERCENT}"
        rf"|\b{DIRECTION}\b\s+{NUMBER}{PERCENT}|\b{DIRECTION}\s+from\s+{NUMBER}\s+to\s+{NUMBER}\s+\({NUMBER}{PERCENT}"
    ),
    "a percentage and a direction": (
        rf"{NUMBER}{PERCENT}\s+(?:{DIRECTION}|more|less|fewer|higher|lower|above|below)\b(?!\s+limit)"
    ),
    "a percentage on the month or year before": (
        rf"{NUMBER}{PERCENT}\s+(?:on|from|since|than|of|compared (?:with|to))\s+(?:the\s+|an?\s+)?"
        rf"(?:last|previous|same|prior|month|year)|{NUMBER}{PERCENT}\s+year[- ]on[- ]year|"
        rf"{NUMBER}{PERCENT}\s+(?:on|from|since|than|compared (?:with|to))\s+(?:19|20)\d\d\b|"
        rf"{NUMBER}\s+percentage points\s+(?:higher|lower|more|less|up|down)"
    ),
    "red, amber, green": r"\bRAG\b|\b(?:red|amber|green)[\s/,-]+(?:or |and )?(?:red|amber|green)\b|\btraffic lights?\b",
    "an arrow for a change, or a coloured light": (
        "[\u25b2\u25bc\u2191\u2193\u2b06\u2b07\u2197\u2198]\\s*[\\d+\u2212-]|[\U0001f534\U0001f7e0\U0001f7e1\U0001f7e2]"
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
