-- /// card
-- description = """One row is a series that is watched over time, with the verdict on its latest point in a plain \
--     sentence."""
-- grain = ["series_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
--     "The expected number of false signals is that of a stable series of the same length, by simulation.",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- series_ref = "metrics.control_charts"
-- title = ["varchar", "What is counted, where"]
-- "source, force_code" = "metrics.control_charts"
-- force_name = "columns"
-- "measure, unit, period_months" = "metrics.control_charts"
-- point_count = ["bigint", "Points with a value", "points", "Whole months in a row"]
-- first_month = ["date", "First point"]
-- latest_month = ["date", "Latest point with a value", "", "Latest"]
-- latest_value = ["double", "Its value", "as unit"]
-- segment_first_month = ["date", "First point since the last change of recording"]
-- segment_point_count = ["bigint", "Points since the last change of recording", "points"]
-- verdict = "columns"
-- verdict_sentence = ["varchar", "The verdict in words"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- recording_classes = "metrics.control_charts"
-- ///

-- What each series of metrics.control_charts says of its latest point: one verdict and one sentence.
-- A force's extract may name a force that publications do not know.
select
    c.series_ref,
    c.measure_name || ': ' || coalesce(f.force_name, e.force_name, c.force_code) as title,
    c.source,
    c.force_code,
    coalesce(f.force_name, e.force_name, c.force_code) as force_name,
    c.measure,
    c.unit,
    case when c.unit = 'share' then '' else 'recorded crimes' end as counted,
    c.period_months,
    c.month,
    c.month as latest_month,
    c.value,
    c.value as latest_value,
    c.segment,
    c.segment_start_reason,
    c.lower_limit,
    c.upper_limit,
    c.signal,
    c.signal_direction,
    c.limits_status,
    c.recording_classes
from metrics.control_charts as c
left join core.forces as f on c.force_code = f.force_code
left join core.extract_forces as e on c.force_code = e.force_code
