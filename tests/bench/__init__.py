"""The measuring tool behind script/bench; it asserts nothing."""
