-- /// card
-- description = """One row is a small area in a window, with its share of repeat suspects, as counted and shrunk \
--     towards the mean of all areas. No person can be identified."""
-- grain = ["window_days", "area_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """The shrunk share is an empirical Bayes estimate (Beta-Binomial). The fewer suspects an area has, the nearer \
--     its share is to the mean of all areas. It is for comparing areas, not for judging one.""",
--     """An area with fewer suspects than shares.minimum_denominator (30) has no rank. No area has a rank where areas \
--     do not differ beyond chance.""",
--     """A suspect with events in several areas counts in each, and repeat suspects have more events. Shares of areas \
--     are therefore higher than that of the whole force.""",
--     """Where the first crime of an event was committed, not where anyone lives. Areas are wards of 2024, LSOAs of \
--     2021 or postcode sectors, depending on the extract.""",
-- ]
-- method = "small_areas.compared_areas"
-- [columns]
-- window_days = ["bigint", "Window", "days", "Window (days)"]
-- area_type = ["varchar", "ward, lsoa, postcode_sector; none where the record has no area"]
-- area_code = ["varchar", "ONS code, the postcode sector, or none"]
-- area_name = ["varchar", "Name, or the code"]
-- suspect_count = ["bigint", "Suspects with an event there", "people", "Suspects"]
-- repeat_suspect_count = ["bigint", """Of these, suspects with two or more events anywhere in the \
--     force""", "people", "Repeat suspects"]
-- share = ["double", "Repeat suspects as a share of suspects, as counted", "0 to 1", "Share counted"]
-- lower = ["double", "Lower 95% limit of the share (Wilson)", "0 to 1"]
-- upper = ["double", "Upper 95% limit of the share (Wilson)", "0 to 1"]
-- shrunk_share = ["double", """Share shrunk towards the mean of all areas; null with fewer than 3 \
--     areas""", "0 to 1", "Shrunk share"]
-- shrunk_lower = ["double", "Lower 95% limit of the shrunk share", "0 to 1", "Its lower limit"]
-- shrunk_upper = ["double", "Upper 95% limit of the shrunk share", "0 to 1", "Its upper limit"]
-- weight = ["double", """Weight of the area's own share; 0 for all where areas do not differ beyond \
--     chance""", "0 to 1", "Weight of the share counted"]
-- mean_share = ["double", "Mean of all areas, towards which shares are shrunk", "0 to 1"]
-- prior_size = ["double", """Number of suspects that the mean counts as; null where areas do not differ beyond \
--     chance""", "people"]
-- rank = ["bigint", "Rank by the shrunk share, from 1, the highest; null with a reason", "", "Rank"]
-- unshrunk_reason = ["varchar", "Why there is no shrunk share; null where there is one"]
-- unranked_reason = ["varchar", "Why the area has no rank; null where it has one", "", "Why no share or rank"]
-- ///

-- Events without an area have a row of their own and are never dropped. Repeats count anywhere in the force.
with inside as (
    select distinct
        w.window_days,
        e.as_of_at,
        e.suspect_ref,
        coalesce(a.area_type, 'none') as area_type,
        coalesce(a.area_code, 'none') as area_code,
        coalesce(a.area_name, 'No area on the record') as area_name
    from core.suspect_events as e
    inner join reference.repeat_windows as w
        on epoch(e.event_at) > epoch(e.as_of_at) - w.window_days * 86400
    -- an event takes the area of its first crime
    left join core.crime_areas as a on e.event_ref = a.crime_ref
    where e.is_current
)

select
    cast(i.window_days as integer) as window_days,
    i.area_type,
    i.area_code,
    i.area_name,
    count(*) as suspect_count,
    count(*) filter (where s.is_repeat) as repeat_suspect_count
from inside as i
inner join core.suspect_windows as s
    on i.as_of_at = s.as_of_at and i.window_days = s.window_days and i.suspect_ref = s.suspect_ref
group by i.window_days, i.area_type, i.area_code, i.area_name
