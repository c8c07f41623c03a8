"""Walks a freshly started sandbox (seed demo or large) with webexpythonsdk; ends with status 1 on the first wrong answer.

Usage: python webexpythonsdk_walk.py ANNOUNCEMENT_JSON   (or on standard input)
"""

from urllib.parse import urlencode

import requests
from consent import announcement, authorize, check
from webexpythonsdk import ApiError, WebexAPI

SCOPES = (
    "spark:kms spark-admin:people_read spark-admin:people_write spark-admin:licenses_read spark-admin:roles_read "
    "spark-admin:organizations_read"
)


def main() -> None:
    a = announcement()
    base = a["base_url"] + "/"
    api = WebexAPI(access_token="none yet", base_url=base)
    try:
        api.people.me()
        check(False, "a wrong token is refused")
    except ApiError as error:
        check(error.response.status_code == 401 and "access token" in error.message, "a wrong token is refused")

    query = {
        "response_type": "code",
        "client_id": a["client_id"],
        "redirect_uri": a["redirect_uri"],
        "scope": SCOPES,
        "state": "a b&c=d/é",
    }
    answer = authorize(base + "authorize?" + urlencode(query))
    check(answer["state"] == query["state"], "state comes back as it was sent")
    tokens = api.access_tokens.get(a["client_id"], a["client_secret"], answer["code"], a["redirect_uri"])
    check(tokens.expires_in == 1_209_599, "tokens from the code")
    newer = api.access_tokens.refresh(a["client_id"], a["client_secret"], tokens.refresh_token)
    check(newer.access_token != tokens.access_token, "refreshed")

    api = WebexAPI(access_token=newer.access_token, base_url=base)
    check(api.people.me().emails == [a["admin_email"]], "people/me is the administrator")
    people = list(api.people.list(max=100))
    state = requests.get(a["control_url"] + "/state/people", timeout=60).json()["people"]
    check([p.id for p in people] == [p["id"] for p in state], f"{len(people)} people paged, none lost or doubled")
    one = people[11]
    check([p.id for p in api.people.list(email=one.emails[0])] == [one.id], "found by e-mail")
    check(api.people.get(one.id).displayName == one.displayName, "details agree with the list")
    licences = list(api.licenses.list())
    check(any(l.name == "Webex Calling - Professional" and l.totalUnits > 0 for l in licences), f"{len(licences)} licences")
    check(api.licenses.get(licences[0].id).name == licences[0].name, "a licence by id")
    roles = list(api.roles.list())
    check(any(r.name == "Full Administrator" for r in roles), f"{len(roles)} roles")
    check(api.roles.get(roles[-1].id).name == roles[-1].name, "a role by id, named ones too")
    organisations = list(api.organizations.list())
    check(organisations[0].id == a["organisation"]["id"], "organisation in the list")
    check(api.organizations.get(a["organisation"]["uuid"]).id == a["organisation"]["id"], "UUID resolved to the id")

    fault = {
        "match": {"path": "/v1/roles"},
        "count": 2,
        "effect": {"kind": "status", "status": 429, "retry_after": "1"},
    }
    requests.post(a["fault_url"], json=fault, timeout=30).raise_for_status()
    check(len(list(api.roles.list())) == len(roles), "two 429 are waited out")
    struck = requests.get(a["journal_url"], params={"path": "/v1/roles"}, timeout=30).json()["entries"]
    check([e["status"] for e in struck][-3:] == [429, 429, 200] and not any(e["early"] for e in struck), "in the journal, none early")
    print("webexpythonsdk: every answer was right")


if __name__ == "__main__":
    main()
