-- Victims of stalking and harassment known to police in a year, with the support they were offered in it. What is known
-- of a victim is taken from the crimes of the year, else from the referrals; a value that the list of groups does not
-- know is never shown by its own words, which may be about one person.
with known as (
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
        s.ethnicity_self_defined,
        c.outcome_code
    from core.crimes as c
    inner join core.support_periods as p
        on c.recorded_date >= p.period_start and c.recorded_date < p.period_end and p.is_held
    inner join core.parties as v on c.crime_ref = v.crime_ref and v.party_role = 'victim'
    left join core.people as k on v.person_key = k.person_key
    left join core.persons as s on v.person_key = s.person_key
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
        max(lower(trim(sex))) as sex,
        max(lower(trim(ethnicity_self_defined))) as ethnicity,
        count(*) filter (where outcome_code in ('1', '1A')) as charged_count,
        count(*) filter (where outcome_code in ('14', '16')) as withdrawn_count
    from known
    group by period_code, person_ref
),

offers as (
    select
        v.period_code,
        v.person_ref,
        count(*) as offer_count,
        count(*) filter (where o.is_accepted) as accepted_count,
        count(*) filter (where o.is_engaged) as engaged_count,
        count(*) filter (where o.is_completed) as completed_count,
        max(lower(trim(o.sex))) as sex,
        max(lower(trim(o.ethnicity))) as ethnicity,
        max(lower(trim(o.disability))) as disability,
        max(lower(trim(o.sexual_orientation))) as sexual_orientation,
        max(lower(trim(o.religion))) as religion
    from victims as v
    inner join core.support_offers as o
        on v.person_ref = o.person_ref and o.offered_date >= v.period_start and o.offered_date < v.period_end
    group by v.period_code, v.person_ref
)

select
    v.period_code,
    v.person_ref,
    case when gs.group_name is null and coalesce(v.sex, o.sex) is not null then 'Other value' else gs.group_name end
        as sex,
    case
        when l.age_at_offence < 16 then 'under 16'
        when l.age_at_offence < 25 then '16 to 24'
        when l.age_at_offence < 35 then '25 to 34'
        when l.age_at_offence < 45 then '35 to 44'
        when l.age_at_offence < 55 then '45 to 54'
        when l.age_at_offence < 65 then '55 to 64'
        when l.age_at_offence >= 65 then '65 and over'
    end as age_band,
    case
        when ge.group_name is null and coalesce(v.ethnicity, o.ethnicity) is not null then 'Other value'
        else ge.group_name
    end as ethnicity,
    case when gd.group_name is null and o.disability is not null then 'Other value' else gd.group_name end as disability,
    case when go.group_name is null and o.sexual_orientation is not null then 'Other value' else go.group_name end
        as sexual_orientation,
    case when gr.group_name is null and o.religion is not null then 'Other value' else gr.group_name end as religion,
    a.area_code,
    a.area_name,
    o.person_ref is not null as is_offered,
    coalesce(o.accepted_count > 0, false) as is_accepted,
    coalesce(o.engaged_count > 0, false) as is_engaged,
    coalesce(o.completed_count > 0, false) as is_completed,
    v.charged_count > 0 as is_charged,
    v.withdrawn_count > 0 as is_withdrawn
from victims as v
inner join latest as l on v.period_code = l.period_code and v.person_ref = l.person_ref and l.place = 1
left join offers as o on v.period_code = o.period_code and v.person_ref = o.person_ref
left join core.support_areas as a on l.lsoa_code = a.lsoa_code
left join reference.equality_groups as gs on gs.breakdown = 'sex' and gs.value = coalesce(v.sex, o.sex)
left join reference.equality_groups as ge
    on ge.breakdown = 'ethnicity' and ge.value = coalesce(v.ethnicity, o.ethnicity)
left join reference.equality_groups as gd on gd.breakdown = 'disability' and gd.value = o.disability
left join reference.equality_groups as go
    on go.breakdown = 'sexual_orientation' and go.value = o.sexual_orientation
left join reference.equality_groups as gr on gr.breakdown = 'religion' and gr.value = o.religion
