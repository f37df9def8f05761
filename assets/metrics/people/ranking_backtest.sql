-- /// card
-- description = """One row is a way of ranking at an origin of the back-test, with the events of the next year by \
--     people on its list. No person can be identified."""
-- grain = ["as_of_at", "method"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Origins are a month apart and cover overlapping years: they are not independent.",
--     "High harm is behavioural severity from text, above a setting.",
--     "Only reported events can be counted: this does not measure harm prevented.",
-- ]
-- [columns]
-- as_of_at = ["timestamp with time zone", "Origin: the list uses nothing recorded later", "UTC"]
-- method = "core.ranked_suspects"
-- listed_count = ["bigint", "People on the list", "people", "Listed"]
-- ranked_count = "core.ranked_suspects"
-- high_harm_event_count = ["bigint", """High-harm events with a named suspect in the next \
--     year""", "events", "High-harm events of the next year"]
-- of_ranked_count = ["bigint", "Of these, events by people ranked at the origin", "events"]
-- captured_count = ["bigint", "Of these, events by people on the list", "events", "By people listed"]
-- captured_share = ["double", "Share of all high-harm events that are by people on the list", "0 to 1", "Share"]
-- captured_at_random = ["double", """Expected share for an equal number of people drawn at random from those \
--     ranked""", "0 to 1", "Drawn at random"]
-- listed_with_high_harm_count = ["bigint", """People on the list with a high-harm event in the next \
--     year""", "people", "Listed, with such an event"]
-- stability = ["double", """People on both this list and that of the month before, as a share of those on either \
--     (Jaccard)""", "0 to 1", "Same as the month before"]
-- ///

-- Rolling-origin back-test (strategic-assessment 3.2): the list at each origin is compared with an equal number of
-- names drawn at random.
with methods as (
    select distinct as_of_at, method, ranked_count
    from core.ranked_suspects
    where not is_current
),

listed as (
    select
        r.as_of_at, r.method,
        count(*) as listed_count,
        count(h.suspect_ref) as listed_with_high_harm_count
    from core.ranked_suspects as r
    left join (select distinct as_of_at, suspect_ref from core.later_events where is_high_harm) as h
        on r.as_of_at = h.as_of_at and r.suspect_ref = h.suspect_ref
    where not r.is_current and r.is_listed
    group by r.as_of_at, r.method
),

events as (
    select
        m.as_of_at, m.method,
        count(e.event_ref) as high_harm_event_count,
        count(e.event_ref) filter (where r.suspect_ref is not null) as of_ranked_count,
        count(e.event_ref) filter (where r.is_listed) as captured_count
    from methods as m
    left join core.later_events as e on m.as_of_at = e.as_of_at and e.is_high_harm
    left join core.ranked_suspects as r
        on e.as_of_at = r.as_of_at and e.suspect_ref = r.suspect_ref and m.method = r.method
    group by m.as_of_at, m.method
),

months as (
    select as_of_at, method, lag(as_of_at) over (partition by method order by as_of_at) as before_at
    from methods
),

stable as (
    select m.as_of_at, m.method, count(*) as kept_count
    from months as m
    inner join core.ranked_suspects as now
        on m.as_of_at = now.as_of_at and m.method = now.method and now.is_listed
    inner join core.ranked_suspects as before
        on m.before_at = before.as_of_at and m.method = before.method and before.is_listed
        and now.suspect_ref = before.suspect_ref
    group by m.as_of_at, m.method
)

select
    e.as_of_at,
    e.method,
    l.listed_count,
    m.ranked_count,
    e.high_harm_event_count,
    e.of_ranked_count,
    e.captured_count,
    e.captured_count / nullif(e.high_harm_event_count, 0) as captured_share,
    -- the same number of ranked people, drawn at random
    e.of_ranked_count / nullif(e.high_harm_event_count, 0) * l.listed_count / m.ranked_count as captured_at_random,
    l.listed_with_high_harm_count,
    case when b.before_at is not null
        then coalesce(s.kept_count, 0) / (l.listed_count + p.listed_count - coalesce(s.kept_count, 0))
    end as stability
from events as e
inner join methods as m on e.as_of_at = m.as_of_at and e.method = m.method
inner join listed as l on e.as_of_at = l.as_of_at and e.method = l.method
inner join months as b on e.as_of_at = b.as_of_at and e.method = b.method
left join listed as p on b.before_at = p.as_of_at and e.method = p.method
left join stable as s on e.as_of_at = s.as_of_at and e.method = s.method
