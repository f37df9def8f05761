-- /// card
-- description = """One row is a dyad with enough events, and whether their frequency or severity rises or falls over \
--     time."""
-- grain = ["dyad_ref", "measure"]
-- by_force = true
-- method = "escalation.dyad_escalation"
-- audience = ["integrity"]
-- caveats = [
--     "Dyads with fewer than five events (a setting) are not tested.",
--     """A trend is called when it is beyond chance after allowing for all dyads tested: on average at most 5% of the \
--     called ones are false.""",
--     "A dyad that is not called may still escalate: with few events only the strongest trend can be detected.",
--     "Severity is behavioural severity from text.",
-- ]
-- [columns]
-- dyad_ref = "core.suspect_events"
-- measure = ["varchar", "frequency or severity", "", "What is tested"]
-- event_count = ["bigint", "Events tested", "events"]
-- status = ["varchar", "tested or not tested"]
-- tau = ["double", "Kendall's tau-b with order; above 0 is escalation", "-1 to 1", "Kendall's tau"]
-- p_value = ["double", "Two-sided, exact for few events", "0 to 1"]
-- q_value = ["double", "p-value after Benjamini and Hochberg", "0 to 1"]
-- smallest_p = ["double", """Smallest p-value that any order of these gaps or severities could give: above 0.05 no \
--     trend could be detected""", "0 to 1"]
-- direction = ["varchar", "rising, falling or empty"]
-- is_called = ["boolean", "Beyond chance"]
-- ///

-- the events of dyads that have enough of them; the method tests each dyad, and corrects for the number of dyads
with counted as (
    select
        dyad_ref, event_at, cast(behaviour_points as double) as severity,
        count(*) over (partition by dyad_ref) as event_count
    from core.suspect_events
    where is_current and victim_ref is not null
)

select c.dyad_ref, c.event_at, c.severity
from counted as c
cross join core.settings as s
where c.event_count >= s.escalation_minimum_events
