-- /// card
-- description = "One row is a stage that a person reached in an offender management programme."
-- grain = []
-- audience = []
-- caveats = ["As delivered with the force extract; a table that was not delivered is empty, so not measured."]
-- [columns]
-- person_ref = "columns"
-- "programme, stage" = "raw.management"
-- from_date = ["date", "First day of the stage"]
-- to_date = ["date", "Last day; null if it has not ended"]
-- ///

select
    coalesce(k.person_ref, t.person_key) as person_ref,
    t.programme,
    t.stage,
    cast(t.from_date as date) as from_date,
    cast(t.to_date as date) as to_date
from raw.management as t
inner join core.current_periods as p
    on p.source = 'management' and t.delivery_ref = p.delivery_ref and t.period = p.period
left join core.people as k on t.person_key = k.person_key
