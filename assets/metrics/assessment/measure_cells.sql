-- /// card
-- description = "One row is a measure in a month, whole or in a part of one breakdown: what is counted."
-- grain = ["measure_code", "month", "breakdown", "breakdown_value"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Records without a month are in the row whose month is null, which counts to date alone.",
--     "Events of medians are not counted by ward: most wards have too few for a median.",
--     """Repeats count people, each in one part of a breakdown: that of the first crime of the latest event. Of two events \
--     at one moment it is that whose reference is last.""",
--     "Standards are by unit and class alone, as their rules count them. A month that is still to come is not known.",
--     "Orders applied for and granted are for the whole force alone: in a month each could be a part by itself.",
--     "Weekday and hour are of the measures that reference.own_measures marks (is_by_time) alone.",
-- ]
-- [columns]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- month = ["date", "Month, or the month at whose end it is counted; null where it is not known"]
-- breakdown = ["varchar", "none, or a breakdown of reference.breakdowns"]
-- breakdown_value = ["varchar", "Part of the breakdown; all where there is none"]
-- numerator = ["bigint", "Counted; of a median the events"]
-- denominator = ["bigint", "Of these; null for a count; of a median the events"]
-- not_known_count = ["bigint", "Neither: what decides is not known"]
-- ///

-- Counts by month, from which metrics.measure_values makes quarters, years and shares. What is not known of a crime is a
-- part of its breakdown, so that the parts add up to the whole. A person counts as the crime of the latest event.
with people as (
    select 'repeat_suspect_12m' as measure_code, suspect_ref as person_ref, event_ref, event_at
    from core.suspect_events
    where is_current and suspect_ref is not null
    union all
    -- victims count regardless of the suspect, as in metrics.repeat_victims
    select 'repeat_victim_12m', victim_ref, crime_ref, reported_at
    from core.victim_reports
    where begins_event
),

-- of two events of a person at one moment that whose reference is last comes last
ordered as (
    select
        measure_code,
        person_ref,
        event_ref,
        month_of(london_date(event_at)) as month,
        row_number() over (partition by measure_code, person_ref order by event_at, event_ref) as number
    from people
),

-- an event counts in the twelve months from its own
seen as (
    select
        p.measure_code,
        e.month,
        min(p.event_ref) < max(p.event_ref) as is_repeat,
        arg_max(p.event_ref, p.number) as crime_ref
    from ordered as p
    inner join metrics.counted_month_ends as e on p.month <= e.month and p.month > e.month - interval 12 month
    group by p.measure_code, e.month, p.person_ref
),

counted as (
    select measure_code, crime_ref, month, is_met, is_share
    from metrics.measure_crimes
    union all
    -- of a median the events are counted, and so add up
    select measure_code, crime_ref, month, case when days is not null then true end, true
    from metrics.measure_times
    union all
    select measure_code, crime_ref, month, is_repeat, true
    from seen
),

parts as (
    select crime_ref, breakdown, breakdown_value
    from core.crime_breakdowns
    unpivot (breakdown_value for breakdown in (columns(* exclude (crime_ref))))
    union all
    -- of an event without a crime
    select cast(null as varchar), breakdown, not_known
    from reference.breakdowns
),

medians as (
    select distinct measure_code
    from metrics.measure_times
),

described as (
    select measure_code, month, 'none' as breakdown, 'all' as breakdown_value, is_met, is_share
    from counted
    union all
    select c.measure_code, c.month, p.breakdown, p.breakdown_value, c.is_met, c.is_share
    from counted as c
    left join core.crime_breakdowns as e on c.crime_ref = e.crime_ref
    inner join parts as p on e.crime_ref is not distinct from p.crime_ref
    inner join reference.breakdowns as b on p.breakdown = b.breakdown
    left join reference.own_measures as k on c.measure_code = k.measure_code
    left join medians as d on c.measure_code = d.measure_code
    -- of every measure those by time would cost every build
    where (not b.is_by_time or k.is_by_time) and (b.has_medians or d.measure_code is null)
),

steps as (
    select 'spo_applications' as measure_code, applied_at as at
    from core.order_facts
    where is_stalking_protection and crime_ref is not null
    union all
    select 'spo_grants', granted_at
    from core.order_facts
    where is_stalking_protection and crime_ref is not null
),

judged as (
    select
        r.measure_code,
        -- a month that is still to come is a fault of the record: it counts to date alone
        case when (cast(c.recorded_month as timestamp)) at time zone 'Europe/London' < m.as_of_at then c.recorded_month end
            as recorded_month,
        c.unit_name,
        c.class_code,
        c.examined_count,
        c.breach_count,
        c.not_evaluable_count
    from quality.rule_counts as c
    inner join quality.rule_results as r
        on c.rule_code = r.rule_code and c.table_name = r.table_name and r.measure_code is not null
    cross join core.extract_moments as m
),

standards as (
    select
        measure_code,
        recorded_month as month,
        case when grouping(unit_name) = 0 then 'unit' when grouping(class_code) = 0 then 'class' else 'none' end
            as breakdown,
        case
            when grouping(unit_name) = 0 then coalesce(unit_name, 'not known')
            when grouping(class_code) = 0 then coalesce(class_code, 'not known')
            else 'all'
        end as breakdown_value,
        cast(sum(examined_count - not_evaluable_count - breach_count) as bigint) as numerator,
        cast(sum(examined_count - not_evaluable_count) as bigint) as denominator,
        cast(sum(not_evaluable_count) as bigint) as not_known_count
    from judged
    group by grouping sets (
        (measure_code, recorded_month),
        (measure_code, recorded_month, unit_name),
        (measure_code, recorded_month, class_code)
    )
)

select
    measure_code,
    month,
    breakdown,
    breakdown_value,
    count(*) filter (where is_met) as numerator,
    case when any_value(is_share) then count(is_met) end as denominator,
    count(*) - count(is_met) as not_known_count
from described
group by measure_code, month, breakdown, breakdown_value
union all
-- a month has so few orders that each could be a part by itself, so they are for the whole force alone
select
    s.measure_code,
    month_of(london_date(s.at)),
    'none',
    'all',
    count(*),
    cast(null as bigint),
    cast(0 as bigint)
from steps as s
inner join core.extract_moments as m on s.at <= m.as_of_at
anti join core.supply_gaps as g on s.measure_code = g.code
group by s.measure_code, month_of(london_date(s.at))
union all
select measure_code, month, breakdown, breakdown_value, numerator, denominator, not_known_count
from standards
