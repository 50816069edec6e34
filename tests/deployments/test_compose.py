"""The compose files and the Dockerfile against the code: nothing here starts Docker, and every check can fail."""

import copy
import json
import re
import shlex
import tomllib
from collections.abc import Callable
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from cyclopts import CycloptsError

from bench.compose import Unset, environment, interpolated, load
from deployments.cli import app as omni
from deployments.door.access import Gatekeeper, is_loopback
from omni.settings import Settings

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FILES = {
    "one host": ("compose.yaml",),
    "with a store": ("compose.yaml", "compose.s3.yaml"),
    "first of several": ("compose.yaml", "compose.s3.yaml", "compose.private.yaml"),
    "with Gemini": ("compose.yaml", "compose.gemini.yaml"),
    "with the bot": ("compose.yaml", "compose.bot.yaml"),
    "with everything": (
        "compose.yaml",
        "compose.s3.yaml",
        "compose.private.yaml",
        "compose.gemini.yaml",
        "compose.bot.yaml",
    ),
    "a further host": ("compose.worker.yaml",),
}
VALUES = {
    "POSTGRES_PASSWORD": "pg0", "REDIS_PASSWORD": "rd0", "QDRANT_API_KEY": "qd0", "PREFECT_AUTH": "omni:pf0",
    "OMNI_WEBHOOK_SECRET": "whsec_YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2gtYmVuY2g=", "MEDIA": "/films",
    "OMNI_STORE": "s3://bucket/omni", "AWS_ACCESS_KEY_ID": "id0", "AWS_SECRET_ACCESS_KEY": "sk0",
    "AWS_ENDPOINT_URL_S3": "https://s3.example.org", "PRIVATE_ADDRESS": "10.0.0.1",
    "GEMINI_API_KEY": "gk0", "OMNI_API_KEY": "ak0", "OMNI_TELEGRAM_TOKEN": "1:tk0", "OMNI_TELEGRAM_CHATS": "[42]",
}  # fmt: skip
IMAGE = f"omni-operator:{PROJECT['project']['version']}"
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)*")
HOME = "/var/lib/omni"

Stack = dict[str, Any]


def stack(*names: str) -> Stack:
    """The merged files, every variable filled in."""
    return load([ROOT / "deployments" / name for name in names], VALUES)


def ours(told: Stack) -> dict[str, Any]:
    return {name: service for name, service in told["services"].items() if service["image"] == IMAGE}


# ── the Dockerfile as data ───────────────────────────────────────────────────────────────────────


def instructions(text: str) -> list[tuple[str, str]]:
    """Instructions and their arguments, comments and line breaks taken out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [
        (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1].strip()) for line in joined.splitlines() if line.strip()
    ]


DOCKERFILE = instructions((ROOT / "deployments" / "Dockerfile").read_text(encoding="utf-8"))


def image_env(told: list[tuple[str, str]]) -> dict[str, str]:
    return dict(pair.split("=", 1) for kind, words in told if kind == "ENV" for pair in shlex.split(words))


def last(told: list[tuple[str, str]], kind: str) -> str:
    return [words for name, words in told if name == kind][-1]


# ── what can be wrong with a stack; each returns what it found ───────────────────────────────────


def prefect_variables() -> set[str]:
    from prefect.settings import Settings as PrefectSettings
    from prefect.settings.legacy import _get_settings_fields

    redis = set[str]()
    if find_spec("prefect_redis"):
        from prefect_redis.client import RedisMessagingSettings

        redis = {f"PREFECT_REDIS_MESSAGING_{name.upper()}" for name in RedisMessagingSettings.model_fields}
    return {name.upper() for name in _get_settings_fields(PrefectSettings)} | (redis or {"PREFECT_REDIS_MESSAGING_URL"})


def omni_variables() -> set[str]:
    found = set[str]()
    for name, field in Settings.model_fields.items():
        found |= {str(c) for c in getattr(field.validation_alias, "choices", [f"OMNI_{name.upper()}"])}
    return found


def unknown_variables(told: Stack) -> set[str]:
    known = prefect_variables() | omni_variables()
    known |= {"DO_NOT_TRACK", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL_S3"}
    return {n for service in ours(told).values() for n in service.get("environment") or {}} - known


def refused_settings(told: Stack, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Services whose variables our settings don't take, or that would open the API without a store for its keys."""
    found = set[str]()
    for name, service in ours(told).items():
        own = image_env(DOCKERFILE) | environment(service, VALUES)
        monkeypatch.setattr("os.environ", own)
        try:
            settings = Settings(_env_file=None)
        except ValueError:
            found.add(name)
            continue
        if name == "api" and not is_loopback(settings.host) and not _is_kept(str(settings.keys), service):
            found.add(name)
    return found


def _is_kept(path: str, service: dict[str, Any]) -> bool:
    return any(not v.startswith("/") and path.startswith(v.split(":")[1] + "/") for v in service.get("volumes", []))


def unknown_commands(told: Stack) -> set[str]:
    """Services whose command neither `omni` nor `prefect` knows."""
    from prefect.cli._app import _app as prefect

    programs = {"omni": omni, "prefect": prefect}
    default = [*json.loads(last(DOCKERFILE, "ENTRYPOINT")), *json.loads(last(DOCKERFILE, "CMD"))]
    found = {"Dockerfile"} if not _parses(programs, default) else set[str]()
    for name, service in ours(told).items():
        words = [*service.get("entrypoint", json.loads(last(DOCKERFILE, "ENTRYPOINT"))), *service["command"]]
        if not _parses(programs, words):
            found.add(name)
    return found


def _parses(programs: dict[str, Any], words: list[str]) -> bool:
    if words[0] not in programs:
        return False
    try:
        programs[words[0]].parse_args(words[1:], exit_on_error=False, print_error=False)
    except CycloptsError:
        return False
    return words[0] in PROJECT["project"]["scripts"] or words[0] == "prefect"


def loose_references(told: Stack) -> set[str]:
    """Volumes, networks, services and conditions that aren't there or can't come true."""
    found = set[str]()
    for name, service in told["services"].items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if not source.startswith("/") and source not in told.get("volumes", {}):
                found.add(f"{name}: volume {source}")
        found |= {f"{name}: network {n}" for n in service.get("networks", []) if n not in told["networks"]}
        for other, how in (service.get("depends_on") or {}).items():
            target = told["services"].get(other)
            can = target is not None and {
                "service_healthy": "test" in target.get("healthcheck", {}),
                "service_completed_successfully": target.get("restart") == "no",
            }.get(how["condition"])
            if not can:
                found.add(f"{name}: waits for {other}")
    return found


def unreachable(told: Stack) -> set[str]:
    """Addresses in variables whose host is no service on a network of the one that asks, or has another port."""
    found = set[str]()
    listening = {"postgres": "5432", "redis": "6379", "prefect": "4200", "qdrant": "6333", "api": "8000"}
    for name, service in told["services"].items():
        for variable, value in environment(service, VALUES).items():
            for host, port in re.findall(r"://(?:[^@/]*@)?([a-z0-9.-]+):(\d+)", value):
                if is_loopback(host) or host == VALUES["PRIVATE_ADDRESS"]:
                    continue
                target = told["services"].get(host, {})
                shared = set(target.get("networks", [])) & set(service.get("networks", []))
                if listening.get(host) != port or not (shared or service["command"][:2] == ["server", "database"]):
                    found.add(f"{name}: {variable} asks {host}:{port}")
    return found


def crossed_ports(told: Stack) -> set[str]:
    """Services whose health is asked, or whose port is published, elsewhere than where they listen."""
    found = set[str]()
    for name, service in ours(told).items():
        env = environment(service, VALUES)
        listens = {"api": env.get("OMNI_PORT"), "prefect": env.get("PREFECT_SERVER_API_PORT")}.get(name)
        asked = re.findall(r"127\.0\.0\.1:(\d+)", " ".join(service.get("healthcheck", {}).get("test", [])))
        published = [port.rpartition(":")[2] for port in service.get("ports", [])]
        if {*asked, *published} - {listens}:
            found.add(name)
    return found


def floating_images(told: Stack) -> set[str]:
    images = {name: service["image"] for name, service in told["services"].items()}
    stages = {f"stage {n}": words.split()[0] for n, words in enumerate(w for k, w in DOCKERFILE if k == "FROM")}
    return {name for name, image in (images | stages).items() if not PINNED.fullmatch(image) or "latest" in image}


def soft_services(told: Stack) -> set[str]:
    """Services that may more than they need, or that nobody looks after."""
    found = set[str]()
    for name, service in told["services"].items():
        firm = (
            service.get("cap_drop") == ["ALL"]
            and "no-new-privileges:true" in service.get("security_opt", [])
            and service.get("read_only") is True
            and {"pids_limit", "mem_limit", "restart", "healthcheck"} <= service.keys()
            and (service.get("user") not in {None, "root", "0"} or service["image"].endswith("-unprivileged"))
            and not {"privileged", "network_mode", "pid", "ipc", "cap_add"} & service.keys()
            and "docker.sock" not in str(service.get("volumes"))
        )
        if not firm:
            found.add(name)
    return found


def open_doors(told: Stack) -> set[str]:
    """Ports that the world could reach: only the API's may be set so, and only behind a key."""
    found = set[str]()
    for name, service in told["services"].items():
        for port in service.get("ports", []):
            address = port.split(":")[0]
            if not is_loopback(address) and address != VALUES["PRIVATE_ADDRESS"]:
                found.add(name)
            if all(told["networks"][n].get("internal") for n in service["networks"]):
                found.add(f"{name}: on internal networks only")
    server = told["services"].get("prefect", {}).get("environment", {})
    if server and not server.get("PREFECT_SERVER_API_AUTH_STRING"):
        found.add("prefect")
    return found


def shared_homes(told: Stack) -> set[str]:
    """Services that share a home, whose locks count on one host only; or a reconciler that isn't alone."""
    found = {name for name, s in ours(told).items() if HOME not in s.get("volumes", [])}
    found |= {n for n, s in told["services"].items() if any(v.endswith(f":{HOME}") for v in s.get("volumes", []))}
    alone = [s for s in ours(told).values() if s["command"] in (["reconcile"], ["worker", "--pool", "notices"])]
    return found | {"reconciler" for s in alone if s.get("deploy", {}).get("replicas", 1) != 1}


def stray_keys(told: Stack) -> set[str]:
    """Services that hold Gemini's key and don't think, or hold it and can't reach it; an API that tells another engine."""
    found, engines = set[str](), dict[str, str]()
    for name, service in ours(told).items():
        env = environment(service, VALUES)
        has_key, thinks = "GEMINI_API_KEY" in env, service["command"] == ["worker", "--pool", "local"]
        reaches = any(not told["networks"][n].get("internal") for n in service.get("networks", []))
        if has_key and not (thinks and (reaches or "networks" not in service)):
            found.add(name)
        engines[name] = f"{has_key or 'OMNI_GEMINI_AT_WORKERS' in env} {env.get('OMNI_GEMINI_MODEL')}"
    if "api" in engines and engines["api"] != engines["worker"]:
        found.add("api: another engine than the workers'")
    return found


def foreign_folders(told: Stack) -> set[str]:
    """Volumes of ours whose place in the image isn't there, or isn't ours to write."""
    made = " ".join(words for kind, words in DOCKERFILE if kind == "RUN")
    owned = next(part for part in made.split("&&") if "-o omni" in part).split()
    places = {volume.split(":")[1] for s in ours(told).values() for volume in s["volumes"] if ":" in volume}
    return {place for place in places if place not in owned and place != "/srv/media"}


CHECKS: list[Callable[[Stack], set[str]]] = [
    unknown_variables, unknown_commands, loose_references, unreachable, crossed_ports, floating_images, soft_services,
    open_doors, shared_homes, foreign_folders, stray_keys,
]  # fmt: skip


@pytest.mark.parametrize("names", FILES.values(), ids=FILES.keys())
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_stack_is_sound(check: Callable[[Stack], set[str]], names: tuple[str, ...]) -> None:
    assert check(stack(*names)) == set()


@pytest.mark.parametrize("names", FILES.values(), ids=FILES.keys())
def test_our_settings_take_every_value(names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused_settings(stack(*names), monkeypatch) == set()


def test_a_value_of_another_kind_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = stack("compose.yaml")
    broken["services"]["worker"]["environment"] |= {"OMNI_JOB_SLOTS": "many"}
    broken["services"]["api"]["environment"] |= {"OMNI_API_KEYS_FILE": "/tmp/keys.json"}

    assert refused_settings(broken, monkeypatch) == {"worker", "api"}


# ── each check fails when it should ──────────────────────────────────────────────────────────────

FAULTS: list[tuple[Callable[[Stack], set[str]], tuple[str, ...], Any, str]] = [
    (unknown_variables, ("api", "environment", "OMNI_HOSTS"), "x", "OMNI_HOSTS"),
    (unknown_variables, ("prefect", "environment", "PREFECT_SERVER_API_PORTS"), "1", "PREFECT_SERVER_API_PORTS"),
    (unknown_commands, ("worker", "command"), ["worker", "--pools", "local"], "worker"),
    (unknown_commands, ("prefect", "command"), ["server", "begin"], "prefect"),
    (unknown_commands, ("deploy", "entrypoint"), ["omnii"], "deploy"),
    (loose_references, ("worker", "volumes"), ["nothing:/srv/output"], "worker: volume nothing"),
    (loose_references, ("worker", "networks"), ["elsewhere"], "worker: network elsewhere"),
    (loose_references, ("api", "depends_on"), {"worker": {"condition": "service_healthy"}}, "api: waits for worker"),
    (loose_references, ("deploy", "restart"), "always", "api: waits for deploy"),
    (unreachable, ("api", "environment", "PREFECT_API_URL"), "http://prefect:4201/api", "api: PREFECT_API_URL asks prefect:4201"),
    (unreachable, ("qdrant", "networks"), ["database"], "worker: QDRANT_URL asks qdrant:6333"),
    (crossed_ports, ("api", "environment", "OMNI_PORT"), "8001", "api"),
    (crossed_ports, ("prefect", "environment", "PREFECT_SERVER_API_PORT"), "4201", "prefect"),
    (floating_images, ("redis", "image"), "redis:latest", "redis"),
    (floating_images, ("redis", "image"), "redis:7", "redis"),
    (soft_services, ("api", "cap_drop"), [], "api"),
    (soft_services, ("worker", "user"), "root", "worker"),
    (soft_services, ("postgres", "read_only"), False, "postgres"),
    (open_doors, ("postgres", "ports"), ["5432:5432"], "postgres"),
    (open_doors, ("prefect", "environment", "PREFECT_SERVER_API_AUTH_STRING"), "", "prefect"),
    (open_doors, ("api", "networks"), ["inside"], "api: on internal networks only"),
    (shared_homes, ("worker", "volumes"), ["work:/var/lib/omni"], "worker"),
    (shared_homes, ("reconciler", "deploy"), {"replicas": 2}, "reconciler"),
    (stray_keys, ("api", "environment", "GEMINI_API_KEY"), "gk0", "api"),
    (stray_keys, ("worker", "environment", "GEMINI_API_KEY"), "gk0", "api: another engine than the workers'"),
    (foreign_folders, ("worker", "volumes"), ["/var/lib/omni", "work:/var/lib/other"], "/var/lib/other"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "place", "value", "told"), FAULTS)
def test_a_fault_in_the_stack_is_noticed(
    check: Callable[[Stack], set[str]], place: tuple[str, ...], value: Any, told: str
) -> None:
    broken = copy.deepcopy(stack("compose.yaml"))
    node = broken["services"]
    for name in place[:-1]:
        node[name] = copy.deepcopy(node[name])
        node = node[name]
    node[place[-1]] = value

    assert told in check(broken)


# ── variables and secrets ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("names", FILES.values(), ids=FILES.keys())
def test_a_value_without_a_default_says_what_it_is(names: tuple[str, ...]) -> None:
    text = "".join((ROOT / "deployments" / name).read_text(encoding="utf-8") for name in names)

    explained = set(re.findall(r"\$\{(\w+):\?[^}]{5,}\}", text))
    bare = set(re.findall(r"(?<!\$)\$\{(\w+)\}", text))

    assert bare <= explained
    for name in explained:
        with pytest.raises(Unset, match=name):
            load([ROOT / "deployments" / file for file in names], {k: v for k, v in VALUES.items() if k != name})


@pytest.mark.parametrize("name", sorted({name for names in FILES.values() for name in names}))
def test_no_secret_stands_in_a_file(name: str) -> None:
    told = yaml.safe_load((ROOT / "deployments" / name).read_text(encoding="utf-8"))

    for service in told["services"].values():
        for variable, value in (service.get("environment") or {}).items():
            if re.search(r"PASSWORD|SECRET|AUTH|_KEY\b|_KEY_ID|REDIS.*URL|DOCKET_URL|CONNECTION_URL", variable):
                assert value is None or "${" in str(value), variable


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$X", "1"),
        ("${X}", "1"),
        ("${Y:-2}", "2"),
        ("${X:-2}", "1"),
        ("$$X", "$X"),
        ("${E:-3}", "3"),
        ("${X:?why}", "1"),
    ],
)
def test_variables_are_filled_in_as_compose_does_it(text: str, value: str) -> None:
    assert interpolated(text, {"X": "1", "E": ""}) == value


@pytest.mark.parametrize("text", ["$Y", "${Y}", "${Y:?why}", "${E:?why}"])
def test_a_variable_without_a_value_is_refused(text: str) -> None:
    with pytest.raises(Unset):
        interpolated(text, {"X": "1", "E": ""})


# ── the Dockerfile ───────────────────────────────────────────────────────────────────────────────


def missing_sources(told: list[tuple[str, str]], ignored: str) -> set[str]:
    """What COPY wants and the repository doesn't have or .dockerignore keeps out; what the project needs and COPY lacks."""
    wanted = {s for k, words in told if k == "COPY" and "--from" not in words for s in words.split()[:-1]}
    rules = [line for line in ignored.splitlines() if line and not line.startswith("#")]
    found = {source for source in wanted if not (ROOT / source).exists() or not _is_sent(source, rules)}
    needed = {*PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], PROJECT["project"]["readme"]}
    return found | ({*needed, *PROJECT["project"]["license-files"], "prefect.yaml", "uv.lock"} - wanted)


def _is_sent(path: str, rules: list[str]) -> bool:
    """Whether Docker's builder gets a path: the last rule that matches it, or a folder above it, says so."""
    parts = path.split("/")
    above = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    sent = True
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        names = parts if "**/" in rule else above
        if any(fnmatch(name, pattern) and name.count("/") == pattern.count("/") for name in names):
            sent = rule.startswith("!")
    return sent


def broken_syncs(told: list[tuple[str, str]]) -> set[str]:
    """Calls of uv that don't keep to the lock, or name an extra that isn't there."""
    found = set[str]()
    extras = PROJECT["project"]["optional-dependencies"]
    for call in re.findall(r"uv sync[^&|;]*", " ".join(words for kind, words in told if kind == "RUN")):
        named = re.findall(r"--extra (\S+)", call)
        if not {"--frozen", "--no-dev"} <= set(call.split()) or not set(named) == {"redis", "s3"} <= set(extras):
            found.add(call.strip())
    return found


IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8")


def test_everything_that_the_image_copies_is_there_and_sent() -> None:
    assert missing_sources(DOCKERFILE, IGNORED) == set()


def test_a_source_that_is_not_there_is_noticed() -> None:
    assert missing_sources([*DOCKERFILE, ("COPY", "nothing ./")], IGNORED) == {"nothing"}
    assert missing_sources(DOCKERFILE, IGNORED.replace("!tasks\n", "")) == {"tasks"}
    assert missing_sources([i for i in DOCKERFILE if i != ("COPY", "flows flows")], IGNORED) == {"flows"}


PRIVATE = (".env", "deployments/.env", "deployments/settings.env", "output/x.mp4", ".git/config", "samples/talk.mp4")


@pytest.mark.parametrize("path", PRIVATE)
def test_no_secret_and_no_video_is_sent_to_the_builder(path: str) -> None:
    rules = IGNORED.splitlines()

    assert not _is_sent(path, rules)
    assert _is_sent("deployments/cli.py", rules)
    assert _is_sent(path, [rule for rule in rules if rule not in {"*", "**/.env", "**/*.env"}])


def test_the_image_is_made_from_the_lock() -> None:
    assert broken_syncs(DOCKERFILE) == set()
    assert broken_syncs([("RUN", "uv sync --frozen --extra redis --extra s3")]) != set()
    assert broken_syncs([("RUN", "uv sync --frozen --no-dev --extra redis --extra s4")]) != set()


def test_its_modules_are_compiled_and_its_uv_is_pinned() -> None:
    assert image_env(DOCKERFILE)["UV_COMPILE_BYTECODE"] == "1"
    assert re.search(r"pip install .*\buv==\d+\.\d+\.\d+", " ".join(words for _, words in DOCKERFILE))


def test_its_python_is_one_that_the_project_takes() -> None:
    wanted = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["project"]["requires-python"])
    assert wanted
    for words in (words for kind, words in DOCKERFILE if kind == "FROM"):
        found = re.match(r"python:3\.(\d+)\.\d+-slim-bookworm\b", words)
        assert found
        assert int(wanted[1]) <= int(found[1]) < int(wanted[2])


def test_it_runs_as_the_user_of_the_stack() -> None:
    user = last(DOCKERFILE, "USER")

    assert user == "10001:10001"
    assert {service["user"] for service in ours(stack("compose.yaml")).values()} == {user}
    assert any("--uid 10001" in words for kind, words in DOCKERFILE if kind == "RUN")


def test_its_variables_are_known() -> None:
    known = prefect_variables() | omni_variables()
    assert {n for n in image_env(DOCKERFILE) if n.startswith(("OMNI_", "PREFECT_"))} <= known


def test_no_secret_is_built_into_it() -> None:
    assert not [w for k, w in DOCKERFILE if k in {"ENV", "ARG"} and re.search(r"PASSWORD|SECRET|TOKEN|_KEY", w)]


def test_the_redis_variables_are_those_of_its_package() -> None:
    if find_spec("prefect_redis") is None:
        pytest.skip("uv sync --extra redis")
    used = environment(stack("compose.yaml")["services"]["prefect"], VALUES)

    for name in (
        "PREFECT_MESSAGING_BROKER",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE",
    ):
        assert find_spec(used[name])


def test_the_rate_limit_counts_with_the_redis_package_of_the_extra() -> None:
    settings = Settings(rate_storage=environment(stack("compose.yaml")["services"]["api"], VALUES)["OMNI_RATE_STORAGE"])

    Gatekeeper(settings)  # connects to nothing yet
