"""Invented closed cases for a scrutiny panel, in the shape of the published table. Plain functions, no fixtures."""

import polars as pl

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3")
OUTCOMES = ("Charged/Summonsed", "Evidential difficulties (victim does not support action)")
QUESTIONS = {"recorded": "Invented question on recording?", "risk": "Invented question on risk?"}


def frame(each: int = 30) -> pl.DataFrame:
    """`each` cases of each class, outcome and quarter, and one that nobody shares facts with."""
    rows = [
        {
            "crime_ref": f"INV-P{offence}{outcome_place}{place}{number:03}", "closed_quarter": quarter,
            "recorded_quarter": quarter, "offence_class": offence, "relationship_group": "former partner",
            "outcome_group": outcome, "is_charged": outcome == OUTCOMES[0],
            "met_measures": "risk_assessed notice_avoided", "late_measures": None,
            "missed_measures": "order_considered",
        }
        for offence in ("8L", "8Q")
        for outcome_place, outcome in enumerate(OUTCOMES)
        for place, quarter in enumerate(QUARTERS)
        for number in range(each)
    ]  # fmt: skip
    rows.append(rows[-1] | {"crime_ref": "INV-PRARE", "relationship_group": "stranger"})
    return pl.DataFrame(rows, infer_schema_length=None)


def integrity_tables() -> dict[str, pl.DataFrame]:
    """What the page reads."""
    asked = [{"question_code": code, "place": place, "words": words}
             for place, (code, words) in enumerate(QUESTIONS.items(), start=1)]  # fmt: skip
    return {"metrics.scrutiny_frame": frame(), "reference.scrutiny_questions": pl.DataFrame(asked)}
