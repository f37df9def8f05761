-- /// card
-- description = """One row is a repeat or serial suspect of a window, with the orders, bail and programmes that \
--     already apply."""
-- grain = ["person_ref", "window_days"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """Unmanaged means no order in force, no bail and no programme on the delivered records. A table that was not \
--     delivered is not measured.""",
--     "Advisory only: a list for officers to review.",
-- ]
-- [columns]
-- "person_ref, window_days, event_count, victim_count, is_repeat, is_serial, rfgv_score" = "metrics.repeat_suspects"
-- linkage_mark = "metrics.repeat_suspects"
-- order_count = ["bigint", "Orders in force", "orders"]
-- bail_count = ["bigint", "Bail that has not ended", "spells"]
-- programme_count = ["bigint", "Current programmes", "programmes"]
-- programmes = "core.person_management"
-- is_managed = ["boolean", "Any of these"]
-- ///

-- Strategic-assessment 3.3: serial and unmanaged suspects first.
select
    s.person_ref,
    s.window_days,
    s.event_count,
    s.victim_count,
    s.is_repeat,
    s.is_serial,
    s.rfgv_score,
    s.linkage_mark,
    coalesce(m.order_count, 0) as order_count,
    coalesce(m.bail_count, 0) as bail_count,
    coalesce(m.programme_count, 0) as programme_count,
    m.programmes,
    coalesce(m.order_count, 0) + coalesce(m.bail_count, 0) + coalesce(m.programme_count, 0) > 0 as is_managed
from metrics.repeat_suspects as s
left join core.person_management as m on s.person_ref = m.person_ref
where s.is_repeat or s.is_serial
