"""What a reader of a pair of records may say, and why (issue of linkage: two readers, reason codes)."""

from __future__ import annotations

VERDICTS = ("same", "different", "unsure")
LINK_ROLES = ("first", "second", "registrar")
REASONS = {
    "numbers_agree": "A number of one person alone agrees (PNC, custody, driving licence)",
    "history_agrees": "Addresses, contacts or events over time agree",
    "names_explained": "Another name is explained: marriage, short form, spelling, order",
    "date_explained": "Another birth date is explained: 1 January, order of day and month, a slip",
    "relatives": "Two relatives: twins, parent and child, spouses",
    "namesakes": "Two people of one name",
    "numbers_differ": "A number of one person alone differs",
    "history_differs": "Addresses, contacts or events over time cannot be one person's",
    "not_enough": "The records do not say enough",
}
REASONS_FOR = {  # a reason that speaks against the verdict is a slip of the hand
    "same": ("numbers_agree", "history_agrees", "names_explained", "date_explained"),
    "different": ("relatives", "namesakes", "numbers_differ", "history_differs"),
    "unsure": ("not_enough", "relatives", "namesakes"),
}
