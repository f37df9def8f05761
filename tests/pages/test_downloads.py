"""Where publishers offer their files: the pages named, and which of their links are ours."""

import re

import pytest

from assets.raw import sources

ONS = "https://www.ons.gov.uk/file?uri=/peoplepopulationandcommunity/crimeandjustice/datasets/policeforceareadatatables/"
LONDON = "https://data.london.gov.uk/download/exy3m/abc/"


@pytest.mark.parametrize(
    ("source", "ours", "others"),
    [
        (
            "ons_pfa_offences",
            [
                ONS + "yearendingseptember2024/policeforceareatablesyearendingseptember2024final.xlsx",
                ONS + "yearendingjune2018/policeforceareadatatablesyearendingjune2018corrected.xlsx",
            ],
            [ONS + "yearendingjune2016/policeforceareatablesyearendingjun16.xls", ONS + "current/notes.pdf"],
        ),
        (
            "mps_ward_offences",
            [
                LONDON + "MPS%20Ward%20Level%20Crime%20%28most%20recent%2024%20months%29.csv",
                LONDON + "MPS%20Ward%20Level%20Crime%20%28Historical%29.csv",
            ],
            [LONDON + "MPS%20Borough%20Level%20Crime%20%28most%20recent%2024%20months%29.csv", LONDON + "readme.docx"],
        ),
    ],
)
def test_links_of_the_publishers_page(source: str, ours: list[str], others: list[str]) -> None:
    download = sources()[source].download
    assert download is not None and download.link_pattern is not None
    assert all(re.search(download.link_pattern, link) for link in ours)
    assert not any(re.search(download.link_pattern, link) for link in others)


def test_the_three_ons_tables_come_from_one_page() -> None:
    pages = {sources()[name].download for name in ("ons_pfa_offences", "ons_pfa_rates", "ons_csp_offences")}
    assert len(pages) == 1 and None not in pages


def test_every_address_is_https() -> None:
    for source in sources().values():
        assert source.download is None or source.download.base_url.startswith("https://")
