"""Consent as a browser would give it: authorize, accept, code. Used by both walks."""

import base64
import functools
import hashlib
import json
import secrets
import sys
from urllib.parse import parse_qs, urlsplit

import requests


@functools.cache
def announcement() -> dict:
    """The sandbox's announcement, from the first argument (text or file) or from standard input."""
    text = sys.argv[1] if len(sys.argv) > 1 else sys.stdin.readline()
    if not text.lstrip().startswith("{"):
        with open(text, encoding="utf-8") as file:
            text = file.readline()
    return json.loads(text)


def check(condition: bool, what: str) -> None:
    """Ends with status 1 unless the condition holds."""
    if not condition:
        sys.exit(f"WRONG: {what}")
    print(f"ok: {what}")


def pkce() -> tuple[str, str]:
    """A verifier and its S256 challenge."""
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).decode().rstrip("=")


def authorize(url: str, decision: str = "accept") -> dict[str, str]:
    """Follows an authorize URL to its redirect and returns the redirect's query."""
    answer = requests.get(url, allow_redirects=False, timeout=30)
    if answer.status_code == 200:
        form = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        base = url.split("?")[0]
        me = form.get("login_hint") or announcement()["admin_email"]
        answer = requests.post(base, data={**form, "email": me, "decision": decision}, allow_redirects=False, timeout=30)
    check(answer.status_code == 302, "authorize answers with a redirect")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}
