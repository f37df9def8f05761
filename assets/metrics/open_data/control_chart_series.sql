-- /// card
-- description = "One row is a watched series, with the verdict on its latest point in one sentence."
-- grain = ["series_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
--     "The expected number of false signals is that of a stable series of the same length, by simulation.",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- series_ref = "metrics.control_chart_points"
-- title = ["varchar", "What is counted, and where"]
-- "source, force_code" = "metrics.control_chart_points"
-- force_name = "columns"
-- "measure, unit, period_months" = "metrics.control_chart_points"
-- point_count = ["bigint", "Points with a value", "points", "Consecutive whole months"]
-- first_month = ["date", "First point"]
-- latest_month = ["date", "Latest point with a value", "", "Latest"]
-- latest_value = ["double", "Value of the latest point", "as unit"]
-- segment_first_month = ["date", "First point since the last recording change"]
-- segment_point_count = ["bigint", "Points since the last recording change", "points"]
-- verdict = "columns"
-- verdict_sentence = ["varchar", "Verdict sentence"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- recording_classes = "metrics.control_chart_points"
-- ///

-- An extract names its forces itself: a publication's name would put a real force's name on an invented one's figures.
with names as (
    select
        coalesce(e.force_code, f.force_code) as force_code,
        kind.is_extract,
        case when kind.is_extract then coalesce(e.force_name, f.force_name)
            else coalesce(f.force_name, e.force_name) end as force_name
    from reference.forces as f
    full outer join core.extract_forces as e on f.force_code = e.force_code
    cross join (select unnest([true, false]) as is_extract) as kind
)

select
    c.series_ref,
    c.measure_name || ': ' || coalesce(n.force_name, c.force_code) as title,
    c.source,
    c.force_code,
    coalesce(n.force_name, c.force_code) as force_name,
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
from metrics.control_chart_points as c
left join names as n on c.force_code = n.force_code and n.is_extract = (c.source = 'crime')
