-- /// card
-- description = """One row is a period of a source (a force-month, a financial year, a whole table) and the delivery \
--     that counts for it."""
-- grain = ["source", "period"]
-- audience = ["integrity"]
-- caveats = ["A later delivery replaces a period as a whole. Superseded deliveries stay in raw."]
-- [columns]
-- source = "raw.delivered_periods"
-- period = ["varchar", "The unit that a later delivery replaces, as the source names it"]
-- delivery_ref = ["varchar", "Delivery that counts"]
-- row_count = "raw.delivered_periods"
-- undated_count = ["bigint", "Deliveries of this period whose folder carries no date", "deliveries"]
-- candidate_count = ["bigint", "Deliveries of this period ever taken in", "deliveries"]
-- ///

-- Settled points, deliveries: a file without a date in its folder is current and wins; among dated snapshots the
-- later one wins; among equals the one received last. The losers stay in raw.
with candidates as (
    select
        p.source,
        p.period,
        p.delivery_ref,
        p.row_count,
        row_number() over (
            partition by p.source, p.period
            order by
                d.snapshot_date desc nulls first,
                -- monthly archives fetched on one day: the later archive holds the revised months
                regexp_extract(d.file_name, '([0-9]{4}-[0-9]{2})[.]zip', 1) desc,
                d.received_at desc,
                d.file_name desc
        ) as preference,
        sum(case when d.snapshot_date is null then 1 else 0 end) over (partition by p.source, p.period) as undated_count,
        count(*) over (partition by p.source, p.period) as candidate_count
    from raw.delivered_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
)

select
    source,
    period,
    delivery_ref,
    row_count,
    cast(undated_count as bigint) as undated_count,
    candidate_count
from candidates
where preference = 1
