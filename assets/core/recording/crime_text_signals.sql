-- /// card
-- description = "One row is a crime with the text signals of its MO and its own incident's log together."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = ["Signals are words in a text, not findings.", "A crime without either text has no row."]
-- [columns]
-- crime_ref = "columns"
-- is_fixated = ["boolean", "FOUR: fixated"]
-- is_obsessive = ["boolean", "FOUR: obsessive"]
-- is_unwanted = ["boolean", "FOUR: unwanted"]
-- is_repeated = ["boolean", "FOUR: repeated, by the text alone"]
-- has_stalking_behaviour = ["boolean", "A behaviour listed in s.2A(3)"]
-- has_violence_or_effect = ["boolean", "The text shows fear of violence or serious effect"]
-- "has_coercion, has_threat" = "columns"
-- has_false_message = ["boolean", "The text shows a message known to be false"]
-- hate_strand = ["varchar", "Strand of hostility; the first in the alphabet where the two texts differ"]
-- is_race_or_religion = ["boolean", "Hostility by race or religion"]
-- is_online = ["boolean", "The text shows an online channel"]
-- ///

-- MO and own incident's log are read together (recording-standards 6.3, CLS-04).
with texts as (
    select record_ref as crime_ref, record_type, record_ref
    from core.text_signals
    where record_type = 'crime'
    union all
    select crime_ref, 'incident' as record_type, incident_ref as record_ref
    from core.crimes
    where incident_ref is not null
)

select
    t.crime_ref,
    bool_or(s.is_fixated) as is_fixated,
    bool_or(s.is_obsessive) as is_obsessive,
    bool_or(s.is_unwanted) as is_unwanted,
    bool_or(s.is_repeated) as is_repeated,
    bool_or(s.has_stalking_behaviour) as has_stalking_behaviour,
    bool_or(s.has_violence_or_effect) as has_violence_or_effect,
    bool_or(s.has_coercion) as has_coercion,
    bool_or(s.has_threat) as has_threat,
    bool_or(s.has_false_message) as has_false_message,
    min(s.hate_strand) as hate_strand,
    bool_or(s.hate_strand in ('race', 'religion')) as is_race_or_religion,
    bool_or(s.is_online) as is_online
from texts as t
inner join core.text_signals as s on t.record_type = s.record_type and t.record_ref = s.record_ref
group by t.crime_ref
