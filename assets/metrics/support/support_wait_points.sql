-- The mean wait for support by month of the offer as a control chart, once the waits of the month are over. No change
-- of crime recording bears on waits.
select
    w.wait_code as series_ref,
    w.wait_code,
    w.month,
    cast(1 as integer) as period_months,
    'xmr' as chart_kind,
    w.mean_days as value,
    '' as recording_classes,
    '' as recording_source,
    cast(null as double) as fewest
from metrics.support_waits as w
cross join (select max(value) as days from reference.settings where key = 'support.wait_over_days') as s
cross join (select max(as_of_at) as as_of_at from core.extract_moments) as m
where
    w.breakdown = 'month'
    and last_day(w.month) + cast(s.days as integer) <= cast(m.as_of_at at time zone 'UTC' as date)
