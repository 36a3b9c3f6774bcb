"""What scripts/browser.sh looks at. Each check is a sentence about what the page does; the exit status says whether all
hold."""

import argparse
import json
import os
import re
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from webdriver import Browser

results = {True: 0, False: 0}


def check(what, holds, found=None):
    results[bool(holds)] += 1
    if not holds:
        print(f"FAILED: {what}" + (f": {found!r}" if found is not None else ""))


def until(browser, script, *arguments):
    """The value of `script` once it is true; what it last was if that never comes."""
    for _ in range(200):
        value = browser.run(script, *arguments)
        if value:
            return value
        time.sleep(0.05)
    return value


SHOWN = "return [...document.querySelectorAll('.c')].filter(c => !c.hidden).map(c => c.dataset.v)"
FOCUS = "return document.activeElement.closest('details')?.id ?? document.activeElement.id"


def filters(browser, page):
    browser.open(page)
    everything = browser.run(SHOWN)
    check("all cases are shown without a filter", len(everything) > 100, len(everything))
    browser.run("document.querySelector('.toggle[data-v=fail]').click()")
    failing = browser.run(SHOWN)
    check("a verdict leaves its cases alone", failing and set(failing) == {"fail"}, set(failing))
    check("a filter is in the address", "verdict=fail" in browser.url(), browser.url())
    browser.run("const q = document.getElementById('q'); q.value = 'ASCII 256'; q.dispatchEvent(new Event('input'))")
    found = browser.run(SHOWN)
    check("words are looked for together", 0 < len(found) < len(failing), len(found))
    address = browser.url()
    browser.open("about:blank")
    browser.open(address)
    check("the address brings the filters back", browser.run(SHOWN) == found, address)
    check("the text is in its field again", browser.run("return document.getElementById('q').value") == "ASCII 256")
    check("the verdict is pressed again",
          browser.run("return document.querySelector('.toggle[data-v=fail]').getAttribute('aria-pressed')") == "true")
    check("the number is said", re.match(r"\d+ of [\d,]+$", browser.run("return document.getElementById('shown').textContent")))
    browser.run("const q = document.getElementById('q'); q.value = 'no such words'; q.dispatchEvent(new Event('input'))")
    check("nothing left is said", browser.run("return !document.getElementById('empty').hidden"))
    browser.run("document.getElementById('reset').click()")
    check("clearing shows all", len(browser.run(SHOWN)) == len(everything))
    check("clearing empties the address", "?" not in browser.url(), browser.url())
    browser.open(page + "?token=kept&area=id.length")
    browser.run("document.querySelector('.toggle[data-v=fail]').click()")
    check("what else is in the address stays", "token=kept" in browser.url(), browser.url())
    areas = browser.run("return [...document.querySelectorAll('.c')].filter(c => !c.hidden).map(c => c.dataset.a)")
    check("an area holds its parts and nothing else", areas and all(a.startswith("id.length") for a in areas), areas[:3])

    browser.open(page)
    browser.run("document.querySelector('.chip').click()")
    check("an area of the matrix narrows the list", 0 < len(browser.run(SHOWN)) < len(everything))
    check("and is in the address", "area=" in browser.url(), browser.url())
    browser.back()
    check("going back undoes it", until(browser, f"return (() => {{ {SHOWN} }})().length === arguments[0]", len(everything)))
    requirement = browser.run("const o = document.getElementById('requirement'); o.selectedIndex = 1; "
                              "o.dispatchEvent(new Event('change')); return o.value")
    left = browser.run("return [...document.querySelectorAll('.c')].filter(c => !c.hidden).map(c => c.dataset.r)")
    check("a requirement leaves its cases alone", set(left) == {requirement}, set(left))


def links(browser, page):
    browser.open(page)
    case = browser.run("return [...document.querySelectorAll('.c')].at(-1).id")
    browser.open("about:blank")
    browser.open(f"{page}#{case}")
    in_view = f"const c = document.getElementById('{case}'), b = c.getBoundingClientRect(); return c.open && b.top >= 0 && b.top < innerHeight"
    check("a permanent link opens its case and shows it", until(browser, in_view))
    browser.open("about:blank")
    browser.open(f"{page}?verdict=fail#{case}")
    check("a permanent link is stronger than a filter", until(browser, in_view))
    browser.open(page)
    broken = browser.run("return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
                         ".filter(id => !document.getElementById(id))")
    check("every link within the page leads somewhere", not broken, broken[:5])
    browser.run("document.querySelector('.kinds a').click()")
    check("an example of a requirement opens its case",
          until(browser, "return document.getElementById(location.hash.slice(1))?.open"))


def copying(browser, page):
    browser.devtools("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.open(page)
    browser.devtools("Emulation.setFocusEmulationEnabled", enabled=True)
    for name, selector in (("replay", ".c[data-v=fail]"), ("curl", ".c[data-v=fail]:has(pre[data-c=curl])"),
                           ("curl", ".c[data-v=pass]:has(pre[data-c=curl])"), ("AWS CLI", ".c:has(pre[data-c='AWS CLI'])")):
        browser.run("document.querySelector(arguments[0]).open = true", selector)
        there = until(browser, "return [...document.querySelector(arguments[0]).querySelectorAll('.copying button')]"
                               ".find(b => b.textContent === 'copy ' + arguments[1])?.previousSibling.textContent", selector, name)
        check(f"there is a button that copies {name} ({selector})", there)
        browser.run("navigator.clipboard.writeText('nothing');"
                    "[...document.querySelector(arguments[0]).querySelectorAll('.copying button')]"
                    ".find(b => b.textContent === 'copy ' + arguments[1]).click()", selector, name)
        got = None
        for _ in range(100):
            got = browser.devtools("Runtime.evaluate", expression="navigator.clipboard.readText()", awaitPromise=True)["result"].get("value")
            if got == there:
                break
            time.sleep(0.05)
        check(f"copying {name} copies what is shown", got == there, got)
    check("the curl line is a command",
          browser.run("return document.querySelector('pre[data-c=curl]').textContent").rstrip().endswith("--data-binary @-"))


def hexadecimal(browser, page):
    browser.open(page)
    browser.run("const c = document.querySelector('.c[data-v=pass]:has(pre.w b)') ?? document.querySelector('.c[data-v=pass]'); c.open = true; c.id")
    made = until(browser, "const c = document.querySelector('.c[open]'), b = c.querySelector('.tohex'); if (!b) return null; "
                          "const pre = b.previousSibling; b.click(); return [pre.textContent, pre.nextSibling.textContent]")
    check("a passing case makes its hexadecimal", made and made[1].startswith("000000  50 4f 53 54"), made)
    digits = "".join(line[8:56] for line in made[1].splitlines()).replace(" ", "")
    sent = bytes.fromhex(digits)
    check("it has the bytes of the head's line ends", sent.startswith(b"POST / HTTP/1.1\r\n") and b"\r\n\r\n" in sent, sent[:40])


def keys(browser, page):
    browser.open(page)
    browser.press("/")
    check("/ goes to the search", browser.run("return document.activeElement.id") == "q")
    browser.press("j")
    check("in the search a letter is a letter", browser.run("return document.getElementById('q').value") == "j")
    browser.press("Escape", "Escape")
    check("Escape clears the search and leaves it",
          browser.run("return document.getElementById('q').value === '' && document.activeElement.id !== 'q'"))
    browser.press("j")
    first = browser.run(FOCUS)
    browser.press("j")
    second = browser.run(FOCUS)
    check("j goes to the next case", first.startswith("case-") and second.startswith("case-") and first != second, [first, second])
    browser.press("k")
    check("k goes back", browser.run(FOCUS) == first)
    browser.press("Enter")
    check("Enter opens it", until(browser, "return document.getElementById(arguments[0]).open", first))
    browser.press("Escape")
    check("Escape closes it", until(browser, "return !document.getElementById(arguments[0]).open", first))
    browser.run("document.querySelector('.toggle[data-v=pass]').click()")
    browser.press("Escape")
    check("Escape clears the filters at last", "?" not in browser.url(), browser.url())


def colours(browser, page):
    browser.open(page)
    paper = "return getComputedStyle(document.body).backgroundColor"
    seen = {}
    for scheme in ("light", "dark"):
        browser.colours(scheme)
        seen[scheme] = browser.run(paper)
    check("the system's colours are followed", seen["light"] != seen["dark"], seen)
    browser.colours("light")
    browser.run("document.getElementById('theme').click()")
    check("the switch makes it dark", browser.run(paper) == seen["dark"])
    browser.open("about:blank")
    browser.open(page)
    check("and it stays dark", browser.run(paper) == seen["dark"])
    browser.run("document.getElementById('theme').click()")
    check("and light again", browser.run(paper) == seen["light"])
    browser.run("localStorage.clear()")
    # WCAG 2.1: 4.5 to 1 for text.
    for scheme in ("light", "dark"):
        browser.colours(scheme)
        browser.open(page)
        browser.run("for (const d of [...document.querySelectorAll('.c')].slice(0, 3)) d.open = true")
        low = browser.run(CONTRAST)
        check(f"text can be read in {scheme}", not low, low[:5])


CONTRAST = """
const parse = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return c.startsWith('color(srgb') ? m.slice(0, 3).map(x => x * 255).concat(m[3] ?? 1) : [m[0], m[1], m[2], m[3] ?? 1]; };
const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0.9) return c; } return [255, 255, 255, 1]; };
const low = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let n = 0; walker.nextNode() && n < 6000; ++n) {
  const e = walker.currentNode.parentElement, text = walker.currentNode.data.trim();
  if (!text || text === '·' || e.closest('script, style, [hidden]') || !e.checkVisibility()) continue;
  const a = light(parse(getComputedStyle(e.closest('svg') ? e : e).color)), b = light(behind(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5 && !e.closest('svg')) low.push([text.slice(0, 30), e.className || e.tagName, ratio.toFixed(2)]);
}
return low;
"""


def widths(browser, page):
    for width in (1400, 900, 400, 320):
        browser.size(width, 900)
        browser.open(page)
        browser.run("for (const d of [...document.querySelectorAll('.c')].slice(0, 5)) d.open = true")
        wide = browser.run("return document.documentElement.scrollWidth")
        check(f"nothing sticks out at {width}", wide <= width, wide)
    browser.size(1400, 1000)


def names(browser, page):
    browser.open(page)
    tree = browser.devtools("Accessibility.getFullAXTree", depth=12)["nodes"]
    unnamed = [n["role"]["value"] for n in tree if not n.get("ignored") and n["role"]["value"] in
               ("button", "link", "searchbox", "combobox", "navigation", "region", "table", "image") and not n.get("name", {}).get("value")]
    roles = {n["role"]["value"] for n in tree if not n.get("ignored")}
    check("whatever can be used has a name", not unnamed, unnamed[:5])
    check("there are landmarks", {"main", "navigation", "search", "banner"} <= roles, sorted(roles))
    browser.press("Tab")
    check("the first thing that Tab finds skips the navigation", browser.run("return document.activeElement.className") == "skip")


def quiet(browser, page, served):
    """Nothing is asked of anybody: by the network's log, the server's, and the policy's."""
    browser.log("performance"), browser.log("browser")
    browser.open(served)
    browser.run("for (const d of [...document.querySelectorAll('.c')].slice(0, 20)) d.open = true")
    asked = [m["params"]["request"]["url"] for m in (json.loads(e["message"])["message"] for e in browser.log("performance"))
             if m["method"] == "Network.requestWillBeSent"]
    others = [url for url in asked if url != served and not url.endswith("/favicon.ico")]
    check("the page is all that is asked for", served in asked and not others, others)
    check("no error on the console", not browser.log("browser"))
    refused = browser.run("""
        const seen = []; addEventListener('securitypolicyviolation', (e) => seen.push(e.effectiveDirective));
        window.ran = false;
        const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s);
        document.body.insertAdjacentHTML('beforeend', '<img id=i src="http://127.0.0.1:9/x" onerror="window.ran = true">');
        const t = document.createElement('div'); t.setAttribute('onclick', 'window.ran = true'); document.body.append(t); t.click();
        return window.ran""")
    check("the policy lets no other script run", refused is False, refused)
    check("nor anything be fetched", until(browser, "return performance.getEntriesByType('resource').every(r => !r.transferSize)"))
    browser.log("browser"), browser.log("performance")


def compared(browser, page, served):
    """Runs side by side: a page without any script, that asks nobody for anything."""
    browser.log("performance"), browser.log("browser")
    for width in (1400, 900, 400, 320):
        browser.size(width, 900)
        browser.open(page)
        browser.run("for (const d of document.querySelectorAll('details')) d.open = true")
        wide = browser.run("return document.documentElement.scrollWidth")
        check(f"nothing of the comparison sticks out at {width}", wide <= width, wide)
    browser.size(1400, 1000)
    browser.open(page)
    first, folded = browser.run("""
        const rows = [...document.querySelectorAll('#cases tr[id]')];
        return [rows[0].innerText, rows.filter(r => !r.checkVisibility()).length]""")
    check("what differs is in sight", "pass" in first and "fail" in first, first)
    check("what does not is folded", folded > 50, folded)
    browser.run("document.querySelector('#cases summary').click()")
    check("and unfolds", browser.run("return [...document.querySelectorAll('#cases tr[id]')].every(r => r.checkVisibility())"))
    broken = browser.run("return [...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
                         ".filter(id => !document.getElementById(id))")
    check("every link within the comparison leads somewhere", not broken, broken[:5])
    paper = {}
    for scheme in ("light", "dark"):
        browser.colours(scheme)
        browser.open(page)
        paper[scheme] = browser.run("return getComputedStyle(document.body).backgroundColor")
        low = browser.run(CONTRAST)
        check(f"text of the comparison can be read in {scheme}", not low, low[:5])
    check("the comparison follows the system's colours", paper["light"] != paper["dark"], paper)
    browser.log("performance")
    browser.open(served)
    asked = [m["params"]["request"]["url"] for m in (json.loads(e["message"])["message"] for e in browser.log("performance"))
             if m["method"] == "Network.requestWillBeSent"]
    others = [url for url in asked if url != served and not url.endswith("/favicon.ico")]
    check("the comparison is all that is asked for", served in asked and not others, others)
    check("no error on the comparison's console", not (said := browser.log("browser")), said[:3])


def without_scripts(driver, chromium, page):
    with Browser(driver, chromium, scripts=False) as browser:
        browser.open(page)
        # What is asked of the page here comes from outside of it.
        check("scripts are off", browser.run("return !document.documentElement.classList.contains('js')"))
        check("the filters that need one are not shown", browser.run("return !document.getElementById('filters').checkVisibility()"))
        check("nor the switch of colours", browser.run("return !document.getElementById('theme').checkVisibility()"))
        check("all cases are there", browser.run("const all = [...document.querySelectorAll('.c > summary')];"
                                                 "return [...all.slice(0, 50), ...all.slice(-50)].every(s => s.checkVisibility())"))
        browser.run("document.querySelector('.c > summary').click()")
        shown = browser.run("const c = document.querySelector('.c'); return [...c.querySelectorAll('pre.w, pre.cmd')].every(p => p.checkVisibility()) && c.textContent")
        check("a case unfolds", shown and "POST / HTTP/1.1" in shown and "curl" in shown, shown)
        check("with its expectation", shown and "Expected" in shown and "Actual" in shown)


def speed(browser, page, folder):
    text = Path(page).read_text()
    start, end = text.index('<div id="list">') + len('<div id="list">'), text.rindex("</div>\n</section>\n</main>")
    cases = re.split(r"\n(?=<details class=\"c\")", text[start:end].strip("\n"))
    wanted = 5000
    more = [re.sub(r'id="case-', f'id="case-{i}-', cases[i % len(cases)], count=1) for i in range(max(wanted - len(cases), 0))]
    cases = (cases + more)[:wanted]
    # As the report does: what does not fit is left out, the longest first.
    room = 8_500_000 - sum(map(len, cases))
    for i in sorted(range(wanted), key=lambda i: -len(cases[i])):
        if room >= 0:
            break
        short = cases[i][:cases[i].index("</summary>")] + '</summary><div class="in"><p>left out</p></div></details>'
        room += len(cases[i]) - len(short)
        cases[i] = short
    large = Path(folder) / "large.html"
    large.write_text(text[:start] + "\n" + "\n".join(cases) + "\n" + text[end:])
    times = []
    for _ in range(3):
        browser.open("about:blank")
        browser.open(large.as_uri())
        times.append(browser.run("const n = performance.getEntriesByType('navigation')[0], p = performance.getEntriesByType('paint').at(-1);"
                                 "return [p ? p.startTime : 0, n.domInteractive, n.loadEventEnd]"))
    check("5,000 cases are shown", len(browser.run(SHOWN)) == wanted)
    paint, interactive, loaded = min(times, key=lambda t: t[2])
    filtered = browser.run("const q = document.getElementById('q'), t = performance.now(); q.value = 'unicode'; "
                           "q.dispatchEvent(new Event('input')); return performance.now() - t")
    print(f"5,000 cases, {large.stat().st_size / 1e6:.1f} MB: painted after {paint:.0f} ms, parsed after {interactive:.0f} ms, "
          f"loaded after {loaded:.0f} ms, filtered in {filtered:.0f} ms")


def pictures(browser, green, red, compared_page, folder):
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, page in (("green", green), ("red", red)):
        for width in (1400, 400):
            for scheme in ("light", "dark"):
                browser.size(width, 1100)
                browser.colours(scheme)
                for place in ("", "#areas", "#boundaries", "#characteristics", "#latency", "#cases"):
                    browser.open("about:blank")
                    browser.open(page + place)
                    browser.picture(Path(folder) / f"{name}-{width}-{scheme}-{place.strip('#') or 'verdict'}.png")
                browser.run("const c = document.querySelector('.c'); c.open = true; c.scrollIntoView()")
                browser.picture(Path(folder) / f"{name}-{width}-{scheme}-case.png")
    for width in (1400, 400):
        for scheme in ("light", "dark"):
            browser.size(width, 1100)
            browser.colours(scheme)
            for place in ("", "#requirements", "#characteristics", "#cases"):
                browser.open("about:blank")
                browser.open(compared_page + place)
                browser.picture(Path(folder) / f"compared-{width}-{scheme}-{place.strip('#') or 'verdict'}.png")
    print(f"pictures are in {folder}")


def main():
    parser = argparse.ArgumentParser()
    for name in ("driver", "chromium", "green", "red", "compared"):
        parser.add_argument(name)
    parser.add_argument("--pictures")
    arguments = parser.parse_args()
    green, red = Path(arguments.green).as_uri(), Path(arguments.red).as_uri()

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *given, **named):
            super().__init__(*given, directory=os.path.dirname(arguments.red), **named)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with TemporaryDirectory() as folder, Browser(arguments.driver, arguments.chromium) as browser:
        filters(browser, red)
        links(browser, red)
        copying(browser, red)
        hexadecimal(browser, green)
        keys(browser, red)
        colours(browser, red)
        widths(browser, red)
        names(browser, red)
        check("no error on the console so far", not (said := browser.log("browser")), said[:3])
        quiet(browser, red, f"http://127.0.0.1:{server.server_port}/{os.path.basename(arguments.red)}")
        compared(browser, Path(arguments.compared).as_uri(),
                 f"http://127.0.0.1:{server.server_port}/{os.path.basename(arguments.compared)}")
        speed(browser, arguments.green, folder)
        if arguments.pictures:
            pictures(browser, green, red, Path(arguments.compared).as_uri(), arguments.pictures)
    server.shutdown()
    without_scripts(arguments.driver, arguments.chromium, red)
    print(f"the HTML pages in a browser: {results[True]} checks hold, {results[False]} do not")
    return 1 if results[False] else 0


if __name__ == "__main__":
    sys.exit(main())
