// Roadside samples: kept on this device at every tap, until the node has recorded
// them. Each has an identity of its own, so that sending it twice records it once,
// and a revision: a later one stands in the place of those before it.

import { ahead, button, drop, identity, keep, kept, local, post, put, same, standing, twice, zone } from "./survey-kept.js";
import { countHours, moveHours, queueHours, recorded, showHours } from "./survey-hours.js";

const form = document.getElementById("sample");
const said = document.getElementById("said");
const about = document.getElementById("about");
const network = document.getElementById("network");
const nowhere = document.getElementById("nowhere");
const doubted = document.getElementById("doubts");
const orders = form.dataset.orders.split(" ").map((pair) => pair.split(","));

let reached = true; // the node answered last time
let sent = 0;
let current = fresh(); // the sample in the form
let seen = ""; // what a person was told before pressing Done again

function fresh() {
  return { id: identity(), revision: 0 };
}

const lasting = Object.keys(standing);

const named = () => [...form.elements].filter((field) => field.name);
const moments = [...form.querySelectorAll("[data-label]")];

// Each time keeps the hours ahead of UTC with which it was written down.
const offset = (field) => field.dataset.zone || zone(ahead(form.elements.post.value));
const instant = (name) => Date.parse(form.elements[name].value + offset(form.elements[name]));

function cells() {
  const out = {};
  for (const field of named()) {
    const cell = field.value.trim();
    if (cell !== "") out[field.name] = field.type === "datetime-local" ? cell + offset(field) : cell;
  }
  return out;
}

function write(field, cell) {
  const time = field.type === "datetime-local";
  field.value = time ? cell.slice(0, 16) : cell;
  if (time) field.dataset.zone = cell.slice(16);
}

const begun = () => Object.keys(cells()).some((name) => !lasting.includes(name));

// draft keeps what the form holds among the open samples, so that a page that is
// reloaded, left or closed loses nothing. Which of them is in this tab's form is
// the tab's own.
function draft() {
  if (!current.taken) {
    for (const name of lasting) standing[name] = form.elements[name].value.trim();
    keep("lasting", standing);
  }
  if (begun()) put("open", { id: current.id, revision: current.revision, cells: cells() });
  else drop("open", (s) => same(s, current));
  sessionStorage.setItem("landport.survey.current", JSON.stringify(current));
}

function clear() {
  for (const field of named()) write(field, standing[field.name] ?? "");
  current = fresh();
  seen = "";
  said.hidden = true;
  draft();
  form.elements.plate.focus();
}

// fill puts a sample into the form; one that is taken up again does not change
// what stands for those to come.
function fill(sample, taken) {
  for (const field of named()) write(field, sample.cells[field.name] ?? "");
  current = { id: sample.id, revision: sample.revision ?? 0, taken };
  seen = "";
  said.hidden = true;
}

function complain(text) {
  said.textContent = text;
  said.hidden = false;
}

const timed = (sample) => moments.some((m) => sample.cells[m.name]);

function label(sample) {
  const times = moments.map((m) => sample.cells[m.name]).filter(Boolean).sort((a, b) => Date.parse(a) - Date.parse(b));
  return [sample.cells.plate ?? "no plate", times[0]?.slice(11, 16)].filter(Boolean).join(", ");
}

function counted({ cells }) {
  return `${cells.volume_per_h ?? "no"} vehicles from ${cells.arrival.slice(11, 16)}, ${cells.direction === "exit" ? "leaving" : "entering"}`;
}

function line(sample, ...buttons) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  text.textContent = (sample.counted ? counted(sample) : label(sample))
    + (sample.sequence ? `, No. ${sample.sequence}` : "")
    + (sample.remark ? ` – ${sample.remark}` : "")
    + (sample.refusal ? ` – not taken: ${sample.refusal}` : "");
  item.append(text, ...buttons);
  return item;
}

// discard throws a sample away that the node does not have, when tapped twice.
const discard = (list, sample) => button("Discard", (press) => twice(press, "Throw it away?", () => {
  drop(list, (s) => same(s, sample));
  show();
}));

// take brings a sample back into the form; what is in the form stays open.
function take(list, sample, revision = sample.revision ?? 0) {
  draft();
  const begun = list === "sent" && kept("open").find((s) => s.id === sample.id);
  if (begun) {
    list = "open";
    sample = begun;
    revision = begun.revision;
  }
  if (list !== "sent") drop(list, (s) => same(s, sample));
  fill({ ...sample, revision }, true);
  draft();
  look();
  show();
  showHours();
  form.elements.plate.focus();
}

// mended is under which revision a waiting sample goes on: the next one, if the
// node may have this one and its answer was lost.
const mended = (s) => (s.revision ?? 0) + (s.tried && (!s.refusal || s.reused) ? 1 : 0);

// remedy asks for the right post of a count that was not taken. It is that of all
// that waits under the wrong one.
function remedy(item, count) {
  const field = Object.assign(document.createElement("input"), { value: count.cells.post, required: true });
  field.setAttribute("list", "posts");
  field.setAttribute("aria-label", "Post");
  const again = button("Send again", () => {
    if (!field.value.trim()) return;
    move(count.cells.post, field.value.trim());
    document.activeElement.blur();
    show();
    send();
  });
  item.replaceChildren(item.firstChild, field, again, discard("queue", count));
  field.focus();
  field.select();
}

function move(from, to) {
  for (const s of kept("queue").filter((s) => s.refusal && !s.counted && s.cells.post === from)) {
    drop("queue", (o) => same(o, s));
    put("queue", { id: s.id, revision: mended(s), cells: { ...s.cells, post: to } });
  }
  keep("open", kept("open").map((s) => (s.cells.post === from ? { ...s, cells: { ...s.cells, post: to } } : s)));
  moveHours(from, to);
  if (form.elements.post.value.trim() === from) form.elements.post.value = to;
  if (standing.post === from) standing.post = to;
  draft();
  look();
  showHours();
}

function show() {
  const queue = kept("queue");
  const elsewhere = kept("open").filter((s) => !same(s, current));
  document.getElementById("open").replaceChildren(...elsewhere.map((s) => line(s, button("Go on", () => take("open", s)), discard("open", s))));
  const waits = document.getElementById("queue");
  if (!waits.querySelector("input:focus")) {
    waits.replaceChildren(...queue.map((s) => {
      if (!s.counted) return line(s, button("Mend", () => take("queue", s, mended(s))));
      return s.refusal ? line(s, button("Mend", (press) => remedy(press.parentElement, s)), discard("queue", s)) : line(s);
    }));
  }
  document.getElementById("sent").replaceChildren(...kept("sent").toReversed().map((s) =>
    line(s, button("Correct", () => take("sent", s, (s.revision ?? 0) + 1)))));
  const waiting = queue.filter((s) => !s.refusal).length;
  const refused = queue.length - waiting;
  network.dataset.waiting = waiting;
  network.dataset.sent = sent;
  network.textContent = (reached ? "The node is reached. " : "No network: samples stay on this device. ")
    + (refused ? `${refused} not taken: mend them below. ` : "")
    + (waiting ? `${waiting} waiting to be sent. ` : refused ? "" : "Nothing is waiting. ")
    + (sent ? `${sent} recorded by the node since this page was opened.` : "");
  const before = kept("sent").find((s) => s.id === current.id);
  about.hidden = !before;
  if (before) about.textContent = `This corrects ${label(before)}, recorded as No. ${before.sequence}. Done sends the correction; the node keeps both.`;
}

// doubts are what a person should look at again. None of them is forbidden.
function doubts() {
  const at = (name) => form.elements[name]?.value ?? "";
  const words = (name) => form.elements[name].dataset.label + " " + at(name).slice(11);
  const list = [];
  for (const [first, then] of orders) {
    if (at(first) && at(then) && instant(then) < instant(first)) list.push(`${words(then)} is before ${words(first)}.`);
  }
  const soon = Date.now() + 300000;
  const weekAgo = Date.now() - 7 * 86400000;
  for (const { name } of moments) {
    if (!at(name)) continue;
    if (instant(name) > soon) list.push(`${words(name)} on ${at(name).slice(0, 10)} is still to come.`);
    else if (instant(name) < weekAgo) list.push(`${words(name)} on ${at(name).slice(0, 10)} is more than a week ago.`);
  }
  const plate = at("plate").replace(/[^\p{L}\p{N}]/gu, "");
  if (at("plate") && (plate.length < 4 || !/\p{N}/u.test(plate))) list.push(`“${at("plate")}” is hardly a whole number plate.`);
  return list;
}

// unknown says that the node will not take what is recorded under this post: where
// the post is typed, as its hours are counted there, too.
function unknown() {
  const name = form.elements.post.value.trim();
  const posts = [...document.querySelectorAll("#posts option")].map((o) => o.value);
  nowhere.hidden = Boolean(post(name));
  nowhere.textContent = nowhere.hidden ? "" : `“${name}” is none of the posts that the node knows: ${posts.join(", ")}.`;
  return nowhere.textContent;
}

function look() {
  const list = doubts();
  doubted.hidden = list.length === 0;
  doubted.replaceChildren(...list.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
  return [unknown(), ...list].filter(Boolean).join(" ");
}

let sending = false;
let again = false; // asked for while it was sending

async function send() {
  again = sending;
  if (sending) return;
  sending = true;
  try {
    queueHours();
    const batch = kept("queue").filter((s) => !s.refusal).slice(0, 100);
    if (batch.length === 0) {
      reached = (await fetch("/survey/template.csv", { method: "HEAD", cache: "no-store" })).ok;
      return;
    }
    for (const s of batch) put("queue", { ...s, tried: true });
    const response = await fetch("/survey/samples", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(batch.map(({ id, revision, counted, cells }) => ({ id, revision, counted, cells }))),
    });
    reached = response.ok;
    if (!response.ok) return;
    const answers = await response.json();
    batch.forEach((s, i) => answered(s, answers[i]));
  } catch {
    reached = false;
  } finally {
    sending = false;
    show();
    showHours();
    if (again) send();
  }
}

// answered puts a sample where the node's answer says. What is recorded can be
// corrected here for a day; then its plate is forgotten.
function answered(sample, { sequence, refusal, reused, remark }) {
  const waited = kept("queue").some((s) => same(s, sample)); // or it was brought back meanwhile
  drop("queue", (s) => same(s, sample));
  if (!sequence) {
    if (reused) refusal += "; another tab sent it, or the answer was lost. Mend it, and Done puts this in its place";
    if (waited) put("queue", { ...sample, tried: true, refusal, reused });
    return;
  }
  if (sample.counted) {
    recorded(sample.id, sequence);
    return;
  }
  sent++;
  drop("sent", (s) => s.id === sample.id);
  keep("sent", [...kept("sent"), { id: sample.id, revision: sample.revision, cells: sample.cells, sequence, remark, at: Date.now() }]);
}

const forget = () => drop("sent", (s) => s.at < Date.now() - 86400000);

form.addEventListener("click", (event) => {
  const column = event.target.dataset?.now;
  if (!column) return;
  const field = form.elements[column];
  const set = () => {
    const minutes = ahead(form.elements.post.value);
    write(field, local(Date.now(), minutes) + zone(minutes));
    draft();
    look();
  };
  if (field.value) twice(event.target, "Replace?", set);
  else set();
});

form.addEventListener("input", ({ target }) => {
  if (target.type === "datetime-local") target.dataset.zone = target.value ? offset(target) : "";
  draft();
  look();
});

form.addEventListener("change", showHours);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!timed({ cells: cells() })) {
    complain("No time is recorded yet: press Now at the event that you see.");
    return;
  }
  const other = [...kept("queue"), ...kept("sent")].find((s) => s.id === current.id && (s.revision ?? 0) >= current.revision);
  const doubt = (other ? "This vehicle was finished in another tab. " : "") + look();
  if (doubt && doubt !== seen) {
    seen = doubt;
    complain((other ? "This vehicle was finished in another tab; the node keeps both, and this would stand. " : "Look again at what is listed here. ")
      + "Press Done once more to send it as it is.");
    return;
  }
  drop("open", (s) => same(s, current));
  put("queue", { id: current.id, revision: other ? (other.revision ?? 0) + 1 : current.revision, cells: cells() });
  clear();
  look();
  show();
  send();
});

document.getElementById("aside").addEventListener("click", () => {
  draft();
  clear();
  look();
  show();
  showHours();
});

function resume() {
  const before = kept("lasting", "{}");
  for (const name of lasting) {
    if (before[name]) form.elements[name].value = before[name];
  }
  const mine = JSON.parse(sessionStorage.getItem("landport.survey.current") ?? "null");
  const open = mine && kept("open").find((s) => same(s, mine));
  draft();
  if (open) {
    fill(open, mine.taken);
    draft();
  }
}

window.addEventListener("storage", () => {
  show();
  showHours();
});
window.addEventListener("online", send);
setInterval(() => {
  forget();
  send();
}, 15000);
countHours(send);
forget();
resume();
form.hidden = false;
look();
show();
showHours();
send();
navigator.serviceWorker?.register("/survey/worker.js", { scope: "/survey/" }).catch(() => {
  // Without TLS browsers allow no worker: then the page must stay open.
});
