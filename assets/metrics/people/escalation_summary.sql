-- /// card
-- description = """One row is frequency or severity with the number of dyads that rise or fall beyond chance; no \
--     person can be identified."""
-- grain = ["measure"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Dyads with fewer than five events cannot be tested; most have one.",
--     "On average at most 5% of the called trends are false.",
-- ]
-- [columns]
-- measure = "metrics.dyad_escalation"
-- dyad_count = ["bigint", "All dyads", "dyads", "Dyads"]
-- repeat_dyad_count = ["bigint", "Of these, dyads with two or more events", "dyads", "With two or more events"]
-- tested_count = ["bigint", "Of these, dyads with enough events to be tested", "dyads", "Tested"]
-- able_count = ["bigint", """Of these, dyads where some order of their events would differ from \
--     chance""", "dyads", "Where some order could differ from chance"]
-- rising_count = ["bigint", "Rising beyond chance", "dyads", "Rising beyond chance"]
-- falling_count = ["bigint", "Falling beyond chance", "dyads", "Falling beyond chance"]
-- ///

with dyads as (
    select dyad_ref, count(*) as event_count
    from core.suspect_events
    where is_current and victim_ref is not null
    group by dyad_ref
),

of_all as (
    select count(*) as dyad_count, count(*) filter (where event_count >= 2) as repeat_dyad_count
    from dyads
)

select
    e.measure,
    max(a.dyad_count) as dyad_count,
    max(a.repeat_dyad_count) as repeat_dyad_count,
    count(*) filter (where e.status = 'tested') as tested_count,
    count(*) filter (where e.smallest_p <= 0.05) as able_count,
    count(*) filter (where e.is_called and e.direction = 'rising') as rising_count,
    count(*) filter (where e.is_called and e.direction = 'falling') as falling_count
from metrics.dyad_escalation as e
cross join of_all as a
group by e.measure
