-- /// card
-- description = "One row is a victim of a year and a named suspect of one of the victim's crimes in it."
-- grain = ["period_code", "person_ref", "suspect_ref"]
-- by_force = true
-- audience = []
-- caveats = ["For disclosure control only: a group whose victims all have one suspect is not released."]
-- [columns]
-- period_code = "core.support_periods"
-- person_ref = ["varchar", "Victim"]
-- suspect_ref = ["varchar", "Suspect or offender"]
-- ///

-- If one suspect accounts for a whole group, its count would reveal facts about that person.
select distinct
    p.period_code,
    coalesce(k.person_ref, v.person_key) as person_ref,
    coalesce(q.person_ref, s.person_key) as suspect_ref
from core.crimes as c
inner join core.support_periods as p
    on c.recorded_date >= p.period_start and c.recorded_date < p.period_end and p.is_held
inner join core.parties as v on c.crime_ref = v.crime_ref and v.party_role = 'victim'
inner join core.parties as s on c.crime_ref = s.crime_ref and s.party_role in ('suspect', 'offender')
left join core.people as k on v.person_key = k.person_key
left join core.people as q on s.person_key = q.person_key
where
    c.is_stalking_or_harassment
    and c.removal_code is null
    and v.person_key is not null
    and s.person_key is not null
    and s.is_named
