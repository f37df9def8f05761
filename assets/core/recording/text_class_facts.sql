-- /// card
-- description = "One row is a crime with its class compared with the words of its MO and its incident's log."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = [
--     "Rules use these facts; a null fact could not be assessed and is never a pass.",
--     "Words are not findings: a signal refers a crime to the registrar and decides nothing.",
--     "Null where both texts are missing.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, ho_code, risk_grade" = "core.crimes"
-- four_score = ["integer", """How many of fixated, obsessive, unwanted and repeated apply; two linked incidents also \
--     count as repeated""", "dimensions"]
-- hate_strand = "core.crime_text_signals"
-- is_class_before_stalking = ["boolean", "8L, or a class that may hide a course of conduct"]
-- is_free_of_four_signal = ["boolean", "CLS-04: too few of the four, or stalking is an included classification"]
-- is_free_of_stalking_behaviour = ["boolean", """CLS-05: no behaviour listed in s.2A(3), or stalking is an included \
--     classification"""]
-- is_free_of_grave_signs = ["boolean", """CLS-06: the text shows no fear of violence or serious effect, and the risk \
--     is not high"""]
-- has_violence_or_effect = "core.crime_text_signals"
-- is_free_of_violence_words = ["boolean", "CLS-08: the text shows neither"]
-- is_graver = ["boolean", "Rape, homicide and attempts, s.18, s.20, threats to kill"]
-- is_stalking_included = ["boolean", "CLS-13: too few of the four, or there is an included classification"]
-- is_free_of_coercion_by_partner = ["boolean", "CLS-15: not a current partner, or the text shows no coercion"]
-- is_hostility_marked = ["boolean", """CLS-16: the text shows no hostility, or there is a hate flag, or 8M for race \
--     and religion"""]
-- is_free_of_new_offence_words = ["boolean", "CLS-17: the text shows neither a threat nor a false message"]
-- has_threat = "core.crime_text_signals"
-- is_online_flagged = ["boolean", "CLS-20: the text shows nothing online, or the flag is set"]
-- ///

-- The class of a crime compared with the words of its MO and own incident's log: recording-standards 6.3 and 6.9.
with limits as (
    select
        classification_four_score as four_score,
        classification_conduct_occasions as conduct_occasions
    from core.settings
),

linked as (
    select crime_ref, count(distinct linked_ref) as incident_count
    from core.crime_links
    where linked_type = 'incident'
    group by crime_ref
),

flags as (
    select crime_ref, bool_or(starts_with(flag, 'hate_')) as has_hate_flag, bool_or(flag = 'online') as has_online_flag
    from core.crime_flags
    group by crime_ref
),

included as (
    select
        crime_ref,
        bool_or(class_code = '8Q') as has_stalking,
        bool_or(class_code = '8M') as has_aggravated_harassment
    from core.included_classifications
    group by crime_ref
),

groups as (
    select
        code,
        code_type,
        bool_or(class_group = 'graver') as is_graver,
        bool_or(class_group = 'instead of stalking') as is_instead
    from reference.class_groups
    group by code, code_type
),

facts as (
    select
        c.*,
        s.crime_ref is not null as has_text,
        cast(s.is_fixated as integer) + cast(s.is_obsessive as integer) + cast(s.is_unwanted as integer)
        -- 6.9: repeated by the text, or by two linked incidents
        + cast(s.is_repeated or coalesce(l.incident_count, 0) >= m.conduct_occasions as integer) as four_score,
        m.four_score as four_score_limit,
        s.has_stalking_behaviour,
        s.has_violence_or_effect,
        s.has_coercion,
        s.has_threat,
        s.has_false_message,
        s.hate_strand,
        s.is_race_or_religion,
        s.is_online,
        coalesce(f.has_hate_flag, false) as has_hate_flag,
        coalesce(f.has_online_flag, false) as has_online_flag,
        i.crime_ref is not null as has_included,
        coalesce(i.has_stalking, false) as has_included_stalking,
        coalesce(i.has_aggravated_harassment, false) as has_included_aggravated_harassment,
        c.class_code = '8L' or coalesce(g.is_instead, false) as is_class_before_stalking,
        coalesce(g.is_graver, false) or coalesce(h.is_graver, false) as is_graver
    from core.crimes as c
    cross join limits as m
    left join core.crime_text_signals as s on c.crime_ref = s.crime_ref
    left join linked as l on c.crime_ref = l.crime_ref
    left join flags as f on c.crime_ref = f.crime_ref
    left join included as i on c.crime_ref = i.crime_ref
    left join groups as g on c.class_code = g.code and g.code_type = 'class'
    left join groups as h on c.ho_code = h.code and h.code_type = 'ho code'
)

select
    crime_ref,
    force_code,
    recorded_date,
    recorded_month,
    unit_name,
    class_code,
    ho_code,
    risk_grade,
    four_score,
    hate_strand,
    is_class_before_stalking,
    -- stalking as an included classification shows that it was recognised
    has_included_stalking or four_score < four_score_limit as is_free_of_four_signal,
    has_included_stalking or not has_stalking_behaviour as is_free_of_stalking_behaviour,
    -- a risk without a grade is not high: another rule covers the missing grade
    case
        when risk_grade = 'high' then false
        else not has_violence_or_effect
    end as is_free_of_grave_signs,
    has_violence_or_effect,
    not has_violence_or_effect as is_free_of_violence_words,
    is_graver,
    has_included or four_score < four_score_limit as is_stalking_included,
    case
        when not is_current_partner or not has_coercion then true
        when is_current_partner and has_coercion then false
    end as is_free_of_coercion_by_partner,
    case
        when has_text then hate_strand is null or has_hate_flag
            or (coalesce(is_race_or_religion, false) and has_included_aggravated_harassment)
    end as is_hostility_marked,
    not has_threat and not has_false_message as is_free_of_new_offence_words,
    has_threat,
    not is_online or has_online_flag as is_online_flagged
from facts
