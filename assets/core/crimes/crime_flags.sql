-- /// card
-- description = "One row is a flag on a crime."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- flag = "raw.crime_flag"
-- set_at = ["timestamp with time zone", "When it was set", "UTC"]
-- set_by_ref = ["varchar", "Who set it"]
-- ///

select
    t.crime_id as crime_ref,
    t.flag,
    cast(t.set_ts as timestamptz) as set_at,
    t.set_by as set_by_ref
from raw.crime_flag as t
inner join core.current_periods as p
    on p.source = 'crime_flag' and t.delivery_ref = p.delivery_ref and t.period = p.period
