"""Home Office codes out of Excel's hands (recording-standards 2.3)."""

import datetime as dt

import pytest

from assets.readers.codes import ho_code_from_excel

EPOCH = dt.date(1899, 12, 30)
STALKING = {"44802": "8/29", "44803": "8/30", "23955": "8/65", "24320": "8/66", "24685": "8/67", "26512": "8/72"}


def keyed(first: int, second: int, year: int, day_first: bool) -> str | None:
    """What Excel stores when `first/second` is typed: the rule that the reader undoes, written the other way round."""
    month, day = (second, first) if day_first else (first, second)
    try:
        typed = dt.date(year, month, day)
    except ValueError:
        if not 1 <= first <= 12:
            return None
        typed = dt.date(second + (1900 if second >= 30 else 2000), first, 1)
    return str((typed - EPOCH).days)


@pytest.mark.parametrize(("serial", "code"), STALKING.items())
def test_the_serial_numbers_named_in_the_standard_are_codes_of_stalking_and_harassment(serial: str, code: str) -> None:
    assert ho_code_from_excel(serial) == code
    assert ho_code_from_excel(serial, keyed_year=2022) == code


@pytest.mark.parametrize(("text", "code"), [
    ("8/65", "8/65"), ("08/65", "8/65"), ("008/65", "8/65"), (" 195/12 ", "195/12"), ("8/6", "8/6"), ("8/06", "8/6"),
    ("125/68", "125/68"),
    ("2", "2"), ("58", "58"), ("802", "802"),  # a class without sub-class is no date
])  # fmt: skip
def test_a_code_that_excel_left_alone_loses_only_its_leading_zeros(text: str, code: str) -> None:
    assert ho_code_from_excel(text) == code


def test_a_date_in_words_reads_like_its_serial_number() -> None:
    assert ho_code_from_excel("2022-08-29 00:00:00") == ho_code_from_excel("44802") == "8/29"
    assert ho_code_from_excel("1965-08-01") == "8/65"
    assert ho_code_from_excel("20302.0") == "8/55"


@pytest.mark.parametrize("text", ["", "n/a", "8/", "1/2/3", "8/65A", "0", "-5", "44802.5", "8Q", "2022-13-01"])
def test_what_is_no_code_and_no_date_gives_none(text: str) -> None:
    assert ho_code_from_excel(text) is None


@pytest.mark.parametrize("serial", ["1000", "10958", "12345"])  # 1902, 1929, 18 October 1933
def test_a_date_that_no_typed_code_becomes_gives_none(serial: str) -> None:
    assert ho_code_from_excel(serial) is None


def test_a_date_of_another_year_than_the_file_s_gives_none() -> None:
    assert ho_code_from_excel("44802", keyed_year=2020) is None


def test_the_two_copies_in_circulation_are_keyed_in_american_and_in_british_order() -> None:
    threats_to_kill = "3/1"
    assert ho_code_from_excel("44621", keyed_year=2022) == threats_to_kill
    assert ho_code_from_excel("43833", keyed_year=2020, day_first=True) == threats_to_kill
    assert ho_code_from_excel("43918", keyed_year=2020, day_first=True) == "28/3"  # burglary in a dwelling


def test_in_british_order_the_first_of_a_month_is_ambiguous_in_the_year_of_the_file() -> None:
    # 1/8 typed in 2022, and 8/22 typed at any time, are both 1 August 2022
    assert ho_code_from_excel("44774", keyed_year=2022, day_first=True) is None
    assert ho_code_from_excel("44774", day_first=True) is None
    # in American order it can only be 8/1
    assert ho_code_from_excel("44774", keyed_year=2022) == "8/1"


@pytest.mark.parametrize("day_first", [False, True])
def test_no_code_of_any_class_and_sub_class_is_ever_read_as_another(day_first: bool) -> None:
    lost = set()
    for first in range(1, 13):
        for second in range(1, 100):
            serial = keyed(first, second, 2022, day_first)
            if serial is not None:
                for year in (2022, None):
                    found = ho_code_from_excel(serial, keyed_year=year, day_first=day_first)
                    assert found in (f"{first}/{second}", None), (serial, year)
                    lost |= {(first, second, year)} if found is None else set()
    # American order with a known year loses nothing
    assert {code for code in lost if code[2] == 2022} == (
        {(first, second, 2022) for first in range(1, 13) for second in (22,)}
        | {(1, second, 2022) for second in range(1, 13)} if day_first else set()
    )
