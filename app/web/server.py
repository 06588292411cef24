"""Serve the pages with waitress, on this machine only unless told otherwise."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

from kb.errors import WrongUse

if TYPE_CHECKING:
    from app.base import Base

REASONS = {
    errno.EADDRINUSE: "端口已被占用",
    errno.EACCES: "没有使用这个端口的权限",
    errno.EADDRNOTAVAIL: "这不是本机的地址",
}

MEMORY = 24 << 20  # bytes: above the largest upload that is accepted


def serve(base: Base, host: str, port: int) -> None:
    """Serve until Ctrl-C, and print where.

    Args:
        base: the open base; its configuration names further hosts that may be asked for.
        host: address to listen on; also accepted in Host headers.
        port: TCP port; 0 lets the system choose.

    Raises:
        WrongUse: the address is taken or not ours; the command's own mistake, so exit code 2.
    """
    import waitress

    from app.web.factory import create_app

    listener = _listen(host, port)
    port = listener.getsockname()[1]
    named = (*base.config.allowed_hosts, host)
    app = create_app(base, config={"ALLOWED_HOSTS": named})
    shown = f"[{host}]" if ":" in host else host
    # A paper under review never touches the disk: what waitress would put into a file stays in memory.
    server = waitress.create_server(
        app, sockets=[listener], threads=8, ident="cailiang", inbuf_overflow=MEMORY
    )
    print(f"裁量已启动：http://{shown}:{port}/ （按 Ctrl-C 停止）", flush=True)
    base.warm_index()
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
    except OSError as error:  # also socket.gaierror: a name nobody knows
        listener.close()
        reason = REASONS.get(error.errno or 0, error.strerror or str(error))
        hint = (
            f"换一个端口，如 --port {port + 1}" if error.errno == errno.EADDRINUSE else "换一个地址或者端口"
        )
        raise WrongUse(f"不能监听 {host}:{port}，{reason}", hint=hint) from error
    return listener
