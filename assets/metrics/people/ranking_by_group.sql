-- /// card
-- description = """One row is a group of people and a way of ranking: how often people with later high-harm events \
--     were listed, and people without."""
-- grain = ["method", "group_type", "group_name"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "A person counts once at each origin: counts are not of different people.",
--     "Small groups vary a lot by chance: read shares with their counts.",
--     """Recorded suspicion differs between groups for reasons other than conduct: a list built on it can repeat that \
--     difference.""",
-- ]
-- [columns]
-- method = ["varchar", "Way of ranking"]
-- group_type = ["varchar", "sex, ethnicity (first letter of the self-defined code) or age"]
-- group_name = ["varchar", "Group"]
-- ranked_count = ["bigint", "Places ranked", "places", "Ranked"]
-- listed_count = ["bigint", "Of these, listed", "places", "Listed"]
-- high_harm_count = ["bigint", "Places followed by a high-harm event within the year", "places"]
-- captured_count = ["bigint", "Of these, listed", "places", "By people listed"]
-- listed_without_count = ["bigint", "Listed without such an event", "places"]
-- captured_share = ["double", "Listed, as a share of those with such an event", "0 to 1", "Share"]
-- false_positive_share = ["double", "Listed, as a share of those without such an event", "0 to 1"]
-- ///

-- Whether a list treats groups alike: by sex, self-defined ethnicity and age. Counts of all origins together.
with people as (
    select
        k.person_ref,
        min(p.sex) as sex,
        min(left(p.ethnicity_self_defined, 1)) as ethnicity,
        min(p.birth_month) as birth_month
    from core.people as k
    inner join core.persons as p on k.person_key = p.person_key
    group by k.person_ref
),

judged as (
    select
        r.method,
        r.suspect_ref,
        r.is_listed,
        h.suspect_ref is not null as has_high_harm,
        coalesce(p.sex, 'not stated') as sex,
        coalesce(p.ethnicity, 'not stated') as ethnicity,
        case
            when p.birth_month is null then 'not stated'
            when epoch(r.as_of_at) - epoch(cast(p.birth_month || '-15' as date)) < 25 * 31557600 then 'under 25'
            when epoch(r.as_of_at) - epoch(cast(p.birth_month || '-15' as date)) < 40 * 31557600 then '25 to 39'
            else '40 and over'
        end as age_band
    from core.ranked_suspects as r
    left join (select distinct as_of_at, suspect_ref from core.later_events where is_high_harm) as h
        on r.as_of_at = h.as_of_at and r.suspect_ref = h.suspect_ref
    left join people as p on r.suspect_ref = p.person_ref
    where not r.is_current
),

grouped as (
    select method, 'sex' as group_type, sex as group_name, is_listed, has_high_harm from judged
    union all
    select method, 'ethnicity', ethnicity, is_listed, has_high_harm from judged
    union all
    select method, 'age', age_band, is_listed, has_high_harm from judged
)

select
    method,
    group_type,
    group_name,
    count(*) as ranked_count,
    count(*) filter (where is_listed) as listed_count,
    count(*) filter (where has_high_harm) as high_harm_count,
    count(*) filter (where has_high_harm and is_listed) as captured_count,
    count(*) filter (where not has_high_harm and is_listed) as listed_without_count,
    count(*) filter (where has_high_harm and is_listed) / nullif(count(*) filter (where has_high_harm), 0)
        as captured_share,
    count(*) filter (where not has_high_harm and is_listed) / nullif(count(*) filter (where not has_high_harm), 0)
        as false_positive_share
from grouped
group by method, group_type, group_name
