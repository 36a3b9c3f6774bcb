"""A browser by chromedriver and nothing but Python's own library: W3C WebDriver, and Chrome's DevTools through it."""

import base64
import json
import subprocess
import urllib.error
import urllib.request


class Browser:
    """with Browser(driver, chromium) as browser: browser.open("file:///…")"""

    def __init__(self, driver, binary, scripts=True, width=1400, height=1000):
        self._driver = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._base = None
        for line in self._driver.stdout:
            if "started successfully on port" in line:
                self._base = "http://127.0.0.1:%d" % int(line.split("port")[1].strip(" .\n"))
                break
        if self._base is None:
            raise RuntimeError("chromedriver did not start")
        options = {
            "binary": binary,
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--no-first-run", "--disable-extensions", "--disable-background-networking", f"--window-size={width},{height}"],
        }
        if not scripts:
            options["prefs"] = {"profile.managed_default_content_settings.javascript": 2}
        capabilities = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options,
                                        "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}
        try:
            self._session = f"/session/{self._call('POST', '/session', {'capabilities': capabilities})['sessionId']}"
        except Exception:
            self._driver.kill()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._call("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.wait()

    def _call(self, method, path, body=None):
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request(self._base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(json.load(error)["value"]["message"]) from None

    def open(self, url):
        self._call("POST", self._session + "/url", {"url": url})

    def url(self):
        return self._call("GET", self._session + "/url")

    def back(self):
        self._call("POST", self._session + "/back")

    def run(self, script, *arguments):
        return self._call("POST", self._session + "/execute/sync", {"script": script, "args": list(arguments)})

    def devtools(self, command, **parameters):
        return self._call("POST", self._session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def log(self, kind):
        return self._call("POST", self._session + "/se/log", {"type": kind})

    def press(self, *keys):
        """Names of keys ("Enter", "Escape"), or characters."""
        names = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004"}
        actions = []
        for key in keys:
            value = names.get(key, key)
            actions += [{"type": "keyDown", "value": value}, {"type": "keyUp", "value": value}]
        self._call("POST", self._session + "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def size(self, width, height):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def colours(self, scheme):
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def media(self, media):
        self.devtools("Emulation.setEmulatedMedia", media=media)

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self._call("GET", self._session + "/screenshot")))
