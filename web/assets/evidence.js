// Sliders beside the fields, and runs without leaving the page. While one still
// chooses what to change, the server runs the base. Without it the form answers
// all the same.

const form = document.getElementById("experiment");
let asked = 0; // the latest request; what comes of an earlier one is dropped
let ahead;     // ends the request for the base

for (const field of form.querySelectorAll("input.number")) slide(field);
for (const field of form.querySelectorAll("[data-says]")) {
  field.addEventListener("input", () => turned(field));
}
form.addEventListener("input", stale);
form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return trim();
  event.preventDefault();
  run();
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("#answer .cancel")) return;
  event.preventDefault();
  cancel(event.target.action);
});
document.addEventListener("focusin", (event) => { if (event.target.matches(".share input")) event.target.select(); });
dress();
if (answer().dataset.job) follow(++asked, answer().dataset.job);
else if ("byLink" in form.dataset) run();
else runBase();
if (answer().querySelector("progress, .answer, .wrong, .wrongs")) toAnswer();
for (const field of form.querySelectorAll("[data-usual]")) field.addEventListener("change", runBase);

function answer() { return document.getElementById("answer"); }

// slide puts a slider before a field of a number; the field takes others too.
function slide(field) {
  const range = document.createElement("input");
  Object.assign(range, { type: "range", min: field.dataset.low, max: field.dataset.high, step: field.dataset.step });
  range.value = field.value;
  range.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`).textContent + ", slider");
  range.tabIndex = -1; // the field is for the keyboard: arrows step it as well
  range.addEventListener("input", () => { field.value = written(range.value); field.dispatchEvent(new Event("input", { bubbles: true })); });
  range.addEventListener("input", (event) => event.stopPropagation());
  field.addEventListener("input", () => { range.value = number(field); });
  field.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way || Number.isNaN(number(field))) return;
    event.preventDefault();
    const step = Number(field.dataset.step);
    field.value = written(Number(Math.max(0, number(field) + way * step).toPrecision(6)));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  field.before(range);
}

// number reads a field as the server does: its unit and a decimal comma may stand in it.
function number(field) {
  const unit = field.parentElement.querySelector(".unit")?.textContent.split(",")[0] ?? "";
  const text = field.value.trim();
  return Number((unit && text.endsWith(unit) ? text.slice(0, -unit.length).trim() : text).replace(/^(\d+),(\d+)$/, "$1.$2"));
}

// written is a number that the server does not ask about: 1.125 may be meant as
// thousands, 1.1250 may not.
function written(x) { return String(x).replace(/^[1-9]\d{0,2}\.\d{3}$/, "$&0"); }

function turned(field) {
  const a = number(field), b = Number(field.dataset.says);
  const same = field.value.trim() === "" || field.value === field.dataset.says || a === b;
  field.closest(".knob").classList.toggle("changed", !same);
}

function stale() { if (answer().querySelector(".answer")) answer().dataset.stale = ""; }

// wanted is what differs from the scenario: the rest goes without saying.
function wanted() {
  const data = new URLSearchParams();
  for (const field of form.elements) {
    if (!field.name) continue;
    const usual = field.dataset.says ?? field.dataset.usual;
    if (field.value !== "" && field.value !== usual) data.set(field.name, field.value);
  }
  return data;
}

// trim leaves out of a form what goes without saying.
function trim() {
  for (const field of form.querySelectorAll("[data-says]")) {
    if (field.value !== field.dataset.says) continue;
    field.disabled = true;
    setTimeout(() => { field.disabled = false; });
  }
}

async function run() {
  const turn = ++asked;
  const now = answer().dataset.job;
  if (now) await ask(`/evidence/jobs/${now}`, { method: "POST" });
  const got = await ask("/evidence", { method: "POST", body: wanted() });
  if (turn !== asked) return;
  show(got);
  history.replaceState(null, "", answer().dataset.link);
  toAnswer();
  if (answer().dataset.job) follow(turn, answer().dataset.job);
}

// toAnswer goes to the answer where it is below the figures, far down.
function toAnswer() {
  if (matchMedia("(min-width: 56rem)").matches) return;
  answer().querySelector("h2").focus({ preventScroll: true });
  answer().scrollIntoView();
}

// runBase has the server run what will be the base, as far as it gets before Run
// is pressed or the page left.
function runBase() {
  ahead?.abort();
  ahead = new AbortController();
  const data = wanted(), base = new URLSearchParams();
  for (const name of ["scenario", "against", "replications", "days", "seed"]) if (data.has(name)) base.set(name, data.get(name));
  fetch("/evidence/base", { method: "POST", body: base, signal: ahead.signal }).catch(() => {}); // the run that is asked for says what is wrong
}

// follow asks how far a run is until it is done, first often and then less so.
async function follow(turn, job) {
  for (let pause = 40; turn === asked; pause = Math.min(200, pause * 1.1)) {
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    const got = await ask(`/evidence/jobs/${job}`, {});
    if (turn !== asked) return;
    const bar = answer().querySelector("progress"), next = got?.querySelector("progress");
    if (!got || !bar || !next) return show(got);
    Object.assign(bar, { max: next.max, value: next.value });
    answer().querySelector(".far").textContent = got.querySelector(".far").textContent;
    showSoFar(got.querySelector(".so-far"));
  }
}

// showSoFar shows what the first pairs say, once there are more of them.
function showSoFar(got) {
  const shown = answer().querySelector(".so-far");
  if (!got || got.dataset.pairs === shown?.dataset.pairs) return;
  if (shown) shown.replaceWith(got);
  else answer().append(got);
}

async function cancel(address) {
  asked++;
  show(await ask(address, { method: "POST" }));
}

// ask fetches the answer's part of a page, null if there is none.
async function ask(address, options) {
  try {
    const response = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
    return new DOMParser().parseFromString(await response.text(), "text/html").getElementById("answer");
  } catch {
    return null;
  }
}

// show puts what came in place of what is shown, and says so to whoever does not
// see it. Focus that was in it stays in it.
function show(got) {
  const focused = answer().contains(document.activeElement);
  if (got) {
    answer().replaceWith(got);
  } else {
    delete answer().dataset.job;
    for (const gone of answer().querySelectorAll(".progress, .cancel, .so-far .more")) gone.remove();
    answer().querySelector("h2").textContent = "No connection; press Run again";
  }
  if (focused) answer().querySelector("h2").focus({ preventScroll: true });
  document.getElementById("said").textContent = ["h2", ".wrong", ".wrongs", ".answer"].map((part) => answer().querySelector(part)?.textContent.trim()).filter(Boolean).join(". ");
  dress();
}

// dress finishes what the server sent: problems at their fields, the link whole.
function dress() {
  for (const said of form.querySelectorAll("small.wrong")) said.textContent = "";
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const item of answer().querySelectorAll("[data-field]")) {
    const field = document.getElementById(item.dataset.field);
    if (!field) continue;
    field.setAttribute("aria-invalid", "true");
    document.getElementById(`${item.dataset.field}-wrong`).textContent = item.querySelector("span").textContent;
    field.closest("details")?.setAttribute("open", "");
  }
  const link = document.getElementById("link");
  if (link) link.value = new URL(link.value, location.href).href;
}
