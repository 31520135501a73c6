"""Static files: the style, the scripts, the pictures."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from clinic.config.headers import Handler


def whole_files(get_response: Handler) -> Handler:
    """Return a handler that sends each file whole: an ASGI server warns of files read in steps."""

    def with_whole_files(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        return _whole(response) if isinstance(response, FileResponse) else response

    return with_whole_files


def _whole(response: FileResponse) -> HttpResponse:
    body = b"".join(response)
    whole = HttpResponse(body, status=response.status_code)
    response.close()
    del whole["Content-Type"]  # a file names its own, and "not modified" has none
    for name, value in response.items():
        whole[name] = value
    if body:  # the file may have been edited since its length was noted
        whole["Content-Length"] = str(len(body))
    return whole
