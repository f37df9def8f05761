-- /// card
-- description = """One row is a kind of condition of a kind of protective order: the orders that have it, its breaches and \
--     what followed them. No person can be identified."""
-- grain = ["order_kind", "condition_kind"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Orders granted up to the as-of moment, over the whole extract.",
--     """A breach belongs to the condition whose number it names. Without a number, or with one that its order does not \
--     have, it is in the row not recorded.""",
--     """Crime, arrest and charge count when they came by the as-of moment. A breach with a written reason for no crime \
--     counts as answered.""",
-- ]
-- [columns]
-- order_kind = ["varchar", "Kind, as in reference.order_kinds", "", "Kind"]
-- condition_kind = ["varchar", "As in the code set order_condition_kind, or not recorded", "", "Condition"]
-- order_count = ["bigint", "Orders granted that have such a condition", "orders", "Orders"]
-- breach_count = ["bigint", "Breaches of such a condition", "breaches", "Breaches"]
-- answered_count = ["bigint", "Of these, with a crime or a written reason", "breaches", "Crime or reason"]
-- arrest_count = ["bigint", "Of these, with an arrest after the breach", "breaches", "Arrest"]
-- charge_count = ["bigint", "Of these, with a charge after the breach", "breaches", "Charge"]
-- ///

-- Strategic-assessment 1, V17 and M5: which conditions are breached, and what followed.
with moment as (
    select as_of_at
    from core.extract_moments
),

-- core.order_facts knows the force of an order, core.orders does not
granted as (
    select o.order_ref, k.order_kind
    from core.order_facts as o
    inner join reference.order_kinds as k on o.order_type = k.order_type
    cross join moment as m
    where coalesce(o.granted_at, o.served_at) <= m.as_of_at
),

-- a number that an order has twice is that of its first kind by name
conditions as (
    select order_ref, condition_number, min(condition_kind) as condition_kind
    from core.order_conditions
    group by order_ref, condition_number
),

held as (
    select g.order_kind, c.condition_kind, count(distinct g.order_ref) as order_count
    from granted as g
    inner join conditions as c on g.order_ref = c.order_ref
    group by g.order_kind, c.condition_kind
),

charges as (
    select b.breach_ref, bool_or(o.outcome_at <= m.as_of_at) as is_charged
    from core.order_breaches as b
    cross join moment as m
    inner join core.outcomes as o on b.crime_ref = o.crime_ref and o.outcome_at >= b.breached_at
    where o.outcome_code in ('1', '1A')
    group by b.breach_ref
),

broken as (
    select
        g.order_kind,
        coalesce(c.condition_kind, 'not recorded') as condition_kind,
        count(*) as breach_count,
        count(*) filter (where b.crime_ref is not null or b.no_crime_rationale is not null) as answered_count,
        count(*) filter (where b.arrested_at >= b.breached_at and b.arrested_at <= m.as_of_at) as arrest_count,
        count(*) filter (where h.is_charged) as charge_count
    from core.order_breaches as b
    inner join granted as g on b.order_ref = g.order_ref
    cross join moment as m
    left join conditions as c on b.order_ref = c.order_ref and b.condition_number = c.condition_number
    left join charges as h on b.breach_ref = h.breach_ref
    where b.breached_at <= m.as_of_at
    group by g.order_kind, coalesce(c.condition_kind, 'not recorded')
),

kinds as (
    select order_kind, condition_kind from held
    union
    select order_kind, condition_kind from broken
)

select
    k.order_kind,
    k.condition_kind,
    coalesce(h.order_count, 0) as order_count,
    coalesce(b.breach_count, 0) as breach_count,
    coalesce(b.answered_count, 0) as answered_count,
    coalesce(b.arrest_count, 0) as arrest_count,
    coalesce(b.charge_count, 0) as charge_count
from kinds as k
left join held as h on k.order_kind = h.order_kind and k.condition_kind = h.condition_kind
left join broken as b on k.order_kind = b.order_kind and k.condition_kind = b.condition_kind
