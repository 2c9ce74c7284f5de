"""A customer, and workflows that are published."""

import pytest

from arfollow.workflows.operations.drafts import publish, save_draft
from tests.workflows.triggered import at


@pytest.fixture
def published(site):
    """Publishes on that day, at noon; gives the workflow's id."""

    def run(made, *, days=0, workflow_id=None):
        with at(days), site.writing() as session:
            workflow_id = save_draft(
                session,
                company_id=site.company_id,
                definition=made,
                workflow_id=workflow_id,
                who="Maria",
            )
            publish(session, company_id=site.company_id, workflow_id=workflow_id, who="Maria")
        return workflow_id

    return run
