"""How Google's API fails, as it was seen or is documented."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """What is answered instead of the truth."""

    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def problem(code: int, status: str, message: str, *details: dict[str, Any]) -> Fault:
    """Return an error as Google writes it."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = list(details)
    # With a status of the upload, which ends it: without one the SDK sends the same piece thrice, 7 s long.
    return Fault(code, json.dumps({"error": error}), {"X-Goog-Upload-Status": "cancelled"})


def quota(quota_id: str, delay: str | None = "2s") -> Fault:
    """Return a 429 with the quota that is used up and how long to wait."""
    kind = "type.googleapis.com/google.rpc."
    violation = {"quotaMetric": "generativelanguage.googleapis.com/requests", "quotaId": quota_id, "quotaValue": "5"}
    details: list[dict[str, Any]] = [
        {"@type": f"{kind}QuotaFailure", "violations": [violation]},
        {"@type": f"{kind}Help"},
    ]
    if delay:
        details.append({"@type": f"{kind}RetryInfo", "retryDelay": delay})
    return problem(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan.", *details)


_KEY_INVALID = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "x"}
_NOT_YOURS = "You do not have permission to access the File xyz or it may not exist."

FAULTS: dict[str, Fault] = {
    "400": problem(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    "400 key": problem(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", _KEY_INVALID),
    "400 file": problem(400, "FAILED_PRECONDITION", "The File abc is not in an ACTIVE state and usage is not allowed."),
    "400 place": problem(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
    "401": problem(401, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
    "403": problem(403, "PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key."),
    "403 file": problem(403, "PERMISSION_DENIED", _NOT_YOURS),
    "404": problem(404, "NOT_FOUND", "models/gemini-x is not found for API version v1."),
    "409": problem(409, "ALREADY_EXISTS", "Requested entity already exists"),
    "429": quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier"),
    "429 day": quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "39.5s"),
    "429 bare": problem(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
    "500": problem(500, "INTERNAL", "An internal error has occurred."),
    "503": problem(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
    "504": problem(504, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
    "list 503": Fault(503, '[{"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}]'),
    "html 502": Fault(502, "<html><h1>502 Bad Gateway</h1></html>", {"Content-Type": "text/html"}),
    "html 200": Fault(200, "<html>Please log in to the hotel's network</html>", {"Content-Type": "text/html"}),
    "redirect": Fault(302, "", {"Location": "http://127.0.0.1:9/elsewhere"}),
    "204": Fault(204),
    "empty": Fault(200),
    "cut": Fault(200, '{"candidates":[{"content":{"parts":[{"te'),
    "list": Fault(200, "[]"),
    "no vectors": Fault(200, '{"embeddings": []}'),
}
"""Beside these: ``drop`` hangs up without an answer, ``lost`` does so after the work is done, ``stall`` doesn't answer."""
