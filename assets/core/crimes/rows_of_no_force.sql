-- /// card
-- description = "One row is a kind of record of which some have no force that is known, in an extract of several forces."
-- grain = ["record_type"]
-- audience = ["integrity"]
-- caveats = [
--     """These records are in no force's figures. A record is of the force that it names, otherwise of its crime's, \
--     otherwise of the only force whose crimes its people are in.""",
--     "Without rows: each record is of a force, or the extract is of one force and its records are that force's.",
-- ]
-- [columns]
-- record_type = ["varchar", "Kind of record, in the plural"]
-- row_count = ["bigint", "Records of no force that is known", "records", "Records"]
-- ///

with several as (
    select count(*) as force_count
    from core.force_scope
    having count(*) > 0 and not exists (select 1 from core.only_force)
),

placed as (
    select distinct p.person_ref
    from core.people as p
    inner join core.person_forces as f on p.person_key = f.person_key
),

records as (
    select 'incidents' as record_type, null as crime_ref
    from core.incident_facts
    where force_code is null
    union all
    select 'orders', crime_ref
    from core.order_facts
    where force_code is null
    union all
    select 'breaches of orders', crime_ref
    from core.order_breaches
    where force_code is null
    union all
    select 'custodies with conditional bail', crime_ref
    from core.order_stages
    where force_code is null and record_type = 'bail'
    union all
    select 'referrals of services', crime_ref
    from core.service_referrals
    where force_code is null
    union all
    select 'crimes that other records name and the extract does not have', crime_ref
    from core.child_reference_facts
    where reference_type = 'crime'
    union all
    select distinct on (m.person_ref) 'people in a programme', null
    from core.managements as m
    anti join placed as p on m.person_ref = p.person_ref
)

-- a crime without force is in core.extract_forces, and its records go with it
select r.record_type, count(*) as row_count
from records as r
cross join several as s
anti join core.crimes as c on r.crime_ref = c.crime_ref
group by r.record_type
