-- /// card
-- description = "One row is a person, by pseudonym."
-- grain = ["person_key"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- person_key = "raw.person"
-- birth_month = ["varchar", "Month of birth"]
-- sex = "raw.person"
-- ethnicity_self_defined = ["varchar", "Self-defined ethnicity"]
-- death_date = ["date", "Date of death"]
-- ///

select
    t.person_key,
    t.birth_ym as birth_month,
    t.sex,
    t.ethnicity_self as ethnicity_self_defined,
    cast(t.dod as date) as death_date
from raw.person as t
inner join core.current_periods as p
    on p.source = 'person' and t.delivery_ref = p.delivery_ref and t.period = p.period
