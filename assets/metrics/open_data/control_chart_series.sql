-- What each series of metrics.control_charts says of its latest point: one verdict and one sentence.
-- A force's extract may name a force that publications do not know.
select
    c.series_ref,
    c.measure_name || ': ' || coalesce(f.force_name, e.force_name, c.force_code) as title,
    c.source,
    c.force_code,
    coalesce(f.force_name, e.force_name, c.force_code) as force_name,
    c.measure,
    c.unit,
    case when c.unit = 'share' then '' else 'recorded crimes' end as counted,
    c.period_months,
    c.month,
    c.month as latest_month,
    c.value,
    c.value as latest_value,
    c.segment,
    c.segment_start_reason,
    c.lower_limit,
    c.upper_limit,
    c.signal,
    c.signal_direction,
    c.limits_status,
    c.recording_classes
from metrics.control_charts as c
left join core.forces as f on c.force_code = f.force_code
left join core.extract_forces as e on c.force_code = e.force_code
