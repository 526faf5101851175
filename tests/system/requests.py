"""Broken requests on the operator socket: each gets a 4xx that says why in
Chinese and in English, and the daemon goes on. requests.py SOCKET"""
import json
import socket
import sys
import time

FIND = "/v1/persons/find"


def connect():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(10)
    s.connect(sys.argv[1])
    return s


def send(raw):
    s = connect()
    try:
        s.sendall(raw)
    except BrokenPipeError:
        pass  # answered before the end of the body
    return receive(s)


def receive(s):
    got = b""
    try:
        while chunk := s.recv(65536):
            got += chunk
    except (ConnectionResetError, socket.timeout):
        pass
    head, _, body = got.partition(b"\r\n\r\n")
    words = head.split(b" ")
    return int(words[1]) if len(words) > 1 else 0, body


def post(body, extra="", length=None):
    n = len(body) if length is None else length
    return (
        f"POST {FIND} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        f"Content-Length: {n}\r\n{extra}\r\n"
    ).encode() + body


good = b'{"id_number":"000000194001010015"}'
get = "GET /v1/cards HTTP/1.1\r\nConnection: close\r\n"
# words, request, status, whether the answer is ours
cases = [
    ("garbage instead of JSON", post(b"\xff\x00{{{"), 400, True),
    ("an array instead of an object", post(b"[]"), 400, True),
    ("an empty body", post(b""), 400, True),
    ("a key twice", post(good[:-1] + b"," + good[1:]), 400, True),
    ("an unknown member", post(good[:-1] + b',"x":1}'), 400, True),
    ("a number for a text", post(b'{"id_number":1}'), 400, True),
    ("8000 brackets", post(b"[" * 8000), 400, True),
    ("no UTF-8", post(b'{"id_number":"\xc3\x28"}'), 400, True),
    ("9 MB of body", post(b" " * (9 << 20)), 413, True),
    ("a second Host", post(good, "Host: b\r\n"), 400, True),
    ("no Host", (get + "\r\n").encode(), 400, True),
    (
        "two Content-Length",
        post(good, "Content-Length: 2\r\n"),
        400,
        True,
    ),
    (
        "Content-Length and chunks",
        post(good, "Transfer-Encoding: chunked\r\n"),
        400,
        False,
    ),
    ("a negative length", post(b"", length=-1), 400, False),
    (
        "20 KB of headers",
        (get + "Host: a\r\nX: " + "x" * 20480 + "\r\n\r\n").encode(),
        400,
        False,
    ),
    (
        "an unknown call",
        b"GET /v1/nothing HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        404,
        True,
    ),
    (
        "another method",
        f"GET {FIND} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode(),
        405,
        True,
    ),
]

for words, request, want, ours in cases:
    status, body = send(request)
    if status != want and not (not ours and 400 <= status < 500):
        sys.exit(f"{words}: {status}, expected {want}: {body[:300]!r}")
    if ours:
        problem = json.loads(body)
        if not any("\u4e00" <= c <= "\u9fff" for c in problem["zh"]):
            sys.exit(f"{words}: no Chinese: {problem}")
        if " " not in problem["detail"] or problem["status"] != want:
            sys.exit(f"{words}: {problem}")
    print(f"request with {words}: {status}")

# Clerks do not wait for those who stop in the middle of a request.
stalled = [connect() for _ in range(40)]
for s in stalled:
    s.sendall(b"POST /v1/persons/find HTTP/1.1\r\nHost: a\r\nContent-Le")
slow = connect()
raw = post(b"[]")
began = time.monotonic()
for i in range(len(raw)):
    slow.sendall(raw[i : i + 1])
    time.sleep(0.01)
    if i % 20 == 0 and send(post(b"[]"))[0] != 400:
        sys.exit("no answer beside stalled requests")
if receive(slow)[0] != 400:
    sys.exit("a slow request: no answer")
print("request byte by byte, beside 40 that stall: 400")
if time.monotonic() - began > 8:
    sys.exit("a slow request and 40 stalled ones hold the others up")
