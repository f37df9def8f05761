-- /// card
-- description = "One row is a crime of a theme of the assessment."
-- grain = ["theme_code", "crime_ref"]
-- by_force = true
-- audience = []
-- caveats = ["A crime of the cross-cutting theme is in its own theme as well."]
-- [columns]
-- "theme_code, crime_ref" = "columns"
-- recorded_date = ["date", "Day of recording, London"]
-- month = ["date", "Month of recording"]
-- force_code = "columns"
-- class_code = ["varchar", "Class at the as-of moment"]
-- ///

-- Strategic-assessment 2.5. A crime is in one theme of the bands scored and comparator; the cross-cutting theme counts
-- crimes of other themes again. Class, removal and flags are those at the as-of moment.
with moments as (
    select as_of_at
    from core.extract_moments
    where as_of_at is not null
),

-- flags at that moment: a flag without a time counts
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
        -- a record system may show this only by the status
        and not coalesce(r.is_removed, c.status in ('cancelled', 'transferred'), false)
),

-- with few recorded relationships, stalking cannot be split by them: every unknown one would be "by others"
known as (
    select
        coalesce(
            count(*) filter (is_relationship_known) >= max(s.fewest_known) * count(*), true
        ) as is_relationship_known_enough
    from standing
    cross join (
        select scoring_fewest_relationships as fewest_known from core.settings
    ) as s
    where class_code = '8Q'
),

breaches as (
    select distinct ho_code
    from reference.ho_codes
    where breached_order is not null
),

facts as (
    select s.*, b.ho_code is not null as is_order_breach, w.is_relationship_known_enough
    from standing as s
    cross join known as w
    left join breaches as b on s.ho_code = b.ho_code
),

-- the rules are rows of reference.theme_classes; only a few apply to any class
met as (
    select f.crime_ref, r.theme_code, r.rule_order
    from facts as f
    inner join reference.theme_classes as r on f.class_code = r.class_code
    where coalesce(f.is_order_breach = r.is_order_breach, true)
        and coalesce(f.is_partner = r.is_partner, true)
        and coalesce(f.is_online = r.is_online, true)
        and coalesce(f.is_relationship_known_enough = r.is_relationship_known_enough, true)
    union all
    select f.crime_ref, r.theme_code, r.rule_order
    from facts as f
    inner join reference.theme_classes as r on r.class_code is null
    where coalesce(f.is_order_breach = r.is_order_breach, true)
        and coalesce(f.is_partner = r.is_partner, true)
        and coalesce(f.is_online = r.is_online, true)
        and coalesce(f.is_relationship_known_enough = r.is_relationship_known_enough, true)
),

placed as (
    select
        f.crime_ref,
        f.recorded_date,
        f.month,
        f.force_code,
        f.class_code,
        m.theme_code
    from facts as f
    inner join (
        select crime_ref, arg_min(theme_code, rule_order) as theme_code
        from met
        group by crime_ref
    ) as m on f.crime_ref = m.crime_ref
),

-- suspects with two or more events, or victims, in the year before the as-of moment
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
select x.theme_code, p.crime_ref, p.recorded_date, p.month, p.force_code, p.class_code
from placed as p
inner join reference.themes as t on p.theme_code = t.theme_code and t.band = 'scored'
cross join (select theme_code from reference.themes where band = 'cross-cutting') as x
inner join repeat_crimes as r on p.crime_ref = r.crime_ref
inner join core.extract_moments as m
    on cast(p.recorded_date as timestamp) > (m.as_of_at at time zone 'Europe/London') - interval 12 month
