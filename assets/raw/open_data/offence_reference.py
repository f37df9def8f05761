"""The Home Office's reference table of offences: code, description, group and subgroup before and after 2013."""

from __future__ import annotations

from assets.readers.published.table import Layout
from assets.readers.published.unpivot import source

LAYOUT = Layout(
    keys={
        "offence_code": "offence code",
        "offence_description": "offence description",
        "old_offence_group": "old prc offence group",
        "old_offence_subgroup": "old offence sub-group",
        "offence_group": "new ons offence group",
        "offence_subgroup": "new ons sub-offence group",
    },
    marker="new ons sub-offence group",
    checks={
        "offence_code": (r"[0-9].*", "expected an offence code; correct the row or ask the publisher"),
        "offence_description": (r".+", "expected a description; correct the row or ask the publisher"),
    },
)

SOURCE = source("offence_reference", LAYOUT, file_name=r"reccrime-offence-ref[^/!]*\.csv")
