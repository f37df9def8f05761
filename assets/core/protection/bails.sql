-- /// card
-- description = "One row is bail, release under investigation or remand."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- custody_ref = ["varchar", "Custody record"]
-- bail_type = ["varchar", "Kind"]
-- started_at = ["timestamp with time zone", "Start", "UTC"]
-- ended_at = ["timestamp with time zone", "End", "UTC"]
-- condition_count = ["integer", "Conditions"]
-- extended_by_ref = ["varchar", "Who extended the bail"]
-- breached_at = ["timestamp with time zone", "When it was breached", "UTC"]
-- rationale = "raw.bail"
-- ///

select
    t.custody_id as custody_ref,
    t.type as bail_type,
    cast(t.start_ts as timestamptz) as started_at,
    cast(t.end_ts as timestamptz) as ended_at,
    cast(t.conditions_n as integer) as condition_count,
    t.extended_by as extended_by_ref,
    cast(t.breached_ts as timestamptz) as breached_at,
    t.rationale
from raw.bail as t
inner join core.current_periods as p
    on p.source = 'bail' and t.delivery_ref = p.delivery_ref and t.period = p.period
