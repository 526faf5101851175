"""Stands for hufud behind nginx: answers every whole request, and writes
the head of each down, as it came, divided by a line of dashes."""
import socket
import sys
import threading

path, seen = sys.argv[1:3]
lock = threading.Lock()


def body_of(conn, head, rest):
    want = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            want = int(value)
        if name.lower() == b"transfer-encoding":
            want = None
    if want is None:
        while not rest.endswith(b"0\r\n\r\n"):
            rest += conn.recv(65536)
        return b""
    while len(rest) < want:
        rest += conn.recv(65536)
    return rest[want:]


def serve(conn):
    rest = b""
    while True:
        while b"\r\n\r\n" not in rest:
            more = conn.recv(65536)
            if not more:
                return
            rest += more
        head, rest = rest.split(b"\r\n\r\n", 1)
        rest = body_of(conn, head, rest)
        with lock, open(seen, "ab") as out:
            out.write(head + b"\r\n----\r\n")
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                     b"X-Content-Type-Options: nosniff\r\n"
                     b"Cache-Control: no-store\r\nContent-Length: 2\r\n\r\n{}")


listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(64)
while True:
    client, _ = listener.accept()
    threading.Thread(target=serve, args=(client,), daemon=True).start()
