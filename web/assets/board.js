// Follows the facts: moves vehicles to where they are, sets clocks and figures.
// Without it the page is a picture of the moment.

const board = document.getElementById("board");
if (board) follow();

function follow() {
  const drawn = Number(board.dataset.drawn);
  const template = document.getElementById("vehicle").content.firstElementChild;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const visits = new Map(); // reference → what the server says of it, and its cell
  const cells = new Map(); // name → {element, visits in order}
  const nodes = new Map(); // reference → element
  let moment = null; // the latest word of the server, and when it came

  for (const element of board.querySelectorAll("[data-cell]")) {
    cells.set(element.dataset.cell, { element, line: [] });
  }
  for (const element of board.querySelectorAll("[data-reference]")) {
    nodes.set(element.dataset.reference, element);
  }

  const source = new EventSource("/api/v1/events");
  source.addEventListener("change", (event) => apply(JSON.parse(event.data)));
  source.addEventListener("error", () => stand("no connection, trying again"));
  addEventListener("pagehide", () => source.close());
  setInterval(showClocks, 200);
  const record = openRecords();
  const keyboard = arrowKeys();

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
    showClocks();
    record.refresh(change);
  }

  function cellOf(visit) {
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
    const glide = !still.matches && moment.speed <= 600 && !moment.seeking && document.visibilityState === "visible";
    const from = new Map();
    if (glide) for (const [reference, node] of nodes) from.set(reference, node.getBoundingClientRect());
    const focused = document.activeElement?.closest?.("[data-reference]")?.dataset.reference;
    for (const cell of touched) fill(cell);
    if (focused && nodes.has(focused) && !nodes.get(focused).contains(document.activeElement)) {
      nodes.get(focused).firstElementChild.focus({ preventScroll: true });
    }
    if (!glide) return;
    const to = new Map();
    for (const [reference, node] of nodes) to.set(reference, node.getBoundingClientRect());
    for (const [reference, node] of nodes) {
      const a = from.get(reference), b = to.get(reference);
      if (!a) {
        node.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 300 });
      } else if (a.x !== b.x || a.y !== b.y) {
        node.animate([{ transform: `translate(${a.x - b.x}px, ${a.y - b.y}px)` }, { transform: "none" }], { duration: 450, easing: "ease-in-out" });
      }
    }
  }

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
    link.href = `/visits/${visit.reference}`;
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
    for (const post of change.posts) {
      for (const way of post.directions) {
        const box = find("figures", `${post.post}|${way.direction}`);
        if (!box) continue;
        set(box.querySelector("[data-figure=waiting]"), way.waiting);
        set(box.querySelector("[data-figure=longest]"), way.waiting ? span(way.longest_wait_min) : "–");
        set(box.querySelector("[data-figure=released]"), way.released_today);
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

  function stand(words) { set(document.getElementById("standing"), words); }

  function showClocks() {
    if (!moment) return;
    const running = !moment.paused && !moment.seeking && !moment.ended;
    const passed = running ? Math.min(performance.now() - moment.heard, 3000) * moment.speed : 0;
    const now = new Date(moment.base + passed);
    for (const clock of board.querySelectorAll("[data-clock]")) {
      set(clock, format(clock.dataset.clock, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(now));
    }
    for (const date of board.querySelectorAll("[data-date]")) {
      const part = Object.fromEntries(format(date.dataset.date, { weekday: "short", day: "numeric", month: "short", year: "numeric" })
        .formatToParts(now).map((p) => [p.type, p.value]));
      set(date, `${part.weekday} ${part.day} ${part.month} ${part.year}`);
    }
  }

  // openRecords shows a visit's record beside the board.
  function openRecords() {
    const panel = document.getElementById("record");
    let open = null, again = 0;

    board.addEventListener("click", (event) => {
      const vehicle = event.target.closest(".vehicle[data-reference]");
      if (!vehicle || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      show(vehicle.dataset.reference);
    });
    panel.addEventListener("click", (event) => {
      if (!event.target.closest(".close")) return;
      event.preventDefault();
      close();
    });
    addEventListener("keydown", (event) => { if (event.key === "Escape" && open) close(); });

    async function show(reference) {
      mark(false);
      open = reference;
      mark(true);
      await load();
      // The panel opens where it does not cover the vehicle.
      panel.classList.toggle("aside", nodes.get(open)?.getBoundingClientRect().x > innerWidth / 2);
      panel.hidden = false;
      nodes.get(open)?.scrollIntoView({ block: "nearest" });
      panel.scrollTop = 0;
      panel.querySelector("h1")?.focus({ preventScroll: true });
    }

    function load() {
      return htmx.ajax("GET", `/visits/${open}`, { target: panel, swap: "innerHTML" });
    }

    function close() {
      const back = nodes.get(open);
      mark(false);
      open = null;
      panel.hidden = true;
      panel.replaceChildren();
      back?.firstElementChild.focus({ preventScroll: true });
    }

    function mark(on) { nodes.get(open)?.classList.toggle("chosen", on); }

    return {
      refresh(change) {
        const news = change.gone.includes(open) || change.visits.some((v) => v.reference === open);
        if (!open || !news || performance.now() < again) return;
        again = performance.now() + 500;
        mark(true);
        const focused = panel.contains(document.activeElement);
        load().then(() => { if (focused && open) panel.querySelector("h1")?.focus({ preventScroll: true }); });
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
