-- /// card
-- description = "One row is a notice given to a person."
-- grain = ["notice_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- notice_ref = ["varchar", "Notice"]
-- crime_ref = "columns"
-- notice_type = ["varchar", "Kind of notice"]
-- issued_at = ["timestamp with time zone", "When it was given", "UTC"]
-- issued_by_ref = ["varchar", "Who gave it"]
-- recipient_key = ["varchar", "Who received it"]
-- ///

select
    t.notice_id as notice_ref,
    t.crime_id as crime_ref,
    t.type as notice_type,
    cast(t.issued_ts as timestamptz) as issued_at,
    t.issued_by as issued_by_ref,
    t.to_key as recipient_key
from raw.notice as t
inner join core.current_periods as p
    on p.source = 'notice' and t.delivery_ref = p.delivery_ref and t.period = p.period
