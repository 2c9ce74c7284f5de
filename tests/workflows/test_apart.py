from functools import partial

from arfollow.profiles.operations import add_to_list
from arfollow.workflows.operations.triggering.apart import all_or_apart
from tests.factories import TODAY, books


def test_one_that_nobody_can_work_for_holds_up_no_other(site):
    with books(site) as book:
        ids = [book.customer(number=f"C-{number}") for number in range(3)]
    worked = []

    def work(session, customer_ids):
        for customer_id in customer_ids:
            add_to_list(
                session,
                company_id=site.company_id,
                customer_id=customer_id,
                name=f"List {customer_id}",
                on=TODAY,
                who="Ana",
            )
            if customer_id == ids[1]:
                raise ValueError
        worked.extend(customer_ids)

    with site.writing() as session:
        all_or_apart(session, ids, partial(work, session))

    assert worked == [ids[0], ids[2]]
    assert [text for _, text in site.entries("list")] == [
        f"On the list “List {each}”" for each in (ids[0], ids[2])
    ]
