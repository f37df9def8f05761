-- /// card
-- description = "One row is a crime or duty that a measure counts in a month, and whether it meets it."
-- grain = []
-- audience = []
-- caveats = ["The measures whose months add up. Open crimes and repeats are in metrics.measure_cells."]
-- [columns]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- crime_ref = "columns"
-- month = ["date", "London month of recording, or in which the duty arose; null where that is not known"]
-- is_met = ["boolean", "It is in the numerator; null where that is not known, which is in neither"]
-- ///

-- One SELECT a measure. To add one: a row in reference.own_measures, and its events here.
with stalking as (
    select c.crime_ref
    from core.crimes as c
    inner join reference.class_groups as g
        on g.class_group = 'stalking' and g.code_type = 'class' and c.class_code = g.code
),

in_scope as (
    select c.crime_ref, c.recorded_month, c.reported_at, c.recorded_at
    from core.crimes as c
    cross join core.extract_moments as m
    -- a crime removed later still counts
    where c.is_stalking_or_harassment and c.recorded_date is not null and not (
        (coalesce(c.is_cancelled, false) or coalesce(c.is_transferred, false))
        and coalesce(c.removed_at <= m.as_of_at, true)
    )
),

followed as (
    select
        t.crime_ref,
        cast(date_trunc('month', t.recorded_date) as date) as month,
        d.days,
        t.is_outcome_unread,
        t.outcome_group,
        t.outcome_code,
        t.outcome_code is not null and t.end_day <= d.days as has_outcome
    from core.outcome_times as t
    cross join (values (90), (180), (365)) as d (days)
    where t.removal_type = '' and t.is_principal and t.followed_days >= d.days
)

select 'recorded' as measure_code, crime_ref, recorded_month as month, true as is_met
from in_scope
union all
select 'recorded_stalking', crime_ref, recorded_month, true
from in_scope
semi join stalking using (crime_ref)
union all
select
    'recorded_24h',
    crime_ref,
    recorded_month,
    case when recorded_at >= reported_at then epoch(recorded_at) - epoch(reported_at) <= 24 * 3600 end
from in_scope
union all
select 'outcome_' || cast(days as varchar), crime_ref, month, case when not is_outcome_unread then has_outcome end
from followed
union all
select
    'charged_' || cast(days as varchar),
    crime_ref,
    month,
    case when not is_outcome_unread then has_outcome and outcome_group = 'Charged/Summonsed' end
from followed
union all
select
    'charged_365_stalking',
    crime_ref,
    month,
    case when not is_outcome_unread then has_outcome and outcome_group = 'Charged/Summonsed' end
from followed
semi join stalking using (crime_ref)
where days = 365
union all
select
    'victim_not_supporting_365',
    crime_ref,
    month,
    case when not is_outcome_unread then has_outcome and outcome_code = '16' end
from followed
where days = 365
union all
select
    d.measure_code,
    d.crime_ref,
    d.month,
    case when d.state in ('met', 'late', 'missed') then d.state = 'met' end
from core.protection_duties as d
left join core.supply_gaps as g on d.measure_code = g.code
where g.code is null and d.state <> 'not yet due'
