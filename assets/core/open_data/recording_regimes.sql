-- /// card
-- description = """One row is a dated change of what is recorded or how: a trend may not be drawn across it without a \
--     mark."""
-- grain = ["regime_ref"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "R23 took effect in May 2023; the day is not established, so the month is used.",
--     "R25 is an edition date and not known to move counts by itself; charts still mark it.",
-- ]
-- [columns]
-- regime_ref = ["varchar", "Name of the regime"]
-- valid_from = ["date", "First day"]
-- date_precision = ["varchar", "How exactly the day is known: day, month or year"]
-- title = ["varchar", "What changed"]
-- effect = ["varchar", "What it does to the figures"]
-- affects_codes = ["varchar", "Offence classes whose counts it moves (comma list, S&H for the subgroup), or all"]
-- source_name = ["varchar", "Raw source it is confined to; empty for every source"]
-- moves_counts = ["boolean", "The change moves counts, so limits start anew; else it is only marked"]
-- authority = ["varchar", "Where this is stated"]
-- ///

select
    regime_ref,
    valid_from,
    date_precision,
    title,
    effect,
    affects_codes,
    coalesce(source_name, '') as source_name,
    moves_counts,
    authority
from reference.recording_regimes
