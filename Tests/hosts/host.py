"""A host: a network namespace, and the daemon that runs in it."""

import dataclasses, os, re, signal, subprocess, threading, time


@dataclasses.dataclass
class Line:
    at: float
    run: int
    event: str
    text: str


class Host:
    """The log lines of all runs of its daemon have the time at which they were read."""

    def __init__(self, number, network, binary, url, settings, folder):
        self.number, self.binary, self.url = number, binary, url
        self.name = f"host{number}"
        self.network = network
        self.namespace = network.add_host(number)
        self.settings = {key: str(value) for key, value in settings.items()}
        self.log = open(f"{folder}/{self.name}.log", "w")
        self.lines = []
        self.run = 0
        self.process = None
        # Exit codes of runs that ended by themselves or by SIGTERM.
        self.ends = []

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        assert not self.is_running
        self.run += 1
        # Every step replaces the process, so the daemon has the process's id. The name is in the table host.
        command = ["ip", "netns", "exec", self.namespace, "unshare", "--uts",
                   "sh", "-c", 'hostname "$0" && exec "$@"', self.name, self.binary, "run", "--database", self.url]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "ASINQD_LOG_LEVEL": "info", **self.settings})
        threading.Thread(target=self._read, args=(self.process, self.run), daemon=True).start()

    def signal(self, number):
        if self.is_running:
            os.kill(self.process.pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait(30)

    def terminate(self, seconds):
        """Returns how long it took to end, or None if it did not."""
        began = time.time()
        self.signal(signal.SIGTERM)
        try:
            self.ends.append((self.run, self.process.wait(seconds)))
            return time.time() - began
        except subprocess.TimeoutExpired:
            return None

    def events(self, event, since=0.0):
        return [line for line in list(self.lines) if line.event == event and line.at >= since]

    def last_words(self):
        """The line that explains why the daemon ended: of a crash, the first line without an event."""
        lines = [line for line in self.lines if line.run == self.run]
        strange = [line for line in lines if not line.event and line.text]
        return (strange or lines)[0 if strange else -1].text if lines else "no output"

    def _read(self, process, run):
        for text in process.stdout:
            found = re.search(r"\bevent=(\w+)", text)
            line = Line(time.time(), run, found[1] if found else "", text.rstrip("\n"))
            self.lines.append(line)
            self.log.write(f"{line.at:.3f} run={run} {line.text}\n")
            self.log.flush()
