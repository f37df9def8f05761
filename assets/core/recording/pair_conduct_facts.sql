-- /// card
-- description = "One row is a crime and the other occasions between the same victim and suspect."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     "A crime and its own incident are one occasion.",
--     "A signal refers a crime to the registrar and decides nothing.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, relationships" = "core.crimes"
-- occasion_count = "core.crimes"
-- earlier_in_window_count = ["bigint", """Earlier occasions of the pair in the window; null where there is no \
--     pair""", "occasions"]
-- earlier_crime_count = ["bigint", "Earlier occasions of the pair with a crime, at any time", "occasions"]
-- other_single_acts_count = ["bigint", """Other single acts and incidents of the pair within the window before or \
--     after""", "occasions"]
-- link_count = ["bigint", "Records linked to the crime", "records"]
-- is_instead_of_stalking = ["boolean", "CLS-02: of a class that may hide a course of conduct, and not removed"]
-- is_former_partner_conduct_seen = ["boolean", """CLS-02: not by a former partner, or too few earlier occasions, or a \
--     rationale; null where it cannot be assessed"""]
-- is_single_act = ["boolean", "CLS-03: of a single-act class, and not removed"]
-- are_single_acts_seen_together = ["boolean", """CLS-03: no other single act in the window, or the pair has stalking, \
--     harassment or controlling behaviour; null where there is no pair"""]
-- is_course_of_conduct_offence = ["boolean", "CLS-09: 8L or 8Q that requires a course of conduct, and not removed"]
-- has_course_of_conduct = ["boolean", """CLS-09: two occasions, two victims, an earlier crime of the pair or a \
--     linked record; null where occasions are not given"""]
-- ///

-- The crime and the other occasions of the same two people: recording-standards 6.3 (CLS-02, CLS-03, CLS-09).
with limits as (
    select
        classification_window_months as window_months,
        classification_earlier_events as earlier_events,
        classification_conduct_occasions as conduct_occasions
    from core.settings
),

groups as (
    select
        code,
        bool_or(class_group = 'instead of stalking') as is_instead_of_stalking,
        bool_or(class_group = 'single act') as is_single_act,
        bool_or(class_group = 'conduct of a pair') as is_conduct_of_pair,
        bool_or(class_group = 'stalking or harassment') as is_stalking_or_harassment
    from reference.class_groups
    where code_type = 'class'
    group by code
),

-- CLS-03: stalking, harassment or controlling behaviour on any crime of the pair, included classifications too
conduct as (
    select p.pair_ref, bool_or(coalesce(g.is_conduct_of_pair, false)) as has_conduct_class
    from core.pair_crimes as p
    inner join core.crimes as c on p.crime_ref = c.crime_ref
    inner join core.crime_classes as k on p.crime_ref = k.crime_ref
    left join groups as g on k.class_code = g.code
    where not c.is_cancelled and not c.is_transferred
    group by p.pair_ref
),

beside as (
    select
        p.crime_ref,
        p.pair_ref,
        count(o.occasion_ref) filter (where o.occasion_at < p.reported_at) as earlier_count,
        count(o.occasion_ref) filter (
            where o.occasion_at < p.reported_at
                and o.occasion_at >= p.reported_at - interval 1 month * cast(l.window_months as integer)
        ) as earlier_in_window_count,
        count(o.occasion_ref) filter (where o.has_crime and o.occasion_at < p.reported_at) as earlier_crime_count,
        count(o.occasion_ref) filter (
            where o.is_single_act
                and o.occasion_at >= p.reported_at - interval 1 month * cast(l.window_months as integer)
                and o.occasion_at <= p.reported_at + interval 1 month * cast(l.window_months as integer)
        ) as other_single_acts_count
    from core.pair_crimes as p
    cross join limits as l
    left join core.pair_occasions as o
        on p.pair_ref = o.pair_ref and coalesce(p.incident_ref, p.crime_ref) <> o.occasion_ref
    where p.pair_ref is not null and p.reported_at is not null
    group by p.crime_ref, p.pair_ref
),

of_crimes as (
    select
        b.crime_ref,
        max(b.earlier_in_window_count) as earlier_in_window_count,
        max(b.earlier_crime_count) as earlier_crime_count,
        max(b.other_single_acts_count) as other_single_acts_count,
        -- among several pairs, the one without conduct and with most single acts decides
        max(case when not coalesce(k.has_conduct_class, false) then b.other_single_acts_count else 0 end)
            as unseen_single_acts_count
    from beside as b
    left join conduct as k on b.pair_ref = k.pair_ref
    group by b.crime_ref
),

linked as (
    select crime_ref, count(*) as link_count
    from core.crime_links
    group by crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.relationships,
    c.occasion_count,
    p.earlier_in_window_count,
    p.earlier_crime_count,
    p.other_single_acts_count,
    coalesce(k.link_count, 0) as link_count,
    not c.is_cancelled and not c.is_transferred and coalesce(g.is_instead_of_stalking, false) as is_instead_of_stalking,
    case
        when c.has_harassment_only_rationale or not c.is_former_partner
            or p.earlier_in_window_count < l.earlier_events then true
        when c.is_former_partner and p.earlier_in_window_count >= l.earlier_events then false
    end as is_former_partner_conduct_seen,
    not c.is_cancelled and not c.is_transferred and coalesce(g.is_single_act, false) as is_single_act,
    p.unseen_single_acts_count + 1 < l.conduct_occasions as are_single_acts_seen_together,
    -- breach of an order, and harassment in the home, need no second occasion
    not c.is_cancelled and not c.is_transferred and coalesce(g.is_stalking_or_harassment, false)
    and coalesce(h.is_course_of_conduct, true) as is_course_of_conduct_offence,
    case
        when c.occasion_count >= l.conduct_occasions or c.is_against_two_or_more
            or coalesce(p.earlier_crime_count, 0) > 0 or coalesce(k.link_count, 0) > 0 then true
        when c.occasion_count is not null and c.is_against_two_or_more is not null then false
    end as has_course_of_conduct
from core.crimes as c
cross join limits as l
left join of_crimes as p on c.crime_ref = p.crime_ref
left join linked as k on c.crime_ref = k.crime_ref
left join groups as g on c.class_code = g.code
left join reference.ho_codes as h on c.ho_code = h.ho_code
