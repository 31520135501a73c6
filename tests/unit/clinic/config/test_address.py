from __future__ import annotations

import socket

import pytest

from clinic.config.address import host_from, listening, port_from
from clinic.config.errors import CannotStart


@pytest.mark.parametrize(
    ("named", "port"), [("1", 1), ("8000", 8000), ("65535", 65535), ("", 8000)]
)
def test_a_port_is_a_number(named, port):
    assert port_from({"PORT": named}) == port


@pytest.mark.parametrize(
    "named", ["0", "65536", "-1", "+80", "80.0", "eighty", "٨٠", "1e3", " 80", "0x50", "9" * 5000]
)
def test_what_is_no_port_is_refused(named):
    with pytest.raises(CannotStart, match="expected a whole number from 1 to 65535"):
        port_from({"PORT": named})


@pytest.mark.parametrize(
    ("named", "host"),
    [("", "127.0.0.1"), ("localhost", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1")],
)
def test_the_practice_server_stays_on_this_machine(named, host):
    assert host_from({"HOST": named}, practice=True) == host


@pytest.mark.parametrize("named", ["0.0.0.0", "::", "192.168.1.5", "clinic.example", "127.0.0.2"])
def test_the_practice_server_refuses_any_other_interface(named):
    with pytest.raises(CannotStart, match="for this machine alone"):
        host_from({"HOST": named}, practice=True)


def test_a_clinic_names_its_own_interface():
    assert host_from({"HOST": "0.0.0.0"}, practice=False) == "0.0.0.0"


def test_a_taken_port_is_refused():
    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotStart, match=f"PORT {port}: expected a free port"):
            listening("127.0.0.1", port)
    listening("127.0.0.1", port).close()


def test_a_socket_listens_at_once():
    with listening("127.0.0.1", 0) as first, socket.create_connection(first.getsockname()):
        pass
