-- /// card
-- description = "One row is a figure on the force's own recording, for the last twelve months of the extract."
-- grain = ["measure_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """These are standards that the extract can test. A record that meets them all may still be wrong, and a crime \
--     may be missing altogether.""",
--     """A pooled share counts tests, and several rules test one record. Its 95% interval uses the number of records, \
--     so it is wide rather than narrow.""",
--     "Rules for information only and rules on open data are left out.",
-- ]
-- [columns]
-- measure_code = ["varchar", "standards|dimension, recorded_within_limit, former_partner_stalking|basis"]
-- dimension = ["varchar", "Data quality dimension of the national data dictionary, or all"]
-- state = ["varchar", """measured; too few, where fewer records than shares.minimum_denominator were assessed; or not \
--     measured"""]
-- kept_count = ["bigint", "Tests met, or crimes counted", "tests or crimes", "Tests met"]
-- judged_count = ["bigint", "Tests that could be assessed, or crimes", "tests or crimes", "Tests assessed"]
-- record_count = ["bigint", """Records used for the interval: those of the rule that assessed \
--     most""", "records", "Records"]
-- kept_share = ["double", "Share that met the standard; null where nothing could be assessed", "0 to 1", "Compliance"]
-- kept_lower = ["double", "Lower 95% limit (Wilson)", "0 to 1", "Lower limit"]
-- kept_upper = ["double", "Upper 95% limit (Wilson)", "0 to 1", "Upper limit"]
-- rule_count = ["bigint", "Rules of the dimension; null for other figures", "rules", "Rules"]
-- breached_rule_count = ["bigint", "Rules that at least one record of the extract breaches", "rules", "Rules breached"]
-- unmeasured_rule_count = ["bigint", "Rules that could not be measured", "rules", "Rules not measured"]
-- failed_rule_count = ["bigint", "Rules whose check failed", "rules", "Rules not checked"]
-- first_month = ["date", "First month of the figure"]
-- last_month = ["date", "Last month of the extract"]
-- ///

-- Aggregates only. Tests of one record are not independent: the intervals of pooled shares use the number of records,
-- not of tests.
with settings as (
    select intervals_z as z, shares_minimum_denominator as fewest
    from core.settings
),

-- a crime dated in the future breaches STR-07, and must not move the twelve months
period as (
    select
        max(c.recorded_month) as last_month,
        greatest(min(c.recorded_month), cast(max(c.recorded_month) - interval 11 month as date)) as first_month
    from core.crimes as c
    left join core.extract_moments as e on true
    where
        e.events_limit_at is null
        or c.recorded_month <= london_date(e.events_limit_at)
),

dimensions as (
    select *
    from (
        values
            ('accuracy'), ('integrity'), ('timeliness'), ('completeness'), ('conformity'), ('duplication'), ('all')
    ) as t (dimension)
),

counted as (
    select
        rule_code, table_name, recorded_month, breach_count, examined_count - not_evaluable_count - breach_count as kept_count
    from quality.rule_counts
),

-- standards of the extract, record by record; rules for information only are not standards
-- the result of a rule is of all forces together: what it found in this one is in its counts
rules as (
    select
        r.rule_code,
        r.table_name,
        r.dimension,
        case
            when r.status not in ('PASS', 'BREACH') then r.status
            when sum(c.breach_count) > 0 then 'BREACH'
            when sum(c.kept_count) > 0 then 'PASS'
            else 'NOT_EVALUABLE'
        end as status
    from quality.rule_results as r
    left join counted as c on r.rule_code = c.rule_code and r.table_name = c.table_name
    where r.needs <> '' and r.severity <> 'info' and r.record_type in ('crime', 'incident', 'order')
    group by r.rule_code, r.table_name, r.dimension, r.status
),

rules_by_dimension as (
    select
        d.dimension,
        count(r.rule_code) as rule_count,
        count(*) filter (where r.status = 'BREACH') as breached_rule_count,
        count(*) filter (where r.status = 'NOT_EVALUABLE') as unmeasured_rule_count,
        count(*) filter (where r.status = 'ERROR') as failed_rule_count
    from dimensions as d
    left join rules as r on d.dimension = r.dimension or d.dimension = 'all'
    group by d.dimension
),

tests as (
    select c.rule_code, c.table_name, r.dimension, sum(c.kept_count) as kept, sum(c.breach_count) as breached
    from counted as c
    inner join rules as r on c.rule_code = r.rule_code and c.table_name = r.table_name
    cross join period as p
    where r.status <> 'ERROR' and c.recorded_month between p.first_month and p.last_month
    group by c.rule_code, c.table_name, r.dimension
),

pooled as (
    select
        d.dimension,
        sum(t.kept) as kept,
        sum(t.kept + t.breached) as judged,
        max(t.kept + t.breached) as base
    from dimensions as d
    inner join tests as t on d.dimension = t.dimension or d.dimension = 'all'
    group by d.dimension
),

measures as (
    select
        'standards|' || c.dimension as measure_code, c.dimension,
        p.kept, p.judged, p.base,
        c.rule_count, c.breached_rule_count, c.unmeasured_rule_count, c.failed_rule_count
    from rules_by_dimension as c
    left join pooled as p on c.dimension = p.dimension
    union all
    select
        'recorded_within_limit', 'timeliness',
        sum(v.numerator), sum(v.denominator), sum(v.denominator), null, null, null, null
    from metrics.measure_values as v
    cross join period as p
    where
        v.measure_code = 'recorded_24h' and v.breakdown = 'none' and v.period_type = 'month'
        and v.period_start between p.first_month and p.last_month
    union all
    select
        'former_partner_stalking|' || b.basis, 'accuracy',
        sum(f.stalking_count), sum(f.denominator_count), sum(f.denominator_count), null, null, null, null
    from (values ('principal'), ('principal or included')) as b (basis)
    cross join period as p
    left join metrics.former_partner_classes as f on b.basis = f.basis and f.month between p.first_month and p.last_month
    group by b.basis
),

shared as (
    select *, case when judged > 0 then kept / judged end as share
    from measures
)

select
    m.measure_code,
    m.dimension,
    case when m.share is null then 'not measured' when m.base < s.fewest then 'too few' else 'measured' end as state,
    cast(m.kept as bigint) as kept_count,
    cast(m.judged as bigint) as judged_count,
    cast(m.base as bigint) as record_count,
    m.share as kept_share,
    wilson_lower(m.share, m.base, s.z) as kept_lower,
    wilson_upper(m.share, m.base, s.z) as kept_upper,
    cast(m.rule_count as bigint) as rule_count,
    cast(m.breached_rule_count as bigint) as breached_rule_count,
    cast(m.unmeasured_rule_count as bigint) as unmeasured_rule_count,
    cast(m.failed_rule_count as bigint) as failed_rule_count,
    p.first_month,
    p.last_month
from shared as m
cross join settings as s
cross join period as p
