"""What an address says is read in one way only, and nothing disguised gets through."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omni.addresses import Reach, check_address, is_named, is_public, redacted
from omni.errors import AddressRefused

ANY = Reach()


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG:443/Talk.mp4?a=1&b=2#t=3", "https://example.org/Talk.mp4?a=1&b=2"),
        ("https://example.org.?x", "https://example.org/?x"),
        ("https://münchen.example/ü", "https://xn--mnchen-3ya.example/%C3%BC"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700::1111]/@user/a%20b", "https://[2606:4700::1111]/@user/a%20b"),
    ],
)
def test_an_ordinary_address_is_taken_apart(url: str, asked: str) -> None:
    assert check_address(url, ANY).url == asked


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "//example.org", "https:/example.org", "https:example.org", "https://", "https:///x", "ftp://example.org/",
        "file:///etc/passwd", "http://example.org/", "https://example.org:80/", "https://example.org:0443x/", "https://example.org:99999/",
        "https://user@example.org/", "https://user:word@example.org/", "https://@example.org/", "https://example.org@evil.org/",
        "https://example.org\\@evil.org/", "https://evil.org\\.example.org/", "https://example.org /", " https://example.org/",
        "https://example.org/\n", "https://exam\tple.org/", "https://example.org/\0", "https://example.org/\u2028", "https://ex%61mple.org/",
        "https://example.org%00.evil.org/", "https://localhost/", "https://intranet/", "https://127.0.0.1/", "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data", "https://168.63.129.16/", "https://0/", "https://2130706433/", "https://0x7f000001/",
        "https://0x7f.0.0.1/", "https://017700000001/", "https://0177.0.0.1/", "https://127.1/", "https://127.0.1/", "https://127.0.0.1./",
        "https://8.8.8.08/", "https://1.2.3.4.5/", "https://example.1/", "https://example.0x1/", "https://①②⑦.0.0.1/", "https://127。0。0。1/",
        "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::ffff:8.8.8.8]/",
        "https://[::7f00:1]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fd00:ec2::254]/", "https://[64:ff9b::a9fe:a9fe]/",
        "https://[64:ff9b:1::808:808]/", "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[2001:db8::1]/", "https://[ff02::1]/",
        "https://[example.org]/", "https://[::1/", "https://::1/", "https://a..b/", "https://-a.org/", "https://" + "a" * 64 + ".org/",
        "https://" + "a." * 130 + "org/", "https://example.org/" + "x" * 2048,
    ],
)  # fmt: skip
def test_a_disguised_or_private_address_is_refused_with_its_reason(url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        check_address(url, ANY)

    assert caught.value.facts["reason"]


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://example.org/", True), ("https://cdn.media.org/", True), ("https://a.b.media.org/", True), ("https://EXAMPLE.org./", True),
        ("https://media.org/", False), ("https://evilmedia.org/", False), ("https://example.org.evil.org/", False), ("https://8.8.8.8/", False),
        ("https://sub.example.org/", False), ("https://xn--mnchen-3ya.example/", True),
    ],
)  # fmt: skip
def test_only_hosts_of_the_list_are_allowed(url: str, fine: bool) -> None:  # noqa: FBT001  # parametrized
    reach = Reach(hosts=("Example.org", "*.media.org", "münchen.example"))

    if fine:
        assert not check_address(url, reach).trusted
    else:
        with pytest.raises(AddressRefused, match="not on the list"):
            check_address(url, reach)


def test_an_empty_list_allows_nobody() -> None:
    with pytest.raises(AddressRefused):
        check_address("https://example.org/", Reach(hosts=()))


@pytest.mark.parametrize(
    "url", ["http://hooks.internal:8080/x", "https://10.0.0.7:9/", "http://[::1]:3000/", "http://localhost/"]
)
def test_a_host_that_the_operator_trusts_may_be_private_plain_and_on_any_port(url: str) -> None:
    reach = Reach(trusted=("hooks.internal", "10.0.0.7", "[::1]", "localhost"))

    assert check_address(url, reach).trusted
    with pytest.raises(AddressRefused):
        check_address(url.replace("//", "//user:word@"), reach)


def test_a_pattern_that_names_nothing_matches_nothing() -> None:
    assert not is_named("example.org", ("", "*", "*.", "*.*", "exam ple.org", "https://example.org"))


@given(st.one_of(st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address), st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address),
                 st.integers(0x20010000 << 96, (0x20030000 << 96) - 1).map(ipaddress.IPv6Address)))  # fmt: skip
def test_nothing_is_public_that_python_calls_otherwise(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        assert not address.is_multicast


@pytest.mark.parametrize(
    ("address", "public"),
    [("1.1.1.1", True), ("2a00:1450:4001::200e", True), ("64:ff9b::808:808", True), ("64:ff9b::a00:1", False), ("100.64.0.1", False),
     ("::ffff:8.8.8.8", False), ("2606:4700::1%eth0", False), ("no address", False)],
)  # fmt: skip
def test_an_address_is_public_only_where_its_inside_is(address: str, public: bool) -> None:  # noqa: FBT001  # parametrized
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "https://{}@h.org/", "https://user:{}@h.org/", "https://user:{}/x@h.org/", "https://user:x/{}@h.org/", "https://h.org/{}",
        "https://h.org/a?key={}", "https://h.org#{}", "https://h.org\\{}", "https:///{}", "{}", "https:{}", "x{}://h", "https://[{}]/",
    ],
)  # fmt: skip
def test_what_is_shown_of_an_address_holds_no_secret(url: str) -> None:
    told = redacted(url.format("sEcr3t!"))

    assert "sEcr3t" not in told


def test_what_is_shown_of_an_address_still_says_whose_it_is() -> None:
    assert redacted("https://user:word@Example.org:8443/services/T0/B0?key=1") == "https://Example.org:8443/…"
