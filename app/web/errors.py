"""One place where a failure becomes an answer: a page, a piece of a page, or JSON, with the same line."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.web.pages import json_answer, wants_json
from app.web.security import Foreign
from app.web.who import NotForRole
from kb.errors import CailiangError, Conflict, NotFound, NotLoaded, Refused, StoreFailure

STATUS: tuple[tuple[type[CailiangError], int], ...] = (
    (Foreign, 403),
    (NotForRole, 403),
    (NotFound, 404),
    (NotLoaded, 404),
    (Conflict, 409),
    (Refused, 422),
    (StoreFailure, 503),
    (CailiangError, 400),
)
SPOKEN = {
    400: ("bad_request", "请求不完整或者写法不对", "返回上一页重新填写"),
    403: ("forbidden", "不允许这样访问", "从首页进入"),
    404: ("not_found", "没有这个页面", "检查网址，或者从首页检索"),
    405: ("method_not_allowed", "这个页面不接受这种提交方式", "从首页进入"),
    413: ("too_large", "提交的内容太大", "缩小文件后再上传"),
    414: ("too_large", "网址太长", "缩短检索词"),
    431: ("too_large", "请求头太大", "清除浏览器对本站的记录后再试"),
    500: ("internal", "系统内部出错，没有保存任何内容", "重试；仍然出错时把时间告诉管理员"),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(Exception, answer_error)


def status_of(error: CailiangError) -> int:
    return next(status for kind, status in STATUS if isinstance(error, kind))


def answer_error(error: Exception) -> Response:
    """The one handler: every failure leaves through here."""
    if isinstance(error, CailiangError):
        return _answer(status_of(error), error.to_dict(), str(error))
    status = error.code or 500 if isinstance(error, HTTPException) else 500
    if isinstance(error, HTTPException) and error.response is not None:
        return Response(error.get_response().get_data(), status, error.get_response().headers)
    if status >= 500:
        current_app.logger.error("internal error on %s", request.path, exc_info=error)
    code, message, hint = SPOKEN.get(status, SPOKEN[500] if status >= 500 else SPOKEN[400])
    if isinstance(error, RequestEntityTooLarge):
        hint = f"每次最多 {current_app.config['MAX_CONTENT_LENGTH'] // 1024 // 1024} MB"
    spoken = CailiangError(message, hint=hint)
    shape = spoken.to_dict()
    shape["error"]["code"] = code
    return _answer(status, shape, str(spoken))


def _answer(status: int, shape: dict[str, Any], line: str) -> Response:
    if wants_json():
        return json_answer(shape, status)
    template = "part/error.html" if request.headers.get("HX-Request") else "error.html"
    return Response(render_template(template, status=status, line=line, **shape), status)
