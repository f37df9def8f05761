-- /// card
-- description = "One row: the moments that the force extract is judged by."
-- grain = []
-- audience = ["command", "integrity"]
-- caveats = ["As the force extract gives it; a table that was not delivered is empty and not measured."]
-- [columns]
-- as_of_at = ["timestamp with time zone", """Figures about open cases are computed as of this moment; null \
--     without an extract""", "UTC"]
-- received_at = ["timestamp with time zone", "When the extract was taken in", "UTC"]
-- events_limit_at = ["timestamp with time zone", """No past event may lie after this moment: receipt of the \
--     extract, or the as-of date where one was given""", "UTC"]
-- first_recorded_at = ["timestamp with time zone", "Earliest recording in the extract", "UTC"]
-- last_recorded_at = ["timestamp with time zone", "Latest recording in the extract", "UTC"]
-- ///

-- Settled points, as-of: --as-of, else the latest recorded, outcome or contact time that is not after the receipt.
-- STR-07 tests past events against the receipt, or the as-of date where one was given.
with receipts as (
    select max(d.received_at) as received_at
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    where p.source in ('crime', 'incident', 'outcome')
),

told as (
    select max(as_of_at) as as_of_at
    from raw.requested_as_of
),

moments as (
    select cast(c.recorded_ts as timestamptz) as moment, true as is_recording
    from raw.crime as c
    inner join core.current_periods as p on p.source = 'crime' and c.delivery_ref = p.delivery_ref
    union all
    select cast(o.outcome_ts as timestamptz), false
    from raw.outcome as o
    inner join core.current_periods as p on p.source = 'outcome' and o.delivery_ref = p.delivery_ref
    union all
    select cast(v.ts as timestamptz), false
    from raw.victim_contact as v
    inner join core.current_periods as p on p.source = 'victim_contact' and v.delivery_ref = p.delivery_ref
),

held as (
    select
        max(m.moment) as last_at,
        min(m.moment) filter (where m.is_recording) as first_recorded_at,
        max(m.moment) filter (where m.is_recording) as last_recorded_at
    from moments as m
    cross join receipts as r
    where m.moment <= r.received_at
)

select
    coalesce(t.as_of_at, h.last_at) as as_of_at,
    r.received_at,
    coalesce(t.as_of_at, r.received_at) as events_limit_at,
    h.first_recorded_at,
    h.last_recorded_at
from receipts as r
cross join told as t
cross join held as h
