"""Who was trained for stalking and harassment: a table on the page on protection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data.published import Copy, Missing
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

COVERAGE = "metrics.course_coverage"
COLUMNS = ("course", "staff_count", "holder_count", {"share": "Share"}, "unit_count", "covered_unit_count")
WORDS = {
    "stalking": "Stalking", "response": "First response", "investigation": "Investigation",
    "recording": "Recording", "safeguarding": "Safeguarding", "perpetrators": "Managing perpetrators",
    "prevention": "Prevention", "protocol": "Briefing: protocol with prosecutors",
    "pathways": "Briefing: pathways to support", "guidance": "Guidance read", "clinic": "Attended a clinic",
    "attachment": "Attached to a specialist", "champion": "Role: champion",
    "single_point_of_contact": "Role: single point of contact", "trainer": "Role: trainer",
}  # fmt: skip


@page.section("courses of investigators")
def draw(copy: Copy, rule: SmallNumbers) -> None:
    """Draw a row for each course, briefing and role."""
    rows = copy.select(COVERAGE).filter(pl.col("staff_count").is_not_null())
    if rows.is_empty():
        raise Missing(
            "absent",
            "Courses, briefings and roles of staff (staff_course) are not supplied.",
            "Put the table staff_course into the folder force/ of the data folder and build again.",
        )
    figure.Figure(
        key="courses",
        finding=finding(rows, rule),
        data=figure.Data(shown(rows, rule), COLUMNS),
        tables=(COVERAGE,),
    ).draw(copy)


def finding(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """How many investigators of these cases were trained in stalking."""
    row = rows.filter(pl.col("course") == "stalking").row(0, named=True)
    held, staff = row["holder_count"], row["staff_count"]
    words = f"{rule.suppress_part(held, staff)} of {rule.suppress_count(staff)} investigators of these cases"
    share = f" ({numbers.share(held / staff)})" if rule.may_show_share(held, staff) else ""
    return f"{words} were trained in stalking, and it still counts{share}"


def shown(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows in words and in the order of the list, with small counts left out."""
    place = {course: number for number, course in enumerate(WORDS)}
    ordered = sorted(rows.iter_rows(named=True), key=lambda row: place.get(row["course"], len(place)))
    return pl.DataFrame(
        [_shown(row, rule) for row in ordered],
        schema=dict.fromkeys(
            ("course", "staff_count", "holder_count", "share", "unit_count", "covered_unit_count"), pl.String
        ),
    )


def _shown(row: Mapping[str, Any], rule: SmallNumbers) -> dict[str, str]:
    held, staff = row["holder_count"], row["staff_count"]
    return {
        "course": WORDS.get(row["course"], row["course"]),
        "staff_count": rule.suppress_count(staff),
        "holder_count": rule.suppress_part(held, staff),
        "share": numbers.share(held / staff) if rule.may_show_share(held, staff) else numbers.NO_VALUE,
        "unit_count": numbers.number(row["unit_count"]),
        "covered_unit_count": numbers.number(row["covered_unit_count"]),
    }
