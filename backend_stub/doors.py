"""Starlette with doors: paths without parameters are found in one look-up, before routes are tried one by one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send


class Doors(Starlette):
    """What has a door answers for all that goes wrong behind it; everything else goes Starlette's way."""

    doors: Mapping[tuple[str, str], ASGIApp] = MappingProxyType({})
    """By method and path."""

    def open(self, doors: Mapping[tuple[str, str], ASGIApp]) -> None:
        """Let these be found at once."""
        self.doors = {**self.doors, **doors}

    def take_in(self, path: str, other: Doors) -> None:
        """Mount another application; its doors are found at once from here too."""
        self.routes.append(Mount(path, other))
        self.open({(method, path + rest): app for (method, rest), app in other.doors.items()})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = None
        if scope["type"] == "http" and not scope.get("root_path"):
            door = self.doors.get((scope["method"], scope["path"]))
        await (door or super().__call__)(scope, receive, send)
