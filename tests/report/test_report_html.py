"""The HTML report in a real browser: nothing from outside, nothing broken, nothing too wide."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import report_sample

from experiments.report.figures import FIGURES
from experiments.report.html_page import finished

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Written into the page's copy: what the browser made of it, once it has loaded.
PROBE = """<script>addEventListener("load", () => {
  const images = [...document.images];
  const found = {
    width: innerWidth,
    needed: document.documentElement.scrollWidth,
    images: images.length,
    broken: images.filter(i => !i.complete || !i.naturalWidth || !i.alt).length,
    fetched: performance.getEntriesByType("resource").map(e => e.name)
      .filter(name => !name.startsWith("data:")),
    maths: document.querySelectorAll("math").length,
    bars: [...document.querySelectorAll(".formula")]
      .filter(e => e.offsetHeight > e.clientHeight).length,
    font: document.fonts.check('16px "Report Mathematics"'),
    contents: getComputedStyle(document.querySelector("nav") || document.body).position,
  };
  parent.postMessage(JSON.stringify(found), "*");
});</script>"""
# A window cannot be as narrow as a phone, a frame can.
FRAME = """<!DOCTYPE html><pre id="found"></pre>
<script>addEventListener("message", e => {
  document.getElementById("found").textContent = e.data;
});</script>
<iframe src="probed.html" style="width: %dpx; height: 900px; border: 0"></iframe>"""


def _probe(page: str, folder: Path, width: int) -> dict[str, Any]:
    file = folder / "framed.html"
    file.write_text(FRAME % width)
    (folder / "probed.html").write_text(page.replace("</head>", f"{PROBE}</head>", 1))
    done = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--enable-logging=stderr",
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1400,1000",
            "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = re.search(r'<pre id="found">(.*?)</pre>', done.stdout)
    assert told, done.stderr[-500:]
    found: dict[str, Any] = json.loads(told[1])
    found["console"] = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    return found


def _faults(found: dict[str, Any]) -> set[str]:
    faults = {name for name in ("broken", "fetched", "console") if found[name]}
    return faults | ({"needed"} if found["needed"] > found["width"] else set())


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("page")
    content = report_sample.results(folder, contributions=f"A long word: {'long' * 60}.")
    return report_sample.laid_out(content, folder)[2].read_text()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed to look with")
@pytest.mark.parametrize("width", [390, 1280])
def test_page_is_whole_and_fits(width: int, page: str, tmp_path: Path) -> None:
    found = _probe(page, tmp_path, width)
    assert found["width"] == width
    assert found["images"] == len(FIGURES)
    assert found["maths"] > 100
    assert found["bars"] == 0
    assert found["font"]
    assert found["contents"] == ("fixed" if width == 1280 else "static")
    assert _faults(found) == set()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed to look with")
def test_faults_are_seen(tmp_path: Path) -> None:
    page = (
        "<!DOCTYPE html><html><head><title>t</title></head><body>"
        '<div style="width: 3000px">wide</div><img src="http://127.0.0.1:9/a.png" alt="">'
        "<script>console.error('wrong')</script></body></html>"
    )
    assert _faults(_probe(page, tmp_path, 390)) == {"broken", "fetched", "console", "needed"}


def test_no_line_begins_with_the_mark_after_a_formula() -> None:
    formula = "<math><mi>c</mi></math>"
    page = finished(f"<head></head><p>a {formula}, b {formula} c <math><mi>x</mi></math>).</p>")
    kept = '<span class="kept">'
    assert page.endswith(
        f"<p>a {kept}{formula},</span> b {formula} c {kept}<math><mi>x</mi></math>).</span></p>"
    )
    assert ".kept { white-space: nowrap; }" in page
