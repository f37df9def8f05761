-- /// card
-- description = "One row is a person's part in a crime."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- person_key = ["varchar", """Pseudonym of the person; null if nothing says which person of other crimes it is"""]
-- record_key = ["varchar", "Key of the person's record, which may be of this crime alone"]
-- party_role = ["varchar", "Role: victim, suspect and so on"]
-- is_named = ["boolean", "The person is identified by name"]
-- "relationship, vulnerability" = "raw.party_role"
-- age_at_offence = ["integer", "Age at the time of the offence"]
-- age_at_disposal = ["integer", "Age at the time of the outcome"]
-- first_added_at = ["timestamp with time zone", "When the person was added to the crime", "UTC"]
-- eliminated_at = ["timestamp with time zone", "When the suspect was eliminated", "UTC"]
-- victim_support = "raw.party_role"
-- ///

select
    t.crime_id as crime_ref,
    -- an export without numbers of people has keys made of the crime's. Such a key is another one in every crime: until
    -- linkage has seen a name, it would make every person somebody who never returned
    case when l.person_key is not null or not starts_with(t.person_key, t.crime_id || '/') then t.person_key end
        as person_key,
    t.person_key as record_key,
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
left join raw.person_links as l on t.person_key = l.person_key
