"""The internet as a test wants it: names, addresses, and servers that send whatever bytes they are told to."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Script = bytes | Callable[[socket.socket, bytes], None]
"""What is answered: bytes, or a function that gets the connection and the request."""


@dataclass
class Internet:
    """Names have a list of answers, the last one repeated; whatever no server stands for refuses connections."""

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    servers: dict[str, int] = field(default_factory=dict)
    connections: list[tuple[str, int]] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        self.lookups.append(host)
        answers = self.names.get(host)
        if answers is None:
            try:  # as getaddrinfo does with what already is an address
                socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
            except OSError:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
            return [host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def install(self, monkeypatch: pytest.MonkeyPatch) -> "Internet":
        """Put this in the place of every connection that is opened, however the address came about."""
        connect = socket.create_connection

        def create_connection(address: tuple[str, int], *args: object, **more: object) -> socket.socket:
            self.connections.append(address)
            port = self.servers.get(address[0])
            if port is None:
                raise ConnectionRefusedError
            return connect(("127.0.0.1", port), *args, **more)

        monkeypatch.setattr(socket, "create_connection", create_connection)
        return self


@dataclass
class Server:
    """What a server got."""

    port: int
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def serving(*scripts: Script, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Answer one connection after the other, the last script over and over."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(listener.getsockname()[1])
    thread = threading.Thread(target=_serve, args=(listener, server, list(scripts), tls), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(timeout=10)


def _serve(listener: socket.socket, server: Server, scripts: list[Script], tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        with suppress(OSError), connection:
            connection.settimeout(10)
            wrapped = tls.wrap_socket(connection, server_side=True) if tls else connection
            with suppress(OSError), wrapped:
                request = _request(wrapped)
                server.requests.append(request)
                if isinstance(script, bytes):
                    wrapped.sendall(script)
                else:
                    script(wrapped, request)
                if isinstance(wrapped, ssl.SSLSocket):
                    wrapped.unwrap()


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            break
        data += more
    return data


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole answer; a header's underscores are hyphens, and one that is empty is left out."""
    told = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test's own."""

    folder: Path
    client: ssl.SSLContext
    """Trusts it and nobody else."""
    _key: ec.EllipticCurvePrivateKey
    _name: x509.Name

    @classmethod
    def made(cls, folder: Path) -> "Authority":
        key, name = ec.generate_private_key(ec.SECP256R1()), _named("Test authority")
        certificate = _certificate(name, name, key.public_key(), key, x509.BasicConstraints(ca=True, path_length=None))
        client = ssl.create_default_context(cadata=certificate.public_bytes(serialization.Encoding.PEM).decode())
        return cls(folder, client, key, name)

    def server(self, host: str) -> ssl.SSLContext:
        """Return the context of a server that has a certificate for ``host``."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = _certificate(_named(host), self._name, key.public_key(), self._key, names)
        file = self.folder / f"{host}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    builder = builder.serial_number(x509.random_serial_number()).add_extension(extension, critical=False)
    return (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(signer, hashes.SHA256())
    )
