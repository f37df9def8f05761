-- /// card
-- description = "One row is a stalking crime, not removed, that ended without further action."
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null. Cancelled and transferred crimes are left out.",
-- ]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, outcome_code" = "core.crimes"
-- is_order_considered = ["boolean", """A stalking protection order for the pair was considered, or a reason for none \
--     is written; null where no suspect is named"""]
-- ///

-- Recording-standards 6.6, ORD-01, read with 6.0.6 and 6.0.11. The pair needs a row for a stalking protection order
-- with the moment of consideration, or with the reason for no application. An order without a victim is matched by its
-- respondent alone.
with considered as (
    select distinct p.crime_ref
    from core.pair_crimes as p
    inner join core.orders as o
        on p.suspect_key = o.respondent_key and (p.victim_key = o.victim_key or o.victim_key is null)
    where
        o.order_type in ('spo_full', 'spo_interim')
        and (o.considered_at is not null or o.not_applied_rationale is not null)
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.outcome_code,
    case when n.crime_ref is not null then true when c.named_suspect_count > 0 then false end as is_order_considered
from core.crimes as c
left join considered as n on c.crime_ref = n.crime_ref
where
    c.class_code = '8Q' and not c.is_cancelled and not c.is_transferred
    and c.outcome_code in ('10', '14', '15', '16', '17', '18', '20', '21', '22')
