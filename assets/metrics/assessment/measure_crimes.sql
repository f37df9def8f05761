-- /// card
-- description = "One row is a crime or duty that a measure counts in a month, those open or in force at its end among them."
-- grain = []
-- by_force = true
-- audience = []
-- caveats = [
--     "Records without a month have a null month, which counts to date alone. Nothing is after the as-of moment.",
--     "Repeats are of people, not of crimes: they are in metrics.measure_cells alone.",
-- ]
-- [columns]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- crime_ref = "columns"
-- month = ["date", "Month, or the month at whose end it is counted; null where it is not known"]
-- is_met = ["boolean", "It is in the numerator; null where that is not known, which is in neither"]
-- is_share = ["boolean", "The measure is a share; otherwise a count"]
-- ///

-- What metrics.measure_cells and metrics.measure_pairs count, so that both count the same.
with moments as (
    -- --as-of DATE is the midnight at the end of that day
    select
        month_of(london_date(as_of_at - interval 1 second)) as as_of_month
    from core.extract_moments
    where as_of_at is not null
),

spans as (
    select
        crime_ref,
        month_of(london_date(open_from_at)) as first_month,
        -- open at the end of each month before the one in which it was closed
        cast(
            date_trunc('month', coalesce(open_until_at, timestamptz '9999-01-01') at time zone 'Europe/London') as date
        ) as closed_month
    from core.open_crime_spans
    where not is_end_unknown
),

month_ends as (
    select month, cast(month + interval 1 month as timestamp) at time zone 'Europe/London' as month_end_at
    from metrics.counted_month_ends
),

orders as (
    select s.crime_ref, e.month, e.month_end_at, s.in_force_until_at
    from core.order_spans as s
    inner join month_ends as e
        on s.in_force_from_at < e.month_end_at and coalesce(s.in_force_until_at >= e.month_end_at, true)
    -- bail is police bail: it has its own row in metrics.order_funnel
    where s.order_kind <> 'conditional bail'
),

counted as (
    select
        e.measure_code,
        e.crime_ref,
        e.month,
        e.is_met,
        -- duties of protection are shares
        coalesce(k.kind = 'share', true) as is_share
    from core.measure_events as e
    left join reference.own_measures as k on e.measure_code = k.measure_code
    union all
    select 'open_caseload', s.crime_ref, e.month, true, false
    from spans as s
    inner join metrics.counted_month_ends as e on e.month >= s.first_month and e.month < s.closed_month
    union all
    select 'orders_in_force', crime_ref, month, true, false
    from orders
    union all
    select 'orders_ending', o.crime_ref, o.month, true, false
    from orders as o
    cross join core.settings as s
    where london_date(o.in_force_until_at - interval 1 second) - london_date(o.month_end_at - interval 1 second)
        <= s.protection_expiry_days
    union all
    select 'orders_case_closed', o.crime_ref, o.month, true, false
    from orders as o
    inner join core.crimes as c on o.crime_ref = c.crime_ref
    where not c.is_open and c.outcome_at < o.month_end_at
)

select c.measure_code, c.crime_ref, c.month, c.is_met, c.is_share
from counted as c
-- without what it needs nothing would be met: that is not a share of 0
anti join core.supply_gaps as g on c.measure_code = g.code
cross join moments as m
where coalesce(c.month <= m.as_of_month, true)
