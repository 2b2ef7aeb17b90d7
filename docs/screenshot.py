#!/usr/bin/env python3
"""Makes docs/page.png, the picture in README.md: the page while a real daemon drains a list through the sandbox.

    .build/python/bin/python docs/screenshot.py .build/debug/asinqd
"""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def main():
    binary = os.path.abspath(sys.argv[1])
    draw = random.Random(5)
    asins = ["B0" + "".join(draw.choices(LETTERS, k=8)) for _ in range(3000)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ASINQD_")}
    with tempfile.TemporaryDirectory() as folder:
        environment["ASINQD_DATABASE"] = folder + "/asinqd.sqlite"
        running = []

        def start(*arguments):
            process = subprocess.Popen(
                [binary, *arguments], env=environment, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True)
            running.append(process)
            return process

        def enqueue(*arguments, products):
            subprocess.run(
                [binary, "enqueue", *arguments, "-"], input="\n".join(products), text=True,
                env=environment, check=True, stdout=subprocess.DEVNULL)

        try:
            sandbox = start("sandbox", "--port", "0")
            environment["ASINQD_ASINSCOPE_URL"] = sandbox.stdout.readline().strip()
            environment["ASINQD_UPCITEMDB_URL"] = sandbox.stdout.readline().strip()
            environment["ASINQD_ASINSCOPE_API_KEY"] = "sandbox"
            enqueue("--images", "--label", "spring", products=asins)
            enqueue("--barcodes", "--then-lookup", "--label", "catalogue", products=asins[:900])
            start("run")
            address = start("serve", "--listen", "127.0.0.1:0").stdout.readline().strip()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1280, "height": 760})
                page.goto(address)
                expect(page.get_by_text("500 done")).to_be_visible(timeout=60_000)
                page.screenshot(path=str(Path(__file__).with_name("page.png")))
                browser.close()
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)


if __name__ == "__main__":
    main()
