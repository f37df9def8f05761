-- /// card
-- description = "One row is a crime with its current state."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- investigator_ref = ["varchar", "Officer in the case, otherwise the officer of the last allocation"]
-- unit_name = ["varchar", "Unit of the officer in the case; null where it is not known"]
-- removal_code = ["varchar", "Removal code; null if the crime was not removed", "", "Criterion"]
-- removed_at = ["timestamp with time zone", "When the crime was removed; null if it was not", "UTC"]
-- outcome_code = ["varchar", "Current outcome; null where there is none"]
-- outcome_at = ["timestamp with time zone", "When the current outcome was assigned", "UTC"]
-- risk_grade = ["varchar", "Grade of the latest complete risk assessment"]
-- ///

with crimes as (
    select t.crime_id as crime_ref, t.oic_id as investigator_ref
    from raw.crime as t
    inner join core.current_periods as p on p.source = 'crime' and t.delivery_ref = p.delivery_ref
),

allocated as (
    select
        crime_ref,
        investigator_ref,
        row_number() over (partition by crime_ref order by allocated_at desc, investigator_ref) as place
    from core.allocations
),

removed as (
    select
        crime_ref,
        removal_code,
        removed_at,
        row_number() over (partition by crime_ref order by removed_at desc, removal_code) as place
    from core.removals
),

concluded as (
    select
        o.crime_id as crime_ref,
        o.code as outcome_code,
        cast(o.outcome_ts as timestamptz) as outcome_at,
        row_number() over (partition by o.crime_id order by cast(o.seq as integer) desc, o.outcome_id) as place
    from raw.outcome as o
    inner join core.current_periods as p on p.source = 'outcome' and o.delivery_ref = p.delivery_ref
    where o.is_current = 'true'
),

assessed as (
    select
        crime_ref,
        risk_grade,
        row_number() over (partition by crime_ref order by completed_at desc, assessment_ref) as place
    from core.risk_assessments
    where completed_at is not null
)

select
    c.crime_ref,
    coalesce(c.investigator_ref, a.investigator_ref) as investigator_ref,
    i.unit_name,
    r.removal_code,
    r.removed_at,
    o.outcome_code,
    o.outcome_at,
    s.risk_grade
from crimes as c
left join allocated as a on c.crime_ref = a.crime_ref and a.place = 1
left join core.investigators as i on coalesce(c.investigator_ref, a.investigator_ref) = i.investigator_ref
left join removed as r on c.crime_ref = r.crime_ref and r.place = 1
left join concluded as o on c.crime_ref = o.crime_ref and o.place = 1
left join assessed as s on c.crime_ref = s.crime_ref and s.place = 1
