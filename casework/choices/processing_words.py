"""Words of the log of processing: the kinds of the Data Protection Act 2018, section 62, and optional purposes."""

from __future__ import annotations

KINDS_OF_PROCESSING = {
    "collection": "Collection: records loaded",
    "alteration": "Alteration: what is kept was changed or added to",
    "consultation": "Consultation: records looked at",
    "disclosure": "Disclosure: records handed out, with the recipient",
    "combination": "Combination: records of people linked or separated",
    "erasure": "Erasure: records permanently deleted",
}

# not a duty since the Data (Use and Access) Act 2025, section 82, and still useful
PURPOSES = {
    "": "Not stated",
    "investigation": "Investigation or safeguarding",
    "management": "Management meeting or supervision",
    "audit": "Audit of recording, or scrutiny",
    "assessment": "Strategic assessment",
    "lawfulness": "Check of lawfulness, or a data subject's request",
    "retention": "Retention and erasure",
    "administration": "Running the service",
}
