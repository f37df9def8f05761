-- /// card
-- description = "One row: the force whose are the records that nothing links to a force; no row in an extract of several."
-- grain = ["force_code"]
-- audience = []
-- caveats = ["Neighbours and bodies with too few crimes for figures do not count. A force chosen of several is not the only one."]
-- [columns]
-- force_code = "columns"
-- ///

select max(force_code) as force_code
from core.extract_forces
where has_figures or has_enough_crimes
having count(*) = 1
