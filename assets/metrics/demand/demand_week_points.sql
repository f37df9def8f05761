-- Recorded stalking and harassment by week as a control chart.
select
    series_ref,
    week,
    week as month,
    cast(null as integer) as period_months,
    'xmr' as chart_kind,
    cast(crime_count as double) as value,
    'S&H' as recording_classes,
    'crime' as recording_source,
    cast(null as double) as fewest
from metrics.demand_weeks
