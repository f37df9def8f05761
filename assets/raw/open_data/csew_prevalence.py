# /// card
# description = """One row is a row of UK indicator 5.2.2, as delivered: share of women who were stalked or sexually \
#     assaulted by someone other than a partner, in a survey year."""
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     """A survey estimate, not recorded crime: the two are never set against each other as a rate of reporting \
#     without their error.""",
#     "Family members other than partners only, so it is no estimate of all stalking.",
#     """Some years have no value, with the reason in observation_status; one value is marked Missing data all the \
#     same (2013/14).""",
#     "From 2021/22 both ages 16 to 59 and 16 and over are given.",
#     """Fetched from the repository in which the ONS keeps its indicators: an edition in another layout is refused \
#     and named.""",
# ]
# publisher = "Office for National Statistics (Crime Survey for England and Wales)"
# licence = "Open Government Licence v3.0"
# published = "survey years 2004/05 to 2022/23"
# attribution = "Source: Office for National Statistics licensed under the Open Government Licence v3.0."
# [columns]
# survey_year = ["varchar", "Survey year, 2022/23 say"]
# abuse_type = ["varchar", "Stalking or Sexual (including attempts)"]
# abuse_subtype = ["varchar", "Kind of sexual assault; empty for the type as a whole"]
# relationship = ["varchar", "Relationship to the perpetrator"]
# age_group = ["varchar", "Age of the women asked"]
# observation_status = ["varchar", "Normal value, or why there is none"]
# unit_multiplier = ["varchar", "Always Units"]
# unit_measure = ["varchar", "Always Percentage (%)"]
# prevalence = ["varchar", "Share of women in the last year, text as delivered", "%"]
# ///

"""UK indicator 5.2.2 of the Sustainable Development Goals: stalking and sexual assault of women by a non-partner."""

from __future__ import annotations

from assets.readers.csv.source import filled, matching, source
from assets.readers.source import Download

SOURCE = source(
    table="csew_prevalence",
    columns={
        "survey_year": "Year",
        "abuse_type": "Type of non-partner abuse",
        "abuse_subtype": "Abuse sub-type",
        "relationship": "Relationship to perpetrator",
        "age_group": "Age",
        "observation_status": "Observation status",
        "unit_multiplier": "Unit multiplier",
        "unit_measure": "Unit measure",
        "prevalence": "Value",
    },
    file_name=r"indicator_5-2-2[^/!]*\.csv",
    checks=(
        matching("survey_year", "[0-9]{4}/[0-9]{2}", "a survey year such as 2022/23"),
        filled("abuse_type"),
        matching("prevalence", r"\s*([0-9]+([.][0-9]+)?([eE]-?[0-9]+)?)?\s*", "a percentage or nothing"),
    ),
    # the ONS keeps the data of its indicators in a repository; the branch master is what is published
    download=Download(
        "https://raw.githubusercontent.com", "/ONSdigital/sdg-data/master/data/indicator_5-2-2.csv", "ons"
    ),
)
