"""The containers are those of the code: services, versions, settings, listeners.

No Docker engine is needed: the files are read, and every check has a twin that sees
one wrong line.
"""

import json
import re
import shlex
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import typer
import yaml

from deploy.healthcheck import FRESH_SECONDS, is_alive
from qppflow.cli.main import app
from qppflow.local.pins import KAFKA_VERSION
from qppflow.local.postgres_files import PROGRAMS
from qppflow.local.settings import FIXED
from qppflow.runtime.clock import SystemClock
from qppflow.runtime.contracts import topics
from qppflow.runtime.progress import Progress
from qppflow.runtime.settings import SHARED_PREFIX, ServiceSettings, StatefulSettings
from qppflow.runtime.shell import STOP_SECONDS
from qppflow.services import SERVICES

Tree: TypeAlias = dict[str, Any]

ROOT: Final = Path(__file__).parents[2]
COMPOSE: Final = (ROOT / "docker-compose.yml").read_text("utf-8")
DOCKERFILE: Final = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
IGNORE: Final = (ROOT / ".dockerignore").read_text("utf-8")
EXAMPLE: Final = (ROOT / ".env.example").read_text("utf-8")
BAD: Final = yaml.safe_load(
    (Path(__file__).parent / "bad" / "compose.yaml").read_text("utf-8")
)
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

SECRETS: Final = ("QPPFLOW_TOKEN_KEY", "QPPFLOW_SEALING_KEY")
POSTGRES_VERSION: Final = PROGRAMS.parts[0].removeprefix("pginstall")
# Where the broker in a container differs from the one on a bare machine: it has one
# listener more.
OWN_VALUES: Final = frozenset({"listener.security.protocol.map"})
NEVER_SENT: Final = (".env", ".git/config", ".venv/pyvenv.cfg", "qpp/__pycache__/a.pyc")
Pair: TypeAlias = tuple[str, str]


def read(text: str) -> Tree:
    """Read docker-compose.yml; anchors are resolved, and nothing is shared."""
    unshared: Tree = json.loads(json.dumps(yaml.safe_load(text)))
    return unshared


def services_of(tree: Tree) -> Iterator[tuple[str, Tree, str]]:
    """Yield each container that runs a service: its name, itself, the service."""
    for name, container in tree["services"].items():
        command = container.get("command", [])
        if command[:1] == ["run"]:
            yield name, container, " ".join(command[1:])


def own(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Yield each container of our own image."""
    for name, container in tree["services"].items():
        if "build" in container:
            yield name, container


def settings_of(service: str) -> type[ServiceSettings]:
    """Give the settings class of a service; of anything else, what all share."""
    if service not in SERVICES:
        return ServiceSettings
    settings: type[ServiceSettings] = import_module(f"qppflow.{service}.app").Settings
    return settings


def seconds(text: str) -> float:
    """Read a span such as ``45s``."""
    return float(text.removesuffix("s"))


def container_problems(tree: Tree) -> Iterator[str]:
    """Say where containers and services are not one to one."""
    run = [service for _, _, service in services_of(tree)]
    promised = {
        name
        for topic in topics().values()
        for name in (*topic.producers.services, *topic.consumers.services)
    }
    for name in sorted({*SERVICES, *promised} - set(run)):
        yield f"no container runs {name}"
    for name, _, service in services_of(tree):
        if service not in SERVICES:
            yield f"{name} runs {service}, which is no service"
        elif name != service:
            yield f"{name} runs {service}, so it should be named so"
    for name, container in tree["services"].items():
        if "command" in container and not is_command(container["command"]):
            yield f"{name} gives a command that qppflow does not have"


def is_command(words: list[str]) -> bool:
    """Say whether the command line knows these words, up to the first argument."""
    known: Any = typer.main.get_command(app)
    for word in words:
        commands = getattr(known, "commands", None)
        if commands is None:
            return True
        if word not in commands:
            return False
        known = commands[word]
    return getattr(known, "commands", None) is None


def image_problems(tree: Tree) -> Iterator[str]:
    """Say where an image is not the version that the code is made for."""
    wanted = {
        "kafka": f"apache/kafka:{KAFKA_VERSION}",
        "postgres": f"postgres:{POSTGRES_VERSION}",
    }
    for name, image in wanted.items():
        if tree["services"][name]["image"] != image:
            yield f"{name} is not {image}"
    for name, container in own(tree):
        build = container["build"]
        if not (ROOT / build["context"] / build["dockerfile"]).is_file():
            yield f"{name} is built from a file that is not there"
        if container["image"] != tree["services"]["topics"]["image"]:
            yield f"{name} has an image of its own"


def environment_problems(tree: Tree) -> Iterator[str]:
    """Say which setting is unknown, missing or not the same for all."""
    for name, container in own(tree):
        settings, given = settings_of(name), container["environment"]
        fields = {
            f"{SHARED_PREFIX}{field.upper()}": info.is_required()
            for field, info in settings.model_fields.items()
        }
        needed = {variable for variable, required in fields.items() if required}
        if issubclass(settings, StatefulSettings):
            # Without it the state would lie in the container and go with it.
            needed.add("QPPFLOW_STORE_URL")
        for variable in sorted(set(given) - set(fields)):
            yield f"{name} sets {variable}, which it does not read"
        for variable in sorted(needed - set(given)):
            yield f"{name} lacks {variable}"
        for variable, value in tree["x-environment"].items():
            if given.get(variable, value) != value:
                yield f"{name} has a {variable} of its own"


def secret_problems(tree: Tree) -> Iterator[str]:
    """Say which secret, or name of a cluster, the file itself knows."""
    places = [(tree["x-environment"], name) for name in SECRETS]
    places += [
        (tree["services"]["postgres"]["environment"], "POSTGRES_PASSWORD"),
        (tree["services"]["kafka"]["environment"], "CLUSTER_ID"),
    ]
    for given, name in places:
        if not re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", str(given.get(name))):
            yield f"{name} does not come from outside"


def order_problems(tree: Tree) -> Iterator[str]:
    """Say what may start too early."""
    healthy, done = "service_healthy", "service_completed_successfully"
    needed = {"topics": [("kafka", healthy)]}
    for name, _, service in services_of(tree):
        needed[name] = [("topics", done)]
        if issubclass(settings_of(service), StatefulSettings):
            needed[name].append(("postgres", healthy))
    for name, waits in needed.items():
        given = tree["services"][name].get("depends_on", {})
        for other, condition in waits:
            if given.get(other, {}).get("condition") != condition:
                yield f"{name} does not wait for {other} ({condition})"


def life_problems(tree: Tree) -> Iterator[str]:
    """Say what ends too late or too early, or is ill unseen."""
    for name in ("kafka", "postgres"):
        if "healthcheck" not in tree["services"][name]:
            yield f"{name} has no health check"
    for name, container, _ in services_of(tree):
        if container.get("healthcheck", {}).get("test") != checked_by(DOCKERFILE):
            yield f"{name} has no health check that the image brings"
        if container.get("restart") != "unless-stopped":
            yield f"{name} is not started again"
        if seconds(container.get("stop_grace_period", "10s")) <= STOP_SECONDS:
            yield f"{name} is killed before it has drained"
    if tree["services"]["topics"].get("restart") != "no":
        yield "topics would run for ever"


def pairs(text: str) -> dict[str, str]:
    """Read ``NAME://address`` or ``NAME:protocol`` items, with commas between."""
    items = (item.split(":", 1) for item in text.split(","))
    return {name: rest.removeprefix("//") for name, rest in items}


def listener_problems(tree: Tree) -> Iterator[str]:
    """Say where a listener, its protocol, what is advertised and used disagree."""
    kafka = tree["services"]["kafka"]
    given = kafka["environment"]
    listeners = pairs(given["KAFKA_LISTENERS"])
    advertised = pairs(given["KAFKA_ADVERTISED_LISTENERS"])
    controller = given["KAFKA_CONTROLLER_LISTENER_NAMES"]
    if set(pairs(given["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"])) != set(listeners):
        yield "protocols and listeners differ"
    if set(advertised) != set(listeners) - {controller}:
        yield "clients are told other listeners than there are"
    for name, address in advertised.items():
        if address.split(":")[1] != listeners.get(name, ":").split(":")[1]:
            yield f"{name} listens elsewhere than it says"
    if given["KAFKA_INTER_BROKER_LISTENER_NAME"] not in advertised:
        yield "brokers have no listener"
    voter = given["KAFKA_CONTROLLER_QUORUM_VOTERS"].rsplit(":", 1)[1]
    if voter != listeners[controller].split(":")[1]:
        yield "the controller listens elsewhere than its voters ask"


def client_problems(tree: Tree) -> Iterator[str]:
    """Say where clients, in the stack and on this machine, would ask in vain."""
    given = tree["services"]["kafka"]["environment"]
    advertised = pairs(given["KAFKA_ADVERTISED_LISTENERS"])
    inside = advertised.get("PLAINTEXT", "")
    if tree["x-environment"]["QPPFLOW_BOOTSTRAP_SERVERS"] != inside:
        yield "services ask elsewhere than the broker says it is"
    if not inside.startswith("kafka:"):
        yield "the broker's name is not that of its container"
    ports = [address.split(":")[1] for address in advertised.values()]
    for name, container in tree["services"].items():
        for port in container.get("ports", []):
            host, from_port, to_port = port.rsplit(":", 2)
            if host != "127.0.0.1":
                yield f"{name} can be reached from other machines"
            if from_port != to_port or to_port not in ports:
                yield f"{name} publishes a port that it does not advertise"


def broker_problems(tree: Tree) -> Iterator[str]:
    """Say where the broker is set up otherwise than the one without Docker."""
    kafka = tree["services"]["kafka"]
    given = kafka["environment"]
    for setting, value in FIXED.items():
        variable = f"KAFKA_{setting.upper().replace('.', '_')}"
        if variable not in given:
            yield f"{variable} is missing"
        elif setting not in OWN_VALUES and given[variable] != value:
            yield f"{variable} is not {value}"
    kept = {volume.split(":")[1] for volume in kafka.get("volumes", [])}
    if given["KAFKA_LOG_DIRS"] not in kept:
        yield "the log is not in a volume"
    if tree["services"]["postgres"].get("volumes") != [
        "postgres-data:/var/lib/postgresql"
    ]:
        yield "the database is not in a volume"


COMPOSE_CHECKS: Final[tuple[Callable[[Tree], Iterator[str]], ...]] = (
    container_problems,
    image_problems,
    environment_problems,
    secret_problems,
    order_problems,
    life_problems,
    listener_problems,
    client_problems,
    broker_problems,
)


def compose_problems(tree: Tree) -> list[str]:
    """List everything that is wrong with docker-compose.yml."""
    return [problem for check in COMPOSE_CHECKS for problem in check(tree)]


def instructions(text: str) -> list[Pair]:
    """Give a Dockerfile's instructions, without comments and line ends."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    whole = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [(name, rest) for name, rest in whole]


def copied(text: str) -> list[str]:
    """Give what a Dockerfile copies from the checkout."""
    found = []
    for name, rest in instructions(text):
        words = [word for word in rest.split() if not word.startswith("--chmod")]
        if name == "COPY" and not words[0].startswith("--from"):
            found += words[:-1]
    return found


def checked_by(text: str) -> list[str]:
    """Give the health check's command, as the Dockerfile names the file it copies."""
    for name, rest in instructions(text):
        if name == "COPY" and "healthcheck.py" in rest:
            return ["CMD", Path(rest.split()[-1]).name]
    return []


def wheel_sources() -> set[str]:
    """Give what of the checkout the wheel is made of, as pyproject.toml says."""
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    project = PROJECT["project"]
    return {
        "pyproject.toml",
        project["readme"],
        *project["license-files"],
        *(path.split("/")[0] for path in wheel["packages"]),
    }


def lets_through(ignore: str, path: str) -> bool:
    """Say whether .dockerignore sends a path; the last line that fits decides."""
    sent = True
    for line in ignore.splitlines():
        wanted = line.removeprefix("!")
        name = wanted.removeprefix("**/")
        inside = f"{path}/".startswith(f"{wanted}/")
        if wanted == "*" or inside or (name != wanted and name in path.split("/")):
            sent = line.startswith("!")
    return sent


def image_file_problems(text: str, ignore: str = IGNORE) -> list[str]:
    """List what is wrong with the Dockerfile and what is sent to it."""
    found: list[str] = []
    steps = instructions(text)
    sources = copied(text)
    found += [f"{path} is not copied" for path in wheel_sources() - set(sources)]
    found += [f"{path} is not there" for path in sources if not (ROOT / path).exists()]
    found += [
        f"{path} is not sent" for path in sources if not lets_through(ignore, path)
    ]
    found += [f"{path} is sent" for path in NEVER_SENT if lets_through(ignore, path)]
    bases = {rest.split()[0] for name, rest in steps if name == "FROM"}
    if len(bases) != 1 or not all(is_our_python(base) for base in bases):
        found.append("its stages have not one Python that the project supports")
    for name, rest in steps:
        if "://" in rest or "index-url" in rest:
            found.append(f"{name} names where packages come from")
        if "pip install" in rest and not is_hashed(rest):
            found.append("pip takes what no hash covers")
        for variable in re.findall(rf"{SHARED_PREFIX}\w+(?==)", rest):
            if variable.removeprefix(SHARED_PREFIX).lower() not in (
                ServiceSettings.model_fields
            ):
                found.append(f"{variable} is read by nobody")
    users = [rest for name, rest in steps if name == "USER"]
    state = f"/var/lib/qppflow:uid={users[-1].split(':')[0]}," if users else "root"
    folders = read(COMPOSE)["x-container"]["tmpfs"]
    if not any(folder.startswith(state) for folder in folders):
        found.append("the user is root, or does not own the state folder")
    if ("ENTRYPOINT", '["qppflow"]') not in steps:
        found.append("it does not run qppflow")
    return found


def is_our_python(base: str) -> bool:
    """Say whether an image is a Python that pyproject.toml allows."""
    found = re.fullmatch(r"python:(\d+)\.(\d+)-slim", base)
    least = PROJECT["project"]["requires-python"].removeprefix(">=").split(".")
    return found is not None and [*map(int, found.groups())] >= [*map(int, least)]


def is_hashed(command: str) -> bool:
    """Say whether pip checks hashes, or takes nothing but this project."""
    locked = "--require-hashes" in command and "requirements.lock" in command
    return locked or ("--no-deps" in command and "--no-build-isolation" in command)


def made(text: str) -> dict[str, str]:
    """Give each variable of .env.example with the command that makes its value."""
    lines = text.splitlines()
    return {
        line.removesuffix("="): before.removeprefix("# ")
        for before, line in pairwise(lines)
        if re.fullmatch(r"[A-Z_]+=", line)
    }


def example_problems(text: str, compose: str = COMPOSE) -> list[str]:
    """List where .env.example and what docker-compose.yml asks for differ."""
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", compose))
    optional = set(re.findall(r"\$\{([A-Z_]+):-", compose))
    optional |= set(re.findall(r"^ +([A-Z_]+):$", compose, re.MULTILINE))
    offered = set(re.findall(r"^# ([A-Z_]+)=$", text, re.MULTILINE))
    found = [f"{name} is not explained" for name in asked - set(made(text))]
    found += [f"{name} is not mentioned" for name in optional - offered]
    found += [
        f"{name} is asked by nobody"
        for name in (set(made(text)) | offered) - asked - optional
    ]
    found += [
        f"{line} gives a value away" for line in re.findall(r"(?m)^\w+=.+$", text)
    ]
    return found


def test_the_containers_are_those_of_the_code() -> None:
    """Services, versions, settings, order, listeners and broker agree with the code."""
    assert compose_problems(read(COMPOSE)) == []


def test_the_image_is_what_the_wheel_is_made_of() -> None:
    """All of it, hashed, as another user than root, and nothing secret."""
    assert image_file_problems(DOCKERFILE) == []


def test_the_example_names_what_must_be_given() -> None:
    """Each value from outside has a line and a command, and none has a default."""
    assert example_problems(EXAMPLE) == []


def test_the_commands_of_the_example_make_values_that_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever follows the file to the letter has a stack that starts."""
    monkeypatch.setenv("QPPFLOW_BOOTSTRAP_SERVERS", "kafka:9092")
    monkeypatch.setenv("QPPFLOW_STATE_FOLDER", str(tmp_path))
    values = {}
    for name, command in made(EXAMPLE).items():
        program, *words = shlex.split(command)
        assert program == "python3"
        done = subprocess.run(
            [sys.executable, *words], check=True, capture_output=True, text=True
        )
        values[name] = done.stdout.strip()
        monkeypatch.setenv(name, values[name])

    settings = ServiceSettings()

    assert len(settings.sealing_bytes()) == 64
    assert re.fullmatch(r"[A-Za-z0-9_-]{20,}", values["POSTGRES_PASSWORD"])
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{21}", values["KAFKA_CLUSTER_ID"])


def test_git_never_sees_the_filled_in_example() -> None:
    """Keys that are committed once are known for ever."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()

    assert {"/.env", ".env"} & set(ignored)


def test_a_service_that_writes_its_progress_is_alive(tmp_path: Path) -> None:
    """The health check reads the very file that the services write."""
    assert not is_alive(tmp_path, time.time())

    Progress(tmp_path, "quality", "1", "test", SystemClock()).write()

    assert is_alive(tmp_path, time.time())
    assert not is_alive(tmp_path, time.time() + FRESH_SECONDS + 1)


@pytest.mark.parametrize(("folder", "code"), [("full", 0), ("empty", 1)])
def test_the_health_check_says_it_by_its_exit_code(
    tmp_path: Path, folder: str, code: int
) -> None:
    """As a program of its own, with nothing but the state folder's name."""
    Progress(tmp_path / "full", "quality", "1", "test", SystemClock()).write()

    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "healthcheck.py")],
        check=False,
        env={"QPPFLOW_STATE_FOLDER": str(tmp_path / folder)},
    )

    assert done.returncode == code


@pytest.mark.parametrize("change", BAD, ids=lambda change: str(change["at"]))
def test_a_wrong_line_of_the_compose_file_is_caught(change: Tree) -> None:
    """Its twins: one change each to the file as it is; without a value, a line less."""
    tree = read(COMPOSE)
    *above, last = change["at"].split(".")
    node = tree
    for name in above:
        node = node[name]
    node.pop(last, None)
    if "value" in change:
        node[last] = change["value"]

    assert compose_problems(tree) == change["problems"]


def test_a_secret_in_the_compose_file_is_caught() -> None:
    """Its twin: a default for a key, which every container would share."""
    wrong = COMPOSE.replace("${QPPFLOW_TOKEN_KEY:?", "${QPPFLOW_TOKEN_KEY:-")

    assert compose_problems(read(wrong)) == [
        "QPPFLOW_TOKEN_KEY does not come from outside"
    ]


@pytest.mark.parametrize(
    ("line", "wrong", "problem"),
    [
        ("COPY schemas schemas\n", "", "schemas is not copied"),
        ("COPY contracts contracts", "COPY contracts docs /", "docs is not sent"),
        ("COPY qpp qpp", "COPY qpp law qpp", "law is not there"),
        ("--require-hashes ", "", "pip takes what no hash covers"),
        ("--no-deps ", "", "pip takes what no hash covers"),
        ("--no-build-isolation ", "", "pip takes what no hash covers"),
        (
            "pip install --no-deps",
            "pip install --index-url=x --no-deps",
            "RUN names where packages come from",
        ),
        ("WORKDIR /src", "ADD https://x/y /src", "ADD names where packages come from"),
        (
            "FROM python:3.11-slim\n",
            "FROM python:3.12-slim\n",
            "its stages have not one Python that the project supports",
        ),
        (
            "python:3.11-slim",
            "python:3.10-slim",
            "its stages have not one Python that the project supports",
        ),
        ("QPPFLOW_BUILD=", "QPPFLOW_VERSION=", "QPPFLOW_VERSION is read by nobody"),
        ("USER 10001", "USER 0", "the user is root, or does not own the state folder"),
        (
            "USER 10001:10001\n",
            "",
            "the user is root, or does not own the state folder",
        ),
        ('["qppflow"]', '["python"]', "it does not run qppflow"),
    ],
)
def test_a_wrong_line_of_the_dockerfile_is_caught(
    line: str, wrong: str, problem: str
) -> None:
    """Its twins: one change each to the file as it is."""
    assert line in DOCKERFILE

    assert problem in image_file_problems(DOCKERFILE.replace(line, wrong))


@pytest.mark.parametrize(
    ("line", "wrong", "problem"),
    [
        ("!schemas\n", "", "schemas is not sent"),
        ("!qpp\n", "!qpp\n!.env\n", ".env is sent"),
        ("*\n", "", ".git/config is sent"),
        ("**/__pycache__", "", "qpp/__pycache__/a.pyc is sent"),
    ],
)
def test_a_wrong_line_of_the_ignore_file_is_caught(
    line: str, wrong: str, problem: str
) -> None:
    """Its twins: something needed stays out, or something private goes along."""
    changed = IGNORE.replace(line, wrong, 1)

    assert problem in image_file_problems(DOCKERFILE, changed)


@pytest.mark.parametrize(
    ("line", "wrong", "problem"),
    [
        ("POSTGRES_PASSWORD=", "", "POSTGRES_PASSWORD is not explained"),
        ("# BUILD=", "", "BUILD is not mentioned"),
        ("# BUILD=", "# BUILD=\n# OTHER=", "OTHER is asked by nobody"),
        ("TOKEN_KEY=", "TOKEN_KEY=abc", "QPPFLOW_TOKEN_KEY=abc gives a value away"),
    ],
)
def test_a_wrong_line_of_the_example_is_caught(
    line: str, wrong: str, problem: str
) -> None:
    """Its twins: a value nobody explains, nobody asks for, or everybody knows."""
    assert problem in example_problems(EXAMPLE.replace(line, wrong))
