-- /// card
-- description = "One row is a current outcome, with the checks on the people of the crime."
-- grain = ["outcome_ref"]
-- audience = []
-- caveats = [
--     "A fact that cannot be assessed is null: not a pass.",
--     "People are as in the extract, not as on the day.",
-- ]
-- [columns]
-- "outcome_ref, crime_ref" = "core.outcomes"
-- force_code = "core.crimes"
-- "recorded_date, recorded_month, unit_name, class_code, outcome_code" = "core.outcomes"
-- suspect_standard = "reference.outcome_validity"
-- named_suspect_count = ["bigint", "Named suspects and offenders, including eliminated ones", "people"]
-- contradicting_suspect_count = ["bigint", "Named ones; with code 18, only those not eliminated", "people"]
-- relationships = "core.crimes"
-- is_suspect_known = ["boolean", "A relationship on the list of OUT-04: the victim knows the suspect"]
-- is_suspect_age_right = ["boolean", "A suspect has the age that the code needs"]
-- youngest_age_at_offence = ["integer", "Youngest suspect at the offence", "years"]
-- oldest_age_at_disposal = ["integer", "Oldest suspect at the time of the outcome", "years"]
-- engagement_count = ["bigint", "Decisions or views recorded from a victim"]
-- auditable_decision_count = ["bigint", "Of these, entries with date, channel, officer and reason"]
-- victim_support = ["varchar", "Whether each victim supports action"]
-- is_victim_support_consistent = ["boolean", "The victim's view agrees with code 15 or 16"]
-- has_suspect_died_since = ["boolean", "A suspect died on or after the day of the offence"]
-- suspect_death_date = ["date", "Latest death of a suspect"]
-- ///

-- Checks of an outcome on the people of the crime (recording-standards 3.1, 6.4: OUT-02 to 05, 09 to 11).
with suspects as (
    select
        p.crime_ref,
        count(*) as suspect_count,
        count(*) filter (where p.is_named) as named_count,
        count(*) filter (where p.is_named and p.eliminated_at is null) as remaining_count,
        count(*) filter (where p.is_named is null) as unknown_named_count,
        bool_or(p.age_at_offence < 10) as has_under_ten,
        bool_or(p.age_at_offence between 10 and 17) as has_youth,
        bool_or(p.age_at_disposal >= 18) as has_adult,
        count(*) filter (where p.age_at_offence is null) as unknown_offence_age_count,
        count(*) filter (where p.age_at_disposal is null) as unknown_disposal_age_count,
        min(p.age_at_offence) as youngest_age_at_offence,
        max(p.age_at_disposal) as oldest_age_at_disposal,
        bool_or(d.death_date >= london_date(c.offence_from_at)) as has_died_since,
        count(*) filter (where d.person_key is null) as unknown_person_count,
        max(d.death_date) as death_date
    from core.parties as p
    left join core.persons as d on p.record_key = d.person_key
    left join core.crimes as c on p.crime_ref = c.crime_ref
    where p.party_role in ('suspect', 'offender')
    group by p.crime_ref
),

victims as (
    select
        crime_ref,
        bool_or(victim_support = 'yes') as has_support,
        bool_or(victim_support = 'no') as has_refusal,
        bool_or(victim_support in ('no', 'withdrawn')) as has_no_support,
        string_agg(victim_support, ', ' order by victim_support) as victim_support
    from core.parties
    where party_role = 'victim'
    group by crime_ref
),

decisions as (
    -- 6.0.11 (OUT-09): one row with date, channel, officer and reason is enough
    select
        crime_ref,
        count(*) as decision_count,
        count(*) filter (
            where engaged_at is not null and channel is not null and taken_by_ref is not null and reason is not null
        ) as auditable_count
    from core.victim_engagements
    group by crime_ref
)

select
    o.outcome_ref,
    o.crime_ref,
    c.force_code,
    o.recorded_date,
    o.recorded_month,
    o.unit_name,
    o.class_code,
    o.outcome_code,
    t.suspect_standard,
    case
        when s.crime_ref is null and c.crime_ref is not null and c.suspect_count is null then null
        when s.named_count > 0 or coalesce(s.unknown_named_count, 0) = 0 then coalesce(s.named_count, 0)
    end as named_suspect_count,
    -- OUT-03: with code 18, an eliminated named suspect is a lesser matter
    case
        when s.crime_ref is null and c.crime_ref is not null and c.suspect_count is null then null
        when s.named_count = 0 and s.unknown_named_count > 0 then null
        when o.outcome_code = '18' then coalesce(s.remaining_count, 0)
        else coalesce(s.named_count, 0)
    end as contradicting_suspect_count,
    c.relationships,
    -- OUT-04: only the relationships that the rule lists
    regexp_matches(c.relationships, '(^|[|])(ex_partner|spouse|family|neighbour|colleague)([|]|$)')
        as is_suspect_known,
    -- OUT-05: one suspect of the right age is enough; none is a breach only where every age is known
    case o.outcome_code
        when '11' then case when s.has_under_ten or s.unknown_offence_age_count = 0 then s.has_under_ten end
        when '2' then case when s.has_youth or s.unknown_offence_age_count = 0 then s.has_youth end
        when '2A' then case when s.has_youth or s.unknown_offence_age_count = 0 then s.has_youth end
        when '3' then case when s.has_adult or s.unknown_disposal_age_count = 0 then s.has_adult end
        when '3A' then case when s.has_adult or s.unknown_disposal_age_count = 0 then s.has_adult end
    end as is_suspect_age_right,
    s.youngest_age_at_offence,
    s.oldest_age_at_disposal,
    coalesce(d.decision_count, 0) as engagement_count,
    coalesce(d.auditable_count, 0) as auditable_decision_count,
    v.victim_support,
    -- OUT-10: 15 needs no, 16 needs yes; support withdrawn contradicts neither, because the victim once supported
    -- action
    case
        when o.outcome_code = '15' then not v.has_refusal or v.has_support
        when o.outcome_code = '16' then not v.has_support or v.has_no_support
    end as is_victim_support_consistent,
    -- OUT-11, code 5: a suspect died, and not before the offence
    case when s.has_died_since or s.unknown_person_count = 0 then coalesce(s.has_died_since, false) end
        as has_suspect_died_since,
    s.death_date as suspect_death_date
from core.outcomes as o
left join core.crimes as c on o.crime_ref = c.crime_ref
left join reference.outcome_validity as t on o.outcome_code = t.outcome_code
left join suspects as s on o.crime_ref = s.crime_ref
left join victims as v on o.crime_ref = v.crime_ref
left join decisions as d on o.crime_ref = d.crime_ref
where o.is_current
