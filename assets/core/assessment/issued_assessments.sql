-- /// card
-- description = "One row is a theme of an assessment as it was issued."
-- grain = ["assessment_ref", "theme_code"]
-- audience = ["command", "integrity"]
-- caveats = ["Kept by people of this force on the page The assessment."]
-- [columns]
-- assessment_ref = ["varchar", "Assessment"]
-- theme_code = ["varchar", "Theme"]
-- title = ["varchar", "Title of the assessment"]
-- as_of_date = ["date", "Day that its figures describe"]
-- scheme_version = ["bigint", "Version of the scheme then"]
-- scheme_hash = ["varchar", "Hash of every number of it"]
-- manifest_hash = ["varchar", "SHA-256 of the manifest of the publication issued"]
-- risk = ["double", "Risk then", "0 to 100"]
-- rank = ["bigint", "Place then; null for a theme that counts crimes of others"]
-- rank_low = ["bigint", "Lowest place of its interval"]
-- rank_high = ["bigint", "Highest place of it"]
-- override_count = ["bigint", "Parts of its score that were overridden"]
-- issued_at = ["timestamp with time zone", "When it was issued", "UTC"]
-- ///

-- The themes of every assessment issued; who issued it stays in the casework store.
select
    assessment_ref, theme_code, title, as_of_date, scheme_version, scheme_hash, manifest_hash, risk, rank, rank_low,
    rank_high, override_count, issued_at
from raw.casework_assessment_themes
