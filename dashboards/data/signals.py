"""The tables of measures that several pages read."""

from __future__ import annotations

MEASURES, VALUES, VERDICTS = "reference.measures", "metrics.measure_values", "metrics.measure_verdicts"
