// Follows the facts: moves vehicles to where they are, sets clocks and figures.
// Without it the page is a picture of the moment.

const silence = 8000; // ms without a word of the server, who says one every two seconds
const glideTime = 450; // ms, in which a vehicle glides to its place
const longestGlide = 60_000; // ms at the crossing: in more it would be drawn where it has long left, on others
const brush = 3; // pixels by which vehicles may touch while they glide
const board = document.getElementById("board");
if (board) follow();
else renewals();

// renewals has a page that is renewed say when it could not be.
function renewals() {
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, () => document.getElementById("stands")?.removeAttribute("hidden"));
  }
}

function follow() {
  const drawn = Number(board.dataset.drawn);
  const base = board.dataset.base; // of the addresses of this board
  const template = document.getElementById("vehicle").content.firstElementChild;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const visits = new Map(); // reference → what the server says of it, and its cell
  const cells = new Map(); // name → {element, visits in order}
  const nodes = new Map(); // reference → element
  let glides = []; // what brings vehicles to their places
  let moment = null; // the latest word of the server, and when it came

  for (const element of board.querySelectorAll("[data-cell]")) {
    cells.set(element.dataset.cell, { element, line: [] });
  }
  for (const element of board.querySelectorAll("[data-reference]")) {
    nodes.set(element.dataset.reference, element);
  }

  let source = null, listens = 0; // the stream of events, and since when
  const heed = () => document.hidden ? rest() : listen();
  document.addEventListener("visibilitychange", heed);
  addEventListener("pagehide", rest);
  addEventListener("pageshow", heed);
  heed();
  setInterval(() => {
    if (!source) return;
    if (moment && !moment.trouble && performance.now() - Math.max(moment.heard, listens) > silence) lost();
    showClocks();
  }, 200);
  const panels = openPanels();
  const keyboard = arrowKeys();

  // A browser keeps few connections to one host: a page that nobody sees gives
  // its own back, and is told everything anew when it is shown again.
  function listen() {
    if (source) return;
    listens = performance.now();
    source = new EventSource(`${base}/api/v1/events`);
    source.addEventListener("change", (event) => apply(JSON.parse(event.data)));
    source.addEventListener("error", () => lost());
  }

  function rest() {
    source?.close();
    source = null;
  }

  function apply(change) {
    if (change.run !== board.dataset.run) return location.reload(); // another playback, perhaps another place
    moment = { ...change, heard: performance.now(), base: Date.parse(change.at) };
    const touched = new Set();
    if (change.whole) {
      const present = new Set(change.visits.map((v) => v.reference));
      for (const reference of visits.keys()) if (!present.has(reference)) forget(reference, touched);
      for (const reference of nodes.keys()) if (!present.has(reference)) drop(reference);
    }
    for (const reference of change.gone) forget(reference, touched);
    for (const visit of change.visits) place(visit, touched);
    redraw(touched);
    showFigures(change);
    showControls(change);
    showTrouble(change.trouble);
    showClocks();
    panels.refresh(change);
  }

  function cellOf(visit) {
    if (visit.state === "announced") return undefined;
    let name = `${visit.direction}|${visit.place}|${visit.stop ?? ""}`;
    if (visit.stop && (visit.state === "in-service" || visit.state === "awaiting-passengers")) name += "|served";
    return cells.get(name);
  }

  function place(visit, touched) {
    const before = visits.get(visit.reference);
    const cell = cellOf(visit);
    if (before?.cell) {
      before.cell.line.splice(before.cell.line.indexOf(before), 1);
      touched.add(before.cell);
    }
    const now = { ...visit, cell };
    visits.set(visit.reference, now);
    if (!cell) return drop(visit.reference);
    const at = cell.line.findIndex((other) => other.order > now.order || (other.order === now.order && other.reference > now.reference));
    cell.line.splice(at < 0 ? cell.line.length : at, 0, now);
    touched.add(cell);
  }

  function forget(reference, touched) {
    const visit = visits.get(reference);
    visits.delete(reference);
    if (visit?.cell) {
      visit.cell.line.splice(visit.cell.line.indexOf(visit), 1);
      touched.add(visit.cell);
    }
    drop(reference);
  }

  function drop(reference) {
    nodes.get(reference)?.remove();
    nodes.delete(reference);
  }

  // redraw fills the touched cells and lets what moved glide from where it was.
  function redraw(touched) {
    const glide = !still.matches && moment.speed * glideTime <= longestGlide && !moment.seeking && document.visibilityState === "visible";
    const from = glide ? boxes() : new Map();
    const focused = document.activeElement?.closest?.(".vehicle[data-reference]")?.dataset.reference; // not its record, which may be worked in
    for (const cell of touched) fill(cell);
    if (focused && nodes.has(focused) && !nodes.get(focused).contains(document.activeElement)) {
      nodes.get(focused).firstElementChild.focus({ preventScroll: true });
    }
    for (const animation of glides) animation.cancel();
    glides = [];
    if (!glide) return;
    const ways = [];
    for (const [node, to] of boxes()) {
      const start = from.get(node);
      if (!start) node.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 300 });
      ways.push({ node, to, from: start ?? to });
    }
    glides = freeOf(ways).map(({ node, from, to }) =>
      node.animate([{ transform: `translate(${from.x - to.x}px, ${from.y - to.y}px)` }, { transform: "none" }], { duration: glideTime, easing: "ease-out" }));
  }

  function boxes() { return new Map([...nodes.values()].map((node) => [node, node.getBoundingClientRect()])); }

  function fill(cell) {
    const shown = cell.line.slice(0, drawn);
    for (const visit of cell.line.slice(drawn)) drop(visit.reference);
    const more = cell.line.length - shown.length;
    cell.element.dataset.more = more ? `+${more} more` : "";
    shown.forEach((visit, i) => {
      const node = draw(visit);
      if (cell.element.children[i] !== node) cell.element.insertBefore(node, cell.element.children[i] ?? null);
    });
    keyboard.tidy(cell.element);
  }

  function draw(visit) {
    let node = nodes.get(visit.reference);
    if (!node) {
      node = template.cloneNode(true);
      node.dataset.reference = visit.reference;
      nodes.set(visit.reference, node);
    }
    const link = node.firstElementChild;
    const [glyph, mark] = link.children;
    const chosen = node.classList.contains("chosen");
    node.className = `vehicle ${visit.load_state}${chosen ? " chosen" : ""}`;
    link.href = `${base}/visits/${visit.reference}`;
    link.title = `${visit.reference}: ${visit.summary}`;
    link.setAttribute("aria-label", `${visit.reference}, ${visit.summary}`);
    dress(glyph, "glyph", visit.vehicle_type, "v");
    dress(mark, "mark", visit.mark ?? "", "m");
    return node;
  }

  function dress(svg, kind, name, prefix) {
    const drawing = `#${prefix}-${name}`;
    const use = svg.firstElementChild;
    if (use.getAttribute("href") === drawing) return;
    svg.setAttribute("class", `${kind} ${name}`.trim());
    use.setAttribute("href", drawing);
  }

  function showFigures(change) {
    document.getElementById("uncounted")?.toggleAttribute("hidden", !change.posts[0].uncounted_since);
    for (const post of change.posts) {
      for (const way of post.directions) {
        const box = find("figures", `${post.post}|${way.direction}`);
        if (!box) continue;
        set(box.querySelector("[data-figure=waiting]"), way.waiting);
        set(box.querySelector("[data-figure=longest]"), way.waiting ? span(way.longest_wait_min) : "–");
        set(box.querySelector("[data-figure=released]"), way.released_today);
        set(find("unplaced", way.direction)?.querySelector("[data-present]"), way.place_not_known);
      }
      for (const hours of post.openings) {
        const item = find("opening", `${post.post}|${hours.opening}`);
        if (!item) continue;
        item.className = `opening ${hours.level}`;
        item.querySelector("use").setAttribute("href", `#o-${hours.level}`);
        set(item.querySelector("[data-words]"), hours.words);
      }
    }
    for (const place of change.places) {
      for (const way of place.directions) {
        const strip = find("place", `${place.place}|${way.direction}`);
        if (!strip) continue;
        strip.classList.toggle("shut", !place.open);
        strip.classList.toggle("away", !way.serves);
        strip.classList.toggle("turning", Boolean(place.turning) && (way.serves || place.turning === way.direction));
        set(strip.querySelector("[data-present]"), way.present);
      }
    }
    for (const stop of change.stops) {
      for (const booth of board.querySelectorAll(`[data-stop="${CSS.escape(stop.stop)}"] .officers`)) {
        if ("count" in booth.dataset) set(booth, `${stop.busy} of ${stop.servers}`);
        else [...booth.children].forEach((officer, i) => {
          officer.className = i < stop.busy ? "busy" : i < stop.servers ? "" : "off";
        });
      }
    }
  }

  function find(kind, name) { return board.querySelector(`[data-${kind}="${CSS.escape(name)}"]`); }

  function set(element, value) {
    const text = String(value);
    if (element && element.textContent !== text) element.textContent = text;
  }

  // span writes a length of time as the server does.
  function span(min) {
    if (min < 1) return `${Math.floor(min * 60)} s`;
    if (min < 60) return `${Math.floor(min)} min`;
    if (min < 48 * 60) return `${Math.floor(min / 60)} h ${String(Math.floor(min % 60)).padStart(2, "0")}`;
    return `${Math.floor(min / 1440)} days`;
  }

  function showControls(change) {
    const pause = document.getElementById("pause");
    if (!pause) return stand("");
    set(pause, change.paused ? "Resume" : "Pause");
    pause.value = change.paused ? "resume" : "pause";
    for (const button of board.querySelectorAll(".speeds button")) {
      button.setAttribute("aria-pressed", String(Number(button.value) === change.speed));
    }
    stand(change.seeking ? "jumping…" : change.ended ? "the scenario is over" : change.paused ? "paused" : "");
  }

  // lost says that nothing is heard of the server any more.
  function lost() {
    if (base && source?.readyState === EventSource.CLOSED) return stand("this playback has ended: open it again from the studio"); // the server knows it no more
    if (!moment) return stand("no connection, trying again");
    moment = { ...moment, trouble: "this page has lost its connection and tries again", base: now() };
    showTrouble(moment.trouble);
    if (!document.getElementById("stands")) stand("no connection, trying again");
  }

  // showTrouble says why what is shown stands, and since when: the clocks stand too.
  function showTrouble(why = "") {
    const notice = document.getElementById("stands");
    board.classList.toggle("standing-still", why !== "");
    if (!notice) return;
    notice.hidden = why === "";
    if (why) set(notice.querySelector("[data-why]"), `${why[0].toUpperCase()}${why.slice(1)}.`);
  }

  function stand(words) { set(document.getElementById("standing"), words); }

  function now() {
    const running = !moment.paused && !moment.seeking && !moment.ended && !moment.trouble;
    return moment.base + (running ? Math.min(performance.now() - moment.heard, 3000) * moment.speed : 0);
  }

  function showClocks() {
    if (!moment) return;
    const at = new Date(now());
    for (const clock of document.querySelectorAll("[data-clock]")) {
      set(clock, format(clock.dataset.clock, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at));
    }
    for (const date of document.querySelectorAll("[data-date]")) {
      const part = Object.fromEntries(format(date.dataset.date, { weekday: "short", day: "numeric", month: "short", year: "numeric" })
        .formatToParts(at).map((p) => [p.type, p.value]));
      set(date, `${part.weekday} ${part.day} ${part.month} ${part.year}`);
    }
  }

  // openPanels shows beside the board what was chosen on it: a visit's record,
  // a place, the post.
  function openPanels() {
    const panel = document.getElementById("record");
    const look = document.getElementById("look");
    const beside = board.classList.contains("one"); // there is room for it next to the lanes
    let open = null, from = null, known = 0; // address, the element that opened it, sequence shown
    const later = { panel: 0, look: 0 };

    document.addEventListener("click", (event) => {
      const link = event.target.closest(".vehicle[data-reference] a, a[data-panel]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      show(link);
    });
    panel.addEventListener("click", (event) => {
      if (!event.target.closest(".close")) return;
      event.preventDefault();
      close();
    });
    // What an act came to is shown in place of its form.
    panel.addEventListener("htmx:afterSwap", () => {
      mark(false);
      open = panel.querySelector("[data-address]")?.dataset.address ?? open;
      mark(true);
      panel.scrollTop = 0;
      const said = panel.querySelector(".said:not([hidden])") ?? panel.querySelector("h1");
      said?.focus({ preventScroll: true });
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape" && open) close(); });

    async function show(link) {
      mark(false);
      const inside = panel.contains(link);
      if (!inside) from = link;
      open = link.getAttribute("href");
      mark(true);
      const left = link.getBoundingClientRect().x > innerWidth / 2;
      await htmx.ajax("GET", open, { target: panel, swap: "innerHTML" });
      // The panel opens where it does not cover what was chosen.
      if (!inside) panel.classList.toggle("aside", left && !beside);
      panel.hidden = false;
      vehicle()?.scrollIntoView({ block: "nearest" });
      panel.querySelector("h1")?.focus({ preventScroll: true });
    }

    function close() {
      const back = vehicle()?.firstElementChild ?? from;
      mark(false);
      open = null;
      panel.hidden = true;
      panel.replaceChildren();
      back?.focus({ preventScroll: true });
    }

    function reference() { return open?.startsWith(`${base}/visits/`) ? decodeURIComponent(open.slice(base.length + 8)) : null; }
    function vehicle() { return nodes.get(reference()); }
    function mark(on) { vehicle()?.classList.toggle("chosen", on); }

    // renew puts in what changed, but not under the hands of who fills in a form.
    async function renew(region, address, parts) {
      const answer = await fetch(address, { headers: { "HX-Request": "true", "HX-Target": region.id } });
      if (!answer.ok) return;
      const fresh = document.createElement("div");
      fresh.innerHTML = await answer.text();
      if (region === panel && open !== address) return;
      for (const part of parts()) {
        if (part.contains(document.activeElement) || part.querySelector("details[open]")) continue;
        const now = region === part ? fresh : fresh.querySelector(`[data-live="${part.dataset.live}"]`);
        if (now?.innerHTML === part.innerHTML) continue;
        part.replaceChildren(...(now?.childNodes ?? []));
        htmx.process(part);
      }
    }

    function soon(what, act) {
      if (later[what]) return;
      later[what] = setTimeout(() => { later[what] = 0; act(); }, 500);
    }

    return {
      refresh(change) {
        const news = change.sequence !== known;
        known = change.sequence;
        if (!news) return;
        mark(true);
        if (look) soon("look", () => renew(look, "/look", () => [look]));
        const visit = reference();
        if (!open || visit && !change.whole && !change.gone.includes(visit) && !change.visits.some((v) => v.reference === visit)) return;
        soon("panel", () => open && renew(panel, open, () => panel.querySelectorAll("[data-live]")));
      },
    };
  }

  // arrowKeys makes each line of vehicles one stop of the Tab key.
  function arrowKeys() {
    board.addEventListener("keydown", (event) => {
      const vehicle = event.target.closest(".vehicle[data-reference]");
      const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
      if (!vehicle || !(event.key in steps)) return;
      event.preventDefault();
      let step = steps[event.key];
      if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
        const reversed = getComputedStyle(vehicle.parentElement).flexDirection === "row-reverse";
        if (reversed) step = -step;
      }
      const next = step > 0 ? vehicle.nextElementSibling : vehicle.previousElementSibling;
      next?.firstElementChild.focus();
    });
    board.addEventListener("focusin", (event) => {
      const vehicle = event.target.closest(".vehicle[data-reference]");
      if (!vehicle) return;
      for (const other of vehicle.parentElement.children) other.firstElementChild.tabIndex = other === vehicle ? 0 : -1;
    });
    return {
      tidy(list) {
        const links = [...list.children].map((item) => item.firstElementChild);
        const one = links.find((link) => link === document.activeElement) ?? links[0];
        for (const link of links) link.tabIndex = link === one ? 0 : -1;
      },
    };
  }

  const formats = new Map();
  function format(zone, options) {
    const key = zone + Object.keys(options);
    if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
    return formats.get(key);
  }
}

// freeOf are those who glide without being drawn on another, when all set out and
// arrive at the same time. Who would meet most is at its place at once, then the
// others are looked at again.
function freeOf(ways) {
  const gliding = new Set(ways.filter(({ from, to }) => from.x !== to.x || from.y !== to.y));
  const at = (way) => gliding.has(way) ? way.from : way.to;
  for (;;) {
    let worst = null, most = 0;
    for (const way of gliding) {
      const met = ways.filter((other) => other !== way && meet(at(way), way.to, at(other), other.to)).length;
      if (met > most) [worst, most] = [way, met];
    }
    if (!worst) return [...gliding];
    gliding.delete(worst);
  }
}

// meet tells whether two boxes that go evenly from one place to another are ever
// on each other.
function meet(from, to, otherFrom, otherTo) {
  const wide = during(from.x - otherFrom.x, to.x - otherTo.x, brush - to.width, otherTo.width - brush);
  const high = during(from.y - otherFrom.y, to.y - otherTo.y, brush - to.height, otherTo.height - brush);
  return Math.max(wide[0], high[0]) < Math.min(wide[1], high[1]);
}

// during is the part of the way, from 0 to 1, on which a distance that changes
// evenly is between two bounds.
function during(from, to, low, high) {
  if (from === to) return low < from && from < high ? [0, 1] : [1, 0];
  const a = (low - from) / (to - from), b = (high - from) / (to - from);
  return [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
}
