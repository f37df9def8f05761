-- /// card
-- description = "One row is an arrest and detention."
-- grain = ["custody_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- custody_ref = ["varchar", "Custody record"]
-- crime_ref = "columns"
-- person_key = "raw.custody"
-- arrested_at = ["timestamp with time zone", "When", "UTC"]
-- arrest_reason = "raw.custody"
-- interviewed_at = ["timestamp with time zone", "When the person was interviewed", "UTC"]
-- released_at = ["timestamp with time zone", "When the person was released", "UTC"]
-- disposal = "raw.custody"
-- ///

select
    t.custody_id as custody_ref,
    t.crime_id as crime_ref,
    t.person_key,
    cast(t.arrest_ts as timestamptz) as arrested_at,
    t.arrest_reason,
    cast(t.interview_ts as timestamptz) as interviewed_at,
    cast(t.release_ts as timestamptz) as released_at,
    t.disposal
from raw.custody as t
inner join core.current_periods as p
    on p.source = 'custody' and t.delivery_ref = p.delivery_ref and t.period = p.period
