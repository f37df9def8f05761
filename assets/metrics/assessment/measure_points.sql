-- /// card
-- description = """One row is a month of a measure, whole or in a district, unit or class, with the limits that apply \
--     to it and the signal it gives, if any."""
-- grain = ["series_ref", "month"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Limits restart only where recording changed, and are computed from the first 24 months since; with fewer \
--     than twelve months there are none.""",
--     """Where either side has fewer than five cases in an average month (of standards fewer than one; settings), limits \
--     are exact: what the baseline predicts of so few. A month beyond them is a signal, and so is a longer time \
--     without a case than chance gives.""",
--     """A median of whole days has no limits where they would be narrower than three days on either side: rounding \
--     alone would make signals.""",
--     "A standard has a chart in a unit or class only with at least ten breaches there (a setting).",
--     "A duty without a time limit has points but no limits: it can still be met, most often of the latest months.",
--     "What is counted at the end of a month shares most of its cases with the month before: it has no chart.",
-- ]
-- method = "spc.series.series_points"
-- [columns]
-- series_ref = ["varchar", "Series: measure, breakdown and part"]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- breakdown = ["varchar", "none, district, unit or class"]
-- breakdown_value = ["varchar", "Part of the breakdown; all where there is none", "", "Part"]
-- month = ["date", "Month of recording, of the event of a median, or in which the duty arose"]
-- numerator = ["bigint", "Counted; of a median the events", "", "Counted"]
-- denominator = ["bigint", "Of these; null for a count; of a median the events", "", "Of"]
-- value = ["double", "The count, the share, or the median in days", "", "Value"]
-- chart_type = ["varchar", "xmr (counts, medians), p_prime (shares, Laney), exact (few cases) or none"]
-- "segment, segment_start_reason, is_baseline" = "columns"
-- centre_line = ["double", "Mean of the baseline", "", "Average"]
-- lower_limit = ["double", "Lower limit; null without limits"]
-- upper_limit = ["double", "Upper limit; null without limits"]
-- "signal, signal_direction" = "columns"
-- limits_status = ["varchar", "drawn, too_few_points, no_variation or not_settled"]
-- gap = ["double", """Time since the last of the rarer kind, this month included: months of a count, cases of a share; \
--     null where limits are not exact"""]
-- longest_gap = ["double", "The longest gap that is no signal"]
-- ///

-- Only whole months count: those that the extract covers and whose figures had time to settle. Other breakdowns have
-- values but no chart: there are thousands, most of a few cases. Shares of few cases have a chart, but not all a value.
with months as (
    select measure_code, breakdown, breakdown_value, period_start as month, numerator, denominator, value
    from metrics.measure_values
    where period_type = 'month' and is_drawn and denominator is null
    union all
    select
        c.measure_code, c.breakdown, c.breakdown_value, c.month, c.numerator, c.denominator,
        case when k.kind = 'median' then d.median_days else c.numerator / cast(nullif(c.denominator, 0) as double) end
    from metrics.measure_cells as c
    inner join reference.measures as k on c.measure_code = k.measure_code
    inner join metrics.measure_values as w
        on c.measure_code = w.measure_code and c.month = w.period_start and w.period_type = 'month'
        and w.breakdown = 'none' and w.is_drawn
    left join metrics.measure_medians as d
        on c.measure_code = d.measure_code and c.month = d.period_start and d.period_type = 'month'
        and c.breakdown = d.breakdown and c.breakdown_value = d.breakdown_value and d.second_breakdown = 'none'
    where c.denominator >= c.not_known_count
)

select
    v.measure_code || '|' || v.breakdown || '|' || v.breakdown_value as series_ref,
    v.measure_code,
    v.breakdown,
    v.breakdown_value,
    v.month,
    v.numerator,
    v.denominator,
    cast(1 as integer) as period_months,
    case when k.kind = 'share' then 'p_prime' else 'xmr' end as chart_kind,
    v.value,
    case
        when k.recording_classes = 'none' then ''
        when v.breakdown = 'class' then v.breakdown_value
        else k.recording_classes
    end as recording_classes,
    'crime' as recording_source,
    -- a median of few days is no small number: each has events enough, or there is none
    case
        when r.measure_code is not null then s.compliance_fewest_a_month
        when k.kind <> 'median' then s.watched_fewest_a_month
    end as fewest,
    k.kind <> 'median' as has_exact_limits,
    -- medians are of whole days
    case when k.kind = 'median' then 1.0 end as step,
    coalesce(k.is_open_ended, false) as is_open_ended
from months as v
inner join reference.measures as k on v.measure_code = k.measure_code
left join quality.rule_results as r on v.measure_code = r.measure_code
cross join core.settings as s
where v.value is not null and v.breakdown in ('none', 'district', 'unit', 'class')
    and k.kind in ('count', 'share', 'median')
-- a standard with a few breaches in a unit or class has no useful chart there, and there are thousands of these
qualify
    r.measure_code is null or v.breakdown = 'none'
    or sum(v.denominator - v.numerator) over (partition by v.measure_code, v.breakdown, v.breakdown_value)
    >= s.compliance_minimum_breaches
