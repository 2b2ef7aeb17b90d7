"""Hosts as network namespaces: each has a link to the server's network and one to the provider's."""

import subprocess

# No interface has it, so frames to it are lost without an error, as on a broken path.
NOWHERE = "02:00:00:00:de:ad"
SERVICES = ("server", "provider")


def ip(*words, check=True):
    done = subprocess.run(["ip", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if check and done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stdout.strip()}")
    return done.returncode == 0


class Network:
    """Two bridges, whose addresses end in .1. The hosts' addresses end in .11, .12 and so on."""

    def __init__(self):
        # Several runs may be in progress.
        for number in range(1, 100):
            if ip("link", "add", f"aqs{number}", "type", "bridge", check=False):
                break
        else:
            raise RuntimeError("no bridge can be created")
        self.number = number
        self.bridges = {"server": f"aqs{number}", "provider": f"aqp{number}"}
        self.prefixes = {"server": f"10.{100 + number}.1", "provider": f"10.{100 + number}.2"}
        self.namespaces = []
        ip("link", "add", self.bridges["provider"], "type", "bridge")
        for service, bridge in self.bridges.items():
            ip("address", "add", f"{self.prefixes[service]}.1/24", "dev", bridge)
            ip("link", "set", bridge, "up")

    def address(self, service, host=None):
        return f"{self.prefixes[service]}.{1 if host is None else 10 + host}"

    def add_host(self, host):
        """Creates the namespace of host 1, 2 and so on, and returns its name."""
        namespace = f"aq{self.number}h{host}"
        ip("netns", "add", namespace)
        self.namespaces.append(namespace)
        ip("-n", namespace, "link", "set", "lo", "up")
        for service in SERVICES:
            outside, inside = f"aq{self.number}{service[0]}{host}", f"to_{service}"
            ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", namespace)
            ip("link", "set", outside, "master", self.bridges[service], "up")
            ip("-n", namespace, "address", "add", f"{self.address(service, host)}/24", "dev", inside)
            ip("-n", namespace, "link", "set", inside, "up")
        return namespace

    def cut(self, host, service, direction="both"):
        """Loses what a host sends to a service (out), what the service sends to it (in), or both."""
        if direction in ("out", "both"):
            ip("-n", f"aq{self.number}h{host}", "neigh", "replace", self.address(service), "lladdr", NOWHERE,
               "dev", f"to_{service}", "nud", "permanent")
        if direction in ("in", "both"):
            ip("neigh", "replace", self.address(service, host), "lladdr", NOWHERE,
               "dev", self.bridges[service], "nud", "permanent")

    def heal(self, host):
        for service in SERVICES:
            ip("-n", f"aq{self.number}h{host}", "neigh", "del", self.address(service),
               "dev", f"to_{service}", check=False)
            ip("neigh", "del", self.address(service, host), "dev", self.bridges[service], check=False)

    def close(self):
        for namespace in self.namespaces:
            ip("netns", "del", namespace, check=False)
        for bridge in self.bridges.values():
            ip("link", "del", bridge, check=False)
