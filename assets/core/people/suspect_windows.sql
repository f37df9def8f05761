-- /// card
-- description = """One row is a suspect with at least one event in a window, as of a moment, with the score and its \
--     components."""
-- grain = ["as_of_at", "suspect_ref", "window_days"]
-- by_force = true
-- all_forces = true
-- audience = []
-- caveats = [
--     "Advisory only: a score orders a list for officers to review; it is not a judgement of anyone.",
--     "Suspects are not offenders: most are not convicted.",
--     "Sentencing-based harm under-represents stalking.",
--     """Points come from the force's own table and are the same in every window: a table made for one window is less \
--     useful in another.""",
-- ]
-- [columns]
-- "as_of_at, is_current, suspect_ref" = "core.suspect_events"
-- window_days = "columns"
-- event_count = ["bigint", "Events: reports of one suspect and victim close together count as one", "events"]
-- crime_count = ["bigint", "Crimes as recorded, by their own report", "crimes"]
-- victim_count = ["bigint", "Distinct victims", "people", "Victims"]
-- vulnerable_victim_count = ["bigint", "Of these, vulnerable victims", "people"]
-- is_repeat = ["boolean", "Two or more events, with any victims"]
-- is_serial = ["boolean", "Two or more victims"]
-- last_reported_at = ["timestamp with time zone", "Last report", "UTC", "Last report"]
-- harm_cchi = ["double", "Sentencing harm; null without the force's own copy of the index", "days"]
-- is_sentencing_assumed = ["boolean", "Some of the days are an assumption"]
-- harm_css = ["double", "Severity; null where an event has no weight", "weight"]
-- is_severity_assumed = ["boolean", "A weight is an assumption"]
-- harm_behaviour = ["double", """Behavioural severity of the events with readable text; null where none has \
--     any""", "points"]
-- behaviour_event_count = ["bigint", "Events with readable text", "events"]
-- rfgv_score = ["double", """Score from recency, frequency, gravity and victims; null \
--     where a component is""", "0 to 100", "Score, 0 to 100"]
-- recency = ["double", "Recency", "0 to 1"]
-- frequency = ["double", "Frequency", "0 to 1"]
-- gravity = ["double", "Gravity, by the lens in the settings", "0 to 1"]
-- victims = ["double", "Victims", "0 to 1"]
-- banded_score = ["double", """Sum of the points from the force's own table; null without a table or where a \
--     component is not known""", "points"]
-- banded_rank = ["bigint", "Rank by these points among the window's suspects, from 1; equal points share a rank"]
-- recency_points = ["double", "Points for days since the last report; null without the force's own table", "points"]
-- frequency_points = ["double", "Points for events in the window", "points"]
-- gravity_points = ["double", """Points for harm in the window, by the lens in the settings; null where harm is not \
--     known""", "points"]
-- victims_points = ["double", "Points for distinct victims in the window", "points"]
-- ///

-- Strategic-assessment 3.2. Recency halves in 180 days. Frequency and gravity are capped at the 99th percentile of the
-- window's suspects. Victims count by number and vulnerability. Percentiles are interpolated linearly between ranks.
-- The force's own points table, if loaded, adds its points (banded mode).
with settings as (
    select
        rfgv_half_life_days as half_life_days,
        rfgv_cap_percentile as cap_percentile,
        rfgv_lens as lens,
        rfgv_recency_weight as recency_weight,
        rfgv_frequency_weight as frequency_weight,
        rfgv_gravity_weight as gravity_weight,
        rfgv_victims_weight as victims_weight,
        rfgv_victims_cap as victims_cap,
        rfgv_victims_share as victims_share
    from core.settings
),

inside as (
    select e.*, w.window_days
    from core.suspect_events as e
    inner join reference.repeat_windows as w
        on (e.is_current or w.is_back_tested)
        and epoch(e.event_at) > epoch(e.as_of_at) - w.window_days * 86400
),

-- events of one crime with several victims are one event of the suspect
events as (
    select
        as_of_at, is_current, window_days, suspect_ref, event_ref,
        max(last_reported_at) as last_reported_at,
        max(severity_weight) as severity_weight,
        bool_or(is_severity_assumed) as is_severity_assumed,
        max(sentencing_days) as sentencing_days,
        bool_or(is_sentencing_assumed) as is_sentencing_assumed,
        max(behaviour_points) as behaviour_points
    from inside
    group by as_of_at, is_current, window_days, suspect_ref, event_ref
),

counted as (
    select
        as_of_at, is_current, window_days, suspect_ref,
        count(*) as event_count,
        max(last_reported_at) as last_reported_at,
        -- a sum is null where a part of it is not known
        case when count(severity_weight) = count(*) then sum(severity_weight) end as harm_css,
        coalesce(bool_or(is_severity_assumed), false) as is_severity_assumed,
        case when count(sentencing_days) = count(*) then sum(sentencing_days) end as harm_cchi,
        coalesce(bool_or(is_sentencing_assumed), false) as is_sentencing_assumed,
        -- some texts are missing, so the readable events are counted too
        sum(behaviour_points) as harm_behaviour,
        count(behaviour_points) as behaviour_event_count
    from events
    group by as_of_at, is_current, window_days, suspect_ref
),

-- crimes as recorded, by the day of their own report: crime-based figures need them
crimes as (
    select r.as_of_at, w.window_days, r.suspect_ref, count(distinct r.crime_ref) as crime_count
    from core.reports_as_of as r
    inner join reference.repeat_windows as w
        on (r.is_current or w.is_back_tested)
        and epoch(r.reported_at) > epoch(r.as_of_at) - w.window_days * 86400
    group by r.as_of_at, w.window_days, r.suspect_ref
),

named_victims as (
    select as_of_at, window_days, suspect_ref, victim_ref, bool_or(is_victim_vulnerable) as is_vulnerable
    from inside
    where victim_ref is not null
    group by as_of_at, window_days, suspect_ref, victim_ref
),

victims as (
    select
        as_of_at, window_days, suspect_ref,
        count(*) as victim_count,
        count(*) filter (where is_vulnerable) as vulnerable_victim_count
    from named_victims
    group by as_of_at, window_days, suspect_ref
),

joined as (
    select
        c.*,
        n.crime_count,
        coalesce(v.victim_count, 0) as victim_count,
        coalesce(v.vulnerable_victim_count, 0) as vulnerable_victim_count,
        case s.lens when 1 then c.harm_cchi when 2 then c.harm_css else c.harm_behaviour end as harm
    from counted as c
    cross join settings as s
    inner join crimes as n
        on c.as_of_at = n.as_of_at and c.window_days = n.window_days and c.suspect_ref = n.suspect_ref
    left join victims as v
        on c.as_of_at = v.as_of_at and c.window_days = v.window_days and c.suspect_ref = v.suspect_ref
),

ranked as (
    select
        as_of_at, window_days, event_count, harm,
        row_number() over (partition by as_of_at, window_days order by event_count) - 1 as event_place,
        count(*) over (partition by as_of_at, window_days) - 1 as last_event_place,
        row_number() over (partition by as_of_at, window_days order by harm nulls last) - 1 as harm_place,
        count(harm) over (partition by as_of_at, window_days) - 1 as last_harm_place
    from joined
),

caps as (
    select
        r.as_of_at, r.window_days,
        min(event_count) filter (where r.event_place = floor(s.cap_percentile * r.last_event_place))
            as events_below,
        min(event_count) filter (where r.event_place = ceil(s.cap_percentile * r.last_event_place))
            as events_above,
        min(s.cap_percentile * r.last_event_place - floor(s.cap_percentile * r.last_event_place)) as events_part,
        min(harm) filter (where r.harm_place = floor(s.cap_percentile * r.last_harm_place)) as harm_below,
        min(harm) filter (where r.harm_place = ceil(s.cap_percentile * r.last_harm_place)) as harm_above,
        min(s.cap_percentile * r.last_harm_place - floor(s.cap_percentile * r.last_harm_place)) as harm_part
    from ranked as r
    cross join settings as s
    group by r.as_of_at, r.window_days
),

components as (
    select
        j.*,
        (epoch(j.as_of_at) - epoch(j.last_reported_at)) / 86400 as days_since,
        pow(0.5, (epoch(j.as_of_at) - epoch(j.last_reported_at)) / 86400 / s.half_life_days) as recency,
        least(
            ln(1 + j.event_count) / ln(1 + k.events_below + k.events_part * (k.events_above - k.events_below)), 1
        ) as frequency,
        -- least() ignores null, so unknown harm would become 1
        case
            when j.harm is not null
                then least(j.harm / nullif(k.harm_below + k.harm_part * (k.harm_above - k.harm_below), 0), 1)
        end as gravity,
        s.victims_share * least(j.victim_count, s.victims_cap) / s.victims_cap
        + (1 - s.victims_share) * coalesce(j.vulnerable_victim_count / nullif(j.victim_count, 0), 0) as victims
    from joined as j
    inner join caps as k on j.as_of_at = k.as_of_at and j.window_days = k.window_days
    cross join settings as s
),

-- a band ends before its upper value; harm is rounded, so that a sum on a band's edge is in the band
banded as (
    select
        c.*,
        r.points as recency_points,
        f.points as frequency_points,
        g.points as gravity_points,
        v.points as victims_points,
        r.points + f.points + g.points + v.points as banded_score
    from components as c
    left join core.rfgv_bands as r
        on r.component = 'recency' and c.days_since >= r.from_value and coalesce(c.days_since < r.to_value, true)
    left join core.rfgv_bands as f
        on f.component = 'frequency' and c.event_count >= f.from_value and coalesce(c.event_count < f.to_value, true)
    left join core.rfgv_bands as g
        on g.component = 'gravity' and round(c.harm, 6) >= g.from_value
        and coalesce(round(c.harm, 6) < g.to_value, true)
    left join core.rfgv_bands as v
        on v.component = 'victims' and c.victim_count >= v.from_value and coalesce(c.victim_count < v.to_value, true)
)

select
    c.as_of_at,
    c.is_current,
    c.suspect_ref,
    cast(c.window_days as integer) as window_days,
    c.event_count,
    c.crime_count,
    c.victim_count,
    c.vulnerable_victim_count,
    c.event_count >= 2 as is_repeat,
    c.victim_count >= 2 as is_serial,
    c.last_reported_at,
    c.harm_cchi,
    c.is_sentencing_assumed,
    c.harm_css,
    c.is_severity_assumed,
    c.harm_behaviour,
    c.behaviour_event_count,
    100 * (
        s.recency_weight * c.recency + s.frequency_weight * c.frequency + s.gravity_weight * c.gravity
        + s.victims_weight * c.victims
    ) as rfgv_score,
    c.recency,
    c.frequency,
    c.gravity,
    c.victims,
    c.banded_score,
    -- equal points share a rank
    case
        when c.banded_score is not null
            then rank() over (partition by c.as_of_at, c.window_days order by c.banded_score desc nulls last)
    end as banded_rank,
    c.recency_points,
    c.frequency_points,
    c.gravity_points,
    c.victims_points
from banded as c
cross join settings as s
