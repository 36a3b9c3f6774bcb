#!/usr/bin/env python3
"""Compares which credentials `glue-conformance credentials` and botocore find in the same surroundings.

    python3 scripts/credentials_peer.py build/release/glue-conformance

Each case is an environment and two files. Both look for credentials in a process of their own that sees nothing else;
services of AWS are one stand-in on loopback. Compared are the kind of the source and the access key. Ends with 1 if
they differ, or if the program finds in a case what the case does not expect.
"""
import http.server
import os
import subprocess
import sys
import tempfile
import threading
import urllib.parse

try:
    import botocore  # noqa: F401
except ImportError:
    print("skipped: botocore is not installed")
    sys.exit(0)

LOOK = """
import sys
import botocore.session
try:
    session = botocore.session.Session(profile=sys.argv[1] or None)
    found = session.get_credentials()
    print(*("none", "-") if found is None else (found.method, found.get_frozen_credentials().access_key))
except Exception as error:
    print("error", type(error).__name__)
"""

KEYS = "aws_access_key_id = %s\naws_secret_access_key = s\n"
DOCUMENT = '{"Code":"Success","AccessKeyId":"%s","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}'
PROCESS = """credential_process = printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s"}'\n"""
ASSUMED = (
    '<{0}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{0}Result><Credentials><AccessKeyId>{1}</AccessKeyId>'
    "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
    "</Credentials></{0}Result></{0}Response>"
)


class Services(http.server.BaseHTTPRequestHandler):
    """STS, the services of containers and of instances: each gives keys of its own name."""

    def log_message(self, *_):
        pass

    def answer(self, body, status=200):
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_PUT(self):
        self.answer("token" if self.path == "/latest/api/token" else "", 200)

    def do_GET(self):
        role = "/latest/meta-data/iam/security-credentials/"
        if self.path.startswith("/container"):
            self.answer(DOCUMENT % "CONTAINER")
        elif self.path == role:
            self.answer("role")
        elif self.path.startswith(role):
            self.answer(DOCUMENT % "INSTANCE")
        else:
            self.answer("", 404)

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        action = form["Action"][0]
        by = self.headers.get("Authorization", "Credential=WEB/").split("Credential=")[1].split("/")[0]
        self.answer(ASSUMED.format(action, form["RoleArn"][0].split("/")[-1] + "BY" + by))


def role(name, **settings):
    lines = "role_arn = arn:aws:iam::123456789012:role/%s\n" % name
    return lines + "".join("%s = %s\n" % pair for pair in settings.items())


def cases(url, folder):
    """(what, environment, credentials file, config file, profile of the option, kind and key that are expected)"""
    env = {"AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"}
    container = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/container"}
    instance = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": url}
    web = {"AWS_WEB_IDENTITY_TOKEN_FILE": folder + "/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/W"}
    default, p, q = "[default]\n", "[profile p]\n", "[profile q]\n"
    yield "nothing", {}, "", "", "", ("none", "-")
    yield "the environment", env, "", "", "", ("env", "ENV")
    yield "the environment before files", env, default + KEYS % "FILE", "", "", ("env", "ENV")
    yield "AWS_PROFILE does not beat the environment", {**env, "AWS_PROFILE": "p"}, "", p + KEYS % "P", "", ("env", "ENV")
    yield "a profile by option does", env, "", p + KEYS % "P", "p", ("config-file", "P")
    yield "AWS_PROFILE", {"AWS_PROFILE": "p"}, "[p]\n" + KEYS % "P", "", "", ("shared-credentials-file", "P")
    yield "AWS_DEFAULT_PROFILE", {"AWS_DEFAULT_PROFILE": "p"}, "[p]\n" + KEYS % "P", "", "", ("shared-credentials-file", "P")
    yield "a profile that is not there", {"AWS_PROFILE": "p"}, default + KEYS % "D", "", "", ("error", None)
    yield "the credentials file", {}, default + KEYS % "FILE", default + KEYS % "CONFIG", "", ("shared-credentials-file", "FILE")
    yield "the config file", container, "", default + KEYS % "CONFIG", "", ("config-file", "CONFIG")
    yield "[profile default]", {}, "", "[profile default]\n" + KEYS % "D", "", ("config-file", "D")
    yield "a quoted name", {}, "", '[profile "my one"]\n' + KEYS % "Q", "my one", ("config-file", "Q")
    yield "a process before the config file", {}, "", default + PROCESS % "PROCESS" + KEYS % "C", "", ("custom-process", "PROCESS")
    yield "the credentials file before a process", {}, default + KEYS % "F", default + PROCESS % "P", "", ("shared-credentials-file", "F")
    yield "a process in the credentials file", {}, default + PROCESS % "PROCESS", "", "", ("custom-process", "PROCESS")
    yield "a process that fails", container, "", default + "credential_process = false\n", "", ("error", None)
    yield "a role", {}, "", p + role("R", source_profile="q") + q + KEYS % "Q", "p", ("assume-role", "RBYQ")
    yield "a role before the profile's own keys", {}, "[p]\n" + KEYS % "P", p + role("R", source_profile="p"), "p", ("assume-role", "RBYP")
    yield "a chain of roles", {}, "[r]\n" + KEYS % "K", p + role("A", source_profile="q") + q + role("B", source_profile="r"), "p", ("assume-role", "ABYBBYK")
    yield "a source profile's keys before its role", {}, "", p + role("A", source_profile="q") + q + role("B", source_profile="p") + KEYS % "Q", "p", ("assume-role", "ABYQ")
    yield "roles that lead back", {}, "", p + role("A", source_profile="q") + q + role("B", source_profile="p"), "p", ("error", None)
    yield "a role without a source", {}, "", p + role("A"), "p", ("error", None)
    yield "a role with two sources", env, "", p + role("A", source_profile="p", credential_source="Environment"), "p", ("error", None)
    yield "a role with the environment", env, "", p + role("A", credential_source="Environment"), "p", ("assume-role", "ABYENV")
    yield "a role with the container", container, "", p + role("A", credential_source="EcsContainer"), "p", ("assume-role", "ABYCONTAINER")
    yield "a role with the instance", instance, "", p + role("A", credential_source="Ec2InstanceMetadata"), "p", ("assume-role", "ABYINSTANCE")
    yield "a role with a process", {}, "", p + role("A", source_profile="q") + q + PROCESS % "PROCESS", "p", ("assume-role", "ABYPROCESS")
    yield "a web identity before files", web, default + KEYS % "FILE", "", "", ("assume-role-with-web-identity", "WBYWEB")
    yield "a web identity of the profile", {}, "", p + role("V", web_identity_token_file=folder + "/token"), "p", ("assume-role-with-web-identity", "VBYWEB")
    yield "no web identity of the environment with a profile by option", web, "", p + KEYS % "P", "p", ("config-file", "P")
    yield "a role with a web identity", {}, "", p + role("A", source_profile="q") + q + role("V", web_identity_token_file=folder + "/token"), "p", ("assume-role", "ABYVBYWEB")
    yield "the container", {**container, **instance}, "", "", "", ("container-role", "CONTAINER")
    yield "a container that is far away", {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/"}, "", "", "", ("error", None)
    yield "the instance", instance, "", "", "", ("iam-role", "INSTANCE")
    yield "a section that is there twice", {}, default + KEYS % "A" + default + KEYS % "B", "", "", ("error", None)
    yield "a setting that is there twice", {}, default + KEYS % "A" + "aws_access_key_id = B\n", "", "", ("error", None)
    yield "a line that is none", {}, "", default + KEYS % "A" + "rubbish\n", "", ("error", None)
    yield "half a pair", {}, default + "aws_access_key_id = A\n", "", "", ("error", None)
    yield "indented settings", {}, "[default]\n  aws_access_key_id = A\n  aws_secret_access_key : s\n", "", "", ("shared-credentials-file", "A")
    yield "comments and blank lines", {}, "# c\n\n[default]\n;c\n" + KEYS % "A" + "\n  # c\n", "", "", ("shared-credentials-file", "A")
    yield "nested settings", {}, "", default + "s3 =\n  x = y\n\n" + KEYS % "A", "", ("config-file", "A")


def kind_of(source, folder):
    for start, kind in (
        ("the environment", "env"),
        ("credential_process", "custom-process"),
        ("the container", "container-role"),
        ("the EC2 instance", "iam-role"),
    ):
        if source.startswith(start):
            return kind
    if source.startswith("the role"):
        by = source.split(" assumed with ", 1)
        return "assume-role-with-web-identity" if by[0].endswith(",") and " of the profile " not in by[0] else "assume-role"
    return "shared-credentials-file" if source.endswith(folder + "/credentials") else "config-file"


def ours(program, environment, profile, folder):
    option = ["--aws-profile", profile] if profile else []
    ended = subprocess.run([program, "credentials", *option], env=environment, capture_output=True, text=True, timeout=60)
    if ended.returncode != 0:
        return ("none", "-") if "there are no credentials" in ended.stderr else ("error", ended.stderr.strip())
    shown = dict(line.split(None, 1) for line in ended.stdout.splitlines() if line[:6] in ("source",))
    key = next(line.split(None, 2)[2] for line in ended.stdout.splitlines() if line.startswith("access key"))
    return kind_of(shown["source"], folder), key


def theirs(environment, profile):
    ended = subprocess.run([sys.executable, "-c", LOOK, profile], env=environment, capture_output=True, text=True, timeout=60)
    return tuple((ended.stdout.strip() or "error " + ended.stderr[-200:]).split(None, 1))


def main(program):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Services)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = "http://127.0.0.1:%d" % server.server_port
    program = os.path.abspath(program)
    compared = differ = 0
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/token", "w") as file:
            file.write("e30.e30.x")
        for what, environment, credentials, config, profile, expected in cases(url, folder):
            for name, text in (("credentials", credentials), ("config", config)):
                with open(folder + "/" + name, "w") as file:
                    file.write(text)
            all_variables = {
                "PATH": os.environ["PATH"],
                "HOME": folder,
                "AWS_CONFIG_FILE": folder + "/config",
                "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials",
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_ENDPOINT_URL_STS": url,
                "AWS_DEFAULT_REGION": "us-east-1",
                "PYTHONPATH": os.pathsep.join(sys.path),
                **environment,
            }
            we, they = ours(program, all_variables, profile, folder), theirs(all_variables, profile)
            compared += 1
            same = we[0] == they[0] == expected[0] and (expected[1] is None or we[1] == they[1] == expected[1])
            if not same:
                differ += 1
                print("%s: expected %s, the program finds %s, botocore %s" % (what, expected, we, they))
    print("%d sets of surroundings compared with botocore %s, %d differ" % (compared, botocore.__version__, differ))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
