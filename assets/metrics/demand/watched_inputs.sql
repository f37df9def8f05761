-- /// card
-- description = "One row is a month of a share that command pages watch."
-- grain = ["series_ref", "month"]
-- audience = []
-- caveats = ["A month without a duty or a crime has no row and is not zero."]
-- [columns]
-- series_ref = ["varchar", "Series: subject and code"]
-- subject = ["varchar", "protection (a duty kept) or charged (within 90 days of recording)"]
-- code = ["varchar", "Measure of protection, or offence class"]
-- month = ["date", "Month in which the duty arose, or of recording"]
-- numerator = ["bigint", "Duties kept, or crimes charged"]
-- denominator = ["bigint", "Duties due, or crimes"]
-- ///

-- Shares on command pages that are watched by month: duties kept, by the month in which they arose, and crimes charged
-- within 90 days, by month of recording. Only what is settled stands here: duties that are due, those without a time of
-- their own once there was time to write them down, and months of which every crime was followed for 90 days. Months
-- that the extract does not hold whole are left out: what it holds of them is what lived on. No row is not a zero.
with settings as (
    select watched_settled_days as settled_days
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
        p.met_count as numerator, p.due_count as denominator
    from metrics.protection_measures as p
    inner join reference.protection_measures as r on p.measure_code = r.measure_code
    cross join settings as s
    cross join core.extract_moments as m
    where p.period_type = 'month' and p.met_share is not null
        and (
            r.is_timed
            or (cast(p.month as timestamp) + interval 1 month) at time zone 'Europe/London'
                <= m.as_of_at - interval 1 day * s.settled_days
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
    -- without outcomes delivered nothing is known of any crime, and no day of an end either
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
        count(*) as denominator
    from classes
    group by offence_class, month
    having min(followed_days) >= 90
)

select w.series_ref, w.subject, w.code, w.month, w.numerator, w.denominator
from (select * from kept union all select * from charged) as w
inner join covered as c on w.month = c.month
