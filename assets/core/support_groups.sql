-- Disability, sexual orientation and religion are held by services alone: of those who were not offered support they are
-- not known, so that these groups are of the offered.
with grouped as (
    select
        period_code,
        person_ref,
        'all' as breakdown,
        'all' as group_code,
        'All' as group_name
    from core.support_victims
    union all
    select
        period_code,
        person_ref,
        'sex' as breakdown,
        coalesce(sex, 'not recorded') as group_code,
        coalesce(sex, 'Not recorded') as group_name
    from core.support_victims
    union all
    select
        period_code,
        person_ref,
        'ethnicity' as breakdown,
        coalesce(ethnicity, 'not recorded') as group_code,
        coalesce(ethnicity, 'Not recorded') as group_name
    from core.support_victims
    union all
    select
        period_code,
        person_ref,
        'disability' as breakdown,
        coalesce(disability, 'not recorded') as group_code,
        coalesce(disability, 'Not recorded') as group_name
    from core.support_victims
    where is_offered
    union all
    select
        period_code,
        person_ref,
        'sexual_orientation' as breakdown,
        coalesce(sexual_orientation, 'not recorded') as group_code,
        coalesce(sexual_orientation, 'Not recorded') as group_name
    from core.support_victims
    where is_offered
    union all
    select
        period_code,
        person_ref,
        'religion' as breakdown,
        coalesce(religion, 'not recorded') as group_code,
        coalesce(religion, 'Not recorded') as group_name
    from core.support_victims
    where is_offered
    union all
    select
        period_code,
        person_ref,
        'age' as breakdown,
        coalesce(age_band, 'not recorded') as group_code,
        coalesce(age_band, 'Not recorded') as group_name
    from core.support_victims
    union all
    select
        period_code,
        person_ref,
        'area' as breakdown,
        coalesce(area_code, 'not recorded') as group_code,
        coalesce(area_name, 'Not recorded') as group_name
    from core.support_victims
    union all
    select
        period_code,
        person_ref,
        'support' as breakdown,
        case when is_accepted then 'accepted' else 'not accepted' end as group_code,
        case when is_accepted then 'Supported by a service' else 'Not supported by a service' end as group_name
    from core.support_victims
),

placed as (
    select breakdown, group_name, min(place) as place
    from reference.equality_groups
    group by breakdown, group_name
)

select
    g.period_code,
    g.person_ref,
    g.breakdown,
    g.group_code,
    g.group_name,
    -- in the order of the list, ages and areas by their code, what is not recorded last
    cast(coalesce(p.place, case when g.group_code in ('not recorded', 'Other value') then 99 else 0 end) as integer)
        as place
from grouped as g
left join placed as p on g.breakdown = p.breakdown and g.group_name = p.group_name
