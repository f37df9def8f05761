-- /// card
-- description = "One row is a class in the history of a crime."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- sequence_number = ["integer", "Order of the classes, from 1"]
-- "ho_code, class_code" = "raw.classification_history"
-- changed_at = ["timestamp with time zone", "When the crime was given this class", "UTC"]
-- changed_by_ref = ["varchar", "Who changed the class"]
-- reason = "raw.classification_history"
-- second_checked_by_ref = ["varchar", "Who checked it second"]
-- ///

select
    t.crime_id as crime_ref,
    cast(t.seq as integer) as sequence_number,
    t.ho_code,
    t.class_code,
    cast(t.changed_ts as timestamptz) as changed_at,
    t.changed_by as changed_by_ref,
    t.reason,
    t.second_check_by as second_checked_by_ref
from raw.classification_history as t
inner join core.current_periods as p
    on p.source = 'classification_history' and t.delivery_ref = p.delivery_ref and t.period = p.period
