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
-- "regime_ref, valid_from, date_precision, title, effect, affects_codes" = "reference.recording_regimes"
-- source_name = ["varchar", "Raw source it is confined to; empty for every source"]
-- "moves_counts, authority" = "reference.recording_regimes"
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
