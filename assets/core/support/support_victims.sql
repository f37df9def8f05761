-- /// card
-- description = """One row is a person who was a victim of recorded stalking or harassment in a year, with the \
--     support offered in it."""
-- grain = ["period_code", "person_ref"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Known to police: most victims are not.",
--     """Sex, age, ethnicity and area are those held by police alone. A service's record exists only of victims who \
--     were offered support, so that a group filled from it would seem to be offered support more often.""",
--     "Only services hold disability, sexual orientation and religion: of victims who were offered support.",
--     "Support offered in the year; some victims of the last months will be offered, accepted or completed later.",
--     "Crimes that were removed from the record are left out.",
-- ]
-- [columns]
-- period_code = "core.support_periods"
-- person_ref = "columns"
-- sex = ["varchar", "female or male"]
-- age_band = ["varchar", "Age at the latest crime of the year"]
-- ethnicity = ["varchar", "One of five groups"]
-- disability = ["varchar", "As recorded by a service"]
-- sexual_orientation = ["varchar", "As recorded by a service"]
-- religion = ["varchar", "As recorded by a service"]
-- area_code = ["varchar", "Local authority or partnership of the latest crime"]
-- area_name = "columns"
-- is_stalking = ["boolean", "One of the crimes was recorded as stalking (class 8Q)"]
-- is_offered = ["boolean", "Offered support"]
-- is_consented = ["boolean", "Agreed to support, as recorded of one of the offers"]
-- is_accepted = ["boolean", "Accepted by a service"]
-- is_engaged = ["boolean", "Two contacts or more"]
-- is_completed = ["boolean", "Support completed by the as-of moment"]
-- ///

-- Each characteristic comes from the latest record that has it. A value not on the
-- list of groups is never shown in its own words, because they may describe one person; "unknown" counts as not
-- recorded.
with grouped_persons as (
    select
        s.person_key,
        case when gs.group_name is null and s.sex is not null then 'Other value' else nullif(gs.group_name, 'Not recorded') end
            as sex,
        case
            when ge.group_name is null and s.ethnicity_self_defined is not null then 'Other value'
            else nullif(ge.group_name, 'Not recorded')
        end as ethnicity
    from core.persons as s
    left join reference.equality_groups as gs on gs.breakdown = 'sex' and gs.value = lower(trim(s.sex))
    left join reference.equality_groups as ge
        on ge.breakdown = 'ethnicity' and ge.value = lower(trim(s.ethnicity_self_defined))
),

known as (
    select
        p.period_code,
        p.period_start,
        p.period_end,
        coalesce(k.person_ref, v.person_key) as person_ref,
        c.crime_ref,
        c.recorded_at,
        c.lsoa_code,
        v.age_at_offence,
        s.sex,
        s.ethnicity,
        c.class_code
    from core.crimes as c
    inner join core.support_periods as p
        on c.recorded_date >= p.period_start and c.recorded_date < p.period_end and p.is_held
    inner join core.parties as v on c.crime_ref = v.crime_ref and v.party_role = 'victim'
    left join core.people as k on v.person_key = k.person_key
    left join grouped_persons as s on v.person_key = s.person_key
    where c.is_stalking_or_harassment and c.removal_code is null and v.person_key is not null
),

latest as (
    select
        period_code,
        person_ref,
        lsoa_code,
        age_at_offence,
        row_number() over (partition by period_code, person_ref order by recorded_at desc, crime_ref desc) as place
    from known
),

victims as (
    select
        period_code,
        person_ref,
        max(period_start) as period_start,
        max(period_end) as period_end,
        -- the latest that is known; of one moment or day the last in the alphabet, whatever the order of rows
        arg_max(sex, {'at': recorded_at, 'value': sex}) filter (where sex is not null) as sex,
        arg_max(ethnicity, {'at': recorded_at, 'value': ethnicity}) filter (where ethnicity is not null) as ethnicity,
        count(*) filter (where class_code = '8Q') as stalking_count
    from known
    group by period_code, person_ref
),

grouped_offers as (
    select
        o.person_ref,
        o.offered_date,
        o.is_consented,
        o.is_accepted,
        o.is_engaged,
        o.is_completed,
        case
            when gd.group_name is null and o.disability is not null then 'Other value'
            else nullif(gd.group_name, 'Not recorded')
        end as disability,
        case
            when go.group_name is null and o.sexual_orientation is not null then 'Other value'
            else nullif(go.group_name, 'Not recorded')
        end as sexual_orientation,
        case
            when gr.group_name is null and o.religion is not null then 'Other value'
            else nullif(gr.group_name, 'Not recorded')
        end as religion
    from core.support_offers as o
    left join reference.equality_groups as gd on gd.breakdown = 'disability' and gd.value = lower(trim(o.disability))
    left join reference.equality_groups as go
        on go.breakdown = 'sexual_orientation' and go.value = lower(trim(o.sexual_orientation))
    left join reference.equality_groups as gr on gr.breakdown = 'religion' and gr.value = lower(trim(o.religion))
),

offers as (
    select
        v.period_code,
        v.person_ref,
        count(*) as offer_count,
        count(*) filter (where o.is_consented) as consented_count,
        count(*) filter (where o.is_accepted) as accepted_count,
        count(*) filter (where o.is_engaged) as engaged_count,
        count(*) filter (where o.is_completed) as completed_count,
        arg_max(o.disability, {'day': o.offered_date, 'value': o.disability})
            filter (where o.disability is not null) as disability,
        arg_max(o.sexual_orientation, {'day': o.offered_date, 'value': o.sexual_orientation})
            filter (where o.sexual_orientation is not null) as sexual_orientation,
        arg_max(o.religion, {'day': o.offered_date, 'value': o.religion}) filter (where o.religion is not null) as religion
    from victims as v
    inner join grouped_offers as o
        on v.person_ref = o.person_ref and o.offered_date >= v.period_start and o.offered_date < v.period_end
    group by v.period_code, v.person_ref
),

own_areas as (
    select distinct area_code
    from core.residents
    where source = 'population'
),

placed as (
    -- places without residents in the commissioner's list are one group, elsewhere, however many there are
    select
        a.lsoa_code,
        case when w.area_code is null and n.area_count > 0 then 'elsewhere' else a.area_code end as area_code,
        case when w.area_code is null and n.area_count > 0 then 'Elsewhere' else a.area_name end as area_name
    from core.support_areas as a
    cross join (select count(*) as area_count from own_areas) as n
    left join own_areas as w on a.area_code = w.area_code
)

select
    v.period_code,
    v.person_ref,
    v.sex,
    case
        when l.age_at_offence < 16 then 'under 16'
        when l.age_at_offence < 25 then '16 to 24'
        when l.age_at_offence < 35 then '25 to 34'
        when l.age_at_offence < 45 then '35 to 44'
        when l.age_at_offence < 55 then '45 to 54'
        when l.age_at_offence < 65 then '55 to 64'
        when l.age_at_offence >= 65 then '65 and over'
    end as age_band,
    v.ethnicity,
    o.disability,
    o.sexual_orientation,
    o.religion,
    a.area_code,
    a.area_name,
    v.stalking_count > 0 as is_stalking,
    o.person_ref is not null as is_offered,
    coalesce(o.consented_count > 0, false) as is_consented,
    coalesce(o.accepted_count > 0, false) as is_accepted,
    coalesce(o.engaged_count > 0, false) as is_engaged,
    coalesce(o.completed_count > 0, false) as is_completed
from victims as v
inner join latest as l on v.period_code = l.period_code and v.person_ref = l.person_ref and l.place = 1
left join offers as o on v.period_code = o.period_code and v.person_ref = o.person_ref
left join placed as a on l.lsoa_code = a.lsoa_code
