-- /// card
-- description = """One row is a period of a source (a force-month, a financial year, a whole table) and a current \
--     delivery of it: one, or the parts of a table of the extract."""
-- grain = ["source", "period", "delivery_ref"]
-- audience = ["integrity"]
-- caveats = ["A later delivery replaces the whole period. Superseded deliveries stay in raw."]
-- [columns]
-- source = "raw.delivered_periods"
-- period = ["varchar", "Unit that a later delivery replaces, as the source names it"]
-- delivery_ref = ["varchar", "Current delivery"]
-- row_count = "raw.delivered_periods"
-- undated_count = ["bigint", "Deliveries of this period whose folder has no date; parts of one count once", "deliveries"]
-- candidate_count = ["bigint", "All deliveries of this period that were loaded", "deliveries"]
-- ///

-- Settled points, deliveries: a file in a folder without a date is current. Among dated snapshots the latest wins, and
-- among equals the one received last. Superseded deliveries stay in raw. The files of a table in one folder are parts of
-- one delivery, if their names say so; sheets of one workbook are too. Files of two forces replace nothing of each other.
with candidates as (
    select
        p.source,
        p.period,
        p.delivery_ref,
        p.row_count,
        d.part_of,
        d.snapshot_date,
        d.of_force,
        row_number() over (
            partition by p.source, p.period, d.of_force
            order by
                d.snapshot_date desc nulls first,
                -- where monthly archives were fetched on one day, the later archive has the revised months
                regexp_extract(d.file_name, '([0-9]{4}-[0-9]{2})[.]zip', 1) desc,
                d.received_at desc,
                d.file_name desc
        ) as preference,
        -- a part that was delivered again, or in another format, replaces the earlier one with all its sheets
        d.sha256 = first_value(d.sha256) over (
            partition by
                p.source, p.period, d.of_force, d.part_of, d.snapshot_date,
                regexp_replace(lower(regexp_extract(d.file_name, '([^/!#]*)(#.*)?$', 1)), '[.][a-z]+$', '')
            order by d.received_at desc, d.file_name desc
        ) as is_latest_of_part,
        sum(case when d.snapshot_date is null then 1 else 0 end) over (
            partition by p.source, p.period, d.of_force
        ) as undated_count,
        count(*) over (partition by p.source, p.period) as candidate_count
    from raw.delivered_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    where not coalesce(d.is_taken_away, false)
),

current as (
    select c.*, count(*) over (partition by c.source, c.period, c.of_force) as part_count
    from candidates as c
    inner join candidates as f
        on
            f.preference = 1 and c.source = f.source and c.period = f.period
            and c.of_force is not distinct from f.of_force
    where
        c.preference = 1
        or (
            c.is_latest_of_part and c.part_of = f.part_of
            and c.snapshot_date is not distinct from f.snapshot_date
        )
)

select
    source,
    period,
    delivery_ref,
    row_count,
    cast(case when snapshot_date is null then undated_count - part_count + 1 else 0 end as bigint) as undated_count,
    candidate_count
from current
