"""Bedrock's control plane for batch jobs on loopback: it reads questions from S3 and writes answers there."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Answer = Callable[[dict[str, Any]], dict[str, Any]]
"""From a record's modelInput to `modelOutput` or `error`; an empty one leaves the record out."""


class BatchPlane:
    """`with BatchPlane(s3, answer) as plane:`; jobs run until `plane.go` is set, then end as `plane.ending` says."""

    def __init__(self, s3: Any, answer: Answer) -> None:
        self.s3 = s3
        self.answer = answer
        self.made: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.refusal: tuple[int, str, str] | None = None  # status, error class, sentence
        self.taken = False  # is a job made although it is refused?
        self.ending = "Completed"
        self.billed = [0, 0]
        self.go = threading.Event()
        self.go.set()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"plane": self}))
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Where the control plane answers."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "BatchPlane":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A job; the same token again is the same job."""
        with self._lock:
            for job in self.made:
                if job["clientRequestToken"] == asked["clientRequestToken"]:
                    return {"jobArn": job["jobArn"]}
            arn = f"arn:aws:bedrock:eu-west-1:123456789012:model-invocation-job/{len(self.made):012d}"
            self.made.append(asked | {"jobArn": arn, "status": "Submitted"})
            return {"jobArn": arn}

    def look(self, arn: str) -> dict[str, Any]:
        """A job as it stands: first it is worked on, then it ends."""
        with self._lock:
            job = next(one for one in self.made if one["jobArn"] == arn)
            if job["status"] == "Stopping" or (job["status"] == "InProgress" and self.go.is_set()):
                job["status"] = "Stopped" if job["status"] == "Stopping" else self.ending
                self._write(job)
            elif job["status"] == "Submitted":
                job["status"] = "InProgress"
            shown = {name: job[name] for name in ("jobArn", "jobName", "modelId", "roleArn", "status")}
            data = {name: job[name] for name in ("inputDataConfig", "outputDataConfig")}
            return shown | data | {"submitTime": "2026-01-01T00:00:00Z", "message": "as told"}

    def stop(self, arn: str) -> dict[str, Any]:
        """What is not answered yet will not be."""
        next(one for one in self.made if one["jobArn"] == arn)["status"] = "Stopping"
        return {}

    def listed(self, part: str) -> dict[str, Any]:
        """Jobs whose name holds this."""
        found = [one for one in self.made if part in one["jobName"]]
        keys = ("jobArn", "jobName", "modelId", "roleArn", "status", "inputDataConfig", "outputDataConfig")
        return {
            "invocationJobSummaries": [
                {name: one[name] for name in keys} | {"submitTime": "2026-01-01T00:00:00Z"} for one in found
            ]
        }

    def _write(self, job: dict[str, Any]) -> None:
        source = job["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]
        target = job["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
        bucket, _, key = source.removeprefix("s3://").partition("/")
        lines = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        if self.ending == "Failed":
            records = []
        told = [record | answer for record in reversed(records) if (answer := self.answer(record["modelInput"]))]
        for one in told:
            usage = one.get("modelOutput", {}).get("usage", {})
            self.billed[0] += usage.get("inputTokens", 0)
            self.billed[1] += usage.get("outputTokens", 0)
        place = target.removeprefix(f"s3://{bucket}/") + job["jobArn"][-12:]
        body = "".join(json.dumps(one) + "\n" for one in told)
        self.s3.put_object(Bucket=bucket, Key=f"{place}/questions.jsonl.out", Body=body.encode())
        counts = {"totalRecordCount": len(records), "processedRecordCount": len(told)}
        self.s3.put_object(Bucket=bucket, Key=f"{place}/manifest.json.out", Body=json.dumps(counts).encode())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    plane: BatchPlane

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        path = unquote(self.path)
        if path.endswith("/stop"):
            self._send("stop", self.plane.stop(path.removeprefix("/model-invocation-job/").removesuffix("/stop")))
        elif self.plane.refusal:
            if self.plane.taken:
                self.plane.create(body)
            status, kind, sentence = self.plane.refusal
            self._send("create", {"message": sentence}, status, kind)
        else:
            self._send("create", self.plane.create(body))

    def do_GET(self) -> None:
        parts = urlsplit(unquote(self.path))
        if parts.path == "/model-invocation-jobs":
            self._send("list", self.plane.listed(parse_qs(parts.query)["nameContains"][0]))
        else:
            self._send("look", self.plane.look(parts.path.removeprefix("/model-invocation-job/")))

    def _send(self, name: str, body: dict[str, Any], status: int = 200, error: str = "") -> None:
        self.plane.calls.append(name)
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        if error:
            self.send_header("x-amzn-ErrorType", error)
        self.end_headers()
        self.wfile.write(raw)
