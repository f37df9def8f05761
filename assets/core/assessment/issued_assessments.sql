-- /// card
-- description = "One row is a theme of an assessment as issued."
-- grain = ["assessment_ref", "theme_code"]
-- audience = ["command", "integrity"]
-- caveats = ["Issued by people of this force on the page The assessment."]
-- [columns]
-- "assessment_ref, theme_code, title, as_of_date, scheme_version, scheme_hash" = "raw.casework_assessment_themes"
-- "manifest_hash, risk, rank, rank_low, rank_high, override_count, issued_at" = "raw.casework_assessment_themes"
-- ///

-- The casework store keeps who issued an assessment; it is not published.
select
    assessment_ref, theme_code, title, as_of_date, scheme_version, scheme_hash, manifest_hash, risk, rank, rank_low,
    rank_high, override_count, issued_at
from raw.casework_assessment_themes
