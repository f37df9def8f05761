-- /// card
-- description = "One row is a crime of a theme of the assessment."
-- grain = ["theme_code", "crime_ref"]
-- audience = []
-- caveats = ["A crime of the cross-cutting theme is in its own theme as well."]
-- [columns]
-- "theme_code, crime_ref" = "columns"
-- recorded_date = ["date", "Day of its recording, London"]
-- month = ["date", "Month of it"]
-- force_code = "columns"
-- class_code = ["varchar", "Class as of the as-of moment"]
-- ///

-- Which crimes a theme of the assessment counts (strategic-assessment 2.5). A crime is in one theme of the bands scored
-- and comparator; the cross-cutting theme counts crimes of others once more. Class, removal and flags are those of the
-- as-of moment.
with moments as (
    select as_of_at
    from core.extract_moments
    where as_of_at is not null
),

-- as they were by then: a flag without a time counts
flagged as (
    select distinct f.crime_ref
    from core.crime_flags as f
    cross join moments as m
    where f.flag = 'online' and coalesce(f.set_at <= m.as_of_at, true)
),

removed as (
    select r.crime_ref, coalesce(bool_or(r.removed_at <= m.as_of_at), false) as is_removed
    from core.removals as r
    cross join moments as m
    group by r.crime_ref
),

standing as (
    select
        c.crime_ref,
        c.recorded_date,
        c.recorded_month as month,
        c.force_code,
        c.ho_code,
        coalesce(o.offence_class, c.class_code) as class_code,
        coalesce(c.is_former_partner, false) or coalesce(c.is_current_partner, false) as is_partner,
        coalesce(c.relationships <> 'unknown', false) as is_relationship_known,
        f.crime_ref is not null as is_online
    from core.crimes as c
    cross join moments as m
    left join core.outcome_times as o on c.crime_ref = o.crime_ref and o.is_principal
    left join flagged as f on c.crime_ref = f.crime_ref
    left join removed as r on c.crime_ref = r.crime_ref
    where c.recorded_at <= m.as_of_at
        -- a record system may say so by the status alone
        and not coalesce(r.is_removed, c.status in ('cancelled', 'transferred'), false)
),

-- where hardly a relationship is recorded stalking is not told apart by it: what is not known would all be "by others"
told as (
    select
        coalesce(
            count(*) filter (is_relationship_known) >= max(s.fewest_known) * count(*), true
        ) as is_relationship_told
    from standing
    cross join (
        select max(value) as fewest_known from reference.settings where key = 'scoring.fewest_relationships'
    ) as s
    where class_code = '8Q'
),

breaches as (
    select distinct ho_code
    from reference.ho_codes
    where is_order_breach
),

placed as (
    select
        s.crime_ref,
        s.recorded_date,
        s.month,
        s.force_code,
        s.class_code,
        case
            when b.ho_code is not null then 'T5'
            when s.class_code = '8Q' and not w.is_relationship_told then 'T0'
            when s.class_code = '8Q' and s.is_partner then 'T1'
            when s.class_code = '8Q' then 'T2'
            when s.class_code = '8R' or (s.class_code = '8L' and s.is_online) then 'T3'
            when s.class_code = '8L' then 'T4'
            when s.class_code = '8M' then 'T7'
            when s.class_code = '8U' then 'T8'
            else t.theme_code
        end as theme_code
    from standing as s
    cross join told as w
    left join breaches as b on s.ho_code = b.ho_code
    left join reference.theme_classes as t on s.class_code = t.class_code
),

-- suspects of two or more events, or victims, in the year before the as-of moment
repeat_people as (
    select p.person_key
    from core.suspect_windows as w
    inner join core.people as p on w.suspect_ref = p.person_ref
    where w.is_current and w.window_days = 365 and (w.is_repeat or w.is_serial)
),

repeat_crimes as (
    select distinct p.crime_ref
    from core.parties as p
    inner join repeat_people as r on p.person_key = r.person_key
    where p.party_role in ('suspect', 'offender')
)

select p.theme_code, p.crime_ref, p.recorded_date, p.month, p.force_code, p.class_code
from placed as p
inner join reference.themes as t on p.theme_code = t.theme_code
union all
select 'T6', p.crime_ref, p.recorded_date, p.month, p.force_code, p.class_code
from placed as p
inner join reference.themes as t on p.theme_code = t.theme_code and t.band = 'scored'
inner join repeat_crimes as r on p.crime_ref = r.crime_ref
inner join core.extract_moments as m
    on cast(p.recorded_date as timestamp) > (m.as_of_at at time zone 'Europe/London') - interval 12 month
