-- /// card
-- description = "One row is an item of the case file with how often files of charged stalking and harassment lack it."
-- grain = ["item"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """An item that the extract does not list for a file is missing; the extract does not show whether the case \
--     needed it.""",
-- ]
-- [columns]
-- item = "reference.case_file_needs"
-- item_name = ["varchar", "Description", "", "Item"]
-- rule_code = "reference.case_file_needs"
-- file_count = ["bigint", "Files of charged crimes", "files", "Files"]
-- missing_count = ["bigint", "Files without the item", "files", "Files without it"]
-- missing_share = ["double", "Files without the item, as a share of all files", "share", "Share of files"]
-- place = ["bigint", "Rank by how often it is missing, from the highest"]
-- running_share = ["double", """Share of all missing items that are this item or a more frequent \
--     one""", "share", "Cumulative share of missing items"]
-- ///

-- Strategic-assessment 1, V21 and V22. An item that was not delivered is missing, as in FIL-01.
with supplied as (
    select count(*) as source_count
    from core.force_deliveries
    where source = 'case_file'
),

files as (
    select f.crime_ref
    from core.case_file_facts as f
    cross join core.extract_moments as m
    cross join supplied as s
    where f.is_charged and coalesce(f.charged_at <= m.as_of_at, true) and s.source_count > 0
),

held as (
    select i.crime_ref, i.item
    from core.case_file_items as i
    cross join core.extract_moments as m
    where i.is_present and coalesce(i.completed_at <= m.as_of_at, true)
    group by i.crime_ref, i.item
),

counted as (
    select n.item, n.words, n.rule_code, count(*) as file_count, count(*) - count(h.crime_ref) as missing_count
    from files as f
    cross join reference.case_file_needs as n
    left join held as h on f.crime_ref = h.crime_ref and n.item = h.item
    group by n.item, n.words, n.rule_code
)

select
    item,
    words as item_name,
    rule_code,
    file_count,
    missing_count,
    missing_count / cast(file_count as double) as missing_share,
    cast(row_number() over (order by missing_count desc, item) as bigint) as place,
    sum(missing_count) over (
        order by missing_count desc, item rows between unbounded preceding and current row
    ) / cast(nullif(sum(missing_count) over (), 0) as double) as running_share
from counted
