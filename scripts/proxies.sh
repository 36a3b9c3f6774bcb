#!/bin/sh
# Real proxies in front of the reference endpoint, which verifies signatures: those that let everything through are green,
# and each of the others is red for what it does. What is not installed is skipped, saying so.
set -u
cd "$(dirname "$0")/.."
. scripts/checks.sh
skipped=0
proxy=
trap 'kill $server $proxy 2>/dev/null; rm -rf "$work"' EXIT

skip() { skipped=$((skipped + 1)); printf 'skipped: %s\n' "$1"; }
# The requirements that failed in the last run, in one line.
blamed() { sed -n 's/^FAIL \([^ ]*\) .*/\1/p' "$work/out" | sort | tr '\n' ' '; }
only() {
  got=$(blamed)
  if [ "$got" = "$2 " ]; then ok; else bad "$1: blames '$got', not '$2'"; fi
}

# measures WHAT CHARACTERISTIC READING: the last run's reading begins so.
measures() { if grep -q "^ *$2  *$3" "$work/out"; then ok; else bad "$1: no '$2  $3'"; fi; }

# Ports that are free now.
free_ports() {
  python3 -c 'import socket, sys
all = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in all: one.bind(("127.0.0.1", 0))
print(*[one.getsockname()[1] for one in all])' "$1"
}
# Waits until somebody listens there; fails if the proxy ends before.
await() {
  tries=0
  until python3 -c 'import socket, sys; socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)' "$1" 2>/dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$proxy" 2>/dev/null; then return 1; fi
    sleep 0.1
  done
}
# start PORT COMMAND…: starts a proxy, and waits until it listens there.
start() {
  port=$1
  shift
  "$@" >"$work/proxy" 2>&1 &
  proxy=$!
  await "$port"
}
stop() { kill "$proxy" 2>/dev/null; wait "$proxy" 2>/dev/null; proxy=; }

if ! command -v python3 >/dev/null 2>&1; then
  skip "python3 is not installed: no run through a proxy"
  exit 0
fi

"$program" serve --authenticate >"$work/server" 2>&1 &
server=$!
tries=0
until upstream=$(grep -o 'http://127[0-9.:]*' "$work/server" | head -n 1) && [ -n "$upstream" ]; do
  tries=$((tries + 1))
  [ "$tries" -gt 600 ] && { cat "$work/server"; exit 1; }
  sleep 0.1
done
address=${upstream#http://}

# through PORT STATUS WHAT OPTION…: a run through the proxy there ends with that status.
through() {
  port=$1 wanted=$2 what=$3
  shift 3
  expect "$what" "$wanted" "$program" run --endpoint "http://127.0.0.1:$port" --direct "$upstream" --seed 1 \
    --progress none --color never "$@"
}

write_nginx() {
  chmod 711 "$work" # its workers are another user's, where it is started by root
  printf '<html>An error occurred.</html>\n' >"$work/error.html"
  cat >"$work/nginx.conf" <<N
daemon off;
worker_processes 1;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxied;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  client_max_body_size 0;
  large_client_header_buffers 4 128k;
  server { listen 127.0.0.1:$1; location / { proxy_pass $upstream; } }
  server { listen 127.0.0.1:$2; location / { proxy_pass $upstream; proxy_set_header Host \$http_host; } }
  server {
    listen 127.0.0.1:$3;
    location / {
      proxy_pass $upstream;
      proxy_set_header Host \$http_host;
      proxy_intercept_errors on;
      error_page 400 403 404 500 /error.html;
    }
    location = /error.html { root $work; internal; }
  }
  server {
    listen 127.0.0.1:$4;
    client_max_body_size 64k;
    location / { proxy_pass $upstream; proxy_set_header Host \$http_host; }
  }
  server {
    listen 127.0.0.1:$5;
    large_client_header_buffers 4 8k;
    location / { proxy_pass $upstream; proxy_set_header Host \$http_host; }
  }
  server { listen 127.0.0.1:$6; location / { proxy_pass $upstream/; proxy_set_header Host \$http_host; } }
  server {
    listen 127.0.0.1:$7;
    gzip on;
    gzip_types *;
    gzip_min_length 1;
    location / { proxy_pass $upstream; proxy_set_header Host \$http_host; }
  }
}
N
}

if command -v nginx >/dev/null 2>&1; then
  set -- $(free_ports 7)
  write_nginx "$@"
  if start "$1" nginx -c "$work/nginx.conf"; then
    through "$1" 1 "nginx as it comes" --tier smoke
    only "nginx as it comes rewrites Host" proxy.host
    says "the Host that arrives is named" "signed for \"$address\" is taken"
    through "$2" 0 "nginx that keeps Host"
    says "it is said of the proxy, not of the upstream" "Through the proxy all that applies to it here is as without it."
    measures "what it adds" proxy.added_headers "Connection, Server"
    says "what it answers itself is named" "http.header.grammar: 200 (3 times)"
    through "$3" 1 "nginx that replaces errors" --tier smoke
    only "nginx that replaces errors" proxy.error_body
    through "$4" 1 "nginx with a small body limit" --filter 'body.size.*'
    only "nginx with a small body limit" proxy.body_limit
    through "$5" 1 "nginx with small header buffers" --filter 'http.header.*'
    only "nginx with small header buffers" proxy.header_limit
    through "$6" 1 "nginx that normalises paths" --filter 'route.path.*'
    only "nginx that normalises paths" proxy.path
    through "$7" 0 "nginx that compresses for those who take it" --filter 'route.accept.*'
    measures "nginx that compresses" proxy.compressed "gzip, if the client takes it"
    measures "nginx that compresses in chunks" proxy.framing ".*chunks in place of a length"
    # What is printed fails again by itself.
    through "$3" 1 "one case through nginx" --filter 'id.length.ascii.256'
    replay=$(sed -n 's/^ *replay *[^ ]* replay //p' "$work/out")
    expect "the printed command" 1 sh -c "exec \"\$0\" replay $replay" "$program"
    only "the printed command" proxy.error_body
  else
    bad "nginx does not start: $(cat "$work/proxy" "$work/nginx.log" 2>/dev/null)"
  fi
  stop
else
  skip "nginx is not installed: no run through it"
fi

if command -v haproxy >/dev/null 2>&1; then
  port=$(free_ports 1)
  # Its defaults have room for 16 KiB and 100 lines of header fields.
  cat >"$work/haproxy.cfg" <<H
global
  tune.bufsize 262144
  tune.http.maxhdr 2000
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
frontend all
  bind 127.0.0.1:$port
  default_backend glue
backend glue
  server one $address
H
  if start "$port" haproxy -db -f "$work/haproxy.cfg"; then
    through "$port" 0 "haproxy"
    measures "header names" proxy.header_names "in lower case"
    measures "two Hosts that are the same it takes for one" proxy.answers_itself ".*route.host: 200"
  else
    bad "haproxy does not start: $(cat "$work/proxy")"
  fi
  stop
else
  skip "haproxy is not installed: no run through it"
fi

if command -v mitmdump >/dev/null 2>&1; then
  port=$(free_ports 1)
  if start "$port" mitmdump -q --mode "reverse:$upstream" --listen-host 127.0.0.1 -p "$port" \
    --set keep_host_header=true --set "confdir=$work/mitmproxy"; then
    # Version 8 never answers a request with trailers, and is blamed for that alone.
    through "$port" 1 "mitmproxy" --tier smoke --timeout 2
    only "mitmproxy and trailers" proxy.http
    measures "it adds no header" proxy.added_headers none
    through "$port" 0 "mitmproxy without trailers" --tier smoke --timeout 2 --filter '!http.chunked.trailer.*'
  else
    bad "mitmproxy does not start: $(cat "$work/proxy")"
  fi
  stop
else
  skip "mitmproxy is not installed: no run through it"
fi

# What cannot be compared is said before anything is sent.
expect "a proxy without its address" 2 "$program" run --direct "$upstream"
says "what is missing is named" "--endpoint"
expect "an upstream that is the proxy itself" 2 "$program" run --endpoint "$upstream" --direct "$upstream"
expect "an upstream that is AWS" 2 "$program" run --endpoint http://127.0.0.1:9 --direct aws
says "the account must be named" "--sandbox-account"
expect "an upstream that does not answer" 3 "$program" run --endpoint "$upstream" --direct http://127.0.0.1:9 \
  --filter 'id.length.*'
says "which way failed is said" "without the proxy: no answer"

printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
