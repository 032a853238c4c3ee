"use strict";
const one = (query) => document.querySelector(query);
const all = (query) => [...document.querySelectorAll(query)];
const items = all("details.item");
const filters = one("#filters");
const isShown = (item) => !item.hidden;

function theme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  one("#theme").textContent = isDark ? "Dark" : "Light";
}

function keys() {
  const list = one("#key-list");
  list.hidden = !list.hidden;
  one("#keys").setAttribute("aria-expanded", String(!list.hidden));
}

function filter() {
  const text = one("#search").value.toLowerCase();
  const table = one("#by-table").value;
  const risk = one("#by-risk").value;
  const severity = one("#by-severity").value;
  for (const item of items) {
    const data = item.dataset;
    const isText = item.classList.contains("text");
    item.hidden =
      (table !== "" && data.table !== table) ||
      (risk !== "" && !isText && !data.risks.split(" ").includes(risk)) ||
      (severity !== "" && !isText && data.severity !== severity) ||
      (text !== "" && !item.textContent.toLowerCase().includes(text));
  }
  const isFiltered = [text, table, risk, severity].some((it) => it !== "");
  one("#shown").textContent = isFiltered ? `${items.filter(isShown).length} of ${items.length} shown` : "";
  for (const node of all(".diagram .node")) {
    node.classList.toggle("faded", table !== "" && node.dataset.table !== table);
  }
}

function open(isOpen) {
  items.filter(isShown).forEach((item) => { item.open = isOpen; });
}

function move(by) {
  const shown = items.filter(isShown);
  const at = shown.indexOf(document.activeElement.closest("details.item"));
  const next = at < 0 ? (by > 0 ? 0 : shown.length - 1) : Math.min(Math.max(at + by, 0), shown.length - 1);
  const summary = shown[next] && shown[next].querySelector("summary");
  if (summary) {
    summary.focus();
    summary.scrollIntoView({ block: "nearest" });
  }
}

function clear() {
  if (filters) {
    filters.reset();
    filter();
  }
}

const COMMANDS = {
  j: () => move(1),
  k: () => move(-1),
  e: () => open(true),
  c: () => open(false),
  d: theme,
  "?": keys,
  "/": () => filters && one("#search").focus(),
  Escape: clear,
};

document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey || (isTyping && event.key !== "Escape")) return;
  const command = Object.hasOwn(COMMANDS, event.key) && COMMANDS[event.key];
  if (command) {
    event.preventDefault();
    command();
  }
});

one("#theme").addEventListener("click", theme);
one("#keys").addEventListener("click", keys);
if (matchMedia("(prefers-color-scheme: dark)").matches) one("#theme").textContent = "Light";
if (filters) {
  filters.hidden = false;
  filters.addEventListener("input", filter);
  filters.addEventListener("submit", (event) => event.preventDefault());
  one("#open-all").addEventListener("click", () => open(true));
  one("#close-all").addEventListener("click", () => open(false));
}
// A link to a step opens it.
function follow() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") target.open = true;
}
addEventListener("hashchange", follow);
follow();
// What is closed isn't printed.
let closed = [];
addEventListener("beforeprint", () => {
  closed = all("details:not([open])");
  closed.forEach((item) => { item.open = true; });
});
addEventListener("afterprint", () => {
  closed.forEach((item) => { item.open = false; });
  closed = [];
});
