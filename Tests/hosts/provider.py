"""The sandbox, with limits that bind a little, and the gateway in front of it."""

import json, os, subprocess, time, urllib.request

from gateway import Gateway

# The daemons' settings are equal to the sandbox's limits.
LIMITS = {"images_burst": 600, "images_per_minute": 1200, "barcodes_per_minute": 2000, "daily": 10_000_000,
          "lookups": (40, 4), "searches": (40, 4)}
TIMEOUT_SECONDS = 2
CALLS_IN_FLIGHT = 2


class Provider:
    def __init__(self, binary, folder, address, seed):
        self.folder = folder
        self.certificate = self._certificate(address)
        self.log = open(f"{folder}/sandbox.log", "w")
        lookups, searches = (f"{calls}/{seconds}" for calls, seconds in (LIMITS["lookups"], LIMITS["searches"]))
        self.process = subprocess.Popen(
            [binary, "sandbox", "--port", "0", "--seed", str(seed), "--upcitemdb-plan", "dev",
             "--daily-tokens", str(LIMITS["daily"]), "--barcodes-per-minute", str(LIMITS["barcodes_per_minute"]),
             "--images-burst", str(LIMITS["images_burst"]), "--images-per-minute", str(LIMITS["images_per_minute"]),
             "--upcitemdb-daily-lookups", str(LIMITS["daily"]), "--upcitemdb-daily-searches", str(LIMITS["daily"]),
             "--upcitemdb-lookup-bursts", lookups, "--upcitemdb-search-bursts", searches],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.port = self._port()
        self.gateway = Gateway(address, self.certificate, self.port)

    def settings(self):
        """The daemons' environment."""
        root = f"https://{self.gateway.address}:{self.gateway.port}"
        return {
            "ASINQD_NETWORK_CA_FILE": self.certificate,
            "ASINQD_ASINSCOPE_URL": f"{root}/circana", "ASINQD_ASINSCOPE_API_KEY": "sandbox",
            "ASINQD_ASINSCOPE_DAILY_TOKENS": LIMITS["daily"],
            "ASINQD_ASINSCOPE_BARCODES_PER_MINUTE": LIMITS["barcodes_per_minute"],
            "ASINQD_ASINSCOPE_IMAGES_BURST": LIMITS["images_burst"],
            "ASINQD_ASINSCOPE_IMAGES_PER_MINUTE": LIMITS["images_per_minute"],
            "ASINQD_ASINSCOPE_BATCH_LIMIT": 20, "ASINQD_ASINSCOPE_LINGER_MILLISECONDS": 300,
            "ASINQD_ASINSCOPE_TIMEOUT_SECONDS": TIMEOUT_SECONDS,
            "ASINQD_UPCITEMDB_PLAN": "dev", "ASINQD_UPCITEMDB_USER_KEY": "sandbox",
            "ASINQD_UPCITEMDB_URL": f"{root}/prod/v1", "ASINQD_UPCITEMDB_TIMEOUT_SECONDS": TIMEOUT_SECONDS,
            "ASINQD_UPCITEMDB_LOOKUPS_PER_DAY": LIMITS["daily"],
            "ASINQD_UPCITEMDB_SEARCHES_PER_DAY": LIMITS["daily"],
            "ASINQD_UPCITEMDB_LOOKUP_BURST": LIMITS["lookups"][0],
            "ASINQD_UPCITEMDB_LOOKUP_BURST_SECONDS": LIMITS["lookups"][1],
            "ASINQD_UPCITEMDB_SEARCH_BURST": LIMITS["searches"][0],
            "ASINQD_UPCITEMDB_SEARCH_BURST_SECONDS": LIMITS["searches"][1],
            "ASINQD_UPCITEMDB_CALLS_IN_FLIGHT": CALLS_IN_FLIGHT,
        }

    def set_faults(self, faults):
        self._ask("faults", faults.encode())

    def calls(self):
        """The charged calls."""
        return json.loads(self._ask("calls"))

    def counts(self):
        return json.loads(self._ask("counts"))

    def stop(self):
        self.gateway.close()
        self.process.terminate()
        self.process.wait(10)

    def _ask(self, what, body=None):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/sandbox/{what}", body, timeout=10) as reply:
            return reply.read().decode()

    def _port(self):
        for _ in range(100):
            for line in open(self.log.name):
                if "/circana" in line:
                    return int(line.split(":")[2].split("/")[0])
            time.sleep(0.1)
        raise RuntimeError("the sandbox did not start")

    def _certificate(self, address):
        path = f"{self.folder}/gateway.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", f"/CN={address}", "-addext", f"subjectAltName=IP:{address}",
             "-keyout", path, "-out", f"{path}.crt"], check=True, stderr=subprocess.DEVNULL)
        with open(path, "a") as file:
            file.write(open(f"{path}.crt").read())
        os.chmod(path, 0o644)
        return path
