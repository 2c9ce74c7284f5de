"""One file per foreign import or export format."""
