// The count of an hour's vehicles, kept as it is tapped. It goes to the node when
// the hour is over; changed after that, it goes again as a correction.

import { drop, identity, keep, kept, local, put, zone } from "./survey-kept.js";

const form = document.getElementById("sample");
const hours = document.getElementById("hours");
const field = (back) => hours.querySelector(`[data-count="${back}"]`);

const hourMs = 3600000;

function begin(back) {
  const at = new Date();
  at.setMinutes(0, 0, 0);
  return new Date(at - back * hourMs);
}

const of = (back) => ({ post: form.elements.post.value.trim(), direction: form.elements.direction.value, hour: local(begin(back)) });

const found = (all, o) => all.find((c) => c.post === o.post && c.direction === o.direction && c.hour === o.hour);

function set(back, vehicles) {
  const all = kept("counts");
  let count = found(all, of(back));
  if (!count) {
    count = { ...of(back), zone: zone(), id: identity(), revision: -1, vehicles: 0, told: 0 };
    all.push(count);
  }
  count.vehicles = vehicles;
  keep("counts", all);
}

// showHours writes down which hours are counted, and how far.
export function showHours() {
  const chosen = form.elements.direction.value !== "";
  const two = (n) => String(n).padStart(2, "0");
  for (const back of [0, 1]) {
    const at = begin(back);
    const way = form.elements.direction.selectedOptions[0].textContent;
    hours.querySelector(`[data-hour="${back}"]`).textContent =
      `${two(at.getHours())}–${two((at.getHours() + 1) % 24)}` + (chosen ? ", " + way : ": choose the direction first");
    field(back).disabled = !chosen;
    if (document.activeElement !== field(back)) field(back).value = found(kept("counts"), of(back))?.vehicles || "";
  }
  document.getElementById("one").disabled = !chosen;
}

// queueHours puts the counts of hours that are over, and not told yet, among what
// waits to be sent.
export function queueHours() {
  const all = kept("counts");
  const over = local(begin(0));
  let changed = false;
  for (const count of all.filter((c) => c.hour < over && c.vehicles !== c.told)) {
    const waiting = kept("queue").find((s) => s.id === count.id && !s.tried && !s.refusal);
    if (!waiting) count.revision++;
    const cells = { post: count.post, direction: count.direction, arrival: count.hour + count.zone };
    if (form.elements.recorder.value.trim()) cells.recorder = form.elements.recorder.value.trim();
    if (count.vehicles > 0) cells.volume_per_h = String(count.vehicles);
    drop("queue", (s) => s.id === count.id && s.refusal);
    put("queue", { id: count.id, revision: count.revision, counted: true, cells });
    count.told = count.vehicles;
    changed = true;
  }
  const old = local(begin(48));
  if (changed || all.some((c) => c.hour < old)) keep("counts", all.filter((c) => c.hour >= old));
  return changed;
}

// countHours wires the fields; changed is called when one is left.
export function countHours(changed) {
  document.getElementById("one").addEventListener("click", () => {
    const count = found(kept("counts"), of(0));
    set(0, (count?.vehicles ?? 0) + 1);
    showHours();
  });
  for (const back of [0, 1]) {
    field(back).addEventListener("input", () => set(back, Math.max(0, Math.round(Number(field(back).value) || 0))));
    field(back).addEventListener("change", changed);
  }
}
