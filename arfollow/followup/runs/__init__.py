"""Bulk runs: many customers of the list worked at once, after one preflight, by the same operations as a click's."""
