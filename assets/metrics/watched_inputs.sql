-- Shares on command pages that are watched by month: duties kept, by the month in which they arose, and crimes charged
-- within 90 days, by month of recording. Only what is settled stands here: duties that are due, and months of which
-- every crime was followed for 90 days. A month without one has no row: it is not a zero.
with kept as (
    select
        'protection|' || measure_code as series_ref, 'protection' as subject, measure_code as code, month,
        met_count as numerator, due_count as denominator
    from metrics.protection_measures
    where period_type = 'month' and met_share is not null
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

select series_ref, subject, code, month, numerator, denominator
from kept
union all
select series_ref, subject, code, month, numerator, denominator
from charged
