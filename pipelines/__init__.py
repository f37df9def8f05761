"""When and how: the only room that knows Dagster."""
