"""How fast a report's page is there, and how fast its explorer follows; needs Chromium and playwright.

Usage: ``python benchmarks/page.py [PAGE]``, by default the committed report of the flagship.
"""

from __future__ import annotations

import shutil
import statistics
import sys
from pathlib import Path

FLAGSHIP = Path(__file__).parents[1] / "reports" / "ai-vs-human" / "index.html"
OPENED = 5
CHANGES = 25
PAINT = 1000.0
UPDATE = 100.0

FIRST_PAINT = """
() => new Promise(resolve => {
  const find = () => performance.getEntriesByName("first-contentful-paint")[0];
  const wait = () => find() ? resolve(find().startTime) : setTimeout(wait, 10);
  wait();
})
"""
CHANGE = """
async k => {
  const app = document.getElementById("explorer-app");
  const sliders = [...app.querySelectorAll(".inputs fieldset:not([hidden]) input[type=range]:not([hidden])")];
  const slider = sliders[k % sliders.length];
  slider.value = String(Number(slider.value) + (k % 2 ? -7 : 7));
  const before = performance.now();
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
  return [app.explorer.milliseconds, performance.now() - before];
}
"""


def main(page_file: Path) -> int:
    """Print medians and worst cases beside their budgets; return how many budgets are exceeded."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        print("no Chromium is installed: the page is not measured")
        return 0
    paints, updates, shown = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for _ in range(OPENED):
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(page_file.resolve().as_uri())
            paints.append(page.evaluate(FIRST_PAINT))
            page.wait_for_selector(".explorer .sentence")
            context.close()
        page = browser.new_page()
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector(".explorer .sentence")
        for number in range(CHANGES):
            update, whole = page.evaluate(CHANGE, number)
            updates.append(update)
            shown.append(whole)
        draws, outputs = page.evaluate(
            "() => { const { program } = document.getElementById('explorer-app').explorer;"
            " return [program.draws, Object.keys(program.outputs).length]; }"
        )
        browser.close()
    print(f"{page_file} ({page_file.stat().st_size / 1e6:.2f} MB)")
    exceeded = 0
    for what, taken, budget in (
        ("first contentful paint from disk", paints, PAINT),
        (f"explorer update, {draws:,} draws and all {outputs} outputs", updates, UPDATE),
        ("from the moved handle to the next picture", shown, UPDATE),
    ):
        middle = statistics.median(taken)
        exceeded += middle > budget
        print(f"  {what}: median {middle:.0f} ms, worst {max(taken):.0f} ms (budget {budget:.0f} ms)")
    return exceeded


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FLAGSHIP))
