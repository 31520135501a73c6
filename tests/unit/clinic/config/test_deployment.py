from __future__ import annotations

import pytest

from clinic.config.deployment import allowed_hosts, is_behind_tls_proxy
from clinic.config.errors import CannotStart


def test_a_clinic_names_its_hosts():
    named = {"KETHERAPY_ALLOWED_HOSTS": "clinic.example.org, c2.example.org"}
    assert allowed_hosts(named) == ["clinic.example.org", "c2.example.org"]


@pytest.mark.parametrize("named", ["", "*", ".example.org", "a,,b", "https://a.example", "a:80"])
def test_a_host_that_is_none_is_refused(named):
    with pytest.raises(CannotStart, match="host names in lower case"):
        allowed_hosts({"KETHERAPY_ALLOWED_HOSTS": named})


@pytest.mark.parametrize(
    ("said", "is_so"), [({}, False), ("", False), ("no", False), ("yes", True)]
)
def test_a_proxy_is_believed_only_on_request(said, is_so):
    environ = {"KETHERAPY_TLS_PROXY": said} if said != {} else {}
    assert is_behind_tls_proxy(environ) is is_so


def test_anything_else_is_refused():
    with pytest.raises(CannotStart, match="expected yes or no"):
        is_behind_tls_proxy({"KETHERAPY_TLS_PROXY": "true"})
