"""Settings: from the environment (``HANCHOT_…``) or a ``.env`` file, checked at start."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[1]


class Settings(BaseSettings):
    """What an installation chooses. Times of day are local; addresses are plain e-mail addresses."""

    model_config = SettingsConfigDict(env_prefix="HANCHOT_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path(".hanchot")
    database_url: str = ""
    calendars_dir: Path = ROOT / "calendars"
    templates_dir: Path = ROOT / "templates"

    board_host: str = "127.0.0.1"
    board_port: int = 8642
    board_url: str = ""
    sign_in: Literal["auto", "always"] = Field(
        default="auto", description="auto: none needed where only this machine reaches it"
    )
    prefect_port: int = 4200
    prefect_url: str = Field(default="", description="where people reach Prefect's pages, if not on this machine")
    catcher_port: int = 2525

    smtp_host: str | None = Field(default=None, description="None: the local mail catcher")
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_connections: int = Field(default=2, ge=1, le=16)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = "hanchot@localhost.localdomain"
    mail_from_name: str = "Hạn Chót – Ban Tổ chức"
    mail_reply_to: str | None = None
    pace_per_minute: int = Field(default=600, ge=1)
    daily_cap: int = Field(default=6, ge=1, description="envelopes a person may get in one local day")
    window_start: time = time(7)
    window_end: time = time(20, 30)
    jitter_minutes: int = Field(default=0, ge=0, le=60)
    send_for_real: bool = False
    allow_list: tuple[str, ...] = ()

    oidc_issuer: str = Field(default="", description="the province's sign-in service, an https address; empty: none")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_claim: str = Field(default="email", description="names the person: a verified e-mail address, else our own code")
    oidc_name: str = Field(default="cổng đăng nhập của tỉnh", description="what people call that service")

    @field_validator("home", "calendars_dir", "templates_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return path.expanduser().absolute()

    @field_validator("oidc_issuer")
    @classmethod
    def _safe_issuer(cls, address: str) -> str:
        parts = urlsplit(address)
        if address and parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError(f"“{address}” không phải địa chỉ https")
        return address

    @property
    def url(self) -> str:
        """The database; a SQLite file in ``home`` unless another is named."""
        return self.database_url or f"sqlite:///{self.home / 'hanchot.db'}"

    @property
    def own_calendars(self) -> Path:
        """Where plans confirmed on the board are written: beside the database, unless a folder was chosen for plans.

        The delivered folder belongs to the program and is replaced with it.
        """
        return self.home / "calendars" if self.calendars_dir == ROOT / "calendars" else self.calendars_dir

    @property
    def calendar_dirs(self) -> tuple[Path, ...]:
        """Where plans are looked for; of two plans with one key, the installation's own is meant."""
        return tuple(dict.fromkeys((self.own_calendars, self.calendars_dir)))

    @property
    def board(self) -> str:
        """The board's address as letters and Prefect show it, without a slash at the end."""
        return (self.board_url or f"http://{self.board_host}:{self.board_port}").rstrip("/")

    @property
    def prefect(self) -> str:
        """The address of Prefect's pages, for links."""
        return (self.prefect_url or f"http://127.0.0.1:{self.prefect_port}").rstrip("/")

    @property
    def mail_dir(self) -> Path:
        """The Maildir of the local mail catcher."""
        return self.home / "mail"

    @property
    def relay_is_catcher(self) -> bool:
        return self.smtp_host is None
