"""The endpoints that clients are measured against: nginx with a constant, the reference endpoint, one with a delay.

    with nginx(folder) as urls: urls.constant, urls.closing, …
    with reference(program) as url: …
    with delayed(0.05) as url: …
"""
import contextlib
import dataclasses
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request

from children import Trouble, environment, stop

# What the specification lets an endpoint answer to the deletion of a session that there is not.
CONSTANT = '{"__type":"EntityNotFoundException","Message":"Session not found"}'
CONTENT_TYPE = "application/x-amz-json-1.1"

# One worker, and nothing but the answer: what is measured is the client.
NGINX = """\
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  default_type {content_type};
  log_format sizes '$request_length';
  server {{
    listen 127.0.0.1:{constant};
    keepalive_timeout 600;
    location / {{ return 400 '{answer}'; }}
  }}
  server {{
    listen 127.0.0.1:{closing};
    keepalive_timeout 0;
    location / {{ return 400 '{answer}'; }}
  }}
  server {{
    listen 127.0.0.1:{sizes};
    access_log {folder}/sizes.log sizes;
    location / {{ return 400 '{answer}'; }}
  }}
  server {{
    listen 127.0.0.1:{status};
    location / {{ stub_status; }}
  }}
}}
"""


@dataclasses.dataclass(frozen=True)
class Nginx:
    constant: str  # keeps connections open
    closing: str  # answers "Connection: close" to everything, and closes
    sizes: str  # writes the size of each request to sizes_log
    status: str
    sizes_log: str

    def requests(self):
        """How many it was asked so far, this question included."""
        with urllib.request.urlopen(self.status, timeout=10) as answer:
            # "server accepts handled requests", and their numbers on the next line
            return int(answer.read().decode().split("\n")[2].split()[2])


def free_ports(number):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def await_port(port, child, what):
    for _ in range(500):
        if child.poll() is not None:
            raise Trouble(f"{what} ended with {child.returncode} before it listened on port {port}.")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Trouble(f"{what} does not listen on port {port}.")


@contextlib.contextmanager
def nginx(folder):
    path = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not path:
        raise Trouble("nginx is missing: apt-get install nginx-light")
    names = ["constant", "closing", "sizes", "status"]
    ports = dict(zip(names, free_ports(len(names))))
    configuration = os.path.join(folder, "nginx.conf")
    with open(configuration, "w", encoding="utf-8") as file:
        file.write(NGINX.format(folder=folder, answer=CONSTANT, content_type=CONTENT_TYPE, **ports))
    command = [path, "-p", folder, "-e", f"{folder}/nginx.log", "-c", configuration]
    child = subprocess.Popen(command, env=environment())
    try:
        await_port(ports["status"], child, f"nginx ({folder}/nginx.log)")
        yield Nginx(**{name: f"http://127.0.0.1:{port}" for name, port in ports.items()}, sizes_log=f"{folder}/sizes.log")
    finally:
        stop(child)


def printed_url(child, what):
    line = child.stdout.readline()
    if "http://" not in line:
        raise Trouble(f"{what} did not start: {line}")
    return line[line.index("http://"):].split()[0]


@contextlib.contextmanager
def started(command, what):
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    try:
        yield printed_url(child, what)
    finally:
        stop(child)


def reference(program):
    return started([program, "serve", "--no-config"], "The reference endpoint")


def delayed(seconds):
    return started([sys.executable, os.path.abspath(__file__), str(seconds)], "The endpoint with a delay")


# ---- the endpoint with a delay: a thread a connection, as a sleeping thread is woken up more exactly than a loop

def read_request(connection, rest):
    """Reads a request of Content-Length bytes; what came after it, or None at the end."""
    while b"\r\n\r\n" not in rest:
        more = connection.recv(65536)
        if not more:
            return None
        rest += more
    head, rest = rest.split(b"\r\n\r\n", 1)
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    length = int(fields.get(b"content-length", b"0"))
    while len(rest) < length:
        more = connection.recv(65536)
        if not more:
            return None
        rest += more
    return rest[length:]


def answer_late(connection, seconds):
    answer = (f"HTTP/1.1 400 Bad Request\r\nContent-Type: {CONTENT_TYPE}\r\n"
              f"Content-Length: {len(CONSTANT)}\r\n\r\n{CONSTANT}").encode()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    rest = b""
    with connection, contextlib.suppress(ConnectionError):
        while (rest := read_request(connection, rest)) is not None:
            time.sleep(seconds)
            connection.sendall(answer)


def serve_delayed(seconds):
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        while True:
            threading.Thread(target=answer_late, args=(listener.accept()[0], seconds), daemon=True).start()


if __name__ == "__main__":
    serve_delayed(float(sys.argv[1]))
