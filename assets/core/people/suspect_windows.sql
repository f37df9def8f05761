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
-- victim_count = ["bigint", "Distinct victims", "people", "Number of victims"]
-- vulnerable_victim_count = ["bigint", "Of these, vulnerable victims", "people", "Vulnerable victims"]
-- is_repeat = ["boolean", "Two or more events, with any victims"]
-- is_serial = ["boolean", "Two or more victims"]
-- last_reported_at = ["timestamp with time zone", "Last report", "UTC", "Last report"]
-- harm_cchi = ["double", """Sentencing harm; null without the force's own copy of the \
--     index""", "days", "Harm: sentencing, days"]
-- is_sentencing_assumed = ["boolean", "Some of the days are an assumption"]
-- harm_css = ["double", "Severity; null where an event has no weight", "weight", "Harm: severity"]
-- is_severity_assumed = ["boolean", "A weight is an assumption"]
-- harm_behaviour = ["double", """Behavioural severity of the events with readable text; null where none has \
--     any""", "points", "Harm: behaviour, points"]
-- behaviour_event_count = ["bigint", "Events with readable text", "events"]
-- rfgv_score = ["double", """Score from recency, frequency, gravity and victims; null \
--     where a component is""", "0 to 100", "Score, 0 to 100"]
-- recency = ["double", "Recency", "0 to 1"]
-- frequency = ["double", """Frequency, on a log scale: 0.5 at the setting rfgv.half_events; twice the events gives 4 \
--     times the odds""", "0 to 1", "Frequency"]
-- gravity = ["double", """Gravity, by the lens in the settings, on a log scale: 0.5 at the lens's setting rfgv.half_*; \
--     twice the harm gives 4 times the odds""", "0 to 1", "Gravity"]
-- victims = ["double", "Victims", "0 to 1"]
-- banded_score = ["double", """Sum of the points from the force's own table; null without a table or where a \
--     component is not known""", "points", "Points, total"]
-- banded_rank = ["bigint", """Rank by these points among the window's suspects, from 1; equal points share a \
--     rank""", "", "Rank by points"]
-- recency_points = ["double", """Points for days since the last report; null without the force's own \
--     table""", "points", "Recency, points"]
-- frequency_points = ["double", "Points for events in the window", "points", "Frequency, points"]
-- gravity_points = ["double", """Points for harm in the window, by the lens in the settings; null where harm is not \
--     known""", "points", "Gravity, points"]
-- victims_points = ["double", "Points for distinct victims in the window", "points", "Victims, points"]
-- ///

-- Strategic-assessment 3.2. Recency halves in 180 days. Frequency and gravity are S-curves on a log scale: 0.5 at a
-- value of the settings, then nearer to 1 and never there. So 5 events and 23 stay apart, and nobody's component changes
-- with other people. Victims count by number and vulnerability. The force's own points table, if loaded, adds its points
-- (banded mode).
with settings as (
    select
        rfgv_half_life_days as half_life_days,
        rfgv_half_events as half_events,
        rfgv_lens as lens,
        case rfgv_lens
            when 1 then rfgv_half_sentencing when 2 then rfgv_half_severity else rfgv_half_behaviour
        end as half_harm,
        rfgv_recency_weight as recency_weight,
        rfgv_frequency_weight as frequency_weight,
        rfgv_gravity_weight as gravity_weight,
        rfgv_victims_weight as victims_weight,
        rfgv_victims_cap as victims_cap,
        rfgv_victims_share as victims_share
    from core.settings
),

-- events of one crime with several victims are one event of the suspect
events as (
    select
        as_of_at, is_current, suspect_ref, event_ref, event_at,
        max(last_reported_at) as last_reported_at,
        max(severity_weight) as severity_weight,
        bool_or(is_severity_assumed) as is_severity_assumed,
        max(sentencing_days) as sentencing_days,
        bool_or(is_sentencing_assumed) as is_sentencing_assumed,
        max(behaviour_points) as behaviour_points
    from core.suspect_events
    group by as_of_at, is_current, suspect_ref, event_ref, event_at
),

counted as (
    select
        e.as_of_at, e.is_current, w.window_days, e.suspect_ref,
        count(*) as event_count,
        max(last_reported_at) as last_reported_at,
        -- a sum is null where a part of it is not known; its last digits depend on the order of adding, so that equal
        -- harm would rank differently from build to build
        case when count(severity_weight) = count(*) then round(sum(severity_weight), 6) end as harm_css,
        coalesce(bool_or(is_severity_assumed), false) as is_severity_assumed,
        case when count(sentencing_days) = count(*) then round(sum(sentencing_days), 6) end as harm_cchi,
        coalesce(bool_or(is_sentencing_assumed), false) as is_sentencing_assumed,
        -- some texts are missing, so the readable events are counted too
        round(sum(behaviour_points), 6) as harm_behaviour,
        count(behaviour_points) as behaviour_event_count
    from events as e
    inner join reference.repeat_windows as w
        on (e.is_current or w.is_back_tested)
        and epoch(e.event_at) > epoch(e.as_of_at) - w.window_days * 86400
    group by e.as_of_at, e.is_current, w.window_days, e.suspect_ref
),

-- crimes as recorded, by the day of their own report: crime-based figures need them. A crime with several victims is one
crimes as (
    select c.as_of_at, w.window_days, c.suspect_ref, count(distinct c.crime_ref) as crime_count
    from core.reports_as_of as c
    inner join reference.repeat_windows as w
        on (c.is_current or w.is_back_tested)
        and epoch(c.reported_at) > epoch(c.as_of_at) - w.window_days * 86400
    group by c.as_of_at, w.window_days, c.suspect_ref
),

victims as (
    select
        e.as_of_at, w.window_days, e.suspect_ref,
        count(distinct e.victim_ref) as victim_count,
        count(distinct case when e.is_victim_vulnerable then e.victim_ref end) as vulnerable_victim_count
    from core.suspect_events as e
    inner join reference.repeat_windows as w
        on (e.is_current or w.is_back_tested)
        and epoch(e.event_at) > epoch(e.as_of_at) - w.window_days * 86400
    where e.victim_ref is not null
    group by e.as_of_at, w.window_days, e.suspect_ref
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

components as (
    select
        j.*,
        (epoch(j.as_of_at) - epoch(j.last_reported_at)) / 86400 as days_since,
        pow(0.5, (epoch(j.as_of_at) - epoch(j.last_reported_at)) / 86400 / s.half_life_days) as recency,
        pow(j.event_count, 2) / (pow(j.event_count, 2) + pow(s.half_events, 2)) as frequency,
        -- no harm and a setting of 0 would be 0 / 0
        pow(j.harm, 2) / nullif(pow(j.harm, 2) + pow(s.half_harm, 2), 0) as gravity,
        s.victims_share * least(j.victim_count, s.victims_cap) / s.victims_cap
        + (1 - s.victims_share) * coalesce(j.vulnerable_victim_count / nullif(j.victim_count, 0), 0) as victims
    from joined as j
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
),

scores as (
    select as_of_at, window_days, banded_score, count(*) as suspect_count
    from banded
    where banded_score is not null
    group by as_of_at, window_days, banded_score
),

-- equal points share a rank, which is one more than the suspects with more points
score_ranks as (
    select
        as_of_at, window_days, banded_score,
        1 + coalesce(sum(suspect_count) over (
            partition by as_of_at, window_days order by banded_score desc
            rows between unbounded preceding and 1 preceding
        ), 0) as banded_rank
    from scores
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
    cast(r.banded_rank as bigint) as banded_rank,
    c.recency_points,
    c.frequency_points,
    c.gravity_points,
    c.victims_points
from banded as c
cross join settings as s
left join score_ranks as r
    on c.as_of_at = r.as_of_at and c.window_days = r.window_days and c.banded_score = r.banded_score
