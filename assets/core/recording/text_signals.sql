-- /// card
-- description = "One row is a narrative (of a crime or an incident) with the signals in its text."
-- grain = ["record_type", "record_ref"]
-- audience = ["integrity"]
-- method = "text_signals.text_signals"
-- by_row = true
-- caveats = [
--     "Words are not findings: a signal refers a record to a reviewer and decides nothing.",
--     """A lexicon misses freely worded accounts. In invented sentences it was not tuned on, it missed about a fifth \
--     of the signals. About one match in ten is wrong.""",
--     """Not counted: the four words after a negation, a case of a friend's own, threats by the reporting person, \
--     contact by the police.""",
--     "A record without free text has no row, and rules on text cannot evaluate it.",
--     "Phrases are words of the record: for the integrity audience only.",
-- ]
-- [columns]
-- record_type = "columns"
-- record_ref = ["varchar", "Crime or incident"]
-- is_fixated = ["boolean", "FOUR: fixated"]
-- is_obsessive = ["boolean", "FOUR: obsessive"]
-- is_unwanted = ["boolean", "FOUR: unwanted"]
-- is_repeated = ["boolean", "FOUR: repeated, by the text alone"]
-- four_score = ["integer", "How many of the four the text shows, 0 to 4", "dimensions"]
-- has_stalking_behaviour = ["boolean", """A behaviour listed in PHA 1997 s.2A(3): following, contacting, publishing, \
--     monitoring, loitering, interfering with property, watching"""]
-- has_violence_or_effect = ["boolean", "Fear, violence or its means, or serious effect on daily life (s.4, s.4A)"]
-- "has_coercion, has_threat" = "columns"
-- has_false_message = ["boolean", "A message or report known to be false"]
-- hate_strand = ["varchar", """race, religion, disability, orientation or trans: the first found in this order; null \
--     where none"""]
-- is_online = ["boolean", "Channel is social media, message, email, tracker or spyware"]
-- has_notice_words = ["boolean", "Words of advice, PIN, harassment warning or another notice"]
-- phrases = ["varchar", "The first phrase matched in each dimension, named; null where none"]
-- ///

-- Free text of crimes and incidents, which the method reads one by one: no table holds it again beyond raw, and it is
-- never published (recording-standards 6.8).
select 'crime' as record_type, c.crime_id as record_ref, c.mo_text as text
from raw.crime as c
inner join core.current_periods as p
    on p.source = 'crime' and c.delivery_ref = p.delivery_ref and c.period = p.period
where c.mo_text is not null
union all
select 'incident' as record_type, i.incident_id as record_ref, i.log_text as text
from raw.incident as i
inner join core.current_periods as p
    on p.source = 'incident' and i.delivery_ref = p.delivery_ref and i.period = p.period
where i.log_text is not null
