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
