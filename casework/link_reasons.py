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
    "not_enough": "The records do not say enough",
}
