"""Force extract, table `risk_assessment` of recording-standards 7: an assessment of risk."""

from __future__ import annotations

from assets.readers.extract.tables import extract

SOURCE = extract(
    "risk_assessment",
    ra_id="key",
    crime_id="text",
    tool="set:risk_tool",
    version="text?",
    started_ts="ts",
    completed_ts="ts?",
    by_id="text",
    grade="set:risk_grade",
    professional_judgement="bool",
    answers="free?",
    stage="set:risk_stage",
)
