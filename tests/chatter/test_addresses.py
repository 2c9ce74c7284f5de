from arfollow.access import Role

HUGE = "9" * 20
STATUSES = {
    "/chatter?kind=x&person=x&customer=x&since=x&until=x&before=x": 200,
    f"/chatter?before={HUGE}&customer={HUGE}": 200,
    "/chatter?since=0001-01-01&until=9999-12-31": 200,
    "/chatter?words=%00%25_&person=%00": 200,
    "/chatter?before=-1&customer=-1": 200,
    "/chatter/customers/99": 200,
    f"/chatter/customers/99?kind=x&person=%00&before={HUGE}": 200,
    f"/chatter/customers/{HUGE}": 404,
    "/chatter/0": 404,
    "/chatter/999": 404,
    f"/chatter/{HUGE}": 404,
    f"/documents/{'0' * 64}": 404,
    "/documents/x": 404,
    "/documents/%00": 404,
}


def test_addresses_that_make_no_sense_are_answered_calmly_on_both_engines(site):
    auditor = site.sign_in(Role.AUDITOR)

    answers = {address: auditor.get(address).status_code for address in STATUSES}

    assert answers == STATUSES
