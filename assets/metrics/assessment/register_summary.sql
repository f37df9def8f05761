-- /// card
-- description = """One row is a register, with how many of its entries are open, overdue, without an owner or without \
--     a live figure."""
-- grain = ["register"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A register without an entry and without a starter has no row.",
--     "Starters are counted apart: nobody of the force has confirmed them.",
--     "Overdue as of the day that the figures describe.",
-- ]
-- [columns]
-- register = "core.register_entries"
-- entry_count = ["bigint", "Entries that somebody kept", "entries"]
-- open_count = ["bigint", "Of them not closed", "entries", "Open crimes"]
-- closed_count = ["bigint", "Of them done or not taken up", "entries"]
-- needs_decision_count = ["bigint", "Open, and waiting for a decision", "entries"]
-- overdue_count = ["bigint", """Open, and due before the day that the figures describe; null where there \
--     is no such day""", "entries"]
-- no_owner_count = ["bigint", "Open, and no post answers for it", "entries"]
-- no_metric_count = ["bigint", "Open, and no live figure shows whether it works", "entries"]
-- in_hand_count = ["bigint", """Open, with an owner and a due date that is not over; null where there is \
--     no such day""", "entries"]
-- controlled_count = ["bigint", "With a control, a live figure and a row of the risk register", "entries"]
-- costed_count = ["bigint", "Open, and its cost is stated", "entries"]
-- passed_on_count = ["bigint", "Open, and passed on to staff", "entries"]
-- compared_count = ["bigint", "Open, and its effect was compared with others or tried", "entries"]
-- starter_count = ["bigint", "Brought along by the product, not confirmed", "entries"]
-- as_of_date = ["date", "Day that the figures describe; null without an extract"]
-- ///

-- What is open, overdue, without an owner or without a live figure, a register at a time. Starters are no entries yet.
select
    register,
    count(*) filter (where not is_starter) as entry_count,
    count(*) filter (where not is_starter and not is_closed) as open_count,
    count(*) filter (where not is_starter and is_closed) as closed_count,
    count(*) filter (where not is_starter and not is_closed and status = 'needs_decision') as needs_decision_count,
    case
        when max(as_of_date) is not null then count(*) filter (where not is_starter and is_overdue)
    end as overdue_count,
    count(*) filter (where not is_starter and not is_closed and owner is null) as no_owner_count,
    count(*) filter (where not is_starter and not is_closed and metric_code is null) as no_metric_count,
    -- somebody answers for it, by a day that is not over
    case
        when max(as_of_date) is not null
            then count(*) filter (
                where not is_starter and not is_closed and owner is not null and due_date >= as_of_date
            )
    end as in_hand_count,
    -- a lesson is learnt where a control, a live figure and a row of the risk register stand beside it
    count(*) filter (
        where not is_starter and metric_code is not null and json_extract_string(fields, '$.control') is not null
        and json_extract_string(fields, '$.risk_ref') is not null
    ) as controlled_count,
    count(*) filter (
        where not is_starter and not is_closed and json_extract_string(fields, '$.cost') is not null
    ) as costed_count,
    count(*) filter (
        where not is_starter and not is_closed and json_extract_string(fields, '$.disseminated_on') is not null
    ) as passed_on_count,
    count(*) filter (
        where not is_starter and not is_closed and json_extract_string(fields, '$.grade') in ('compared', 'trial')
    ) as compared_count,
    count(*) filter (where is_starter) as starter_count,
    max(as_of_date) as as_of_date
from core.register_entries
group by register
