"""What nginx lets through, cuts and refuses: edge.py PLACE PORT"""
import os
import re
import socket
import ssl
import sys
import time

place, port = sys.argv[1], int(sys.argv[2])
bad = []


def expect(name, good, more=""):
    if not good:
        bad.append(name)
        print("edge:", name, more, file=sys.stderr)


def connect(device=None, version=ssl.TLSVersion.TLSv1_3, name="hall.example"):
    context = ssl.create_default_context(cafile=place + "/house.pem")
    context.minimum_version = context.maximum_version = version
    if device:
        context.load_cert_chain(f"{place}/{device}.pem",
                                f"{place}/{device}.key")
    raw = socket.create_connection(("127.0.0.1", port), timeout=40)
    return context.wrap_socket(raw, server_hostname=name)


def read(conn):
    data = b""
    try:
        while True:
            more = conn.recv(65536)
            if not more:
                return data
            data += more
    except (ConnectionError, ssl.SSLError):
        return data


def ask(text, body=b"", **how):
    with connect(**how) as conn:
        conn.sendall(text.replace("\n", "\r\n").encode() + body)
        return read(conn)


def status(answer):
    found = re.match(rb"HTTP/1.1 (\d+)", answer)
    return int(found.group(1)) if found else 0


def get(path, more="", **how):
    return ask(f"GET {path} HTTP/1.1\nHost: hall.example\n{more}"
               "Connection: close\n\n", **how)


def seen():
    if not os.path.exists(place + "/seen"):
        return []
    with open(place + "/seen", "rb") as f:
        return f.read().decode().split("\r\n----\r\n")[:-1]


def headers(head, name):
    return [line.split(":", 1)[1].strip() for line in head.split("\r\n")[1:]
            if line.split(":", 1)[0].lower() == name]


def wait_for_start():
    end = time.time() + 20
    while time.time() < end:
        try:
            if os.path.exists(place + "/edge.sock"):
                connect().close()
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit("edge: nginx does not start")


def check_tls():
    try:
        connect(version=ssl.TLSVersion.TLSv1_2).close()
        expect("TLS 1.2 is refused", False)
    except (ssl.SSLError, ConnectionError):
        pass
    try:
        connect(name="other.example").close()
        expect("another name is refused", False)
    except (ssl.SSLError, ConnectionError):
        pass


def check_identity():
    forged = ("X-Client-Verify: SUCCESS_FORGED\n"
              "X-Client-Verify: SUCCESS\n"
              "x_client_verify: SUCCESS\n"
              "X-Client-Fingerprint: 00\n"
              "X-Real-IP: 10.0.0.1\nX-Forwarded-For: 10.0.0.1\n"
              "X-Forwarded-Uid: 0\nX-Staff: sysadmin\nForwarded: for=x\n"
              "Authorization: Basic c2VjcmV0\nUpgrade: h2c\n"
              "Connection: X-Client-Verify\n")
    before = len(seen())
    expect("a plain call passes",
           status(get("/v1/session?secret=4711", forged)) == 200)
    heads = seen()[before:]
    expect("one request arrives", len(heads) == 1)
    head = heads[-1]
    expect("verify says NONE", headers(head, "x-client-verify") == ["NONE"],
           head)
    expect("no fingerprint", not any(headers(head, "x-client-fingerprint")))
    expect("the host is ours",
           headers(head, "host") == [f"hall.example:{port}"])
    expect("address is the peer's",
           headers(head, "x-real-ip") == ["127.0.0.1"])
    known = {"host", "connection", "x-client-verify", "x-real-ip",
             "x-client-fingerprint", "x-hufu-csrf", "cookie", "content-type",
             "accept", "origin", "sec-fetch-site", "last-event-id", "content-length",
             "transfer-encoding"}
    names = [h.split(":")[0].lower() for h in head.split("\r\n")[1:]]
    expect("nothing else arrives", set(names) <= known, names)
    expect("each once", len(names) == len(set(names)), names)
    get("/v1/session", "X-Client-Verify: NONE\n", device="device")
    head = seen()[-1]
    expect("a device of ours is known",
           headers(head, "x-client-verify") == ["SUCCESS"] and
           re.fullmatch("[0-9a-f]{40}", headers(
               head, "x-client-fingerprint")[0]), head)


def check_devices():
    act = ("POST /v1/stations/one/acts HTTP/1.1\nHost: hall.example\n"
           "Content-Length: 2\nConnection: close\n\n")
    before = len(seen())
    expect("a station without certificate",
           status(ask(act, b"{}")) == 403)
    expect("a kiosk without certificate", status(get("/v1/kiosk/x")) == 403)
    for path in ("/v1/stations/one/%61cts", "/v1//stations/one/acts",
                 "/v1/x/../stations/one/acts"):
        expect("no way round " + path, status(get(path)) == 403)
    expect("a stranger's certificate",
           status(get("/v1/status", device="stranger")) in (0, 400))
    expect("none of these arrives", len(seen()) == before)
    expect("a station with certificate",
           status(ask(act, b"{}", device="device")) == 200)


def check_smuggling():
    inner = "GET /v1/smuggled HTTP/1.1\nHost: hall.example\n\n"
    before = len(seen())
    both = ask("POST /v1/status HTTP/1.1\nHost: hall.example\n"
               "Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n" +
               inner)
    expect("length told in two ways", status(both) == 400)
    twice = ask("POST /v1/status HTTP/1.1\nHost: hall.example\n"
                "Content-Length: 0\nContent-Length: 60\n\n" + inner)
    expect("length told twice", status(twice) == 400)
    odd = ask("POST /v1/status HTTP/1.1\nHost: hall.example\n"
              "Transfer-Encoding: xchunked\n\n0\n\n" + inner)
    expect("unknown coding", status(odd) in (400, 501))
    hosts = ask("GET /v1/status HTTP/1.1\nHost: hall.example\n"
                "Host: other.example\n\n")
    expect("two hosts", status(hosts) == 400)
    expect("none of these arrives", len(seen()) == before)


def check_size():
    head = ("POST {} HTTP/1.1\nHost: hall.example\nContent-Length: {}\n"
            "Connection: close\n\n")
    before = len(seen())
    expect("9 MB are too much", status(ask(
        head.format("/v1/applications", 9 << 20))) == 413)
    chunks = b"100000\r\n" + b"x" * (1 << 20) + b"\r\n"
    expect("also in pieces", status(ask(
        "POST /v1/applications HTTP/1.1\nHost: hall.example\n"
        "Transfer-Encoding: chunked\n\n", chunks * 9)) in (0, 413))
    expect("neither arrives", len(seen()) == before)
    expect("7 MB pass", status(ask(head.format(
        "/v1/applications", 7 << 20), b"secret " * (1 << 20))) == 200)
    expect("an import may be larger", status(ask(head.format(
        "/v1/persons/import", 9 << 20), b"x" * (9 << 20))) == 200)
    expect("but not without bound", status(ask(head.format(
        "/v1/persons/import", 300 << 20))) == 413)
    expect("a long header", status(get(
        "/v1/status", "Cookie: " + "x" * 40000 + "\n")) in (400, 414, 431))


def check_slow():
    slow = {}
    for name, text in (
            ("head", "GET /v1/status HTTP/1.1\r\nHost: hall.ex"),
            ("body", "POST /v1/slow HTTP/1.1\r\nHost: hall.example\r\n"
                     "Content-Length: 100\r\n\r\n{")):
        slow[name] = connect()
        slow[name].sendall(text.encode())
    begin = time.time()
    for name, conn in slow.items():
        answer = read(conn)
        expect(f"a slow {name} is cut", status(answer) in (0, 408) and
               7 < time.time() - begin < 35, time.time() - begin)
        conn.close()
    expect("and does not arrive", not [h for h in seen() if "slow" in h])


def check_flood():
    codes = []
    with connect() as conn:
        for _ in range(2):
            conn.sendall(b"GET /v1/flood HTTP/1.1\r\n"
                         b"Host: hall.example\r\n\r\n" * 400)
        conn.sendall(b"GET /v1/flood HTTP/1.1\r\nHost: hall.example\r\n"
                     b"Connection: close\r\n\r\n")
        codes = re.findall(rb"HTTP/1.1 (\d+)", read(conn))
    expect("a flood meets 429", b"429" in codes and b"200" in codes)
    time.sleep(1)
    codes = [status(ask("POST /v1/session HTTP/1.1\nHost: hall.example\n"
                        "Content-Length: 2\nConnection: close\n\n", b"{}"))
             for _ in range(40)]
    expect("guessing meets 429", 429 in codes and codes[0] == 200, codes)
    problem = get("/v1/metrics")
    expect("metrics stay inside", status(problem) == 404)


def check_pages():
    page = get("/")
    for header in (b"Content-Security-Policy: default-src 'none'",
                   b"frame-ancestors 'none'",
                   b"Strict-Transport-Security: max-age=",
                   b"X-Content-Type-Options: nosniff",
                   b"Referrer-Policy: no-referrer"):
        expect("the page has " + header.decode(), header in page)
    expect("wasm, and no other code from text, in the console",
           b"'wasm-unsafe-eval'" in page and b"'unsafe-eval'" not in page)
    expect("no version", b"Server: nginx\r\n" in page)
    expect("a route of the page", b"console" in get("/cases/17"))
    expect("the merchant's page",
           b"wasm-unsafe-eval" in get("/verify/") and
           b">verify" in get("/verify/"))
    packed = get("/assets/a.js", "Accept-Encoding: gzip\n")
    expect("packed files", b"Content-Encoding: gzip" in packed and
           b"immutable" in packed)
    for path in ("/status/1/list.cwt", "/log/checkpoint", "/trust/root.pem",
                 "/verify/lists/trust-list.cbor", "/trust/log.vkey"):
        expect(path, status(get(path)) == 200)
    for path in ("/status/", "/log/..%2f..%2fhufud.ini", "/log../log.vkey",
                 "/status/1/", "/verify/lists/../../../hufud.ini"):
        answer = get(path)
        expect("closed " + path, status(answer) in (400, 403, 404) or
               b"console" in answer, answer)
    answer = get("/v1/session")
    expect("headers of answers once",
           answer.count(b"nosniff") == 1 and
           answer.count(b"Cache-Control") == 1)


wait_for_start()
for check in (check_tls, check_pages, check_identity, check_devices,
              check_smuggling, check_size, check_slow, check_flood):
    check()
sys.exit(1 if bad else 0)
