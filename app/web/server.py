"""Serve the pages with waitress, on this machine only unless told otherwise."""

from __future__ import annotations

import socket
from typing import Any

from kb.errors import WrongUse


def serve(base: Any, host: str = "127.0.0.1", port: int = 8000, **config: Any) -> None:
    """Serve until Ctrl-C, and print where.

    Args:
        base: the open base (`app.base.Base`).
        host: address to listen on; a name other than this machine is also accepted in Host headers.
        port: TCP port; 0 lets the system choose.
        config: overrides of `app.web.factory.DEFAULTS`, in lower case.

    Raises:
        WrongUse: the address is taken or not ours.
    """
    import waitress  # type: ignore[import-untyped]

    from app.web.factory import create_app

    listener = _listen(host, port)
    port = listener.getsockname()[1]
    settings = {name.upper(): value for name, value in config.items()}
    settings["ALLOWED_HOSTS"] = (*settings.get("ALLOWED_HOSTS", ()), host)
    shown = f"[{host}]" if ":" in host else host
    server = waitress.create_server(
        create_app(base, config=settings), sockets=[listener], threads=8, ident="cailiang"
    )
    print(f"裁量已启动：http://{shown}:{port}/ （按 Ctrl-C 停止）", flush=True)
    try:
        server.run()
    finally:
        server.close()
        print("裁量已停止。", flush=True)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise WrongUse(
            f"不能在 {host}:{port} 上监听", hint=f"换一个端口，如 --port {port + 1}（{error.strerror}）"
        ) from error
    return listener
