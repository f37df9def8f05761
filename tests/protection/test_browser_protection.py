"""The page on the protection of victims: what it says for given rows, and that nobody is on it."""

from __future__ import annotations

import pytest
from page_read import Reader

pytestmark = pytest.mark.browser
AUDIENCE = "command"
PAGE = "are_victims_protected"
FEW = "fewer than 5"


def test_small_counts_are_in_no_table_and_no_file(read: Reader) -> None:
    orders, funnel, conditions = (
        {row[at]: row for row in read(PAGE).rows(figure)}
        for figure, at in (("protection-orders", 0), ("order-funnel", 0), ("order-conditions", 1))
    )
    assert orders["Domestic notice: hearing within 48 hours"][4:8] == [FEW, "6", FEW, FEW]
    assert funnel["Restraining order"][5:7] == [FEW, FEW]
    assert conditions["Attend a programme"][3:6] == [FEW] * 3
    assert "other order" not in {name.lower() for name, row in funnel.items() if "" in row[1:]}
