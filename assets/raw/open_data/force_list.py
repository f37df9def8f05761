# /// card
# description = "One row is a police force with its short name on data.police.uk, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     """The populations are not to be used: from City of London to Lincolnshire each is one row too high (City \
#     of London's 11,700 beside Lincolnshire).""",
#     """Dyfed-Powys is named Dyfed Powys Police; Northern Ireland is not listed; British Transport Police has no \
#     population.""",
#     "To be delivered by hand: data.police.uk lists its forces as JSON of another layout, without population.",
# ]
# publisher = "Home Office and police.uk"
# licence = "Open Government Licence v3.0"
# published = "about 2010"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# force_slug = ["varchar", "Short name in file names and addresses of data.police.uk"]
# force_name = "columns"
# population_2010 = ["varchar", "Population of 2010, misplaced for many forces", "people"]
# ///

"""Police forces with the short names that data.police.uk uses in file names and addresses."""

from __future__ import annotations

from assets.readers.csv.source import filled, matching, source

SOURCE = source(
    table="force_list",
    columns={"force_slug": "id", "force_name": "Label", "population_2010": "Population 2010"},
    file_name=r"forces\.csv",
    checks=(
        matching("force_slug", "[a-z]+(-[a-z]+)*", "a short name in small letters, such as avon-and-somerset"),
        filled("force_name"),
        matching("population_2010", "([0-9]+)?", "a number of people or nothing"),
    ),
)
