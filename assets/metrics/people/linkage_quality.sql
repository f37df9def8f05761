-- /// card
-- description = "One row is a kind of record of people, with how well its pairs are linked, judged by two readers."
-- grain = ["stratum_type", "stratum"]
-- audience = ["integrity", "command"]
-- caveats = [
--     """Only pairs settled by two readers. Readers see the uncertain ones first, so the shares are lower than over \
--     all pairs. Without reviewed pairs nothing is measured.""",
--     "The weight is assessed alone, before decisions are applied. Intervals are Wilson 95% intervals.",
--     "A kind with few reviewed pairs gives little evidence: read the interval.",
-- ]
-- method = "reviewed_pairs.reviewed_shares"
-- [columns]
-- stratum_type = ["varchar", "Kind: all, content of the record, how common its name is, or self-defined ethnicity"]
-- stratum = ["varchar", "Value of the kind"]
-- reviewed_pair_count = ["bigint", "Pairs settled by readers", "pairs", "Pairs reviewed"]
-- same_pair_count = ["bigint", "Of these, one person according to the readers", "pairs"]
-- linked_pair_count = ["bigint", "Of these, linked by their weight", "pairs"]
-- right_pair_count = ["bigint", "Linked by their weight, and one person", "pairs", "Linked and one person"]
-- precision = ["double", "Share of linked pairs that are one person; null where none was linked"]
-- precision_lower = ["double", "Lower limit"]
-- precision_upper = ["double", "Upper limit"]
-- recall = ["double", "Share of pairs of one person that were linked; null where there is none"]
-- recall_lower = ["double", "Lower limit"]
-- recall_upper = ["double", "Upper limit"]
-- ///

-- Quality of linkage according to readers: the pairs that they settled, counted by kind of record, so that worse
-- linkage of a group is visible. The method gives precision and recall. The weight is assessed alone, before decisions
-- are applied, because applied decisions would always agree with themselves.
with settled as (
    select
        d.person_key_l,
        d.person_key_r,
        d.settled_verdict = 'same' as is_same,
        p.is_linked_by_weight as is_linked
    from core.link_decisions as d
    inner join core.person_pairs as p on d.person_key_l = p.person_key_l and d.person_key_r = p.person_key_r
    where d.settled_verdict is not null
),

sides as (
    select *, person_key_l as person_key
    from settled
    union all
    select *, person_key_r as person_key
    from settled
),

described as (
    select
        s.person_key_l,
        s.person_key_r,
        s.is_same,
        s.is_linked,
        cast(k.has_birth_date as varchar) as has_birth_date,
        cast(k.is_first_january as varchar) as is_first_january,
        cast(k.has_postcode as varchar) as has_postcode,
        cast(k.has_number as varchar) as has_number,
        cast(k.name_part_count as varchar) as name_part_count,
        k.name_frequency,
        coalesce(n.ethnicity_self_defined, 'not stated') as ethnicity_self_defined
    from sides as s
    inner join core.people as k on s.person_key = k.person_key
    left join core.persons as n on s.person_key = n.person_key
),

-- a pair counts once for the kind of each of its two records
kinds as (
    select person_key_l, person_key_r, is_same, is_linked, 'has_birth_date' as stratum_type, has_birth_date as stratum
    from described
    union
    select person_key_l, person_key_r, is_same, is_linked, 'is_first_january', is_first_january from described
    union
    select person_key_l, person_key_r, is_same, is_linked, 'has_postcode', has_postcode from described
    union
    select person_key_l, person_key_r, is_same, is_linked, 'has_number', has_number from described
    union
    select person_key_l, person_key_r, is_same, is_linked, 'name_part_count', name_part_count from described
    union
    select person_key_l, person_key_r, is_same, is_linked, 'name_frequency', name_frequency from described
    union
    select person_key_l, person_key_r, is_same, is_linked, 'ethnicity_self_defined', ethnicity_self_defined
    from described
)

-- without a settled pair this row says so
select
    'all' as stratum_type,
    'all' as stratum,
    count(*) as reviewed_pair_count,
    count(*) filter (where is_same) as same_pair_count,
    count(*) filter (where is_linked) as linked_pair_count,
    count(*) filter (where is_same and is_linked) as right_pair_count
from settled
union all
select
    stratum_type,
    coalesce(stratum, 'None') as stratum,
    count(*) as reviewed_pair_count,
    count(*) filter (where is_same) as same_pair_count,
    count(*) filter (where is_linked) as linked_pair_count,
    count(*) filter (where is_same and is_linked) as right_pair_count
from kinds
group by stratum_type, stratum
