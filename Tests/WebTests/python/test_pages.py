"""The pages in Chromium, against the real service, daemon and sandbox.

SCREENSHOTS names the folder for a picture of each page.
"""

import os
import pathlib
import re
import shutil
import signal
import urllib.parse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from conftest import asins, eventually

# Longer than any step takes on a busy machine.
MILLISECONDS = int(os.environ.get("MILLISECONDS", "30000"))
expect.set_options(timeout=MILLISECONDS)

PAGES = {
    "now": "/", "plan": "/plan", "what-if": "/plan?jobs=50000&endpoint=images&priority=5",
    "jobs": "/jobs", "jobs-filtered": "/jobs?label=spring&state=completed", "job": "/jobs/1",
    "job-waiting": "/jobs/92", "ledger": "/ledger", "call": "/ledger/1",
    "results": "/results?endpoint=images", "result": "/results?endpoint=images&product=B0TE000001",
    "labels": "/labels", "failures": "/failures", "limits": "/limits?hours=1", "audit": "/audit",
    "enqueue": "/enqueue", "nothing": "/jobs?label=nothing", "missing": "/jobs/999999",
    "wrong": "/jobs?state=no",
}
# A page that reports an error has its status, which Chromium writes to the console.
ERRORS = {"missing": 404, "wrong": 400}


@pytest.fixture(scope="module")
def browser():
    path = shutil.which("chromium")
    assert path, "Chromium is missing. Try: run make test-needs"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Viewer:
    """A page of a signed-in user, with all that it must not do."""

    def __init__(self, browser, service, **options):
        self.service = service
        self.context = browser.new_context(base_url=service.root, **options)
        self.context.set_default_timeout(MILLISECONDS)
        self.page = self.context.new_page()
        self.messages = []
        self.foreign = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.context.on("request", self.see)
        self.page.goto(service.address)
        # The token is not in the address, where a picture or the history would show it.
        expect(self.page).to_have_url(service.root + "/")

    def hear(self, message):
        # Chromium reports the status of a page that is an error on purpose.
        path = urllib.parse.urlsplit(message.location["url"])._replace(scheme="", netloc="")
        if path.geturl() not in [PAGES[name] for name in ERRORS]:
            self.messages.append(message.text)

    def see(self, request):
        host = urllib.parse.urlsplit(request.url).netloc
        if host != urllib.parse.urlsplit(self.service.root).netloc:
            self.foreign.append(request.url)

    def open(self, path):
        reply = self.page.goto(path)
        expect(self.page.locator("h1")).to_be_visible()
        return reply

    def expect_clean(self):
        assert self.messages == [] and self.foreign == []

    def close(self):
        self.context.close()


@pytest.fixture(scope="module")
def service(populated):
    return populated.serve()


@pytest.fixture
def viewer(browser, service):
    viewer = Viewer(browser, service)
    yield viewer
    viewer.close()


def folder():
    path = pathlib.Path(os.environ.get("SCREENSHOTS", ".build/screenshots"))
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_clean_and_accessible(browser, service, populated, scheme):
    """No console message, no request to another host, no violation that axe-core finds."""
    viewer = Viewer(
        browser, service, color_scheme=scheme, viewport={"width": 1280, "height": 800})
    refused = next(call["id"] for call in service.json("/api/v1/ledger")["items"]
                   if call["outcome"] == "rate_limited")
    violations = {}
    for name, path in (PAGES | {"call": f"/ledger/{refused}"}).items():
        reply = viewer.open(path)
        assert reply.status == ERRORS.get(name, 200), (name, reply.status)
        viewer.page.screenshot(path=folder() / f"{name}-{scheme}.png", full_page=True)
        found = Axe().run(viewer.page).response["violations"]
        if found:
            violations[name] = [
                (one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
        viewer.expect_clean()
    viewer.close()
    assert violations == {}


@pytest.mark.parametrize("width", [360, 768, 3840])
def test_no_page_is_wider_than_the_screen(browser, service, width):
    viewer = Viewer(browser, service, viewport={"width": width, "height": 800})
    wide = {}
    for name, path in PAGES.items():
        viewer.open(path)
        found = viewer.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if found[0] > found[1]:
            wide[name] = found
        if width == 360:
            viewer.page.screenshot(path=folder() / f"{name}-phone.png", full_page=True)
    viewer.close()
    assert wide == {}


def test_the_sign_in_takes_a_token(browser, service):
    context = browser.new_context(base_url=service.root)
    page = context.new_page()
    page.goto("/jobs")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Token").fill("wrong-0123456789abcdef")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not valid")
    page.get_by_label("Token").fill(service.token)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    assert "token" not in page.url
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Strict"
               for cookie in context.cookies())
    assert page.goto("/nonsense").status == 404
    expect(page.get_by_role("alert")).to_have_text("There is no page at this address.")
    expect(page.get_by_role("navigation")).to_be_visible()
    context.close()


def test_the_keyboard_reaches_everything(viewer):
    viewer.open("/jobs")
    page = viewer.page
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    expect(skip).to_have_text("Skip to the content")
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
    for _ in range(25):
        focused = page.locator(":focus")
        outline = focused.evaluate(
            "element => [getComputedStyle(element).outlineStyle, element.outerHTML.slice(0, 80)]")
        assert outline[0] not in ("none", "hidden"), outline
        page.keyboard.press("Tab")
    viewer.expect_clean()


def test_enqueue_previews_then_adds(viewer, populated):
    viewer.open("/enqueue")
    page = viewer.page
    before = len(viewer.service.json("/api/v1/jobs?limit=1000")["items"])
    page.get_by_role("textbox", name="Products", exact=True).fill(
        "\n".join(asins(range(400, 404)) + ["bad <i>line</i>", "B0TE000001"]))
    page.get_by_label("Label").fill("from the page")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("5 jobs would be added")
    expect(page.get_by_role("cell", name="bad <i>line</i>", exact=True)).to_be_visible()
    assert len(viewer.service.json("/api/v1/jobs?limit=1000")["items"]) == before
    page.screenshot(path=folder() / "enqueue-preview.png", full_page=True)
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Add 5 jobs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("5 jobs added")
    page.get_by_role("link", name="the jobs of from the page").click()
    expect(page.locator("tbody tr")).to_have_count(5)
    viewer.expect_clean()


def test_a_file_goes_into_the_form(viewer, tmp_path):
    (tmp_path / "asins.txt").write_text("B0TE000500\nB0TE000501\n")
    viewer.open("/enqueue")
    viewer.page.locator("input[type=file]").set_input_files(tmp_path / "asins.txt")
    expect(viewer.page.locator("textarea")).to_have_value("B0TE000500\nB0TE000501\n")
    viewer.expect_clean()


def test_an_action_on_all_that_match_says_how_many(viewer, populated):
    populated.enqueue("images", asins(range(600, 660)), "--label", "many", "--not-before", "+1d")
    page = viewer.page
    for name, number, heading, done in [
        ("Pause", "60 jobs", "Pause 60 jobs?", "60 jobs paused"),
        ("Resume", "60 jobs", "Resume 60 jobs?", "60 jobs resumed"),
    ]:
        viewer.open("/jobs?label=many")
        page.get_by_label("With").select_option("all")
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.get_by_role("button", name=f"{name} {number}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(done)
    populated.enqueue(
        "images", asins(range(700, 760)), "--label", "cancelled", "--not-before", "+1d")
    viewer.open("/jobs?label=cancelled")
    page.get_by_label("With").select_option("all")
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancel 60 jobs?")
    page.screenshot(path=folder() / "cancel.png", full_page=True)
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(re.compile("label=cancelled"))
    # Only what is selected.
    page.get_by_label(re.compile("^Select job")).nth(0).check()
    page.get_by_label(re.compile("^Select job")).nth(1).check()
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("button", name="Cancel 2 jobs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 jobs cancelled")
    left = viewer.service.json("/api/v1/jobs?label=cancelled&state=later&limit=1000")
    assert len(left["items"]) == 58
    viewer.expect_clean()


def test_a_dead_letter_is_retried(viewer, populated):
    viewer.open("/failures")
    page = viewer.page
    expect(page.get_by_text("B0BADBAD01")).to_be_visible()
    page.get_by_role("button", name="Retry 1 job").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Retry 1 job?")
    page.get_by_role("button", name="Retry 1 job").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 job back in the queue")
    viewer.expect_clean()
    eventually("the dead letter again", lambda: populated.jobs("discarded") == 1)


def test_the_what_if_form_answers_while_typing(viewer):
    viewer.open("/plan")
    page = viewer.page
    address = page.url
    page.get_by_label("Jobs", exact=True).press_sequentially("50000")
    expect(page.locator("#whatif")).to_contain_text("50,000")
    first = page.locator("#whatif").inner_text()
    page.get_by_label("Jobs", exact=True).fill("90000")
    expect(page.locator("#whatif")).not_to_have_text(first)
    page.locator("select[name=endpoint]").select_option("barcodes")
    expect(page.locator("#whatif")).to_contain_text("barcodes")
    assert page.url == address
    viewer.expect_clean()


def test_now_follows_the_daemon_and_survives_a_restart(browser, bench):
    bench.sandbox("--faults", "latency=300-300")
    service = bench.serve()
    viewer = Viewer(browser, service)
    page = viewer.page
    live = page.locator("#live")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to do")
    expect(live).to_have_text("live")
    page.screenshot(path=folder() / "empty.png", full_page=True)
    bench.enqueue("images", asins(range(7)))
    # Usually within a second: the service looks four times a second.
    expect(page.get_by_role("heading", level=1)).to_have_text("7 jobs wait for a daemon")
    bench.daemon()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to do")
    viewer.expect_clean()
    service.stop(signal.SIGKILL)
    expect(live).to_have_attribute("data-state", "stale")
    expect(live).to_contain_text("connection lost")
    page.screenshot(path=folder() / "stale.png", full_page=True)
    bench.enqueue("images", asins(range(10, 13)), "--not-before", "+1h")
    bench.serve(port=service.port)
    expect(live).to_have_text("live")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 jobs scheduled for later")
    viewer.close()
