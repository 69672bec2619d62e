// Roadside samples: kept on this device until the node has recorded them. Each
// has an identity of its own, so that sending it twice records it once.

const form = document.getElementById("sample");
const said = document.getElementById("said");
const network = document.getElementById("network");

const kept = (name) => JSON.parse(localStorage.getItem("landport.survey." + name) ?? "[]");
const keep = (name, list) => localStorage.setItem("landport.survey." + name, JSON.stringify(list));

let reached = true; // the node answered last time
let sent = 0;
let current = identity();

function identity() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function now() {
  const at = new Date();
  return new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function cells() {
  const out = {};
  for (const [name, value] of new FormData(form)) {
    if (value.trim() !== "") out[name] = value.trim();
  }
  return out;
}

// The device's own hours ahead of UTC, so that a time means one instant
// wherever the device was set up.
function zoned(cells) {
  const ahead = -new Date().getTimezoneOffset();
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  const zone = (ahead < 0 ? "-" : "+") + two(Math.abs(ahead) / 60) + ":" + two(Math.abs(ahead) % 60);
  return Object.fromEntries(Object.entries(cells).map(([name, value]) =>
    [name, form.elements[name].type === "datetime-local" ? value + zone : value]));
}

// What stays from one vehicle to the next.
const lasting = ["post", "direction", "recorder"];

function clear() {
  for (const field of form.elements) {
    if (field.name && !lasting.includes(field.name)) field.value = "";
  }
  current = identity();
  said.hidden = true;
  form.elements.plate.focus();
}

function fill(sample) {
  for (const field of form.elements) {
    const cell = sample.cells[field.name] ?? "";
    if (field.name) field.value = field.type === "datetime-local" ? cell.slice(0, 16) : cell;
  }
  current = sample.id;
}

function complain(text) {
  said.textContent = text;
  said.hidden = false;
}

const timed = (sample) => [...form.querySelectorAll("[data-now]")].some((b) => sample.cells[b.dataset.now]);

function label(sample) {
  const times = [...form.querySelectorAll("[data-now]")].map((b) => sample.cells[b.dataset.now]).filter(Boolean).sort();
  return [sample.cells.plate ?? "no plate", times[0]?.slice(11, 16)].filter(Boolean).join(", ");
}

function line(sample, button, act) {
  const item = document.createElement("li");
  const text = document.createElement("span");
  text.textContent = label(sample) + (sample.refusal ? " – not taken: " + sample.refusal : "");
  const press = document.createElement("button");
  press.type = "button";
  press.textContent = button;
  press.addEventListener("click", act);
  item.append(text, press);
  return item;
}

function take(list, sample) {
  keep(list, kept(list).filter((other) => other.id !== sample.id));
  if (Object.keys(cells()).some((name) => !lasting.includes(name))) stash("open");
  fill(sample);
  show();
}

function stash(list) {
  const sample = { id: current, cells: list === "queue" ? zoned(cells()) : cells() };
  keep(list, [...kept(list).filter((other) => other.id !== sample.id), sample]);
}

function show() {
  const queue = kept("queue");
  document.getElementById("open").replaceChildren(...kept("open").map((s) => line(s, "Go on", () => take("open", s))));
  document.getElementById("queue").replaceChildren(...queue.map((s) => line(s, "Mend", () => take("queue", s))));
  const waiting = queue.filter((s) => !s.refusal).length;
  network.dataset.waiting = waiting;
  network.dataset.sent = sent;
  network.textContent = (reached ? "The node is reached. " : "No network: samples stay on this device. ")
    + (waiting ? `${waiting} waiting to be sent. ` : "Nothing is waiting. ")
    + (sent ? `${sent} recorded by the node since this page was opened.` : "");
}

let sending = false;

async function send() {
  if (sending) return;
  sending = true;
  try {
    const batch = kept("queue").filter((s) => !s.refusal).slice(0, 100);
    if (batch.length === 0) {
      reached = (await fetch("/survey/template.csv", { method: "HEAD", cache: "no-store" })).ok;
      return;
    }
    const response = await fetch("/survey/samples", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(batch.map(({ id, cells }) => ({ id, cells }))),
    });
    reached = response.ok;
    if (!response.ok) return;
    const answers = new Map((await response.json()).map((a) => [a.id, a]));
    keep("queue", kept("queue").flatMap((s) => {
      const answer = answers.get(s.id);
      if (answer?.sequence) {
        sent++;
        return [];
      }
      return [answer?.refusal ? { ...s, refusal: answer.refusal } : s];
    }));
  } catch {
    reached = false;
  } finally {
    sending = false;
    show();
  }
}

form.addEventListener("click", (event) => {
  const column = event.target.dataset?.now;
  if (column) form.elements[column].value = now();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!timed({ cells: cells() })) {
    complain("No time is recorded yet: press Now at the event that you see.");
    return;
  }
  stash("queue");
  clear();
  show();
  send();
});

document.getElementById("aside").addEventListener("click", () => {
  stash("open");
  clear();
  show();
});

window.addEventListener("online", send);
setInterval(send, 15000);
form.hidden = false;
show();
send();
navigator.serviceWorker?.register("/survey/worker.js", { scope: "/survey/" }).catch(() => {
  // Without TLS browsers allow no worker: then the page must stay open.
});
