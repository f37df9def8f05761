-- /// card
-- description = "One row is a duty or the charges of a class with the verdict on its latest month, without its value."
-- grain = ["series_ref"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
--     "The points and limits are those of the same measure in metrics.measure_points.",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- series_ref = ["varchar", "Series: subject and code"]
-- subject = ["varchar", "protection (a duty met) or charged (within 90 days of recording)"]
-- code = ["varchar", "Protection measure, or offence class"]
-- first_month = ["date", "First month with a share"]
-- latest_month = ["date", "Latest month with a share", "", "Latest"]
-- segment_first_month = ["date", "First month since the last recording change"]
-- segment_point_count = ["bigint", "Months with a share since then", "months"]
-- break_title = ["varchar", "That change; null where there is none"]
-- verdict = "columns"
-- signal = ["varchar", """Signal rule that the latest point meets: beyond_limit, shift, trend, two_of_three or \
--     long_gap; null where none"""]
-- is_new = ["boolean", "It began with the latest month: a month before there was none in this direction"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- ///

-- The verdict has no share, because it may be of only a few cases.
with points as (
    select
        case when measure_code = 'charged_90' then 'charged' else 'protection' end as subject,
        case
            when measure_code <> 'charged_90' then measure_code
            when breakdown = 'class' then breakdown_value
            else 'S&H'
        end as code,
        *
    from metrics.measure_points
    where (measure_code = 'charged_90' and breakdown in ('none', 'class'))
        or (breakdown = 'none' and measure_code in (select measure_code from reference.protection_measures))
)

select
    subject || '|' || code as series_ref, subject, code, month, month as latest_month, value, '' as counted, chart_type,
    segment, segment_start_reason, lower_limit, upper_limit, signal, signal_direction, limits_status
from points
