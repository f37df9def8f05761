# /// card
# description = "One row is an offence code in the Home Office's reference table of offences, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "From before 2018: 8L, 8M and 8Q are still under Violence without injury, 8R is missing.",
#     "A code that ends in * was introduced after March 2013 and has no old group.",
#     "Ten codes occur twice: a code is no key.",
#     "The blank row and the footnote at the end of the file are no rows.",
#     "To be delivered by hand: no address of the Home Office was found that still offers this table.",
# ]
# publisher = "Home Office"
# licence = "Open Government Licence v3.0"
# published = "before 2018"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# offence_code = ["varchar", "Counting-rule class; * marks one introduced after March 2013"]
# offence_description = ["varchar", "Offence in words"]
# old_offence_group = ["varchar", "Group before 2013; empty for newer codes"]
# old_offence_subgroup = ["varchar", "Subgroup before 2013"]
# offence_group = ["varchar", "ONS offence group"]
# offence_subgroup = ["varchar", "ONS offence subgroup"]
# ///

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
