-- /// card
-- description = "One row: the moments used to assess the force extract."
-- grain = []
-- audience = ["command", "integrity"]
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- as_of_at = ["timestamp with time zone", """Figures about open cases are computed for this moment; null without an \
--     extract""", "UTC"]
-- received_at = ["timestamp with time zone", "When the extract was loaded", "UTC"]
-- events_limit_at = ["timestamp with time zone", """Latest moment allowed for a past event: receipt of the extract, \
--     or the as-of date if given""", "UTC"]
-- first_recorded_at = ["timestamp with time zone", "Earliest recording in the extract", "UTC"]
-- last_recorded_at = ["timestamp with time zone", "Latest recording in the extract", "UTC"]
-- covers_from = ["date", "First day whose crimes the extract has, as mapping.toml states; null where it does not"]
-- covers_until = ["date", "Last day of these; null where it is not stated"]
-- ///

-- Settled points, as-of: the as-of moment is --as-of. Otherwise it is the latest recording, outcome or contact not
-- after the receipt; or the end of the day on which the extract was made, as mapping.toml says, if that is later.
-- STR-07 compares past events with the receipt, or with the as-of date if given.
with receipts as (
    select max(d.received_at) as received_at
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    where p.source in ('crime', 'incident', 'outcome')
),

requested as (
    select max(as_of_at) as as_of_at, max(stated_at) as stated_at
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
    case
        when t.as_of_at is not null then t.as_of_at
        when least(t.stated_at, r.received_at) > h.last_at and t.stated_at is not null
            then least(t.stated_at, r.received_at)
        else h.last_at
    end as as_of_at,
    r.received_at,
    coalesce(t.as_of_at, r.received_at) as events_limit_at,
    h.first_recorded_at,
    h.last_recorded_at,
    s.covers_from,
    s.covers_until
from receipts as r
cross join requested as t
cross join held as h
left join raw.stated_span as s on true
