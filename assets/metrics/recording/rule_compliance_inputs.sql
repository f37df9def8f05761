-- /// card
-- description = "One row is a month of a series of compliance that is watched over time."
-- grain = ["series_ref", "month"]
-- audience = []
-- caveats = ["A rule in a unit or class is watched only where it was broken at least ten times (a setting)."]
-- [columns]
-- "series_level, series_ref" = "columns"
-- rule_code = ["varchar", "Rule; null for pooled series"]
-- table_name = ["varchar", "Table examined; null for pooled series"]
-- dimension = ["varchar", "Data quality dimension; null for all together"]
-- unit_name = ["varchar", "Unit, where the series is of one"]
-- class_code = ["varchar", "Class, where the series is of one"]
-- month = "columns"
-- numerator = ["bigint", "Tests kept", "tests", "Tests kept"]
-- denominator = ["bigint", "Tests that could be judged", "tests", "Tests judged"]
-- ///

-- The series of compliance that are watched by month. Pooled series count tests, not records: a record is held against
-- several rules; rules for information alone (severity info) are no standard and stay out of them.
with months as (
    select
        c.*,
        c.kept_count + c.breach_count as judged_count
    from metrics.rule_compliance as c
    left join core.extract_moments as m on true
    where
        c.recorded_month is not null and c.breakdown in ('month', 'month and unit', 'month and class')
        -- a date in the future is a breach of STR-07, not a month of the series
        and (
            m.events_limit_at is null
            or c.recorded_month <= cast(m.events_limit_at at time zone 'Europe/London' as date)
        )
),

-- a handful of breaches makes no chart of a unit or a class, and there are thousands of those
settings as (
    select compliance_minimum_breaches as minimum_breaches
    from core.settings
),

charted as (
    select m.*
    from months as m
    cross join settings as s
    qualify
        m.breakdown = 'month'
        or sum(m.breach_count) over (
            partition by m.rule_code, m.table_name, m.breakdown, m.unit_name, m.class_code
        ) >= s.minimum_breaches
),

by_rule as (
    select
        case breakdown when 'month' then 'rule' when 'month and unit' then 'rule and unit' else 'rule and class' end
            as series_level,
        rule_code || '@' || table_name || coalesce('|unit ' || unit_name, '|class ' || class_code, '') as series_ref,
        rule_code, table_name, dimension, unit_name, class_code, recorded_month, kept_count, judged_count
    from charted
),

-- the rules that rest on the extract: those on open data say nothing of the force's own recording
standards as (
    select m.*
    from months as m
    inner join quality.rule_results as r on m.rule_code = r.rule_code and m.table_name = r.table_name
    where
        m.breakdown = 'month' and m.severity <> 'info' and r.needs <> ''
        and r.record_type in ('crime', 'incident', 'order')
),

pooled as (
    select
        'dimension' as series_level,
        'dimension|' || dimension as series_ref,
        dimension, recorded_month, sum(kept_count) as kept_count, sum(judged_count) as judged_count
    from standards
    group by dimension, recorded_month
    union all
    select 'all', 'all', cast(null as varchar), recorded_month, sum(kept_count), sum(judged_count)
    from standards
    group by recorded_month
)

select
    series_level, series_ref, rule_code, table_name, dimension, unit_name, class_code,
    recorded_month as month, kept_count as numerator, judged_count as denominator
from by_rule
union all
select
    series_level, series_ref, cast(null as varchar), cast(null as varchar), dimension, cast(null as varchar),
    cast(null as varchar), recorded_month, cast(kept_count as bigint), cast(judged_count as bigint)
from pooled
