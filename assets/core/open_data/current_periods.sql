-- /// card
-- description = """One row is a period of a source (a force-month, a financial year, a whole table) and its current \
--     delivery."""
-- grain = ["source", "period"]
-- audience = ["integrity"]
-- caveats = ["A later delivery replaces the whole period. Superseded deliveries stay in raw."]
-- [columns]
-- source = "raw.delivered_periods"
-- period = ["varchar", "Unit that a later delivery replaces, as the source names it"]
-- delivery_ref = ["varchar", "Current delivery"]
-- row_count = "raw.delivered_periods"
-- undated_count = ["bigint", "Deliveries of this period whose folder has no date", "deliveries"]
-- candidate_count = ["bigint", "All deliveries of this period that were loaded", "deliveries"]
-- ///

-- Settled points, deliveries: a file in a folder without a date is current. Among dated snapshots the latest wins, and
-- among equals the one received last. Superseded deliveries stay in raw.
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
                -- where monthly archives were fetched on one day, the later archive has the revised months
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
