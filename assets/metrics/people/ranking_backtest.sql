-- /// card
-- description = """One row is a way of ranking at an origin of the back-test, with what its list would have caught in \
--     the year after; no person can be told."""
-- grain = ["as_of_at", "method"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Origins are a month apart and look at overlapping years: they are not independent.",
--     "High harm is behavioural severity from words, by a setting.",
--     "Only what was reported can be caught: this is no measure of harm prevented.",
-- ]
-- [columns]
-- as_of_at = ["timestamp with time zone", "Origin: the list knows nothing later", "UTC"]
-- method = "core.ranked_suspects"
-- listed_count = ["bigint", "People on the list", "people", "Listed"]
-- ranked_count = "core.ranked_suspects"
-- high_harm_event_count = ["bigint", """High-harm events with a \
--     named suspect in the year after""", "events", "High-harm events of the year after"]
-- of_ranked_count = ["bigint", "Of them by people ranked at the origin", "events"]
-- captured_count = ["bigint", "Of them by people on the list", "events", "By people listed"]
-- captured_share = ["double", "Share of all high-harm events that is by people on the list", "0 to 1", "Share"]
-- captured_at_random = ["double", """What as many people drawn at random from those ranked would be \
--     expected to hold""", "events"]
-- listed_with_high_harm_count = ["bigint", """People on the list with a \
--     high-harm event in the year after""", "people", "Listed, with such an event"]
-- stability = ["double", """People on this list and the one of the month \
--     before, of those on either (Jaccard)""", "0 to 1", "Same as the month before"]
-- ///

-- Rolling-origin back-test (strategic-assessment 3.2): of the high-harm events of the year after each origin, how many are
-- by people on the list made at that origin; beside what as many names drawn at random would hold. No person.
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
    -- as many of those ranked, drawn at random
    e.of_ranked_count * l.listed_count / m.ranked_count as captured_at_random,
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
