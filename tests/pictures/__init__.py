"""`script/pictures`: every page and every document as a picture, and a sheet on which all are seen at a glance."""
