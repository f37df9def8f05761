"""The documentation: Markdown pages, and what turns them into a site (site.py). No text of the dashboards."""
