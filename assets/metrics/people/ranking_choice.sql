-- /// card
-- description = """One row is a way of ranking, the simplest first, with the share of next year's high-harm events that \
--     its list held, and whether it is used. No person can be identified."""
-- grain = ["method"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Used is the simplest way that no other clearly beats: the 95% interval of the lead must be above zero. Where \
--     nothing beats the count, that is the count.""",
--     """Intervals resample people, each with all events at all origins. They hold for this force and these years, and \
--     have no correction for the number of comparisons.""",
--     "Only reported events can be counted: this does not measure harm prevented.",
-- ]
-- method = "rank_choice.choose_ranking"
-- [columns]
-- method = ["varchar", "Way that may order the list: event count, points table, score or regression", "", "Ranked by"]
-- place = ["bigint", "Place in the order of simplicity: 1 is the simplest"]
-- is_used = ["boolean", "The list is ordered this way", "", "Used"]
-- is_tested = ["boolean", """Made at each origin that a high-harm event followed; otherwise it is not compared and not \
--     used""", "", "Tested"]
-- origin_count = ["bigint", "Origins of the back-test with this list and a later high-harm event", "origins", "Origins"]
-- high_harm_event_count = ["bigint", """High-harm events with a named suspect in the years after them; an event counts \
--     once for each origin""", "events", "High-harm events"]
-- captured_count = ["bigint", "Of these, by people on the list", "events", "By people listed"]
-- mean_share = ["double", "Share by people on the list, mean of the origins", "0 to 1", "Share held"]
-- share_lower = ["double", "Lower 95% limit", "0 to 1", "Lower limit"]
-- share_upper = ["double", "Upper 95% limit", "0 to 1", "Upper limit"]
-- random_share = ["double", """Share expected for as many people drawn at random from those this way \
--     ranks""", "0 to 1", "Drawn at random"]
-- difference = ["double", "Share held less that of the event count", "-1 to 1", "More than a count"]
-- difference_lower = ["double", "Lower 95% limit of the difference", "-1 to 1"]
-- difference_upper = ["double", "Upper 95% limit of the difference", "-1 to 1"]
-- beaten_by = ["varchar", "Ways that clearly hold more, the simplest first; null where none does", "", "Beaten by"]
-- ///

-- The method draws people by a digest, which says nothing of them. A way that ranks people now and could not be
-- tested has a row too.
with harmed as (
    select as_of_at, suspect_ref, count(*) as event_count
    from core.later_events
    where is_high_harm
    group by as_of_at, suspect_ref
),

-- the same for the same crimes in every home, whose references of people differ
digests as (
    select
        suspect_ref,
        md5(
            min(event_ref)
            || cast(row_number() over (partition by min(event_ref) order by count(*), suspect_ref) as varchar)
        ) as person_digest
    from core.later_events
    where is_high_harm
    group by suspect_ref
),

lists as (
    select
        as_of_at, is_current, method,
        count(*) filter (where is_listed) / count(*) as listed_share
    from core.ranked_suspects
    where method != 'sentencing harm'
    group by as_of_at, is_current, method
)

select
    l.method, l.as_of_at, d.person_digest, h.event_count,
    r.suspect_ref is not null as is_ranked,
    coalesce(r.is_listed, false) as is_listed,
    l.listed_share
from lists as l
left join harmed as h on l.as_of_at = h.as_of_at and not l.is_current
left join digests as d on h.suspect_ref = d.suspect_ref
left join core.ranked_suspects as r
    on l.as_of_at = r.as_of_at and l.method = r.method and h.suspect_ref = r.suspect_ref
