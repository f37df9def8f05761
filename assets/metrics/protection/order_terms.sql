-- /// card
-- description = """One row is a type of stalking protection order: what those granted ask for, and how long they last. \
--     No person can be identified."""
-- grain = ["order_type"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Orders granted up to the as-of moment, over the whole extract.",
--     "Months begin with the day of grant, and the last day belongs to them (Stalking Protection Act 2019, s.3).",
--     """The four parts by length add up to the orders granted. No end: until further order, or not recorded; the \
--     extract does not say which.""",
--     "What the conditions forbid or require is in metrics.order_conditions, where it is delivered.",
-- ]
-- [columns]
-- order_type = ["varchar", "spo_full or spo_interim", "", "Order"]
-- granted_count = ["bigint", "Granted", "orders", "Granted"]
-- condition_median = ["double", "Median number of conditions", "conditions", "Conditions, median"]
-- condition_highest = ["bigint", "Highest number of conditions", "conditions", "Conditions, highest"]
-- positive_count = ["bigint", "With a positive requirement", "orders", "With a positive requirement"]
-- under_two_years_count = ["bigint", "Shorter than 24 months", "orders", "Under two years"]
-- two_years_count = ["bigint", "24 to 35 months", "orders", "Two years to under three"]
-- longer_count = ["bigint", "36 months and more", "orders", "Three years and more"]
-- endless_count = ["bigint", "Without a last day", "orders", "No end"]
-- days_to_service_median = ["double", "Median days from grant to service, of those served", "days", "Days to service"]
-- ///

-- Strategic-assessment 1, V8, V24 and M5.
with granted as (
    select
        f.order_type,
        o.condition_count,
        o.has_positive_requirement,
        f.term_months,
        f.expires_date,
        case when f.served_at <= m.as_of_at then days_between(f.granted_at, f.served_at) end
            as days_to_service
    from core.order_facts as f
    inner join core.orders as o on f.order_ref = o.order_ref
    cross join core.extract_moments as m
    where f.is_stalking_protection and f.granted_at <= m.as_of_at
)

select
    k.order_type,
    count(g.order_type) as granted_count,
    cast(median(g.condition_count) as double) as condition_median,
    cast(max(g.condition_count) as bigint) as condition_highest,
    count(*) filter (where g.has_positive_requirement) as positive_count,
    count(*) filter (where g.term_months < 24) as under_two_years_count,
    count(*) filter (where g.term_months between 24 and 35) as two_years_count,
    count(*) filter (where g.term_months >= 36) as longer_count,
    count(*) filter (where g.order_type is not null and g.expires_date is null) as endless_count,
    cast(median(g.days_to_service) as double) as days_to_service_median
from reference.order_kinds as k
left join granted as g on k.order_type = g.order_type
where k.order_type in ('spo_full', 'spo_interim')
group by k.order_type
