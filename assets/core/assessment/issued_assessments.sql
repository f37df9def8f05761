-- /// card
-- description = "One row is a theme of an assessment as it was issued."
-- grain = ["assessment_ref", "theme_code"]
-- audience = ["command", "integrity"]
-- caveats = ["Kept by people of this force on the page The assessment."]
-- [columns]
-- "assessment_ref, theme_code, title, as_of_date, scheme_version, scheme_hash" = "raw.casework_assessment_themes"
-- "manifest_hash, risk, rank, rank_low, rank_high, override_count, issued_at" = "raw.casework_assessment_themes"
-- ///

-- The themes of every assessment issued; who issued it stays in the casework store.
select
    assessment_ref, theme_code, title, as_of_date, scheme_version, scheme_hash, manifest_hash, risk, rank, rank_low,
    rank_high, override_count, issued_at
from raw.casework_assessment_themes
