-- /// card
-- description = "One row is a pair of records of people that readers reviewed, with their decision."
-- grain = ["person_key_l", "person_key_r"]
-- audience = ["integrity"]
-- caveats = [
--     """The next build follows a settled pair: it links or separates the records, regardless of their weight. One \
--     reader alone settles nothing.""",
-- ]
-- [columns]
-- "person_key_l, person_key_r" = "raw.casework_link_decisions"
-- first_verdict = ["varchar", "First reader's answer; null where not read"]
-- second_verdict = ["varchar", "Second reader's answer; null where not read"]
-- registrar_verdict = ["varchar", "Registrar's decision; null where not asked"]
-- settled_verdict = ["varchar", "same or different; null while open"]
-- reason_code = ["varchar", "Why"]
-- is_blind = ["boolean", "True where everyone decided before the weight was shown", "", "Blind"]
-- decided_at = ["timestamp with time zone", "Last decision", "UTC", "Decided"]
-- ///

-- A pair is settled when both readers agree, or when the registrar decides between them.
with latest as (
    select
        person_key_l,
        person_key_r,
        reader_role,
        reader_ref,
        verdict,
        reason_code,
        is_blind,
        decided_at
    from raw.casework_link_decisions
    qualify row_number() over (partition by person_key_l, person_key_r, reader_role order by revision desc) = 1
),

pairs as (
    select
        person_key_l,
        person_key_r,
        max(case when reader_role = 'first' then verdict end) as first_verdict,
        max(case when reader_role = 'second' then verdict end) as second_verdict,
        max(case when reader_role = 'registrar' then verdict end) as registrar_verdict,
        max(case when reader_role = 'registrar' then reason_code end) as registrar_reason,
        max(case when reader_role = 'first' then reason_code end) as first_reason,
        min(is_blind) = 1 as is_blind,
        max(decided_at) as decided_at
    from latest
    group by person_key_l, person_key_r
)

select
    person_key_l,
    person_key_r,
    first_verdict,
    second_verdict,
    registrar_verdict,
    case
        when registrar_verdict in ('same', 'different') then registrar_verdict
        when registrar_verdict is null and first_verdict = second_verdict and first_verdict <> 'unsure'
            then first_verdict
    end as settled_verdict,
    coalesce(registrar_reason, first_reason) as reason_code,
    is_blind,
    decided_at
from pairs
