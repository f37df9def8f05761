"""The page of all measures is what the lists give, and its worked examples come out as they were counted by hand."""

import measures_page
import pytest

from pipelines.builds.in_memory import InMemory


@pytest.fixture(scope="module")
def found() -> dict[str, list[tuple[str, int, int | None, int]]]:
    return measures_page.counted(InMemory())


def test_the_page_is_what_the_lists_and_the_tiny_extract_give() -> None:
    assert measures_page.PAGE.read_text("utf-8") == measures_page.page(), "run: python tests/tools/measures_page.py"


@pytest.mark.parametrize(
    ("code", "months"),
    [
        ("recorded", {"January 2025": (1, None, 0), "February 2025": (2, None, 0), "January 2026": (2, None, 0)}),
        ("risk_assessed", {"January 2025": (1, 1, 0), "March 2025": (0, 1, 0), "January 2026": (0, 1, 0)}),
        ("victim_enhanced", {"January 2025": (1, 1, 0), "February 2025": (1, 2, 0), "March 2025": (0, 0, 1)}),
        ("referral_accepted", {"January 2025": (1, 1, 0), "February 2025": (0, 1, 0), "March 2025": None}),
        ("days_to_charge", {"December 2025": None, "January 2026": (1, 1, 0)}),
        ("open_caseload", {"November 2025": None, "December 2025": (11, None, 0), "January 2026": (12, None, 0)}),
        ("repeat_suspect_12m", {"December 2025": (1, 3, 0), "January 2026": (0, 3, 0)}),
        ("VIC-01", {"January 2025": (1, 1, 0), "February 2025": (1, 2, 0), "March 2025": (0, 0, 1)}),
    ],
)
def test_each_kind_of_measure_counts_as_by_hand(
    found: dict[str, list[tuple[str, int, int | None, int]]], code: str, months: dict[str, tuple[int, int | None, int]]
) -> None:
    counts = {month: tuple(rest) for month, *rest in found[code]}
    assert {month: counts.get(month) for month in months} == months


def test_every_example_is_of_another_kind() -> None:
    assert len({example.kind for example in measures_page.EXAMPLES}) == len(measures_page.EXAMPLES) == 8
