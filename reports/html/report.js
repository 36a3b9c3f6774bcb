// What a page without scripts cannot do: narrow the list, copy, move by keys, remember the colours. All of its data is
// in the page.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // Colours: as the system has them, until somebody chooses.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = {
    get() { try { return localStorage.getItem("glue-conformance-theme"); } catch { return null; } },
    set(value) { try { localStorage.setItem("glue-conformance-theme", value); } catch { /* not allowed here */ } },
  };
  if (["dark", "light"].includes(kept.get())) root.dataset.theme = kept.get();
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);

  document.addEventListener("DOMContentLoaded", () => {
    const byId = (id) => document.getElementById(id);
    const list = byId("list"), rows = [...list.children];
    const search = byId("q"), area = byId("area"), requirement = byId("requirement");
    const toggles = [...document.querySelectorAll(".toggle")];

    const theme = byId("theme");
    const showTheme = () => { theme.textContent = isDark() ? "light" : "dark"; theme.setAttribute("aria-label", `Use ${theme.textContent} colours`); };
    theme.hidden = false;
    theme.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      kept.set(root.dataset.theme);
      showTheme();
    });
    dark.addEventListener("change", showTheme);
    showTheme();

    const said = document.createElement("p");
    said.className = "sr";
    said.setAttribute("role", "status");
    document.body.append(said);

    const keys = document.createElement("p");
    keys.className = "keys";
    for (const [key, what] of [["/", "search"], ["j", ""], ["k", "next, previous"], ["Enter", "open"], ["Esc", "close, clear"]]) {
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      keys.append(kbd, what ? ` ${what}  ` : " ");
    }
    byId("filters").after(keys);

    // Filters. The address is where they are kept: what else is in it stays.
    const names = ["q", "verdict", "area", "requirement"];
    const words = new Map();
    const textOf = (row) => {
      if (!words.has(row)) words.set(row, `${row.firstElementChild.textContent} ${row.dataset.r} ${row.dataset.a}`.toLowerCase());
      return words.get(row);
    };
    const choose = (select, value) => {
      if (value && ![...select.options].some((o) => o.value === value)) select.add(new Option(value, value));
      select.value = value;
    };
    const read = () => {
      const query = new URLSearchParams(location.search);
      search.value = query.get("q") ?? "";
      choose(area, query.get("area") ?? "");
      choose(requirement, query.get("requirement") ?? "");
      const verdicts = (query.get("verdict") ?? "").split(",");
      for (const toggle of toggles) toggle.setAttribute("aria-pressed", String(verdicts.includes(toggle.dataset.v)));
    };
    const pressed = () => toggles.filter((t) => t.getAttribute("aria-pressed") === "true").map((t) => t.dataset.v);
    const values = () => ({ q: search.value.trim(), verdict: pressed().join(","), area: area.value, requirement: requirement.value });
    const address = (hash) => {
      const query = new URLSearchParams(location.search), now = values();
      for (const name of names) if (now[name]) query.set(name, now[name]); else query.delete(name);
      const text = query.toString();
      return (text ? `?${text}` : location.pathname) + hash;
    };
    const keep = (hash, how) => { try { history[how](null, "", address(hash)); } catch { /* not allowed here */ } };
    const apply = () => {
      const now = values(), asked = now.q.toLowerCase().split(/\s+/).filter(Boolean), verdicts = pressed();
      let shown = 0;
      for (const row of rows) {
        const { v, a, r } = row.dataset;
        const fits = (!verdicts.length || verdicts.includes(v)) &&
          (!now.area || a === now.area || a.startsWith(`${now.area}.`)) &&
          (!now.requirement || r === now.requirement) &&
          (!asked.length || asked.every((word) => textOf(row).includes(word)));
        if (row.hidden === fits) row.hidden = !fits;
        if (fits) ++shown;
      }
      const number = (n) => n.toLocaleString("en");
      byId("shown").textContent = shown === rows.length ? `${number(shown)} cases` : `${number(shown)} of ${number(rows.length)}`;
      byId("empty").hidden = shown > 0;
      byId("reset").hidden = !names.some((name) => now[name]);
    };
    const changed = () => { apply(); keep(location.hash, "replaceState"); };
    const clear = () => {
      search.value = area.value = requirement.value = "";
      for (const toggle of toggles) toggle.setAttribute("aria-pressed", "false");
      changed();
    };
    byId("filters").addEventListener("submit", (event) => event.preventDefault());
    search.addEventListener("input", changed);
    area.addEventListener("change", changed);
    requirement.addEventListener("change", changed);
    byId("reset").addEventListener("click", clear);
    for (const toggle of toggles)
      toggle.addEventListener("click", () => {
        toggle.setAttribute("aria-pressed", String(toggle.getAttribute("aria-pressed") !== "true"));
        changed();
      });

    // Permanent links.
    const reveal = () => {
      const target = location.hash.length > 1 && byId(decodeURIComponent(location.hash.slice(1)));
      if (!target) return;
      if (target.matches("details")) {
        target.hidden = false;
        target.open = true;
      }
      requestAnimationFrame(() => target.scrollIntoView());
    };
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      const href = link.getAttribute("href");
      if (href.startsWith("#") && href === location.hash) reveal();  // no change of the address tells of it
      if (!href.startsWith("?")) return;
      event.preventDefault();
      const wanted = new URLSearchParams(href.slice(0, href.indexOf("#")));
      search.value = "";
      choose(area, wanted.get("area") ?? "");
      choose(requirement, wanted.get("requirement") ?? "");
      for (const toggle of toggles) toggle.setAttribute("aria-pressed", String(wanted.get("verdict") === toggle.dataset.v));
      apply();
      keep("#cases", "pushState");
      byId("cases").scrollIntoView();
    });
    addEventListener("hashchange", reveal);
    addEventListener("popstate", () => { read(); apply(); });

    // What a case shows only once it is open.
    const bytesOf = (pre) => {
      const bytes = [], encoder = new TextEncoder();
      let afterLineFeed = false, whole = true;
      const named = (name) => {
        afterLineFeed = name === "LF";
        const known = { LF: [10], CR: [13], HT: [9] }[name];
        if (known) return known;
        if (name.startsWith("x")) return [parseInt(name.slice(1), 16)];
        return [...encoder.encode(String.fromCodePoint(parseInt(name.slice(2), 16)))];
      };
      const walk = (node) => {
        for (const child of node.childNodes) {
          if (child.nodeName === "B") bytes.push(...named(child.textContent));
          else if (child.nodeName === "I") whole = false;
          else if (child.nodeName === "MARK") walk(child);
          else
            for (const byte of encoder.encode(child.data)) {
              if (byte !== 10) bytes.push(byte);
              else if (!afterLineFeed) bytes.push(13, 10);
              afterLineFeed = false;
            }
        }
      };
      walk(pre);
      return { bytes, whole };
    };
    const hexOf = ({ bytes, whole }) => {
      const lines = [];
      for (let at = 0; at < bytes.length; at += 16) {
        const line = bytes.slice(at, at + 16);
        const hex = line.map((b) => b.toString(16).padStart(2, "0")).join(" ");
        const shown = line.map((b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : ".")).join("");
        lines.push(`${at.toString(16).padStart(6, "0")}  ${hex.padEnd(48)} ${shown}`);
      }
      if (!whole) lines.push("(what is left out above is left out here)");
      return lines.join("\n");
    };
    const button = (label, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", () => act(made));
      return made;
    };
    const copy = async (text, pressedButton) => {
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
      }
      const label = pressedButton.textContent;
      pressedButton.textContent = said.textContent = "copied";
      setTimeout(() => { pressedButton.textContent = label; said.textContent = ""; }, 1200);
    };
    const furnish = (row) => {
      if (row.dataset.furnished) return;
      row.dataset.furnished = "1";
      for (const command of row.querySelectorAll("pre.cmd")) {
        const box = document.createElement("div");
        box.className = "copying";
        command.replaceWith(box);
        box.append(command, button(`copy ${command.dataset.c}`, (made) => copy(command.textContent, made)));
      }
      for (const pre of row.querySelectorAll("pre.w")) {
        if (pre.nextElementSibling) continue;  // it is there already
        pre.after(button("as hexadecimal", (made) => {
          const hex = document.createElement("pre");
          hex.className = "x";
          hex.textContent = hexOf(bytesOf(pre));
          made.replaceWith(hex);
        }));
        pre.nextElementSibling.className = "tohex";
      }
      const link = row.querySelector(".meta a");
      link?.after(" ", button("copy link", (made) => copy(new URL(`#${row.id}`, location.href).href, made)));
    };
    list.addEventListener("toggle", (event) => { if (event.target.open && event.target.matches(".c")) furnish(event.target); }, true);

    // Keys.
    const step = (forward) => {
      const next = (element) => {
        do element = forward ? element.nextElementSibling : element.previousElementSibling;
        while (element && (element.hidden || !element.matches("details")));
        return element;
      };
      const here = document.activeElement?.closest(".c, .r");
      const there = here ? next(here) : rows.find((row) => !row.hidden);
      if (!there) return;
      there.firstElementChild.focus({ preventScroll: true });
      there.firstElementChild.scrollIntoView({ block: "nearest" });
    };
    const escape = () => {
      if (document.activeElement === search) {
        if (search.value) { search.value = ""; changed(); } else search.blur();
        return;
      }
      const open = document.activeElement?.closest(".c[open], .r[open]");
      if (open) {
        open.open = false;
        open.firstElementChild.focus();
      } else if (!byId("reset").hidden) {
        clear();
      }
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") { escape(); return; }
      if (event.target.closest("input, select, textarea")) return;
      if (event.key === "/") {
        event.preventDefault();
        search.focus();
        search.select();
      } else if (event.key === "j" || event.key === "k") {
        step(event.key === "j");
      }
    });

    read();
    apply();
    reveal();
  });
})();
