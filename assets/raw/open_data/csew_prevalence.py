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
