-- /// card
-- description = """One row is a month of recording with the share of tests of the standards that were met, for one \
--     dimension or all, with limits."""
-- grain = ["series_ref", "month"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Tests, not records: several rules test one record.",
--     """Limits are computed from the first points of a segment and then frozen; they restart only where recording \
--     changed.""",
--     "With fewer than twelve points there are no limits.",
--     """A standard without a time limit, which can still be met or broken later, is not in it. A month is charted once \
--     every limit of its tests has run.""",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- series_ref = ["varchar", "Series: all, or one dimension"]
-- dimension = ["varchar", "Data quality dimension; null for all together"]
-- month = "columns"
-- numerator = ["bigint", "Tests met", "tests", "Tests met"]
-- denominator = ["bigint", "Tests that could be assessed", "tests", "Tests assessed"]
-- value = ["double", "Share that met the standard; null where nothing could be assessed", "0 to 1", "Compliance"]
-- chart_type = ["varchar", "p_prime (Laney) or none"]
-- "segment, segment_start_reason, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "0 to 1", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits", "0 to 1"]
-- upper_limit = ["double", "Upper limit; null without limits", "0 to 1"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points, too_few_breaches or no_variation"]
-- ///

-- Force-wide months without unit or record, so senior leaders may see them. A standard by itself is a measure.
with limits as (
    select max(days_at_most(s.value, s.unit)) as days
    from quality.rule_results as r
    inner join reference.settings as s on r.timing = s.key
    where r.severity <> 'info'
),

standards as (
    select
        r.dimension,
        c.recorded_month as month,
        c.examined_count - c.not_evaluable_count as judged_count,
        c.breach_count
    from quality.rule_counts as c
    inner join quality.rule_results as r on c.rule_code = r.rule_code and c.table_name = r.table_name
    cross join limits as l
    left join core.extract_moments as m on true
    -- a rule that failed to run has no results, those on open data do not assess the force, and information is no standard
    where
        r.status <> 'ERROR' and r.severity <> 'info' and r.needs <> '' and r.record_type in ('crime', 'incident', 'order')
        -- a date in the future breaches STR-07 and is not a month of the series
        and (m.events_limit_at is null or c.recorded_month <= london_date(m.events_limit_at))
        and coalesce(r.timing, 'settled') <> 'open'
        and (
            m.as_of_at is null
            or c.recorded_month + interval 1 month + interval 1 day * coalesce(l.days, 0) <= london_date(m.as_of_at)
        )
)

select
    case when grouping(p.dimension) = 0 then 'dimension|' || p.dimension else 'all' end as series_ref,
    p.dimension,
    p.month,
    cast(sum(p.judged_count - p.breach_count) as bigint) as numerator,
    cast(sum(p.judged_count) as bigint) as denominator,
    cast(1 as integer) as period_months,
    'p_prime' as chart_kind,
    'S&H' as recording_classes,
    'crime' as recording_source,
    -- several tests of one record: chance alone is not a law of their counts, so there are no exact limits
    any_value(s.compliance_fewest_a_month) as fewest
from standards as p
cross join core.settings as s
where p.month is not null
group by grouping sets ((p.dimension, p.month), (p.month))
