"""Forms of workflows, made from what a step, a trigger or a condition can be set to."""
