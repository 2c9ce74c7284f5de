"""The statements that are sent to a database, and how it answers them."""

import re
from contextlib import contextmanager

from sqlalchemy import event, text


@contextmanager
def recorded(session):
    """The statements that are executed in the block, with their parameters."""
    statements = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        statements.append((statement, parameters))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield statements
    event.remove(session.get_bind(), "before_cursor_execute", note)


def flaws(session, statement):
    """What in the database's plan for a statement is not reading an index in its order."""
    plan = plan_of(session, statement)
    if session.get_bind().dialect.name == "sqlite":
        # To go through what a part of the statement gives, at most so many rows, is no scan of a table.
        own = [step for step in plan if not step.startswith("SCAN anon_")]
        return [step for step in own if "TEMP B-TREE" in step or step.startswith("SCAN")]
    return [step for step in plan if re.search(r"\bSort\b|Seq Scan", step)]


def plan_of(session, statement):
    """The steps by which the database answers a statement."""
    sql, parameters = statement
    if session.get_bind().dialect.name == "sqlite":
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)
        return [row[3] for row in plan]
    # Tables as small as these are read whole and sorted unless that is made to look dear.
    for setting in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
        session.execute(text(f"SET LOCAL {setting} = off"))
    plan = session.connection().exec_driver_sql(f"EXPLAIN {sql}", parameters)
    return [row[0].strip() for row in plan]
