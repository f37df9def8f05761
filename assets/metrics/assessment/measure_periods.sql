-- /// card
-- description = "One row is a month in a period that it belongs to."
-- grain = ["month", "period_type", "period_start"]
-- by_force = true
-- audience = []
-- caveats = ["Years to each month begin with twelve covered months: fewer are no year."]
-- [columns]
-- month = ["date", "Month of which a measure counts something, or that the extract covers"]
-- period_type = ["varchar", "month, quarter, financial_year, rolling_12 or to_date"]
-- period_start = ["date", "First day of the period; to date, of the first month"]
-- period_end = ["date", "Last month of the period, as its first day"]
-- ///

-- The periods of every measure, so that counts and medians have the same.
with covered as (
    select distinct month
    from metrics.demand_months
    where source = 'extract' and offence_code = 'S&H'
),

months as (
    select month
    from metrics.measure_cells
    where month is not null
    union
    select month
    from covered
),

bounds as (
    select min(month) as first_month, max(month) as last_month
    from months
)

select
    m.month,
    p.period_type,
    case p.period_type
        when 'month' then m.month
        when 'quarter' then cast(date_trunc('quarter', m.month) as date)
        when 'financial_year' then cast(date_trunc('year', m.month - interval 3 month) + interval 3 month as date)
        else b.first_month
    end as period_start,
    case p.period_type
        when 'month' then m.month
        when 'quarter' then cast(date_trunc('quarter', m.month) + interval 2 month as date)
        when 'financial_year' then cast(date_trunc('year', m.month - interval 3 month) + interval 14 month as date)
        else b.last_month
    end as period_end
from months as m
cross join bounds as b
cross join (values ('month'), ('quarter'), ('financial_year'), ('to_date')) as p (period_type)
union all
select m.month, 'rolling_12', cast(e.month - interval 11 month as date), e.month
from months as m
inner join covered as e on m.month > e.month - interval 12 month and m.month <= e.month
where (select count(*) from covered as w where w.month > e.month - interval 12 month and w.month <= e.month) = 12
