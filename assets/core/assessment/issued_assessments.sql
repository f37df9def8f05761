-- The themes of every assessment issued; who issued it stays in the casework store.
select
    assessment_ref, theme_code, title, as_of_date, scheme_version, scheme_hash, manifest_hash, risk, rank, rank_low,
    rank_high, override_count, issued_at
from raw.casework_assessment_themes
