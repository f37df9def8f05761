"""Reason codes for a reviewer's decision on a pair of records, and their words."""

from __future__ import annotations

VERDICTS = ("same", "different", "unsure")
LINK_ROLES = ("first", "second", "registrar")
REASONS = {
    "numbers_agree": "A number unique to one person agrees (PNC, custody, driving licence)",
    "history_agrees": "Addresses, contacts or events over time agree",
    "names_explained": "Another name is explained: marriage, short form, spelling, order",
    "date_explained": "Another birth date is explained: 1 January, order of day and month, a slip",
    "relatives": "Two relatives: twins, parent and child, spouses",
    "namesakes": "Two people of one name",
    "numbers_differ": "A number unique to one person differs",
    "history_differs": "Addresses, contacts or events over time cannot be one person's",
    "not_enough": "The records do not show enough",
}
REASONS_FOR = {  # a reason that contradicts the verdict is a slip
    "same": ("numbers_agree", "history_agrees", "names_explained", "date_explained"),
    "different": ("relatives", "namesakes", "numbers_differ", "history_differs"),
    "unsure": ("not_enough", "relatives", "namesakes"),
}
