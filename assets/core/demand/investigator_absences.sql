-- /// card
-- description = "One row is an absence of an investigator."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- investigator_ref = "columns"
-- absent_from_at = ["timestamp with time zone", "Start", "UTC"]
-- absent_to_at = ["timestamp with time zone", "End", "UTC"]
-- deputy_ref = ["varchar", "Deputy"]
-- ///

select
    t.person_id as investigator_ref,
    cast(t.from_ts as timestamptz) as absent_from_at,
    cast(t.to_ts as timestamptz) as absent_to_at,
    t.deputy_id as deputy_ref
from raw.investigator_absence as t
inner join core.current_periods as p
    on p.source = 'investigator_absence' and t.delivery_ref = p.delivery_ref and t.period = p.period
