// The count of an hour's vehicles, kept as it is tapped. It goes to the node when
// the hour is over; changed after that, it goes again as a correction. An hour is
// one of the post's clock and known by its first instant, whatever the phone's
// clock says of time zones.

import { ahead, button, drop, identity, keep, kept, local, put, standing, zone } from "./survey-kept.js";

const hours = document.getElementById("hours");
const list = document.getElementById("counted");
const one = document.getElementById("one");
const field = (back) => hours.querySelector(`[data-count="${back}"]`);

const hourMs = 3600000;
const lateMs = 300000; // a count that begins later than this may not be the hour's

let shown = []; // by row, which hour its label says
let changed; // told when a count was changed

function begin(at, post) {
  const past = (at + ahead(post) * 60000) % hourMs;
  return at - past;
}

function of(back) {
  return { post: standing.post, direction: standing.direction, from: begin(Date.now(), standing.post) - back * hourMs };
}

const found = (all, o) => all.find((c) => c.post === o.post && c.direction === o.direction && c.from === o.from);
const late = (c) => c.since > 0 && c.since - c.from > lateMs;
const partial = (c) => late(c) && !c.whole;
const telling = (c) => `${c.vehicles} ${partial(c)}`;

// set changes the count of an hour; the first tap tells since when it was counted.
function set(o, values, since = 0) {
  const all = kept("hours");
  let count = found(all, o);
  if (!count) {
    count = { ...o, ahead: ahead(o.post), id: identity(), revision: -1, vehicles: 0, since };
    all.push(count);
  }
  Object.assign(count, values, { recorder: standing.recorder });
  keep("hours", all);
}

const clock = (c, at) => local(at, c.ahead ?? ahead(c.post)).slice(11, 16);
const span = (c) => `${clock(c, c.from).slice(0, 2)}–${clock(c, c.from + hourMs).slice(0, 2)}`;
const way = (c) => (c.direction === "exit" ? "leaving" : "entering");

// showHours writes down which hours are counted, and how far. While a number is
// typed its field stays what its label says.
export function showHours() {
  const active = [0, 1].find((back) => document.activeElement === field(back));
  if (active === undefined || shown[active].from === of(active).from) {
    shown = [of(0), of(1)];
    for (const [back, o] of shown.entries()) {
      const count = found(kept("hours"), o);
      hours.querySelector(`[data-hour="${back}"]`).textContent = span(o) + (o.direction ? ", " + way(o) : ": choose the direction first");
      field(back).disabled = !o.direction;
      if (back !== active) field(back).value = count?.vehicles || "";
      const asked = hours.querySelector(`[data-late="${back}"]`);
      if (!asked.contains(document.activeElement)) asked.replaceChildren(...(count && late(count) ? [askWhole(count, o)] : []));
    }
    one.disabled = !standing.direction;
  }
  if (!list.contains(document.activeElement) || document.activeElement.tagName === "BUTTON") showCounted();
}

// wholeOf is a box to tick for a count that began late.
function wholeOf(count) {
  const label = document.createElement("label");
  label.className = "tick";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: Boolean(count.whole) });
  label.append(box, `${span(count)} was counted from its start, not from ${clock(count, count.since)} on`);
  return { label, box };
}

function askWhole(count, hour) {
  const { label, box } = wholeOf(count);
  box.addEventListener("change", () => {
    set(hour, { whole: box.checked });
    changed();
  });
  return label;
}

// showCounted lists the hours of the last day that have no field of their own.
function showCounted() {
  const others = kept("hours").filter((c) => !found(shown, c) && c.from > Date.now() - 25 * hourMs).toSorted((a, b) => b.from - a.from);
  list.replaceChildren(...others.map((c) => {
    const item = document.createElement("li");
    const text = document.createElement("span");
    text.textContent = `${local(c.from, c.ahead).slice(0, 10)}, ${span(c)}, ${way(c)}, ${c.post}: ${c.vehicles} ${c.vehicles === 1 ? "vehicle" : "vehicles"}`
      + (c.sequence ? `, No. ${c.sequence}` : "") + (partial(c) ? ` – from ${clock(c, c.since)} on, so not the count of the hour` : "");
    item.append(text, button("Correct", () => correct(item, c)));
    return item;
  }));
}

function correct(item, count) {
  const number = Object.assign(document.createElement("input"), { type: "number", min: 0, max: 100000, inputMode: "numeric", value: count.vehicles });
  number.setAttribute("aria-label", "Vehicles");
  const { label, box } = wholeOf(count);
  const parts = late(count) ? [number, label] : [number];
  parts.push(button("Save", () => {
    set(count, { vehicles: typed(number), whole: box.checked });
    document.activeElement.blur();
    showHours();
    changed();
  }));
  item.replaceChildren(item.firstChild, ...parts);
  number.focus();
}

const typed = (input) => Math.max(0, Math.round(Number(input.value) || 0));

// queueHours puts the counts of hours that are over, and not told yet, among what
// waits to be sent. A count that began late says so by its arrival, the instant of
// its first tap, and is no count of the hour.
export function queueHours() {
  const all = kept("hours");
  const now = Date.now();
  for (const count of all.filter((c) => c.from + hourMs <= now && telling(c) !== c.told)) {
    const waiting = kept("queue").find((s) => s.id === count.id && !s.tried && !s.refusal);
    if (!waiting) count.revision++;
    const at = partial(count) ? count.since : count.from;
    const cells = { post: count.post, direction: count.direction, arrival: local(at, count.ahead) + zone(count.ahead) };
    if (count.recorder) cells.recorder = count.recorder;
    if (count.vehicles > 0) cells.volume_per_h = String(count.vehicles);
    drop("queue", (s) => s.id === count.id && s.refusal);
    put("queue", { id: count.id, revision: count.revision, counted: true, cells });
    count.told = telling(count);
  }
  keep("hours", all.filter((c) => c.from > now - 48 * hourMs));
}

// recorded notes under which number the node has a count.
export function recorded(id, sequence) {
  keep("hours", kept("hours").map((c) => (c.id === id ? { ...c, sequence } : c)));
}

// moveHours gives counts under a mistyped post to the right one; where that has a
// count of the hour, too, this phone counted one part under each.
export function moveHours(from, to) {
  const all = [];
  for (const count of kept("hours")) {
    const moved = count.post === from ? { ...count, post: to, ahead: ahead(to), told: "" } : count;
    const other = found(all, moved);
    if (!other) {
      all.push(moved);
      continue;
    }
    drop("queue", (s) => s.id === moved.id || s.id === other.id);
    if (other.revision < 0 || moved.sequence) Object.assign(other, { id: moved.id, revision: moved.revision, sequence: moved.sequence });
    other.vehicles += moved.vehicles;
    other.since = Math.min(other.since, moved.since);
    other.told = "";
  }
  keep("hours", all);
}

// countHours wires the fields; told is called when a count is changed.
export function countHours(told) {
  changed = told;
  one.addEventListener("click", () => {
    document.activeElement.blur(); // a number that is typed is the hour's on its label
    const now = of(0);
    set(now, { vehicles: (found(kept("hours"), now)?.vehicles ?? 0) + 1 }, Date.now());
    showHours();
  });
  for (const back of [0, 1]) {
    field(back).addEventListener("input", () => set(shown[back], { vehicles: typed(field(back)) }));
    field(back).addEventListener("change", changed);
    field(back).addEventListener("blur", () => setTimeout(showHours));
  }
  document.addEventListener("visibilitychange", showHours);
  const turn = () => setTimeout(() => {
    showHours();
    turn();
  }, begin(Date.now(), standing.post) + hourMs - Date.now() + 50);
  turn();
}
