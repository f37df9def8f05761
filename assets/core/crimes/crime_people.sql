-- /// card
-- description = "One row is a crime that has people, with their relationships."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "core.parties"
-- victim_key = ["varchar", "Principal victim: the first one entered"]
-- victim_count = ["bigint", "Victims", "people", "Victims"]
-- suspect_count = ["bigint", "Suspects and offenders", "people", "Suspects"]
-- named_suspect_count = ["bigint", "Suspects and offenders identified by name; null where that is not known"]
-- relationships = ["varchar", """Relationships on victim and suspect rows, separated by a slash; null where none is \
--     given"""]
-- is_former_partner = ["boolean", "Former spouse, civil partner or partner; null where no relationship is given"]
-- is_current_partner = ["boolean", "Current spouse, civil partner or partner; null where no relationship is given"]
-- is_domestic_relationship = ["boolean", "Partner, former partner or family; null where no relationship is given"]
-- are_all_sixteen_or_over = ["boolean", """Victims and suspects are 16 or over; null where an age is unknown or there \
--     is no victim or no suspect"""]
-- is_victim_vulnerable = ["boolean", "A victim has a recorded vulnerability"]
-- ///

-- Readings: recording-standards 6.0.4.
with victims as (
    select
        crime_ref,
        person_key,
        row_number() over (partition by crime_ref order by first_added_at, person_key) as place
    from core.parties
    where party_role = 'victim'
),

relations as (
    select crime_ref, string_agg(relationship, '|' order by relationship) as relationships
    from (
        select distinct crime_ref, relationship
        from core.parties
        where party_role in ('victim', 'suspect', 'offender') and relationship is not null
    ) as distinct_relations
    group by crime_ref
),

counted as (
    select
        crime_ref,
        count(*) filter (where party_role = 'victim') as victim_count,
        count(*) filter (where party_role in ('suspect', 'offender')) as suspect_count,
        count(*) filter (where party_role in ('suspect', 'offender') and is_named) as named_suspect_count,
        count(*) filter (where party_role in ('suspect', 'offender') and is_named is null) as unknown_named_count,
        count(*) filter (where age_at_offence < 16) as under_sixteen_count,
        count(*) filter (where age_at_offence is null) as unknown_age_count,
        bool_or(party_role = 'victim' and vulnerability is not null) as is_victim_vulnerable
    from core.parties
    where party_role in ('victim', 'suspect', 'offender')
    group by crime_ref
)

select
    c.crime_ref,
    v.person_key as victim_key,
    c.victim_count,
    c.suspect_count,
    case when c.named_suspect_count > 0 or c.unknown_named_count = 0 then c.named_suspect_count end
        as named_suspect_count,
    r.relationships,
    regexp_matches(r.relationships, '(^|[|])ex_(spouse|civil_partner|partner)([|]|$)') as is_former_partner,
    regexp_matches(r.relationships, '(^|[|])(spouse|civil_partner|partner)([|]|$)') as is_current_partner,
    regexp_matches(r.relationships, '(^|[|])(ex_)?(spouse|civil_partner|partner)([|]|$)|(^|[|])family([|]|$)')
        as is_domestic_relationship,
    -- 6.0.4: both must be 16 or over. One person under 16 decides it; otherwise an unknown age or a missing side leaves
    -- it open
    case
        when c.under_sixteen_count > 0 then false
        when c.unknown_age_count = 0 and c.victim_count > 0 and c.suspect_count > 0 then true
    end as are_all_sixteen_or_over,
    c.is_victim_vulnerable
from counted as c
left join relations as r on c.crime_ref = r.crime_ref
left join victims as v on c.crime_ref = v.crime_ref and v.place = 1
