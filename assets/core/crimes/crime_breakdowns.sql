-- /// card
-- description = "One row is a crime with what measures are broken down by. Nothing is null: what is not known says so."
-- grain = ["crime_ref"]
-- by_force = true
-- audience = []
-- caveats = [
--     "District is the local authority where the crime was committed; the unit is that of the officer in the case.",
--     "The victim is the principal one: the first entered.",
--     """The suspect is one suspect or offender: the first entered of those named, else of those not named. One who was \
--     eliminated does not count. Suspects are not offenders: most are not convicted.""",
--     """no suspect: nobody is entered as suspect or offender, or all were eliminated. not known: the suspect is \
--     entered and this is not, or the list of equality groups reads it as not recorded.""",
--     "Class, unit and risk are those of now, not those of the day of recording.",
--     """Weekday and hour are of the offence in London time. The weekday is known where it started and ended on one London \
--     day; the hour, that of its start, where these are at most times.longest_span_hours apart (settings).""",
--     """A course of conduct (8L, 8M, 8Q, 8U) has those of its last incident, at the end of the offence. What happened before \
--     has times of its own, which the extract does not give.""",
--     """An offence without an end is a moment; a course of conduct without one is not, and has neither. Nor has any \
--     offence of a force that enters no end, or one that ends before it starts.""",
--     "A time of exactly 00:00:00 is no known hour: it may be a day without a time (as in rule TIM-04).",
-- ]
-- [columns]
-- crime_ref = "core.crimes"
-- district = ["varchar", "Local authority or partnership of the offence, by its small area"]
-- ward = ["varchar", """District: Ward, the ward or beat of the offence by its small area, in exactly one district. \
--     District: not known where the ward is not known; not known where the district is not"""]
-- unit = ["varchar", "Unit of the officer in the case"]
-- class = ["varchar", "Counting-rules class"]
-- relationship = ["varchar", "Relationship of victim and suspect, grouped; the closest where there are several"]
-- domestic_abuse = ["varchar", "flagged or not flagged as domestic abuse"]
-- online = ["varchar", "flagged or not flagged as online"]
-- risk = ["varchar", "Grade of the latest complete risk assessment"]
-- victim_sex = ["varchar", "Sex of the victim"]
-- victim_age = ["varchar", "Age band of the victim at the offence"]
-- victim_ethnicity = ["varchar", "Self-defined ethnicity of the victim, as the code of the force"]
-- suspect_sex = ["varchar", "Sex of the suspect; no suspect where there is none"]
-- suspect_age = ["varchar", "Age band of the suspect at the offence; no suspect where there is none"]
-- suspect_ethnicity = ["varchar", """Self-defined ethnicity of the suspect, as the code of the force: the extract has no \
--     other; no suspect where there is none"""]
-- weekday = ["varchar", "Monday to Sunday, of the offence, or of the last incident of a course of conduct, in London"]
-- hour = ["varchar", "Three hours of the day in London, of the same: 00:00 to 02:59, to 21:00 to 23:59"]
-- ///

with relations as (
    select p.crime_ref, arg_min(g.relationship_group, g.place) as relationship_group
    from core.parties as p
    inner join reference.relationship_groups as g on p.relationship = g.relationship
    where p.party_role in ('victim', 'suspect', 'offender')
    group by p.crime_ref
),

flags as (
    select crime_ref, bool_or(flag = 'da') as is_domestic, bool_or(flag = 'online') as is_online
    from core.crime_flags
    group by crime_ref
),

-- of one force: what it does not enter is not known, whatever another force enters
supplied as (
    select
        (select count(*) from core.crime_flags) > 0 as has_flags,
        (select count(*) from core.risk_assessments) > 0 as has_risk,
        (select count(*) from core.parties where party_role in ('suspect', 'offender')) > 0 as has_suspects,
        (select count(offence_to_at) from core.crimes) > 0 as has_ends
),

-- where no end is ever entered, a start is no moment: the offence may have lasted for weeks
spans as (
    select
        c.crime_ref,
        c.offence_from_at as began_at,
        coalesce(c.offence_to_at, c.offence_from_at) as ended_at,
        g.code is not null as is_conduct
    from core.crimes as c
    cross join supplied as s
    left join reference.class_groups as g on g.class_group = 'course of conduct' and c.class_code = g.code
    where s.has_ends and coalesce(c.offence_to_at, c.offence_from_at) >= c.offence_from_at
        and (c.offence_to_at is not null or not coalesce(c.is_course_of_conduct, false))
),

moments as (
    select
        p.crime_ref,
        case
            when london_date(p.began_at) = london_date(p.ended_at)
                or p.is_conduct
                then p.ended_at
        end as day_at,
        case
            when p.is_conduct then p.ended_at
            -- in elapsed time, so that a clock change adds or loses no hour
            when epoch(p.ended_at) - epoch(p.began_at) <= k.times_longest_span_hours * 3600 then p.began_at
        end as hour_at
    from spans as p
    cross join core.settings as k
),

clocks as (
    select
        crime_ref,
        day_at at time zone 'Europe/London' as day_local,
        hour_at at time zone 'Europe/London' as hour_local,
        strftime(hour_at at time zone 'Europe/London', '%H') as clock_hour
    from moments
),

times as (
    select
        crime_ref,
        case when day_local is not null then strftime(day_local, '%A') end as weekday,
        case
            -- a day without a time is written as its midnight
            when hour_local is null or hour_local = date_trunc('day', hour_local) then null
            when clock_hour < '03' then '00:00 to 02:59'
            when clock_hour < '06' then '03:00 to 05:59'
            when clock_hour < '09' then '06:00 to 08:59'
            when clock_hour < '12' then '09:00 to 11:59'
            when clock_hour < '15' then '12:00 to 14:59'
            when clock_hour < '18' then '15:00 to 17:59'
            when clock_hour < '21' then '18:00 to 20:59'
            else '21:00 to 23:59'
        end as hour
    from clocks
),

sides as (
    select crime_ref, record_key, 'victim' as side, min(age_at_offence) as age_at_offence
    from core.parties
    where party_role = 'victim'
    group by crime_ref, record_key
    union all
    select crime_ref, record_key, 'suspect', min(age_at_offence)
    from core.parties
    where party_role in ('suspect', 'offender')
    group by crime_ref, record_key
    -- a suspect is eliminated only when every row of the person is
    having count(*) > count(eliminated_at)
    qualify row_number() over (
        partition by crime_ref
        order by bool_or(coalesce(is_named, false)) desc, min(first_added_at), record_key
    ) = 1
),

people as (
    select
        crime_ref,
        record_key,
        side,
        case
            when age_at_offence < 16 then 'under 16'
            when age_at_offence < 18 then '16 to 17'
            when age_at_offence < 25 then '18 to 24'
            when age_at_offence < 35 then '25 to 34'
            when age_at_offence < 45 then '35 to 44'
            when age_at_offence < 55 then '45 to 54'
            when age_at_offence < 65 then '55 to 64'
            when age_at_offence >= 65 then '65 and over'
        end as age_band
    from sides
),

-- codes that say that nothing is recorded
blanks as (
    select breakdown, value
    from reference.equality_groups
    where group_name = 'Not recorded'
),

suspects as (
    select
        q.crime_ref,
        q.age_band,
        case when bs.value is null then p.sex end as sex,
        case when be.value is null then p.ethnicity_self_defined end as ethnicity
    from people as q
    left join core.persons as p on q.record_key = p.person_key
    left join blanks as bs on bs.breakdown = 'sex' and lower(trim(p.sex)) = bs.value
    left join blanks as be on be.breakdown = 'ethnicity' and lower(trim(p.ethnicity_self_defined)) = be.value
    where q.side = 'suspect'
)

select
    c.crime_ref,
    coalesce(a.area_name, a.area_code, 'not known') as district,
    coalesce(coalesce(a.area_name, a.area_code) || ': ' || coalesce(w.ward, 'not known'), 'not known') as ward,
    coalesce(c.unit_name, 'not known') as unit,
    coalesce(c.class_code, 'not known') as class,
    coalesce(r.relationship_group, 'not recorded') as relationship,
    case
        when not s.has_flags then 'not known'
        when coalesce(f.is_domestic, false) then 'flagged'
        else 'not flagged'
    end as domestic_abuse,
    case
        when not s.has_flags then 'not known'
        when coalesce(f.is_online, false) then 'flagged'
        else 'not flagged'
    end as online,
    case when s.has_risk then coalesce(c.risk_grade, 'not graded') else 'not known' end as risk,
    coalesce(p.sex, 'not known') as victim_sex,
    coalesce(v.age_band, 'not known') as victim_age,
    coalesce(p.ethnicity_self_defined, 'not known') as victim_ethnicity,
    case when s.has_suspects and q.crime_ref is null then 'no suspect' else coalesce(q.sex, 'not known') end
        as suspect_sex,
    case when s.has_suspects and q.crime_ref is null then 'no suspect' else coalesce(q.age_band, 'not known') end
        as suspect_age,
    case when s.has_suspects and q.crime_ref is null then 'no suspect' else coalesce(q.ethnicity, 'not known') end
        as suspect_ethnicity,
    coalesce(t.weekday, 'not known') as weekday,
    coalesce(t.hour, 'not known') as hour
from core.crimes as c
cross join supplied as s
left join core.support_areas as a on c.lsoa_code = a.lsoa_code
left join core.ward_areas as w on c.lsoa_code = w.lsoa_code
left join relations as r on c.crime_ref = r.crime_ref
left join flags as f on c.crime_ref = f.crime_ref
left join core.persons as p on c.victim_key = p.person_key
left join people as v on v.side = 'victim' and c.crime_ref = v.crime_ref and c.victim_key = v.record_key
left join suspects as q on c.crime_ref = q.crime_ref
left join times as t on c.crime_ref = t.crime_ref
