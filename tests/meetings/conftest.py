"""Servers that the tests fetch calendars from."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Callable, Iterator

import pytest

from tests.meetings.tls_server import Answers, Authority, TlsServer


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None and not os.environ.get("CI"):
        pytest.skip("no openssl here to make certificates with")
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def context(authority: Authority) -> ssl.SSLContext:
    return authority.context()


@pytest.fixture
def serves(
    context: ssl.SSLContext, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Answers], TlsServer]]:
    """Starts a server that answers so, and that is trusted."""
    # As the system's store is told of further ones; there is no switch for it.
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    servers: list[TlsServer] = []

    def serve(answers: Answers) -> TlsServer:
        servers.append(TlsServer(context, answers))
        return servers[-1]

    yield serve
    for each in servers:
        each.close()
