-- /// card
-- description = "One row is an investigator."
-- grain = ["investigator_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- investigator_ref = "columns"
-- collar_number = ["varchar", "Collar number"]
-- unit_name = ["varchar", "Unit of the investigator"]
-- rank = "raw.investigator"
-- pip_level = ["integer", "Level of the Professionalising Investigations Programme, 1 to 4"]
-- investigator_role = ["varchar", "Role"]
-- ///

select
    t.person_id as investigator_ref,
    t.collar as collar_number,
    t.unit as unit_name,
    t.rank,
    cast(t.pip_level as integer) as pip_level,
    t.role as investigator_role
from raw.investigator as t
inner join core.current_periods as p
    on p.source = 'investigator' and t.delivery_ref = p.delivery_ref and t.period = p.period
