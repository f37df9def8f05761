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
