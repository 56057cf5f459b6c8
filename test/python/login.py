"""
Loads logins as the hub does, and lets people log in whose provider answers as it is told.

Standard input: by name, {config, environment, attempts}, where `config` is hub.config and each attempt is
{data, answers}: what a login form sends, and what the provider answers, by "METHOD URL".
Standard output: by name, {complaints, attempts}, where each attempt is {user, admin} or {refused}, and {token_form}.
"""

import asyncio
import json
import os
import sys
import time
import warnings
from io import BytesIO
from urllib.parse import parse_qs

import jwt
from jupyterhub.app import JupyterHub
from oauthenticator.oauth2 import _serialize_state
from tornado.httpclient import HTTPClientError, HTTPResponse
from tornado.web import HTTPError
from traitlets.config import Config

from complaints import Complaints


class Provider:
    """Stands in for the client that asks the provider: answers what is known, and 404 else."""

    def __init__(self, answers, client_id):
        self.answers = answers
        self.client_id = client_id
        self.token_form = {}

    async def fetch(self, request, raise_error=True):
        answer = self.answers.get(f"{request.method} {request.url}", {"status": 404})
        if request.method == "POST":
            self.token_form = {key: value[0] for key, value in parse_qs(request.body.decode()).items()}
        status = answer.get("status", 200)
        body = self.with_id_token(answer.get("body", {}))
        response = HTTPResponse(request, status, buffer=BytesIO(json.dumps(body).encode()))
        if raise_error and status >= 400:
            raise HTTPClientError(status, response=response)
        return response

    def with_id_token(self, body):
        if not isinstance(body, dict) or not isinstance(body.get("id_token"), dict):
            return body
        claims = {"aud": self.client_id, "exp": time.time() + 600, **body["id_token"]}
        return {**body, "id_token": jwt.encode(claims, "k" * 32, algorithm="HS256")}


class Handler:
    """The request with which the provider sends somebody back."""

    def get_argument(self, name, default=None):
        return "the-code" if name == "code" else default

    def get_state_cookie(self):
        return _serialize_state({"state_id": "s", "next_url": "", "code_verifier": "the-verifier"})


def load(config):
    """The authenticator, as the hub's application makes it from its configuration, and what it complained of."""
    loaded = Config()
    for section, settings in config.items():
        # As the chart's jupyterhub_config.py applies hub.config.
        loaded[section].update(settings)
    complaints = Complaints()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        app = JupyterHub(config=loaded)
        app.log.addHandler(complaints)
        app.update_config(loaded)
        authenticator = app.authenticator_class(parent=app, _deprecated_db_session=None)
    classes = {each.__name__ for each in type(authenticator).mro()} | {each.__name__ for each in type(app).mro()}
    unread = [f"nothing reads the section {section}" for section in config if section not in classes]
    # JupyterHub itself reads the database session's deprecation; nothing else may be deprecated.
    said = [str(each.message) for each in caught if "_deprecated_db_session" not in str(each.message)]
    return authenticator, complaints, [*unread, *said]


async def log_in(authenticator, attempt):
    provider = Provider(attempt.get("answers", {}), getattr(authenticator, "client_id", ""))
    authenticator.http_client = provider
    try:
        model = await authenticator.get_authenticated_user(Handler(), attempt.get("data"))
    except HTTPError as error:
        return {"refused": error.status_code, "token_form": provider.token_form}
    except HTTPClientError as error:
        # The hub answers such a request with an error page.
        return {"refused": error.code, "token_form": provider.token_form}
    if model is None:
        return {"refused": 403, "token_form": provider.token_form}
    return {
        "user": model["name"],
        "admin": bool(model["admin"]),
        "token_form": provider.token_form,
    }


async def judge(case):
    os.environ.update(case.get("environment", {}))
    try:
        authenticator, complaints, unread = load(case["config"])
        complained = [*complaints.lines, *unread]
        attempts = {name: await log_in(authenticator, attempt) for name, attempt in case["attempts"].items()}
        return {"complaints": complained, "attempts": attempts}
    finally:
        for name in case.get("environment", {}):
            del os.environ[name]


async def main():
    cases = json.load(sys.stdin)
    print(json.dumps({name: await judge(case) for name, case in cases.items()}))


asyncio.run(main())
