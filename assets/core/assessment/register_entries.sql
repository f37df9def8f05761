-- /// card
-- description = """One row is a current entry of a register: a recommendation, a gap, an inspection's recommendation, \
--     a policy and so on."""
-- grain = ["register", "entry_ref"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """Entered by people of this force on the page Decisions and actions. An entry supplied by the product is an \
--     unconfirmed starter until someone in the force saves it.""",
--     "A starter that asks for a text is a placeholder until that text is entered, also once it is saved.",
--     "Overdue on the as-of day; without an extract there is no such day.",
--     "Owners are posts. The casework store keeps who changed an entry; it is not published.",
-- ]
-- [columns]
-- register = ["varchar", """Register: recommendations, inspection, pestelo, intelligence_gaps, lessons, \
--     risk_register, guidance, policies or practice"""]
-- entry_ref = "columns"
-- title = ["varchar", "Short title"]
-- theme_code = ["varchar", "Theme of the assessment; null for none or several"]
-- owner = ["varchar", "Post responsible for it; null where there is none yet"]
-- due_date = ["date", "Due date, or next review date", "", "Due"]
-- status = ["varchar", "needs_decision, open, under_way, done or declined", "", "State"]
-- metric_code = ["varchar", "Live figure that shows whether the entry works: a measure of metrics.advice_answers"]
-- is_overdue = ["boolean", "Open, and due before the as-of day; null without such a day"]
-- is_closed = ["boolean", "Done or declined"]
-- is_starter = ["boolean", "Supplied by the product, not confirmed"]
-- is_placeholder = ["boolean", "A field of it still says To be entered: it is no entry yet"]
-- starter_source = ["varchar", "Source of a starter; null for an entry saved by the force"]
-- revision = ["bigint", "Number of times the entry was saved; 0 for a starter"]
-- changed_at = ["timestamp with time zone", "When it was last saved", "UTC"]
-- fields = ["varchar", "All its fields as JSON, including the evidence snapshot"]
-- as_of_date = ["date", "As-of day of the figures; null without an extract"]
-- ///

-- The latest revision of each entry saved by the force, and the product's starters that nobody has saved yet. Overdue
-- compares the due date with the as-of day; without such a day, the page with the registers uses its own date.
with kept as (
    select register, entry_ref, revision, fields, changed_at, is_closed
    from raw.casework_register_rows
    qualify row_number() over (partition by register, entry_ref order by revision desc) = 1
),

-- The facts of the field are the starters of the horizon scan: each text has one place. An open one says so itself.
facts as (
    select
        'pestelo-' || field_fact_code as entry_ref,
        source,
        -- a test keeps quotes and backslashes out of the list
        '{"title": "' || statement || '", "factor": "' || factor || '", "source": "' || source || '"'
        || case when applies_from is null then '' else ', "horizon": "From ' || cast(applies_from as varchar) || '"' end
        || case when theme_code is null then '' else ', "theme_code": "' || theme_code || '"' end
        || '}' as fields
    from reference.field_facts
    where factor is not null
),

entries as (
    select
        register,
        entry_ref,
        revision,
        fields,
        changed_at,
        is_closed = 1 as is_closed,
        false as is_starter,
        cast(null as varchar) as starter_source
    from kept
    union all
    select s.register, s.entry_ref, 0, s.fields, cast(null as timestamptz), false, true, s.source
    from reference.register_starters as s
    left join kept as k on s.register = k.register and s.entry_ref = k.entry_ref
    where k.entry_ref is null
    union all
    select 'pestelo', f.entry_ref, 0, f.fields, cast(null as timestamptz), false, true, f.source
    from facts as f
    left join kept as k on k.register = 'pestelo' and f.entry_ref = k.entry_ref
    where k.entry_ref is null
),

days as (
    select max(london_date(as_of_at)) as as_of_date
    from core.extract_moments
)

select
    e.register,
    e.entry_ref,
    json_extract_string(e.fields, '$.title') as title,
    json_extract_string(e.fields, '$.theme_code') as theme_code,
    json_extract_string(e.fields, '$.owner') as owner,
    cast(json_extract_string(e.fields, '$.due_date') as date) as due_date,
    coalesce(
        json_extract_string(e.fields, '$.status'), case when e.is_closed then 'done' else 'open' end
    ) as status,
    json_extract_string(e.fields, '$.metric_code') as metric_code,
    case
        when e.is_closed or json_extract_string(e.fields, '$.due_date') is null then false
        else cast(json_extract_string(e.fields, '$.due_date') as date) < d.as_of_date
    end as is_overdue,
    e.is_closed,
    e.is_starter,
    -- a starter that asks for a text says "To be entered"; saving it unchanged enters nothing
    e.fields like '%"To be entered%' as is_placeholder,
    e.starter_source,
    e.revision,
    e.changed_at,
    e.fields,
    d.as_of_date
from entries as e
cross join days as d
