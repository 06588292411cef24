"""What a request must show before a page looks at it, and what every answer carries.

The app has no accounts yet, so the guard is the address: only a browser on this machine (or a host named in
the configuration) may ask, and only our own pages may post.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from kb.errors import CailiangError

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Foreign(CailiangError):
    """A request from a host or page that is not ours."""

    code = "foreign"


def init_app(app: Flask) -> None:
    """Guard every request of an app and dress every answer."""
    app.before_request(guard)
    app.after_request(dress)


def guard() -> None:
    """Refuse a foreign Host (DNS rebinding), a foreign Origin, and a write started by another site.

    Raises:
        Foreign: answered as 403.
    """
    host = request.headers.get("Host", "")
    if _name_of(host) not in current_app.config["ALLOWED_HOSTS"]:
        raise Foreign(
            "不接受以这个主机名访问",
            where=f"Host: {host[:80]}",
            hint="用 127.0.0.1 打开，或登记 CAILIANG_ALLOWED_HOSTS",
        )
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        raise Foreign("不接受其他网站发来的请求", where=f"Origin: {origin[:80]}", hint="从本系统的页面操作")
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "none") not in (
        "same-origin",
        "none",
    ):
        raise Foreign("不接受其他网站发来的提交", where="Sec-Fetch-Site", hint="从本系统的页面操作")


def _name_of(host: str) -> str:
    """The name in a Host header, without the port; ``[::1]:8000`` gives ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def dress(response: Response) -> Response:
    """Add the headers of safety; a page is never kept by a cache, since the law may change under it."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("HX-Request")
    return response
