select
    t.incident_id as incident_ref,
    t.force_code,
    cast(t.created_ts as timestamptz) as created_at,
    cast(t.closed_ts as timestamptz) as closed_at,
    t.channel,
    t.caller_role,
    t.nsir_open as nsir_opening_code,
    t.nsir_close as nsir_closing_code,
    t.graded as response_grade,
    cast(t.attended_ts as timestamptz) as attended_at,
    cast(t.da_flag as boolean) as is_domestic_abuse,
    cast(t.crime_related as boolean) as is_crime_related,
    t.no_crime_rationale,
    t.decision_by as decided_by_ref,
    cast(t.decision_ts as timestamptz) as decided_at
from raw.incident as t
inner join core.current_periods as p
    on p.source = 'incident' and t.delivery_ref = p.delivery_ref and t.period = p.period
