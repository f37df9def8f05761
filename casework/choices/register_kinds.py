"""The registers of the strategic assessment, and the fields of their entries: this list is complete.

Some fields have the same name in every register, so that all can be read as one table: title, theme_code,
owner (a post, never a person), due_date, status and metric_code (the live figure that shows whether it works). Whether
an entry is overdue is worked out from its due date, never typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OPEN_STATES = {"needs_decision": "Needs a decision", "open": "Open", "under_way": "Under way"}
CLOSED_STATES = {"done": "Done", "declined": "Not taken up"}
STATES = OPEN_STATES | CLOSED_STATES
WORDS, TEXT, LONG, POST, DAY, CHOICE = "words", "text", "long", "post", "day", "choice"
METRIC, THEME, PUBLIC = "metric", "theme", "public"  # chosen from what is published
LONGEST = {WORDS: 200, TEXT: 1000, LONG: 4000, POST: 80}
WORDS_ALONE = "words_alone"  # of the inspection register: shown to the public without a figure


@dataclass(frozen=True)
class Field:
    """One field: its name in the entry, its heading, its kind, and the options of a choice."""

    name: str
    label: str
    kind: str = WORDS
    choices: Mapping[str, str] = field(default_factory=dict)
    is_needed: bool = False


@dataclass(frozen=True)
class Kind:
    """A register: its name, what one entry is, and its fields; the first is always the title."""

    name: str
    entry: str
    fields: tuple[Field, ...]

    def field_of(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((f for f in self.fields if f.name == name), None)


FACTORS = {
    "political": "Political", "economic": "Economic", "social": "Social", "technological": "Technological",
    "environmental": "Environmental", "legal": "Legal", "organisational": "Organisational",
}  # fmt: skip
RELEVANCE = {"0": "0 none", "1": "1 low", "2": "2 moderate", "3": "3 high", "4": "4 critical"}
HEADINGS_4P = {"prevent": "Prevent", "pursue": "Pursue", "protect": "Protect", "prepare": "Prepare"}
GRADES = {  # of evidence, by its method (after the Maryland scale)
    "not_known": "Not known",
    "described": "Described, not measured",
    "before_after": "Before and after, without comparison",
    "compared": "Compared with others",
    "trial": "Randomised trial or a review of several studies",
}


def _title(label: str) -> Field:
    return Field("title", label, TEXT, is_needed=True)


_THEME = Field("theme_code", "Theme", THEME)
_OWNER = Field("owner", "Owner (post)", POST)
_DUE = Field("due_date", "Due", DAY)
_METRIC = Field("metric_code", "Live figure", METRIC)
_PUBLIC = Field("public_measure", "Show to commissioners and the public, beside", PUBLIC)
_STATUS = Field("status", "Status", CHOICE, OPEN_STATES, is_needed=True)

KINDS: dict[str, Kind] = {
    "recommendations": Kind(
        "Recommendations and control strategy",
        "an action that is recommended",
        (
            _title("Action"),
            Field("heading", "Heading", CHOICE, HEADINGS_4P, is_needed=True),
            _THEME,
            _OWNER,
            _DUE,
            Field("cost", "Cost"),
            Field("effect", "Expected effect, and what it rests on", TEXT),
            Field("decision_asked", "Decision asked for", TEXT),
            _METRIC,
            _PUBLIC,
            _STATUS,
        ),
    ),
    "inspection": Kind(
        "Inspection and super-complaint recommendations",
        "a recommendation of a body outside the force",
        (
            _title("Recommendation"),
            Field("body", "Body", is_needed=True),
            Field("addressed_to", "Addressed to"),
            Field("number", "Number"),
            Field("asked", "Text in the force's plan", LONG),
            Field("evidence", "Evidence asked for", LONG),
            Field("action", "What the force will do", LONG),
            Field("update", "Latest update", LONG),
            Field("updated_on", "Day of the update", DAY),
            _THEME,
            _OWNER,
            _DUE,
            _METRIC,
            _PUBLIC,
            _STATUS,
        ),
    ),
    "pestelo": Kind(
        "Horizon scan (PESTELO)",
        "something outside or inside the force that may change the picture",
        (
            _title("Statement"),
            Field("factor", "Factor", CHOICE, FACTORS, is_needed=True),
            Field("relevance", "Relevance", CHOICE, RELEVANCE),
            Field("source", "Source", TEXT, is_needed=True),
            Field("horizon", "Horizon"),
            _THEME,
            _OWNER,
        ),
    ),
    "intelligence_gaps": Kind(
        "Intelligence gaps",
        "something that is not known and matters",
        (
            _title("Gap"),
            _THEME,
            Field("why", "Why it matters", TEXT, is_needed=True),
            Field("plan", "Collection plan", TEXT),
            _OWNER,
            _DUE,
            _METRIC,
            _STATUS,
        ),
    ),
    "lessons": Kind(
        "Lessons of reviews",
        "a lesson of a review, and what is done so that it is learnt",
        (
            _title("Lesson"),
            Field("review", "Review", is_needed=True),
            Field("control", "Control", TEXT),
            Field("risk_ref", "Entry of the risk register"),
            _THEME,
            _OWNER,
            _DUE,
            _METRIC,
            _STATUS,
        ),
    ),
    "risk_register": Kind(
        "Risk register",
        "a risk to the force, with what controls it",
        (
            _title("Risk"),
            Field("control", "Control", TEXT),
            _THEME,
            _OWNER,
            Field("due_date", "Next review", DAY),
            _METRIC,
            _STATUS,
        ),
    ),
    "guidance": Kind(
        "Guidance",
        "a text of guidance in one version",
        (
            _title("Title"),
            Field("version", "Version"),
            Field("published_on", "Published on", DAY),
            Field("due_date", "Next review", DAY),
            _OWNER,
            Field("disseminated_on", "Passed on to staff on", DAY),
            Field("supersedes", "Supersedes"),
        ),
    ),
    "policies": Kind(
        "Policies",
        "a policy of the force that the advice asks for",
        (
            _title("Policy"),
            Field("advice_row", "Line of the advice"),
            Field("document", "Document"),
            _OWNER,
            Field("reviewed_on", "Last reviewed on", DAY),
            Field("due_date", "Next review", DAY),
            _METRIC,
        ),
    ),
    "practice": Kind(
        "Practice",
        "a practice worth sharing, with its evidence",
        (
            _title("Practice"),
            Field("grade", "Evidence", CHOICE, GRADES, is_needed=True),
            Field("place", "Where"),
            Field("source", "Source", TEXT),
            _THEME,
            _OWNER,
            Field("metric_code", "Figure of its effect", METRIC),
        ),
    ),
}
