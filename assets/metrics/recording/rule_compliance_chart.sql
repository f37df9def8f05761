-- /// card
-- description = """One row is a month of a compliance series with the limits that apply to it and the signal it \
--     gives, if any."""
-- grain = ["series_ref", "month"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """Shares on a p-prime chart (Laney): limits allow for months of different size and for more variation than \
--     chance alone.""",
--     """Limits are computed from the first points of a segment and then frozen; they restart only where recording \
--     changed.""",
--     "A rule in a unit or class has a chart only with at least ten breaches (a setting).",
--     "With fewer than twelve points there are no limits. A stable process gives some false signals.",
--     """A standard with fewer than one breach a month has the exact limits of so few (beta-binomial, from the \
--     baseline). A month beyond them is a signal, and so is a longer time without a breach than chance gives.""",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- series_level = ["varchar", "all, dimension, rule, rule and unit, rule and class"]
-- series_ref = "columns"
-- rule_code = ["varchar", "Rule; null for pooled series"]
-- table_name = ["varchar", "Table examined; null for pooled series"]
-- dimension = ["varchar", "Data quality dimension; null for all together"]
-- unit_name = ["varchar", "Unit of the series, if any"]
-- class_code = ["varchar", "Class of the series, if any"]
-- month = "columns"
-- numerator = ["bigint", "Tests met", "tests", "Tests met"]
-- denominator = ["bigint", "Tests that could be assessed", "tests", "Tests assessed"]
-- value = ["double", "Share that met the standard; null where nothing could be assessed", "0 to 1", "Compliance"]
-- chart_type = ["varchar", "p_prime (Laney), exact or none"]
-- "segment, segment_start_reason, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "0 to 1", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits", "0 to 1"]
-- upper_limit = ["double", "Upper limit; null without limits", "0 to 1"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points, too_few_breaches, no_variation or overlapping_periods"]
-- ///

-- Pooled series count tests, not records: several rules test one record. Rules for information only (severity info) are
-- not standards and are left out.
with months as (
    select
        c.*,
        c.kept_count + c.breach_count as judged_count
    from metrics.rule_compliance as c
    left join core.extract_moments as m on true
    where
        c.recorded_month is not null and c.breakdown in ('month', 'month and unit', 'month and class')
        -- a date in the future breaches STR-07 and is not a month of the series
        and (
            m.events_limit_at is null
            or c.recorded_month <= london_date(m.events_limit_at)
        )
),

-- a unit or class with a few breaches gives no useful chart, and there are thousands of them
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

-- rules on the extract only: rules on open data do not assess the force's own recording
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
),

series as (
    select
        series_level, series_ref, rule_code, table_name, dimension, unit_name, class_code,
        recorded_month as month, kept_count as numerator, judged_count as denominator
    from by_rule
    union all
    select
        series_level, series_ref, null, null, dimension, null, null,
        recorded_month, cast(kept_count as bigint), cast(judged_count as bigint)
    from pooled
)

select
    r.*,
    cast(1 as integer) as period_months,
    'p_prime' as chart_kind,
    coalesce(r.class_code, 'S&H') as recording_classes,
    'crime' as recording_source,
    s.compliance_fewest_a_month as fewest,
    coalesce(k.is_open_ended, false) as is_open_ended,
    -- standards together count several tests of one record, so chance alone is not a law of their counts
    r.rule_code is not null as has_exact_limits
from series as r
left join quality.rule_results as q on r.rule_code = q.rule_code and r.table_name = q.table_name
left join reference.measures as k on q.measure_code = k.measure_code
cross join core.settings as s
