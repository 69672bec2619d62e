// What the form at the roadside keeps on this device, and how it writes times.

// standing is what stays from one vehicle to the next in this tab, and what its
// hours are counted by, whatever earlier vehicle is in the form.
export const standing = { post: "", direction: "", recorder: "" };

export const kept = (name, none = "[]") => JSON.parse(localStorage.getItem("landport.survey." + name) ?? none);
export const keep = (name, value) => localStorage.setItem("landport.survey." + name, JSON.stringify(value));
export const drop = (list, gone) => keep(list, kept(list).filter((s) => !gone(s)));

// put adds a sample to a list, in the place of what has its identity and revision.
export function put(list, sample) {
  const all = kept(list);
  const at = all.findIndex((s) => same(s, sample));
  all.splice(at < 0 ? all.length : at, 1, sample);
  keep(list, all);
}

export const same = (a, b) => a.id === b.id && (a.revision ?? 0) === (b.revision ?? 0);

export function identity() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

const folded = (name) => name.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// post is what the node knew of a post when the page was loaded.
export const post = (name) => [...document.querySelectorAll("#posts option")].find((o) => folded(o.value) === folded(name));

// ahead is how many minutes the post's clock is ahead of UTC: not the phone's,
// which takes that of the network across the line. Of a post that is not known it
// is that of the node's own, or else the phone's.
export function ahead(name) {
  const own = document.querySelector("#sample [name=post]").defaultValue;
  return Number((post(name) ?? post(own))?.dataset.ahead ?? -new Date().getTimezoneOffset());
}

// local writes an instant as the field of a form does, such as 2026-03-05T08:15.
export function local(at, minutes) {
  return new Date(Number(at) + minutes * 60000).toISOString().slice(0, 16);
}

// zone writes minutes ahead of UTC as +07:00, so that a time means one instant
// wherever the device was set up.
export function zone(minutes) {
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  return (minutes < 0 ? "-" : "+") + two(Math.abs(minutes) / 60) + ":" + two(Math.abs(minutes) % 60);
}

export function button(text, act) {
  const press = document.createElement("button");
  press.type = "button";
  press.textContent = text;
  press.addEventListener("click", () => act(press));
  return press;
}

// twice asks before a tap overwrites or throws away: on the button itself, which
// is back as it was after five seconds.
export function twice(button, question, act) {
  const named = button.getAttribute("aria-label");
  if (button.dataset.was !== undefined) {
    settle(button);
    act();
    return;
  }
  button.dataset.was = button.textContent;
  button.dataset.named = named ?? "";
  button.textContent = question;
  if (named) button.setAttribute("aria-label", question + " " + named);
  setTimeout(() => settle(button), 5000);
}

function settle(button) {
  if (button.dataset.was === undefined) return;
  button.textContent = button.dataset.was;
  if (button.dataset.named) button.setAttribute("aria-label", button.dataset.named);
  delete button.dataset.was;
  delete button.dataset.named;
}
