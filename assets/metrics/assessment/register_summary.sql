-- /// card
-- description = """One row is a register, with the number of its entries that are open, overdue, without an owner or \
--     without a live figure."""
-- grain = ["register"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "A register without entries and starters has no row.",
--     "Starters and placeholders are counted separately: nobody in the force has entered them yet.",
--     "Overdue on the as-of day.",
-- ]
-- [columns]
-- register = "core.register_entries"
-- entry_count = ["bigint", "Entries saved by the force, without placeholders", "entries"]
-- open_count = ["bigint", "Of these, not closed", "entries", "Open crimes"]
-- closed_count = ["bigint", "Of these, done or declined", "entries"]
-- needs_decision_count = ["bigint", "Open, and waiting for a decision", "entries"]
-- overdue_count = ["bigint", "Open, and due before the as-of day; null without such a day", "entries"]
-- no_owner_count = ["bigint", "Open, without a responsible post", "entries"]
-- no_metric_count = ["bigint", "Open, without a live figure that shows whether it works", "entries"]
-- in_hand_count = ["bigint", "Open, with an owner and a due date not yet past; null without an as-of day", "entries"]
-- controlled_count = ["bigint", "With a control, a live figure and a row of the risk register", "entries"]
-- costed_count = ["bigint", "Open, and its cost is stated", "entries"]
-- passed_on_count = ["bigint", "Open, and passed on to staff", "entries"]
-- compared_count = ["bigint", "Open, and its effect was compared with others or tested", "entries"]
-- starter_count = ["bigint", "Supplied by the product, not confirmed", "entries"]
-- placeholder_count = ["bigint", "Saved by the force, but still without the text that they ask for", "entries"]
-- as_of_date = ["date", "As-of day of the figures; null without an extract"]
-- ///

-- Starters and placeholders are not yet entries.
with entries as (
    select *, not is_starter and not is_placeholder as is_entry
    from core.register_entries
)

select
    register,
    count(*) filter (where is_entry) as entry_count,
    count(*) filter (where is_entry and not is_closed) as open_count,
    count(*) filter (where is_entry and is_closed) as closed_count,
    count(*) filter (where is_entry and not is_closed and status = 'needs_decision') as needs_decision_count,
    case
        when max(as_of_date) is not null then count(*) filter (where is_entry and is_overdue)
    end as overdue_count,
    count(*) filter (where is_entry and not is_closed and owner is null) as no_owner_count,
    count(*) filter (where is_entry and not is_closed and metric_code is null) as no_metric_count,
    -- it has an owner, and its due date is not past
    case
        when max(as_of_date) is not null
            then count(*) filter (
                where is_entry and not is_closed and owner is not null and due_date >= as_of_date
            )
    end as in_hand_count,
    -- a lesson counts as learnt only with a control, a live figure and a row of the risk register
    count(*) filter (
        where is_entry and metric_code is not null and json_extract_string(fields, '$.control') is not null
        and json_extract_string(fields, '$.risk_ref') is not null
    ) as controlled_count,
    count(*) filter (
        where is_entry and not is_closed and json_extract_string(fields, '$.cost') is not null
    ) as costed_count,
    count(*) filter (
        where is_entry and not is_closed and json_extract_string(fields, '$.disseminated_on') is not null
    ) as passed_on_count,
    count(*) filter (
        where is_entry and not is_closed and json_extract_string(fields, '$.grade') in ('compared', 'trial')
    ) as compared_count,
    count(*) filter (where is_starter) as starter_count,
    count(*) filter (where is_placeholder and not is_starter) as placeholder_count,
    max(as_of_date) as as_of_date
from entries
group by register
