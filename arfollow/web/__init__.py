"""What every page is served with: templates, locale, headers, error pages, htmx. Knows no subject."""
