-- /// card
-- description = "One row is an annotation of a measure's series: what happened, in the words of its author."
-- grain = ["annotation_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Written by people of this force on the page Explore. An annotation explains nothing by itself.",
-- ]
-- [columns]
-- "annotation_ref, measure_code, force_code, breakdown, breakdown_value" = "raw.casework_annotations"
-- "about_date, words, revision, changed_by, changed_at" = "raw.casework_annotations"
-- ///

-- The latest revision of each annotation that nobody has withdrawn. Commissioners get none: they are of command.
with latest as (
    select *
    from raw.casework_annotations
    qualify row_number() over (partition by annotation_ref order by revision desc) = 1
)

select
    annotation_ref, measure_code, force_code, breakdown, breakdown_value, about_date, words, revision, changed_by,
    changed_at
from latest
where is_withdrawn = 0
