"""Drives every endpoint of a freshly started demo sandbox through a contract-checking proxy (docs/sandbox.md).

Usage: python contract_walk.py ANNOUNCEMENT_JSON PROXY_URL
Ends with status 1 when the proxy reports a violation or an endpoint answers with another status than expected.
"""

import sys
from urllib.parse import urlencode, urlsplit

import requests
from consent import announcement, authorize

A = announcement()
PROXY = sys.argv[2].rstrip("/") if len(sys.argv) > 2 else A["root_url"]
V1 = PROXY + "/v1"
AUTH = {"Authorization": "Bearer " + A["access_token"]}
wrong: list[str] = []
calls = 0


def call(method: str, path: str, expect: int = 200, **more):
    global calls
    calls += 1
    url = path if path.startswith("http") else (PROXY if path.startswith("/identity") else V1) + path
    headers = {**AUTH, **more.pop("headers", {})}
    answer = requests.request(method, url, headers=headers, timeout=60, allow_redirects=False, **more)
    violation = "stoplight.io" in answer.text[:400] or "sl-violations" in answer.headers
    if violation or answer.status_code != expect:
        wrong.append(f"{method} {path[:120]}: {answer.status_code}, expected {expect}: {answer.headers.get('sl-violations', '')} {answer.text[:700]}")
    try:
        return answer.json()
    except ValueError:
        return {}


def control(path: str, body: dict) -> None:
    requests.post(A["control_url"] + path, json=body, timeout=30).raise_for_status()


def broadworks() -> None:
    """Subscribers of BroadWorks and of wholesale, enterprises and their synchronisation."""
    # The published examples have text here, the schema has not.
    control("/broadworks", {"text_booleans": False})
    subscribers = "/broadworks/subscribers"
    some = call("GET", subscribers + "?max=100")["items"]
    call("GET", subscribers + "?status=error,pending_email_input&max=10")
    query = {"spEnterpriseId": "NGL+northgate-uk", "selfActivated": "false", "after": "1579046400245", "lastStatusChange": "2020-01-01T00:00:00Z"}
    call("GET", f"{subscribers}?{urlencode(query)}")
    call("GET", subscribers + "?after=yesterday", 400)
    call("GET", f"{subscribers}/{some[0]['id']}")
    call("GET", f"{subscribers}/none", 400)
    new = {"provisioningId": some[0]["provisioningId"], "userId": "walk@sp.example", "spEnterpriseId": "NGL+northgate-uk", "firstName": "Wal", "lastName": "King", "package": "standard", "extension": "7001", "email": "walk@northgate.example"}
    call("POST", subscribers + "/validate", json={"email": new["email"], "package": "basic"})
    one = call("POST", subscribers, json=new)
    call("POST", subscribers, 409, json=new)
    control("/clock", {"advance_seconds": 10})
    call("PUT", f"{subscribers}/{one['id']}", json={"package": "premium", "mobilePhoneNumber": ""})
    call("DELETE", f"{subscribers}/{one['id']}", 204)

    enterprises = call("GET", "/broadworks/enterprises?startsWith=NGL&max=10")["items"]
    for enterprise in enterprises:
        sync = f"/broadworks/enterprises/{enterprise['id']}/broadworksDirectorySync"
        call("GET", sync)
        call("PUT", sync, json={"enableDirSync": False})
        call("POST", sync, 400, json={"syncStatus": "SYNC_NOW"})
        call("PUT", sync, json={"enableDirSync": True})
        call("POST", sync, json={"syncStatus": "SYNC_NOW"})
        call("POST", sync, 409, json={"syncStatus": "SYNC_NOW"})
        call("POST", sync + "/externalUser", json={"userId": "john_anderson@acme.example"})
        call("GET", sync)
        control("/clock", {"advance_seconds": 60})
        call("GET", sync)

    subscribers = "/wholesale/subscribers"
    for status, expected in (("pending_user_migration", 204), ("provisioned", 400)):
        for kind in ("/broadworks/subscribers", subscribers):
            found = call("GET", f"{kind}?status={status}&max=10")["items"]
            call("POST", f"/subscribers/{found[0]['id']}/emails/consentMove", expected)
    some = call("GET", subscribers + "?sortBy=lastStatusChange&sortOrder=DESC&after=1579046400245")["items"]
    name = {"firstName": "Wal", "lastName": "King", "extension": "7001"}
    new = {"customerId": some[0]["customerId"], "email": "walk@free.account.example", "packages": ["webex_calling"], "provisioningParameters": name}
    one = call("POST", subscribers, 202, json=new)
    call("GET", f"{subscribers}/{one['id']}")
    call("DELETE", f"{subscribers}/{one['id']}", 204)
    one = call("POST", subscribers, json={**new, "email": "walk@northgate.example"})
    call("PUT", f"{subscribers}/{one['id']}", json={"packages": ["webex_suite"]})


def activation_emails() -> None:
    """The job that mails everybody with an open invitation."""
    jobs = f"/identity/organizations/{A['organisation']['id']}/jobs/sendActivationEmails"
    job = call("POST", V1 + jobs, 202)
    call("POST", V1 + jobs, 409)
    control("/clock", {"advance_seconds": 10})
    call("GET", f"{V1}{jobs}/{job['id']}/status")
    call("GET", f"{V1}{jobs}/{job['id']}/errors?max=5")
    call("GET", f"{V1}{jobs}/none/status", 400)


def main() -> None:
    people = call("GET", "/people?callingData=true&max=100")["items"]
    call("GET", "/people?max=100&excludeStatus=true")
    call("GET", "/people?email=" + people[9]["emails"][0])
    call("GET", "/people?displayName=A")
    call("GET", "/people?id=" + ",".join(p["id"] for p in people[:3]))
    call("GET", "/people?locationId=x", 400)
    call("GET", "/people/me?callingData=true")
    caller = next(p for p in people if p.get("locationId"))
    call("GET", f"/people/{caller['id']}?callingData=true")
    call("GET", "/people/none", 400)
    licences = call("GET", "/licenses")["items"]
    professional = licences[0]["id"]
    console = next(l for l in licences if "Attendant" in l["name"])["id"]
    standard = next(l for l in licences if "Standard" in l["name"])["id"]
    call("GET", f"/licenses/{professional}")
    call("GET", f"/licenses/{professional}?includeAssignedTo=user&limit=50")
    for path in ("/roles", "/organizations", "/locations", "/locations?max=2", "/telephony/config/locations"):
        call("GET", path)
    call("GET", "/roles/" + call("GET", "/roles")["items"][0]["id"])
    call("GET", "/organizations/" + A["organisation"]["uuid"])
    call("GET", "/organizations/00000000-0000-4000-8000-000000000000", 404)
    here = call("GET", "/telephony/config/locations")["locations"][0]["id"]
    call("GET", f"/locations/{here}")
    call("GET", f"/telephony/config/locations/{here}")
    call("PUT", f"/telephony/config/locations/{here}", 204, json={"announcementLanguage": "en_gb", "outsideDialDigit": "9"})
    call("PUT", f"/telephony/config/locations/{here}", 400, json={"announcementLanguage": "en_GB"})
    numbers = "/telephony/config/numbers"
    for query in (
        {},
        {"max": 100, "start": 50},
        {"details": "true"},
        {"available": "true", "locationId": here},
        {"assigned": "true", "ownerType": "PEOPLE", "order": "extension-desc"},
        {"numberType": "EXTENSION"},
        {"numberType": "NUMBER", "state": "INACTIVE"},
        {"serviceNumber": "true"},
        {"tollFreeNumbers": "true"},
        {"reservedNumber": "true"},
        {"elinEnabled": "true"},
        {"includedTelephonyTypes": "MOBILE_NUMBER"},
        {"ownerType": "PAGING_GROUP"},
        {"extension": caller["extension"], "locationId": caller["locationId"]},
        {"ownerId": caller["id"]},
        {"ownerName": caller["displayName"]},
        {"phoneNumberType": "PRIMARY"},
    ):
        call("GET", numbers + "?" + urlencode(query))
    call("GET", numbers + "?numberType=EXTENSION&available=true", 400)
    call("GET", numbers + "?reservedNumber=true&assigned=true", 400)
    call("GET", f"/telephony/config/locations/{here}/availableNumbers?max=20")
    call("GET", f"/telephony/config/people/primary/availableNumbers?locationId={here}&licenseType=Webex+Calling+Professional")
    extensions = {"extensions": ["6801", "6801", "911", "a2", caller["extension"]]}
    call("POST", f"/telephony/config/locations/{here}/actions/validateExtensions/invoke", json=extensions)
    call("POST", "/telephony/config/actions/validateExtensions/invoke", json={"extensions": ["4983", "6801"]})
    free = [n["phoneNumber"] for n in call("GET", numbers + f"?available=true&state=ACTIVE&locationId={here}")["phoneNumbers"]]
    call("POST", "/telephony/config/actions/validateNumbers/invoke", json={"phoneNumbers": [free[0], "+15205550199", "12x", "+15205550000"]})
    call("POST", f"/telephony/config/locations/{here}/numbers", 201, json={"phoneNumbers": ["+441614970001"], "numberType": "DID", "state": "ACTIVE"})
    call("PUT", f"/telephony/config/locations/{here}/numbers", 204, json={"phoneNumbers": ["+441614970001"], "action": "DEACTIVATE"})
    call("DELETE", f"/telephony/config/locations/{here}/numbers", 204, json={"phoneNumbers": ["+441614970001"]})
    pstn = f"/telephony/pstn/locations/{here}"
    option = call("GET", pstn + "/connectionOptions")["items"][0]["id"]
    call("GET", pstn + "/connection")
    call("PUT", pstn + "/connection", 204, json={"id": option})
    call("GET", f"/people/{caller['id']}/features/numbers?preferE164Format=true")
    alternate = {"primary": False, "directNumber": free[9], "extension": "6990", "ringPattern": "NORMAL"}
    path = f"/telephony/config/people/{caller['id']}/numbers"
    call("PUT", path, 204, json={"phoneNumbers": [{**alternate, "action": "ADD"}]})
    call("GET", f"/people/{caller['id']}/features/numbers")
    call("PUT", path, 204, json={"phoneNumbers": [{**alternate, "action": "DELETE"}]})

    plain = requests.get(A["control_url"] + "/state/people?calling=false", timeout=60).json()["people"]
    plain = [p for p in plain if p["email"].split("@")[0] not in ("admin", "auditor", "user.admin", "helpdesk", "second.admin")]

    def patch(expect: int, who: dict, *wanted: dict):
        return call("PATCH", "/licenses/users", expect, json={"personId": who["id"], "licenses": list(wanted)})

    place = {"locationId": here, "extension": "6801", "phoneNumber": free[0]}
    patch(200, plain[0], {"id": professional, "operation": "add", "properties": place})
    patch(200, plain[0], {"id": professional, "operation": "add", "properties": place})
    patch(400, plain[1], {"id": professional, "properties": place})
    patch(400, plain[1], {"id": professional})
    patch(400, plain[1], {"id": professional, "properties": {"extension": "6802"}})
    patch(400, plain[1], {"id": console})
    patch(400, plain[0], {"id": standard, "properties": {"locationId": here, "extension": "6803"}})
    requests.post(A["control_url"] + "/licences", json={"licence": console, "total": 0}, timeout=30)
    patch(206, plain[2], {"id": professional, "properties": {"locationId": here, "extension": "6804"}}, {"id": console})
    patch(200, plain[2], {"id": professional, "operation": "remove"})
    call("PATCH", "/licenses/users", 404, json={"email": "nobody@nowhere.example", "licenses": [{"id": professional}]})
    call("POST", "/licenses/users", 405, json={"email": "a@b.example", "licenses": []}) if PROXY == A["root_url"] else None

    new = {"emails": ["new.person@northgate.example"], "displayName": "New Person", "firstName": "New", "lastName": "Person"}
    made = call("POST", "/people?callingData=true", json={**new, "licenses": [professional], "locationId": here, "extension": "6805"})
    call("POST", "/people", 409, json=new)
    made["extension"] = "6806"
    body = {key: made[key] for key in ("emails", "displayName", "firstName", "lastName", "extension", "locationId", "licenses")}
    call("PUT", f"/people/{made['id']}?callingData=true", json=body)
    call("PUT", f"/people/{made['id']}?callingData=true&minResponse=true", 204, json=body)
    call("DELETE", f"/people/{made['id']}", 204)

    scim = f"/identity/scim/{A['organisation']['uuid']}/v2"
    call("GET", scim + "/Users?count=5&startIndex=3")
    call("GET", scim + "/Users?" + urlencode({"filter": f'userName eq "{plain[3]["email"]}"'}))
    call("GET", f"{scim}/Users/{plain[3]['uuid']}")
    call("GET", "/identity/scim/v2/Users/me")
    user = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "scim.one@northgate.example", "userType": "user"}
    one = call("POST", scim + "/Users", 201, json={**user, "displayName": "Scim One", "name": {"givenName": "Scim", "familyName": "One"}})
    call("PATCH", f"{scim}/Users/{one['id']}", json={"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "emails", "value": [{"value": "scim.two@northgate.example", "type": "work", "primary": True}]}]})
    call("DELETE", f"{scim}/Users/{one['id']}", 204)
    bulk = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "failOnErrors": 9, "operations": [{"method": "DELETE", "path": "/Users/" + one["id"]}]}
    call("POST", scim + "/Bulk", json=bulk)

    broadworks()
    activation_emails()

    call("GET", "/authorizations/tokenExpiry")
    grants = call("GET", "/authorizations?personEmail=" + A["admin_email"])["items"]
    query = {"response_type": "code", "client_id": A["client_id"], "redirect_uri": A["redirect_uri"], "scope": "spark:kms spark-admin:people_read", "state": "s"}
    code = authorize(A["authorize_url"] + "?" + urlencode(query))["code"]
    secret = {"client_id": A["client_id"], "client_secret": A["client_secret"]}
    none = {"headers": {"Authorization": ""}}
    tokens = call("POST", "/access_token", data={"grant_type": "authorization_code", "code": code, "redirect_uri": A["redirect_uri"], **secret}, **none)
    call("POST", "/access_token", data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **secret}, **none)
    call("POST", "/access_token", 400, data={"grant_type": "refresh_token", "refresh_token": "dead", **secret}, **none)
    device = call("POST", "/device/authorize", data={"client_id": A["client_id"], "scope": "spark:kms"}, **none)
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": device["device_code"], "client_id": A["client_id"]}
    basic = requests.auth._basic_auth_str(A["client_id"], A["client_secret"])
    allowed = {"user_code": device["user_code"], "email": A["admin_email"], "decision": "accept"}
    answer = requests.post(A["device_token_url"], data=form, auth=(A["client_id"], A["client_secret"]), timeout=30)
    if answer.status_code == 428:
        requests.post(A["verification_url"], data=allowed, timeout=30)
        call("POST", "/device/token", data=form, headers={"Authorization": basic})
    app = A["service_app"]
    want = {"clientId": app["client_id"], "clientSecret": app["client_secret"], "targetOrgId": A["organisation"]["id"]}
    call("POST", f"/applications/{app['application_id']}/token", json=want)
    later = call("GET", "/authorizations?personEmail=" + A["admin_email"])["items"]
    fresh = next(g for g in later if g["id"] not in [old["id"] for old in grants])
    call("DELETE", f"/authorizations/{fresh['id']}", 204)
    call("GET", "/people/me", 401, headers={"Authorization": "Bearer dead"})

    for status in (429, 500, 502, 503, 504):
        fault = {"match": {"path": "/v1/roles"}, "effect": {"kind": "status", "status": status, "retry_after": "1"}}
        requests.post(A["fault_url"], json=fault, timeout=30)
        call("GET", "/roles", status)
    print(f"{calls} calls through {urlsplit(PROXY).netloc}")
    for line in wrong:
        print("WRONG:", line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
