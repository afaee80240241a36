"""What the children of ``hanchot up`` see: our settings as they are used, and a Prefect that keeps to itself."""

from __future__ import annotations

import os
from collections.abc import Mapping

from hanchot.settings import Settings
from hanchot.up.ports import HOST, Ports


def settled(settings: Settings, ports: Ports) -> Settings:
    """The settings with the ports that are really used."""
    return settings.model_copy(update={"prefect_port": ports.prefect, "board_port": ports.board, "catcher_port": ports.catcher})


def environment(settings: Settings, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of every child. Loopback never goes through a proxy."""
    base = os.environ if base is None else base
    return {**base, **_ours(settings), **_prefect(settings), "NO_PROXY": _no_proxy(base), "no_proxy": _no_proxy(base)}


def prefect_url(settings: Settings) -> str:
    return f"http://{HOST}:{settings.prefect_port}"


def _ours(settings: Settings) -> dict[str, str]:
    return {
        "HANCHOT_HOME": str(settings.home),
        "HANCHOT_DATABASE_URL": settings.url,
        "HANCHOT_PREFECT_PORT": str(settings.prefect_port),
        "HANCHOT_BOARD_PORT": str(settings.board_port),
        "HANCHOT_CATCHER_PORT": str(settings.catcher_port),
        "PYTHONUNBUFFERED": "1",
    }


def _prefect(settings: Settings) -> dict[str, str]:
    return {
        # A home of its own: profiles and databases of other Prefect installations are neither read nor touched.
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": f"{prefect_url(settings)}/api",
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(settings.prefect_port),
        # Nothing calls home: the server's heartbeat, the client's telemetry, the offers in the pages.
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "3",
        # A drain every five minutes is a hundred thousand runs a year: ended ones go after ninety days.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    }


def _no_proxy(base: Mapping[str, str]) -> str:
    named = base.get("NO_PROXY") or base.get("no_proxy") or ""
    return ",".join(filter(None, [named, HOST, "localhost"]))
