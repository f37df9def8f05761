select
    t.crime_id as crime_ref,
    t.person_key,
    t.role as party_role,
    cast(t.named as boolean) as is_named,
    t.relationship,
    t.vulnerability,
    cast(t.age_at_offence as integer) as age_at_offence,
    cast(t.age_at_disposal as integer) as age_at_disposal,
    cast(t.first_added_ts as timestamptz) as first_added_at,
    cast(t.eliminated_ts as timestamptz) as eliminated_at,
    t.victim_support
from raw.party_role as t
inner join core.current_periods as p
    on p.source = 'party_role' and t.delivery_ref = p.delivery_ref and t.period = p.period
