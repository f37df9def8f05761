-- /// card
-- description = "One row is a dated change of what is recorded or how: a trend line across it must show a break."
-- grain = ["regime_ref"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = [
--     "R23 took effect in May 2023; the day is not established, so the month is used.",
--     "R25 is the date of an edition and is not known to change counts; charts still show it.",
-- ]
-- [columns]
-- "regime_ref, valid_from, date_precision, title, effect, affects_codes" = "reference.recording_regimes"
-- source_name = ["varchar", "Raw source that it affects; empty for every source"]
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
