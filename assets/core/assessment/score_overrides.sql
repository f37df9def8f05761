-- /// card
-- description = "One row is an override of a part of a theme's score that is in force."
-- grain = ["theme_code", "part_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "In force on the day of the build: an override lapses after its last day, and the next build takes it out.",
-- ]
-- [columns]
-- "theme_code, part_code, override_ref" = "raw.casework_score_overrides"
-- score_when_made = ["bigint", "Score by itself when it was made"]
-- "override_score, reason_code, rationale, evidence_ref, made_at, valid_to" = "raw.casework_score_overrides"
-- ///

-- The overrides of scores that are in force, one at most for each theme and part: worked out when a build took them in.
-- Who made and who approved them stays in the casework store.
select
    theme_code, part_code, override_ref, automatic_score as score_when_made, override_score, reason_code, rationale,
    evidence_ref, made_at, valid_to
from raw.casework_score_overrides
where is_in_force
