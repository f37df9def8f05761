-- /// card
-- description = """One row is a week since the last event of a dyad, with how often the next event happened in it. No \
--     person can be identified."""
-- grain = ["week"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """The band shows what the same events on random dates would give, for each week separately: about one of 26 \
--     weeks is outside it by chance.""",
--     "Reports within seven days are one event, so the first week has none.",
-- ]
-- method = "near_repeat.near_repeat_of_counts"
-- [columns]
-- week = ["bigint", "Week since the last event", "weeks"]
-- event_count = ["bigint", "Next events in that week", "events", "Next events"]
-- at_risk_count = ["bigint", "Dyads still observed, without a next event", "dyads", "Dyads at risk"]
-- hazard = ["double", """Next events per dyad and week at risk; null where no dyad was at \
--     risk""", "per week", "Per dyad and week"]
-- permuted_median = ["double", "The same rate with random dates", "per week", "At other dates"]
-- permuted_lower = ["double", "Lower 95% limit of that rate", "per week", "Lower limit"]
-- permuted_upper = ["double", "Upper 95% limit of that rate", "per week", "Upper limit"]
-- ///

-- The rate of the next event of a dyad, week by week since the last, compared with random dates. Dyads with events on
-- the same days are alike, so they are counted here, and the method sees nobody.
with days as (
    select
        dyad_ref,
        london_date(event_at) as day,
        london_date(as_of_at) as until
    from core.suspect_events
    where is_current and victim_ref is not null
),

gaps as (
    select dyad_ref, day, until, lag(day) over (partition by dyad_ref order by day) as before_day
    from days
),

settings as (
    select cast(floor(events_collapse_days) as bigint) + 1 as shortest_gap_days
    from core.settings
),

dyads as (
    select
        g.dyad_ref,
        g.until,
        s.shortest_gap_days,
        string_agg(cast(g.day as varchar), ' ' order by g.day) as days
    from gaps as g
    cross join settings as s
    -- subtract a day where a clock change or the hour of the report adds one
    where g.before_day is null or epoch(g.day) - epoch(g.before_day) >= s.shortest_gap_days * 86400
    group by g.dyad_ref, g.until, s.shortest_gap_days
)

select days, until, shortest_gap_days, count(*) as dyad_count
from dyads
group by days, until, shortest_gap_days
