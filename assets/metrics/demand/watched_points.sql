-- /// card
-- description = """One row is a month of a watched share, with the limits that apply to it and the signal it gives, if \
--     any."""
-- grain = ["series_ref", "month"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """Limits restart only where recording changed, and are computed from the first 24 months since; with fewer \
--     than twelve months there are none.""",
--     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
--     seven, two of three in the outer third.""",
--     """Where either side has fewer than five cases in an average month (a setting), limits are exact: what the \
--     baseline predicts of so few. A month beyond them is a signal, and so is a longer time \
--     without a case than chance gives.""",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- series_ref = ["varchar", "Series: subject and code"]
-- subject = ["varchar", "protection (a duty met) or charged (within 90 days of recording)"]
-- code = ["varchar", "Protection measure, or offence class"]
-- month = ["date", "Month in which the duty arose, or of recording"]
-- numerator = ["bigint", "Duties met, or crimes charged", "", "Met"]
-- denominator = ["bigint", "Duties due, or crimes", "", "Assessed"]
-- value = ["double", "Share", "0 to 1", "Compliance"]
-- chart_type = ["varchar", "p_prime (Laney), exact (few cases) or none"]
-- "segment, segment_start_reason, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "0 to 1", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits", "0 to 1"]
-- upper_limit = ["double", "Upper limit; null without limits", "0 to 1"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points, too_few_breaches or no_variation"]
-- ///

-- Duties met, by the month in which they arose, and crimes charged within 90 days, by month of recording. Only settled
-- cases count: duties that are due, those without a time limit once there was time to enter them, and months whose
-- crimes were all followed for 90 days. Incomplete months of the extract are left out, because only surviving records
-- are left of them. A missing row is not a zero. To watch another share, add its SELECT here: metrics.watched_verdicts
-- gives its verdict.
with settings as (
    select watched_settled_days as settled_days, watched_fewest_a_month as fewest
    from core.settings
),

covered as (
    select distinct month
    from metrics.demand_months
    where source = 'extract'
),

kept as (
    select
        'protection|' || p.measure_code as series_ref, 'protection' as subject, p.measure_code as code, p.month,
        p.met_count as numerator, p.due_count as denominator,
        -- a duty that is not limited to some classes is owed in the whole subgroup
        coalesce(b.class_codes, 'S&H') as recording_classes,
        coalesce(r.is_open_ended, false) as is_open_ended
    from metrics.protection_measures as p
    inner join reference.protection_measures as r on p.measure_code = r.measure_code
    left join reference.protection_measure_classes as b on p.measure_code = b.measure_code
    cross join settings as s
    cross join core.extract_moments as m
    where p.period_type = 'month' and p.met_share is not null
        and (
            r.is_timed
            or p.month + interval 1 month + interval 1 day * (s.settled_days - 1)
                <= cast((m.as_of_at - interval 1 second) at time zone 'Europe/London' as date)
        )
),

followed as (
    select
        offence_class,
        cast(date_trunc('month', recorded_date) as date) as month,
        outcome_group,
        end_day,
        followed_days
    from core.outcome_times
    -- without delivered outcomes no end of any crime is known
    where removal_type = '' and is_principal and not is_outcome_unread and end_day is not null
),

classes as (
    select * from followed
    union all
    select 'S&H', month, outcome_group, end_day, followed_days from followed
),

charged as (
    select
        'charged|' || offence_class as series_ref, 'charged' as subject, offence_class as code, month,
        count(*) filter (where outcome_group = 'Charged/Summonsed' and end_day <= 90) as numerator,
        count(*) as denominator,
        offence_class as recording_classes,
        false as is_open_ended
    from classes
    group by offence_class, month
    having min(followed_days) >= 90
),

series as (
    select * from kept
    union all
    select * from charged
)

select
    s.series_ref, s.subject, s.code, s.month, s.numerator, s.denominator,
    cast(1 as integer) as period_months,
    'p_prime' as chart_kind,
    s.recording_classes,
    'crime' as recording_source,
    o.fewest,
    s.is_open_ended,
    true as has_exact_limits
from series as s
cross join settings as o
inner join covered as c on s.month = c.month
