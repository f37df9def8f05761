-- /// card
-- description = """One row is a window with the force's counts of repeat suspects, victims and dyads; no person can \
--     be identified."""
-- grain = ["window_days"]
-- by_force = true
-- all_forces = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Shares are of people listed at least once, and chance alone makes some of them repeat.",
--     """A crime without a known suspect makes nobody a repeat suspect: the share of such crimes is given too. Where no \
--     crime of the force has one, what counts suspects is null: not known, and not none.""",
--     "Rules of 2018 to 2023 made several crimes of one report, later rules one: compare events, not crimes.",
-- ]
-- [columns]
-- window_days = "columns"
-- as_of_at = "core.as_of_moments"
-- is_whole_window = ["boolean", "The extract reaches back as far as the window"]
-- crime_count = ["bigint", "Crimes of stalking and harassment as recorded", "crimes"]
-- unknown_suspect_crime_count = ["bigint", "Of these, crimes without a named suspect", "crimes"]
-- event_count = ["bigint", "Events of suspects", "events"]
-- repeat_event_count = ["bigint", "Of these, events by repeat suspects", "events"]
-- suspect_count = ["bigint", "Suspects", "people", "Suspects"]
-- repeat_suspect_count = ["bigint", "Of these, dyads with two or more events", "people", "Repeat suspects"]
-- serial_suspect_count = ["bigint", "Of these, suspects with two or more victims", "people"]
-- unlinked_suspect_count = ["bigint", "Of these, people whose records linkage has not processed", "people"]
-- dyad_count = ["bigint", "Suspect and victim as a dyad", "dyads"]
-- repeat_dyad_count = ["bigint", "Of these, dyads with two or more events", "dyads"]
-- victim_count = ["bigint", "Victims", "people", "Victims"]
-- repeat_victim_count = ["bigint", "Of these, dyads with two or more events", "people"]
-- pair_count = ["bigint", """Pairs of victim and suspect by the roles on crimes; null where no list of pairs was \
--     delivered""", "pairs"]
-- delivered_pair_count = ["bigint", "Of these, in the delivered list of pairs with as many crimes", "pairs"]
-- ///

-- The share without a known suspect is given with the counts, because nobody can repeat in it.
with moments as (
    select as_of_at, known_by_at
    from core.as_of_moments
    where is_current
),

suspects as (
    select
        window_days,
        count(*) as suspect_count,
        count(*) filter (where is_repeat) as repeat_suspect_count,
        count(*) filter (where is_serial) as serial_suspect_count,
        cast(sum(event_count) as bigint) as event_count,
        cast(sum(event_count) filter (where is_repeat) as bigint) as repeat_event_count,
        count(*) filter (where linkage_mark = 'not measured') as unlinked_suspect_count
    from metrics.repeat_suspects
    group by window_days
),

dyads as (
    select window_days, count(*) as dyad_count, count(*) filter (where is_repeat) as repeat_dyad_count
    from metrics.repeat_dyads
    group by window_days
),

victims as (
    select window_days, count(*) as victim_count, count(*) filter (where is_repeat) as repeat_victim_count
    from metrics.repeat_victims
    group by window_days
),

crimes as (
    select
        cast(w.window_days as integer) as window_days,
        count(distinct r.crime_ref) as crime_count,
        count(distinct r.crime_ref) filter (where r.suspect_ref is null) as unknown_suspect_crime_count
    from core.victim_reports as r
    inner join reference.repeat_windows as w on epoch(r.reported_at) > epoch(r.as_of_at) - w.window_days * 86400
    group by w.window_days
),

own_pairs as (
    select victim_key, suspect_key, count(*) as crime_count
    from core.pair_crimes
    group by victim_key, suspect_key
),

-- the record system may count pairs too
pairs as (
    select
        count(distinct (o.victim_key, o.suspect_key)) as pair_count,
        count(distinct (o.victim_key, o.suspect_key)) filter (where o.crime_count = d.crime_count) as delivered_pair_count
    from own_pairs as o
    left join core.delivered_pairs as d on o.victim_key = d.victim_key and o.suspect_key = d.suspect_key
    where exists (from core.delivered_pairs where crime_count is not null)
    having count(*) > 0
),

spans as (
    -- an extract without any named suspect does not say who is suspected: that is not known, and not none
    select min(recorded_at) as first_recorded_at, case when max(named_suspect_count) > 0 then 0 end as none
    from core.crimes
)

select
    c.window_days,
    m.as_of_at,
    -- a window that begins before the extract is incomplete
    epoch(p.first_recorded_at) <= epoch(m.as_of_at) - c.window_days * 86400 as is_whole_window,
    c.crime_count,
    c.unknown_suspect_crime_count + p.none as unknown_suspect_crime_count,
    coalesce(s.event_count, p.none) as event_count,
    coalesce(s.repeat_event_count, p.none) as repeat_event_count,
    coalesce(s.suspect_count, p.none) as suspect_count,
    coalesce(s.repeat_suspect_count, p.none) as repeat_suspect_count,
    coalesce(s.serial_suspect_count, p.none) as serial_suspect_count,
    coalesce(s.unlinked_suspect_count, p.none) as unlinked_suspect_count,
    coalesce(d.dyad_count, p.none) as dyad_count,
    coalesce(d.repeat_dyad_count, p.none) as repeat_dyad_count,
    coalesce(v.victim_count, 0) as victim_count,
    coalesce(v.repeat_victim_count, 0) as repeat_victim_count,
    k.pair_count,
    k.delivered_pair_count
from crimes as c
cross join moments as m
cross join spans as p
left join suspects as s on c.window_days = s.window_days
left join dyads as d on c.window_days = d.window_days
left join victims as v on c.window_days = v.window_days
left join pairs as k on true
