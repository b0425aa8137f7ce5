"""Calls a Python SDK. Reads one JSON command per line on stdin, and writes one JSON answer per line on stdout.

    {"call": "read", "id": "i0…", "path": "/a.txt"}
    {"ok": "text"}    or    {"error": "NotFoundException: path '/a.txt' does not exist"}
"""

import json
import sys
from datetime import datetime, timezone


#: Where the controller of a sandbox listens.
CONTROLLER = 49983


class Driver:
    def __init__(self, sandbox_class, connect_options):
        self.sandbox_class = sandbox_class
        self.connect_options = connect_options
        self.sandboxes = {}
        self.links = {}

    def create(self, template="base", secure=None, public=None, metadata=None, api_key=None, auto_resume=None):
        options = {}
        if api_key is not None:
            options["api_key"] = api_key
        if metadata is not None:
            options["metadata"] = metadata
        if secure is not None:
            options["secure"] = secure
        if public is not None:
            options["network"] = {"allow_public_traffic": public}
        if auto_resume is not None:
            options["lifecycle"] = {"on_timeout": "pause", "auto_resume": auto_resume}
        return self._keep(self.sandbox_class.create(template, **options))

    def connect(self, id):
        return self._keep(self.sandbox_class.connect(id, **self.connect_options(id)))

    def _keep(self, sandbox):
        id = sandbox.sandbox_id
        self.sandboxes[id] = sandbox
        # The SDK begins each URL with its sandbox_url. The environment sets that to the edge, which names no sandbox: the SDK's own
        # requests name it in headers. A URL that anyone can open names the sandbox in its host. curl and browsers resolve that
        # host to 127.0.0.1.
        named = f"http://{sandbox.get_host(CONTROLLER)}"
        self.links[id] = sandbox
        # An open sandbox has no token, and Novita's connect() would return an object that insists on a signature.
        if sandbox._envd_access_token:
            self.links[id] = self.sandbox_class.connect(id, sandbox_url=named, **self.connect_options(id))
        return self._tokens(sandbox)

    def _tokens(self, sandbox):
        # The SDK has no public name for the access token. The demo presents it and signs with it.
        return {
            "id": sandbox.sandbox_id,
            "access_token": sandbox._envd_access_token or None,
            "traffic_token": sandbox.traffic_access_token or None,
        }

    def pause(self, id, beta=False, memory=True, strict=False):
        sandbox = self.sandboxes[id]
        options = {}
        if not memory:
            options["mode"] = "filesystem"
        if strict:
            options["strict"] = True
        # Novita's returns nothing.
        return (sandbox.beta_pause if beta else sandbox.pause)(**options) is not False

    def connect_again(self, id, memory=True, **options):
        """The method of an object, which keeps or replaces the object's own tokens."""
        named = self._named(**options)
        if not memory:
            named["on_resume"] = "reboot"
        return self._tokens(self.sandboxes[id].connect(**named))

    def reset(self, id, **options):
        """Only Novita's SDK has it."""
        if not self.sandboxes[id].reset(**self._named(**options)):
            raise RuntimeError("reset returned False")
        return self._tokens(self.sandboxes[id])

    def _named(self, public=None, network=None, **options):
        if public is not None:
            options["allow_public_traffic"] = public
        if network is not None:
            options["network"] = {"allow_public_traffic": network}
        return options

    def is_running(self, id):
        return self.sandboxes[id].is_running()

    def set_timeout(self, id, seconds):
        """Whether the sandbox ends in time."""
        self.sandboxes[id].set_timeout(seconds)
        return self.ends_within(id, seconds)

    def ends_within(self, id, seconds):
        left = self.sandboxes[id].get_info().end_at - datetime.now(timezone.utc)
        return 0 < left.total_seconds() <= seconds

    def state(self, id):
        return self.sandboxes[id].get_info().state.value

    def write(self, id, path, text):
        return self.sandboxes[id].files.write(path, text).path

    def read(self, id, path):
        return self.sandboxes[id].files.read(path)

    def download_url(self, id, path, user=None, lifetime=None):
        return self.links[id].download_url(path, user, lifetime)

    def upload_url(self, id, path, user=None, lifetime=None):
        return self.links[id].upload_url(path, user, lifetime)

    def kill(self, id):
        return self.sandboxes[id].kill()


def serve(sandbox_class, connect_options=lambda id: {}):
    driver = Driver(sandbox_class, connect_options)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = {"ok": getattr(driver, command.pop("call"))(**command)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
