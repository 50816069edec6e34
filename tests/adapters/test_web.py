"""No request leaves for an address that wasn't checked, and nothing incomplete gets a name."""

import errno
import hashlib
import ipaddress
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from dice import Dice, dice
from fakes.internet import Authority, Internet, Script, answer, serving
from hypothesis import HealthCheck, given, settings

from omni.adapters.web import Fetched, Reach, fetch, post
from omni.errors import AddressRefused, AddressUnreachable, AddressWithoutFile, DiskFull, OmniError, SourceTooLarge

HOST, IP, OTHER, OTHER_IP = "media.example.org", "93.184.216.34", "cdn.example.org", "2606:4700::1111"
URL = f"https://{HOST}/talks/talk.mp4?signature=sEcr3t"
BODY = bytes(range(256)) * 300
ANY = Reach()


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Internet:
    return Internet({HOST: [[IP]], OTHER: [[OTHER_IP]]}).install(monkeypatch)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def get(internet: Internet, authority: Authority, tmp_path: Path) -> Callable[..., Fetched]:
    """Fetch from a server of ours that is ``HOST``, by the real client on the internet of the test."""

    def get(
        *scripts: Script, url: str = URL, reach: Reach = ANY, max_bytes: int = 10**6, max_seconds: float = 20
    ) -> Fetched:
        with serving(*scripts, tls=authority.server(HOST)) as server:
            internet.servers[IP] = server.port
            return fetch(
                url, tmp_path / "talk.mp4", reach, max_bytes=max_bytes, max_seconds=max_seconds,
                resolve=internet.resolve, tls=authority.client,
            )  # fmt: skip

    return get


def files(folder: Path) -> list[str]:
    return [f.name for f in folder.iterdir()]


# ── fetching ─────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_fetched_whole_with_what_its_server_says_of_it(get: Callable[..., Fetched], tmp_path: Path) -> None:
    named = "attachment; filename=\"x.mp4\"; filename*=UTF-8''%C3%BCber%20alles.mp4"

    fetched = get(answer(BODY, Content_Type="video/mp4", Content_Disposition=named))

    assert (tmp_path / "talk.mp4").read_bytes() == BODY
    assert fetched == Fetched(hashlib.sha256(BODY).hexdigest(), len(BODY), "video/mp4", HOST, "über alles.mp4")
    assert files(tmp_path) == ["talk.mp4"]


def test_the_name_is_asked_for_at_the_address_that_was_checked(
    internet: Internet, authority: Authority, tmp_path: Path
) -> None:
    with serving(answer(BODY), tls=authority.server(HOST)) as server:
        internet.servers[IP] = server.port
        fetch(
            URL,
            tmp_path / "x",
            Reach(),
            max_bytes=10**6,
            max_seconds=20,
            resolve=internet.resolve,
            tls=authority.client,
        )

    assert internet.connections == [(IP, 443)]
    request = server.requests[0].decode().lower()
    assert request.startswith("get /talks/talk.mp4?signature=secr3t http/1.1")
    assert request.count(f"\r\nhost: {HOST}\r\n") == 1
    assert "cookie" not in request
    assert "authorization" not in request


@pytest.mark.parametrize("ending", ["", "chunked"])
def test_a_body_without_a_declared_length_is_fetched_too(
    ending: str, get: Callable[..., Fetched], tmp_path: Path
) -> None:
    if ending:
        body = f"{len(BODY):x}\r\n".encode() + BODY + b"\r\n0\r\n\r\n"
        get(answer(body, Content_Length="", Transfer_Encoding="chunked"))
    else:
        get(answer(BODY, Content_Length=""))

    assert (tmp_path / "talk.mp4").read_bytes() == BODY


def test_a_certificate_of_another_name_is_not_taken(internet: Internet, authority: Authority, tmp_path: Path) -> None:
    with serving(answer(BODY), tls=authority.server("evil.example.org")) as server:
        internet.servers[IP] = server.port
        with pytest.raises(AddressUnreachable, match="certificate"):
            fetch(
                URL,
                tmp_path / "x",
                Reach(),
                max_bytes=10**6,
                max_seconds=20,
                resolve=internet.resolve,
                tls=authority.client,
            )

    assert server.requests == []
    assert files(tmp_path) == []


def test_a_certificate_of_an_unknown_authority_is_not_taken(
    internet: Internet, authority: Authority, tmp_path: Path
) -> None:
    with serving(answer(BODY), tls=authority.server(HOST)) as server:
        internet.servers[IP] = server.port
        with pytest.raises(AddressUnreachable, match="certificate"):
            fetch(URL, tmp_path / "x", ANY, max_bytes=10**6, max_seconds=20, resolve=internet.resolve)

    assert server.requests == []


def test_no_proxy_of_the_environment_is_asked(
    get: Callable[..., Fetched], internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    get(answer(BODY))

    assert internet.connections == [(IP, 443)]


# ── where a name leads ───────────────────────────────────────────────────────────────────────────


def test_a_name_that_changes_after_it_was_checked_is_not_asked_again(
    get: Callable[..., Fetched], internet: Internet
) -> None:
    internet.names[HOST] = [[IP], ["127.0.0.1"]]

    get(answer(BODY))

    assert internet.lookups == [HOST]
    assert internet.connections == [(IP, 443)]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.64.1.1", "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1",
                "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378::", "0.0.0.0", "224.0.0.1", "192.0.2.1"],
)  # fmt: skip
def test_one_private_address_among_public_ones_refuses_the_name(
    address: str, get: Callable[..., Fetched], internet: Internet
) -> None:
    internet.names[HOST] = [[IP, address]]

    with pytest.raises(AddressRefused, match="not public") as caught:
        get(answer(BODY))

    assert internet.connections == []
    assert address not in str(caught.value)


def test_the_next_address_is_tried_when_one_refuses(get: Callable[..., Fetched], internet: Internet) -> None:
    internet.names[HOST] = [["1.1.1.1", IP]]

    get(answer(BODY))

    assert internet.connections == [("1.1.1.1", 443), (IP, 443)]


def test_a_name_that_nobody_knows_is_unreachable(get: Callable[..., Fetched]) -> None:
    with pytest.raises(AddressUnreachable, match="resolved"):
        get(answer(BODY), url="https://nobody.example.org/")


def test_a_trusted_host_may_be_private_plain_and_on_any_port(internet: Internet, tmp_path: Path) -> None:
    internet.names["nas.internal"] = [["10.0.0.7"]]
    with serving(answer(BODY)) as server:
        internet.servers["10.0.0.7"] = server.port
        fetch(
            "http://nas.internal:8080/x", tmp_path / "x", Reach(hosts=(), trusted=("nas.internal",)), max_bytes=10**6,
            max_seconds=20, resolve=internet.resolve,
        )  # fmt: skip

    assert internet.connections == [("10.0.0.7", 8080)]
    assert b"Host: nas.internal:8080\r\n" in server.requests[0]


# ── redirects ────────────────────────────────────────────────────────────────────────────────────


def moved(to: str, status: str = "302 Found") -> bytes:
    return answer(b"gone", status, Location=to)


@pytest.mark.parametrize("to", ["/other.mp4", "other.mp4", f"//{HOST}/x", f"https://{HOST}:443/x#y"])
def test_a_redirect_is_followed(to: str, get: Callable[..., Fetched], internet: Internet) -> None:
    assert get(moved(to, "308 Permanent Redirect"), answer(BODY)).size_bytes == len(BODY)
    assert internet.connections == [(IP, 443)] * 2


@pytest.mark.parametrize(
    "to",
    [
        "https://169.254.169.254/latest/meta-data/", "http://169.254.169.254/", "https://[::ffff:a9fe:a9fe]/", "https://2852039166/",
        "https://metadata.example.org/", "https://0xa9fea9fe/", "//169.254.169.254/", f"http://{HOST}/", f"https://{HOST}:8443/",
        f"https://{HOST}@169.254.169.254/", "file:///etc/passwd", "https://localhost/", "https://[", "\\\\169.254.169.254\\x",
    ],
)  # fmt: skip
def test_a_redirect_is_checked_like_the_address_itself(
    to: str, get: Callable[..., Fetched], internet: Internet, tmp_path: Path
) -> None:
    internet.names["metadata.example.org"] = [["169.254.169.254"]]

    with pytest.raises(AddressRefused):
        get(moved(to), answer(BODY))

    assert internet.connections == [(IP, 443)]
    assert files(tmp_path) == []


def test_a_redirect_beyond_the_list_of_hosts_is_refused(get: Callable[..., Fetched], internet: Internet) -> None:
    with pytest.raises(AddressRefused, match="list"):
        get(moved(f"https://{OTHER}/x"), reach=Reach(hosts=(HOST,)))

    assert internet.connections == [(IP, 443)]


def test_a_name_is_checked_again_after_each_redirect(get: Callable[..., Fetched], internet: Internet) -> None:
    internet.names[HOST] = [[IP], ["10.0.0.1"]]

    with pytest.raises(AddressRefused):
        get(moved("/again"))

    assert internet.connections == [(IP, 443)]


def test_a_redirect_loop_ends(get: Callable[..., Fetched], internet: Internet) -> None:
    with pytest.raises(AddressRefused, match="more than 3 times"):
        get(moved("/again"))

    assert len(internet.connections) == 4


# ── limits ───────────────────────────────────────────────────────────────────────────────────────


def dripping(head: bytes) -> Script:
    """Send a head, then a byte now and then for as long as anyone listens."""

    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        for _ in range(2000):
            time.sleep(0.01)
            connection.sendall(b"x")

    return drip


@pytest.mark.parametrize("head", [answer(Content_Length="999999"), b"HTTP/1.1 200 OK\r\nX: ", b""])
def test_a_server_that_drips_is_given_up(head: bytes, get: Callable[..., Fetched], tmp_path: Path) -> None:
    with pytest.raises(AddressUnreachable):
        get(dripping(head), max_seconds=0.3)

    assert files(tmp_path) == []


def endless(head: bytes) -> Script:
    def send(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    return send


@pytest.mark.parametrize(
    "script",
    [answer(BODY), endless(answer(Content_Length="")), endless(answer(Content_Length="", Transfer_Encoding="chunked")),
     answer(Content_Length="9" * 18)],
)  # fmt: skip
def test_more_bytes_than_accepted_are_not_kept(script: Script, get: Callable[..., Fetched], tmp_path: Path) -> None:
    with pytest.raises(SourceTooLarge):
        get(script, max_bytes=len(BODY) - 1)

    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "script",
    [
        answer(BODY[:-1], Content_Length=str(len(BODY))), answer(b"ff\r\nxyz", Content_Length="", Transfer_Encoding="chunked"),
        b"", b"nonsense\r\n\r\n", answer(Content_Length="-1"), answer(Content_Length="9" * 5000), answer(BODY, X="y" * 200_000),
        answer(BODY, "503 Service Unavailable"), answer(BODY, "429 Too Many Requests"),
    ],
)  # fmt: skip
def test_an_answer_that_breaks_off_makes_sense_to_nobody_or_passes_can_be_tried_again(
    script: Script, get: Callable[..., Fetched], tmp_path: Path
) -> None:
    with pytest.raises(AddressUnreachable) as caught:
        get(script)

    assert caught.value.transient
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "script",
    [answer(BODY, "404 Not Found"), answer(BODY, "403 Forbidden"), answer(b"", "204 No Content", Content_Length=""),
     answer(BODY, "302 Found"), answer(BODY, Content_Encoding="gzip"), answer(BODY, "206 Partial Content")],
)  # fmt: skip
def test_an_answer_that_is_no_file_is_told_at_once(script: Script, get: Callable[..., Fetched], tmp_path: Path) -> None:
    with pytest.raises(AddressWithoutFile) as caught:
        get(script)

    assert not caught.value.transient
    assert files(tmp_path) == []


def test_a_full_disk_is_told_and_leaves_nothing(
    get: Callable[..., Fetched], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(DiskFull):
        get(answer(BODY))

    assert files(tmp_path) == []


@pytest.mark.parametrize("script", [answer(b"", "404 Not Found"), answer(BODY), b"", moved("http://x/?sEcr3t")])
def test_no_error_holds_a_secret_of_the_address(script: Script, get: Callable[..., Fetched]) -> None:
    with pytest.raises(OmniError) as caught:
        get(script, max_bytes=1, url=URL.replace("talk.mp4", "sEcr3t"))

    assert "sEcr3t" not in str(caught.value) + repr(caught.value.facts)


@pytest.mark.parametrize(
    ("told", "name"),
    [("attachment; filename=a.mp4", "a.mp4"), ("attachment", None), ("", None), ("filename=", None), ("x; filename*=no''%ff", "ÿ"),
     ("a; filename*=nonsense", "nonsense"), ('a; filename="../../x.mp4"', "../../x.mp4"), ("a; filename*0=a; filename*1=b", "ab")],
)  # fmt: skip
def test_the_servers_name_of_a_file_is_told_as_it_stands(
    told: str, name: str | None, get: Callable[..., Fetched]
) -> None:
    fetched = get(answer(BODY, Content_Disposition=told))

    assert (fetched.filename or None) == name


# ── any address ──────────────────────────────────────────────────────────────────────────────────

V4 = [IP, "8.8.8.8", "127.0.0.1", "10.0.0.1", "169.254.169.254", "0.0.0.0", "100.100.100.200", "192.168.1.1"]
V6 = [
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    OTHER_IP,
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "2002:a00:1::",
    "::ffff:10.0.0.1",
]
NAMES = [HOST, OTHER, "localhost", "metadata.google.internal", "trick.example.org", "trick", "", ".", "münchen.example"]


def any_v4(thrown: Dice) -> str:
    return thrown.pick([*V4, *[str(ipaddress.IPv4Address(thrown.number(4)))] * 6])


def any_v6(thrown: Dice) -> str:
    return thrown.pick([*V6, *[str(ipaddress.IPv6Address(thrown.number(16)))] * 3, f"::ffff:{any_v4(thrown)}"])


def disguised(address: str) -> list[str]:
    """Return an IPv4 address in the notations that one parser or another takes for it."""
    number = int(ipaddress.IPv4Address(address))
    a, b, c, d = address.split(".")
    return [
        address, f"{address}.", str(number), hex(number), oct(number).replace("o", ""), f"{a}.{number & 0xFFFFFF}", f"{a}.{b}.{c}.0x{int(d):x}",
        f"0{int(a):o}.{b}.{c}.{d}", f"[::ffff:{address}]", f"[::{address}]", f"[64:ff9b::{address}]", address.replace(".", "。"),
        address.translate({ord("0") + n: ord("⓪") if n == 0 else ord("①") + n - 1 for n in range(10)}), f"{address}.nip.example.org",
    ]  # fmt: skip


SCHEMES = ["https://"] * 6 + ["http://", "HTTPS:\\\\", "https:/", "//", "ftp://", "https:\t//"]
USERS = [""] * 8 + [f"{HOST}@", "a:b@", f"{HOST}\\@", f"{HOST}%40", f"{HOST}#@", f"{HOST}?@", f"{HOST} @", "@"]
PORTS = [""] * 8 + [":443", ":80", ":", ":22", ":0", ":443@127.0.0.1", ":443:80", f"#@{HOST}"]
PATHS = ["", "/", "/x.mp4", "/\r\nHost: 127.0.0.1", "\\@127.0.0.1/", "?x", "/../../x", f"/@{HOST}"]


def any_url(thrown: Dice) -> str:
    hosts = [thrown.pick(NAMES), f"[{any_v6(thrown)}]", thrown.pick(disguised(any_v4(thrown))), thrown.text(8)]
    host = thrown.pick([hosts[0], hosts[0], *hosts])
    return thrown.pick(SCHEMES) + thrown.pick(USERS) + host + thrown.pick(PORTS) + thrown.pick(PATHS)


def is_outside(address: str) -> bool:
    """Tell by other means than ours whether an address belongs to the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.sixtofour or ip.ipv4_mapped or (ip.teredo and ip.teredo[1])
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(int(ip) % 2**32)
        if inside and not inside.is_global:
            return False
    return ip.is_global and not ip.is_multicast


def test_ten_thousand_addresses_open_no_connection_inside(
    internet: Internet, authority: Authority, tmp_path: Path
) -> None:
    @given(thrown=dice(160))
    @settings(max_examples=10_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def attempt(thrown: Dice) -> None:
        answers = [thrown.pick([any_v4, any_v6])(thrown) for _ in range(1 + thrown.number(1) % 3)]
        url = any_url(thrown)

        def resolve(host: str, port: int) -> list[str]:
            with suppress(OSError):
                return internet.resolve(host, port)
            try:
                socket.inet_aton(host)  # what a resolver makes of an odd notation
            except (OSError, UnicodeError):
                return answers
            return [socket.inet_ntoa(socket.inet_aton(host))]

        with suppress(AddressRefused, AddressUnreachable):
            fetch(url, tmp_path / "x", ANY, max_bytes=1, max_seconds=5, resolve=resolve, tls=authority.client)

    attempt()

    assert [a for a, port in internet.connections if not is_outside(a) or port != 443] == []
    assert len(internet.connections) > 100


# ── sending ──────────────────────────────────────────────────────────────────────────────────────


def test_what_is_posted_arrives_and_its_answer_is_told(internet: Internet, authority: Authority) -> None:
    with serving(answer(b"thanks", "202 Accepted"), tls=authority.server(HOST)) as server:
        internet.servers[IP] = server.port
        answered = post(
            URL, b'{"a":1}', {"webhook-id": "msg_1", "Content-Type": "application/json"}, ANY, timeout=20,
            resolve=internet.resolve, tls=authority.client,
        )  # fmt: skip

    assert (answered.status, answered.retry_after) == (202, None)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /talks/talk.mp4?signature=sEcr3t HTTP/1.1\r\n")
    assert b"\r\nwebhook-id: msg_1" in head
    assert b"\r\nContent-Length: 7" in head
    assert body in (b"", b'{"a":1}')  # it may come in a packet of its own


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("soon", None), ("-1", None), ("9" * 400, 999999999)],
)
def test_a_server_may_say_when_to_come_back(told: str, seconds: float | None, internet: Internet) -> None:
    with serving(answer(b"", "503 Service Unavailable", Retry_After=told)) as server:
        internet.servers["10.0.0.7"] = server.port
        answered = post("http://10.0.0.7/", b"", {}, Reach(trusted=("10.0.0.7",)), timeout=20, resolve=internet.resolve)

    assert (answered.status, answered.retry_after) == (503, seconds)


@pytest.mark.parametrize("script", [moved("https://169.254.169.254/"), moved("/again"), endless(answer(Content_Length="", X="y")),
                                    dripping(answer(Content_Length="99")), answer(BODY[:9], Content_Length="99")])  # fmt: skip
def test_a_status_is_the_answer_whatever_follows_it(script: Script, internet: Internet) -> None:
    with serving(script) as server:
        internet.servers["10.0.0.7"] = server.port
        post("http://10.0.0.7/", b"{}", {}, Reach(trusted=("10.0.0.7",)), timeout=1, resolve=internet.resolve)

    assert internet.connections == [("10.0.0.7", 80)]


def test_nothing_is_posted_to_a_private_address(internet: Internet) -> None:
    internet.names[HOST] = [["192.168.0.1"]]

    with pytest.raises(AddressRefused):
        post(URL, b"{}", {}, ANY, timeout=5, resolve=internet.resolve)

    assert internet.connections == []


def test_a_receiver_that_refuses_the_connection_can_be_tried_again(internet: Internet) -> None:
    with pytest.raises(AddressUnreachable) as caught:
        post(URL, b"{}", {}, ANY, timeout=5, resolve=internet.resolve)

    assert caught.value.transient
    assert "sEcr3t" not in str(caught.value)
