-- /// card
-- description = "One row is a current override of a part of a theme's score."
-- grain = ["theme_code", "part_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Current on the day of the build: an override lapses after its last day, and the next build removes it.",
-- ]
-- [columns]
-- "theme_code, part_code, override_ref" = "raw.casework_score_overrides"
-- score_when_made = ["bigint", "Automatic score when the override was made"]
-- "override_score, reason_code, rationale, evidence_ref, made_at, valid_to" = "raw.casework_score_overrides"
-- ///

-- At most one override for each theme and part applies: a build decides this when it loads them. The casework store
-- keeps who made and approved them.
select
    theme_code, part_code, override_ref, automatic_score as score_when_made, override_score, reason_code, rationale,
    evidence_ref, made_at, valid_to
from raw.casework_score_overrides
where is_in_force
