/* The page of the demo: one WebSocket for all channels, by the module that comes with the library, and
   posts to the REST resource. What users wrote goes into the page through textContent only. */

import {Channels} from "./channels/channels.js";

const $ = (selector, within = document) => within.querySelector(selector);

/** The name of the node that this page talks to, where there are two. */
let here = "";

const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

// ---- Who this is, for the others ----

const ANIMALS = ["Otter", "Heron", "Lynx", "Badger", "Robin", "Hare", "Swift", "Newt"];
const nameField = $("#say").elements.name;
nameField.value = `${ANIMALS[Math.floor(Math.random() * ANIMALS.length)]} ${10 + Math.floor(Math.random() * 90)}`;
nameField.addEventListener("change", () => channels.reconnect());

// ---- The line ----

const CUT_SECONDS = 10;

/** A WebSocket that the page can cut: what is open is closed, and what opens meanwhile at once. */
class Line extends WebSocket {
    static #isCut = false;
    static #open = new Set();

    constructor(url) {
        super(url);
        Line.#open.add(this);
        this.addEventListener("close", () => Line.#open.delete(this));
        if (Line.#isCut) {
            this.close();
        }
    }

    static cut() {
        Line.#isCut = true;
        Line.#open.forEach(socket => socket.close());
    }

    static mend() {
        Line.#isCut = false;
    }
}

const channels = new Channels("connection/websocket", {
    WebSocket: Line,
    token: () => nameField.value.trim(),
    onState: state => {
        const line = $(".line");
        const text = {connected: "live", connecting: "reconnecting", closed: "closed"}[state];
        line.dataset.state = state;
        $(".state", line).textContent = text;
        if (state === "connected") {
            status();
        }
    },
});

/** Cuts the line for a while, and tells what came of it. */
class Cut {
    static #current;
    #before = new Map([...followed].map(([name, it]) => [name, it.position?.offset ?? 0]));
    #published = 0;
    #came = 0;
    #missing = 0;

    static begin() {
        Cut.#current = new Cut();
        Line.cut();
        Cut.#current.#count(CUT_SECONDS);
    }

    #count(seconds) {
        const button = $("#cut");
        button.disabled = seconds > 0;
        if (seconds > 0) {
            button.textContent = `Cut for ${seconds} s more`;
            $("#verdict").textContent = "The server goes on without us. What do we miss?";
            delete $("#verdict").dataset.complete;
            setTimeout(() => this.#count(seconds - 1), 1_000);
        } else {
            button.textContent = `Cut it for ${CUT_SECONDS} s`;
            Line.mend();
            channels.reconnect();
        }
    }

    static came() {
        if (Cut.#current) {
            Cut.#current.#came++;
        }
    }

    static missing(count = NaN) {
        if (Cut.#current) {
            Cut.#current.#missing += count;
        }
    }

    /** A channel is back; what it missed follows at once, and what comes then is live. */
    static back(name) {
        const cut = Cut.#current;
        if (cut?.#before.has(name)) {
            queueMicrotask(() => cut.#returned(name));
        }
    }

    #returned(name) {
        this.#published += (followed.get(name).position?.offset ?? 0) - this.#before.get(name);
        this.#before.delete(name);
        if (this.#before.size === 0) {
            Cut.#current = undefined;
            this.#tell();
        }
    }

    #tell() {
        $("#verdict").dataset.complete = this.#missing === 0;
        $("#verdict").textContent = this.#missing
            ? `${plural(this.#came, "event")} came late; older ones are missing, since the server keeps the last 50.`
            : `${plural(this.#published, "event")} missed, ${this.#came} came afterwards, in order: nothing was lost.`;
    }
}

// ---- Channels ----

const followed = new Map();

/**
 * Follows a channel, from its last events on.
 *
 * @param onEvent gets each event
 * @param hooks more of the module's
 */
async function follow(name, last, onEvent, hooks = {}) {
    const card = $(`[data-channel="${name}"]`);
    const count = $(".count", card);
    let seen = 0;
    const show = event => {
        const number = document.createElement("b");
        number.textContent = ++seen;
        count.replaceChildren(number, seen === 1 ? " event" : " events");
        onEvent(event);
    };
    const past = await channels.history(name, {limit: last, reverse: true}).catch(() => undefined);
    past?.events.reverse().forEach(event => show({...event, recovered: true}));
    const live = event => {
        if (event.recovered) {
            Cut.came();
        }
        show(event);
    };
    followed.set(name, channels.subscribe(name, live, {
        since: past?.position,
        ...hooks,
        onSubscribed: answer => {
            card.dataset.state = "live";
            Cut.back(name);
            hooks.onSubscribed?.(answer);
        },
        onGap: gap => Cut.missing(gap.missed),
    }));
}

// ---- Posting ----

async function publish(channel, data) {
    const response = await fetch(`api/channels/${encodeURIComponent(channel)}?wait=true`, {
        method: "POST",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify(data),
    });
    if (!response.ok) {
        const answer = await response.json().catch(() => ({}));
        throw new Error(answer.message ?? `The server answered ${response.status}`);
    }
}

/** Publishes what a form holds; keeps it there for another try if that fails. */
function onSubmit(form, channel, toData) {
    const error = $(".error", form);
    form.addEventListener("submit", async event => {
        event.preventDefault();
        const text = form.elements.text.value.trim();
        const button = $("button", form);
        if (!text) {
            return;
        }
        button.disabled = true;
        error.textContent = "";
        try {
            await publish(channel, toData(text));
            form.elements.text.value = "";
        } catch (e) {
            error.textContent = `Not sent: ${e.message}`;
        } finally {
            button.disabled = false;
        }
    });
}

/** Reads an event that anybody may have posted: an object with a text, or else the text itself. */
function textOf(data) {
    if (data && typeof data === "object" && typeof data.text === "string") {
        return data;
    }
    return {text: typeof data === "string" ? data : JSON.stringify(data)};
}

function element(name, className, ...children) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...children);
    return made;
}

function time(instant) {
    const date = new Date(instant ?? NaN);
    return isNaN(date) ? "" : date.toLocaleTimeString([], {hour: "2-digit", minute: "2-digit"});
}

/** Tells of what comes from another node than that of this page. */
function elsewhere(node) {
    return typeof node === "string" && node !== here ? ` by node ${node}` : "";
}

/** A list of what came last. What comes late is neither read out nor animated. */
class Recent {
    #list;
    #limit;
    #timer;

    constructor(list, limit) {
        this.#list = list;
        this.#limit = limit;
    }

    add(item, atTop, isLate) {
        item.classList.toggle("new", !isLate);
        if (isLate) {
            this.#list.ariaBusy = "true";
            clearTimeout(this.#timer);
            this.#timer = setTimeout(() => this.#list.ariaBusy = "false", 500);
        }
        if (atTop) {
            this.#list.prepend(item);
        } else {
            this.#list.append(item);
        }
        if (this.#list.childElementCount > this.#limit) {
            (atTop ? this.#list.lastChild : this.#list.firstChild).remove();
        }
    }
}

// ---- chat ----

const WINDOW = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;

function chat() {
    const list = $("#messages");
    const form = $("#say");
    const recent = new Recent(list, 200);
    onSubmit(form, "chat", text => ({
        from: WINDOW,
        name: nameField.value.trim() || "Somebody",
        time: new Date().toISOString(),
        node: here,
        text,
    }));
    const people = new People($("#people"));
    const end = new End(list);
    follow("chat", 50, event => {
        const data = textOf(event.data);
        const name = String(data.name ?? "Somebody");
        const avatar = element("span", "avatar", initials(name));
        avatar.style.background = `hsl(${hue(name)} 55% 30%)`;
        avatar.ariaHidden = "true";
        const at = time(data.time);
        const item = element("li", "", avatar,
            element("span", "by", element("b", "", name), at && ` at ${at}`, elsewhere(data.node)),
            element("span", "bubble", data.text));
        item.classList.toggle("mine", data.from === WINDOW);
        recent.add(item, false, event.recovered);
        end.keep();
    }, {
        onSubscribed: () => people.look(),
        onJoin: () => people.look(),
        onLeave: () => people.look(),
    });
}

/** The end of a list, which stays in sight unless somebody scrolls away from it. */
class End {
    #list;
    #isSeen = true;

    constructor(list) {
        this.#list = list;
        list.addEventListener("scroll", () => this.#isSeen = list.scrollHeight - list.scrollTop - list.clientHeight < 40);
        new ResizeObserver(() => this.keep()).observe(list);
    }

    keep() {
        if (this.#isSeen) {
            this.#list.scrollTop = this.#list.scrollHeight;
        }
    }
}

/** Who is subscribed to the chat, in any window, on any node. */
class People {
    static #MOST = 6;
    #shown;
    #timer;

    constructor(shown) {
        this.#shown = shown;
    }

    /** Looks soon, once for many who come at once. */
    look() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(async () => this.#show(await channels.presence("chat").catch(() => [])), 200);
    }

    #show(clients) {
        const names = [...new Set(clients.map(client => client.user || "Somebody"))].sort();
        const chips = names.slice(0, People.#MOST).map(name => element("span", "chip", name));
        const more = names.length - chips.length;
        this.#shown.replaceChildren(`${plural(clients.length, "window")} here`, ...chips, more > 0 ? `and ${more} more` : "");
        this.#shown.hidden = clients.length === 0;
    }
}

function initials(name) {
    return name.trim().split(/\s+/).slice(0, 2).map(word => [...word][0]).join("").toUpperCase();
}

function hue(name) {
    return [...name].reduce((sum, c) => (sum * 31 + c.codePointAt(0)) % 360, 7);
}

// ---- news ----

function news() {
    const recent = new Recent($("#headlines"), 20);
    onSubmit($("#report"), "news", text => ({text, time: new Date().toISOString(), node: here}));
    follow("news", 20, event => {
        const data = textOf(event.data);
        const at = time(data.time);
        recent.add(element("li", "", data.text, at && element("time", "", at, elsewhere(data.node))), true, event.recovered);
    });
    const api = new URL("api/channels/news", location.href);
    $("#curl").textContent = `curl -d 'Hello from a shell' ${api}`;
}

// ---- ticks ----

const SPAN = 60_000;
const MARGIN = {top: 14, right: 16, bottom: 26, left: 44};
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** A line of readings for each node that moves. It is drawn a second late, so that it grows evenly from one to the next. */
class Chart {
    #svg;
    #parts;
    #lines = new Map();
    #ahead;
    #shift;
    #scale;
    #drawnGrid;

    constructor(svg) {
        this.#svg = svg;
        const clip = this.#add(this.#add(svg, "clipPath", {id: "plot"}), "rect");
        const grid = this.#add(svg, "g");
        const lines = this.#add(svg, "g", {"clip-path": "url(#plot)"});
        this.#parts = {
            clip,
            grid,
            lines,
        };
        const frame = () => {
            if (!STILL.matches) {
                this.#draw(1_000, 0.08);
            }
            requestAnimationFrame(frame);
        };
        frame();
    }

    add(reading) {
        const line = this.#lineOf(reading.node);
        const last = line.readings.at(-1);
        if (last && reading.time <= last.time) {
            return; // a clock that was set back
        }
        line.readings.push(reading);
        // our clock is not the server's; the fastest event tells best by how much
        this.#ahead = Math.min(this.#ahead ?? Infinity, Date.now() - reading.time);
        if (STILL.matches) {
            this.#draw(0, 1);
        }
    }

    #lineOf(node) {
        if (!this.#lines.has(node)) {
            this.#lines.set(node, {
                readings: [],
                area: this.#add(this.#parts.lines, "path", {class: "area"}),
                curve: this.#add(this.#parts.lines, "path", {class: "curve"}),
                dot: this.#add(this.#svg, "circle", {class: "dot", r: 5.5}),
            });
        }
        return this.#lines.get(node);
    }

    #add(parent, name, attributes = {}) {
        const made = document.createElementNS("http://www.w3.org/2000/svg", name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        parent.append(made);
        return made;
    }

    #draw(late, ease) {
        if (!this.#svg.clientWidth || [...this.#lines.values()].every(line => line.readings.length < 2)) {
            return;
        }
        this.#shift = approach(this.#shift ?? this.#ahead, this.#ahead, ease);
        const right = Date.now() - this.#shift - late;
        this.#forget(right - SPAN);
        this.#rescale(ease);
        if (!this.#scale) {
            return;
        }

        const {top, left} = MARGIN;
        const width = this.#svg.clientWidth - left - MARGIN.right;
        const height = this.#svg.clientHeight - top - MARGIN.bottom;
        const y = celsius => top + (this.#scale.high - celsius) / (this.#scale.high - this.#scale.low) * height;
        set(this.#parts.clip, {x: left, y: 0, width: Math.max(0, width), height: top + height});
        for (const [node, line] of this.#lines) {
            if (line.readings.length < 2) {
                continue;
            }
            const curve = new Curve(line.readings.map(reading =>
                [left + (1 + (reading.time - right) / SPAN) * width, y(reading.celsius)]));
            const end = Math.min(left + width, curve.points.at(-1)[0]);
            set(line.curve, {d: curve.path(), "data-points": line.readings.length});
            set(line.area, {d: `${curve.path()}V${top + height}H${curve.points[0][0]}Z`});
            set(line.dot, {cx: end, cy: curve.at(end)});
            [line.curve, line.area, line.dot].forEach(part => part.classList.toggle("other", node !== here));
        }
        this.#drawGrid(width, height, y);
    }

    /** Forgets what has left the chart, and the line of a node that tells nothing any more. */
    #forget(since) {
        for (const [node, line] of this.#lines) {
            while (line.readings.length > 2 && line.readings[1].time < since) {
                line.readings.shift();
            }
            if (line.readings.at(-1).time < since) {
                [line.curve, line.area, line.dot].forEach(part => part.remove());
                this.#lines.delete(node);
            }
        }
    }

    /** Moves the scale towards what the readings need. */
    #rescale(ease) {
        const values = [...this.#lines.values()].flatMap(line => line.readings.map(reading => reading.celsius));
        if (values.length === 0) {
            return;
        }
        const middle = (Math.max(...values) + Math.min(...values)) / 2;
        const half = Math.max(1, (Math.max(...values) - Math.min(...values)) * 0.6);
        this.#scale = {
            low: approach(this.#scale?.low ?? middle - half, middle - half, ease),
            high: approach(this.#scale?.high ?? middle + half, middle + half, ease),
        };
    }

    #drawGrid(width, height, y) {
        const {low, high} = this.#scale;
        const key = [width, height, low.toFixed(3), high.toFixed(3)].join();
        if (key === this.#drawnGrid) {
            return;
        }
        this.#drawnGrid = key;
        const grid = this.#parts.grid;
        grid.replaceChildren();
        const step = [0.5, 1, 2, 5, 10, 20, 50].find(size => (high - low) / size <= 5) ?? (high - low) / 4;
        for (let value = Math.ceil(low / step) * step; value <= high; value += step) {
            const at = Math.round(y(value));
            this.#add(grid, "line", {class: "grid", x1: MARGIN.left, x2: MARGIN.left + width, y1: at, y2: at});
            this.#add(grid, "text", {x: MARGIN.left - 8, y: at + 4, "text-anchor": "end"})
                .textContent = `${value.toFixed(step < 1 ? 1 : 0)}°`;
        }
        for (const seconds of [60, 45, 30, 15, 0]) {
            const at = MARGIN.left + (1 - seconds / 60) * width;
            this.#add(grid, "text", {x: at, y: MARGIN.top + height + 20, "text-anchor": "middle"})
                .textContent = seconds ? `−${seconds} s` : "now";
        }
    }
}

/** A smooth curve through points from left to right that does not swing beyond them (Fritsch and Carlson). */
class Curve {
    #slopes;

    constructor(points) {
        this.points = points;
        const secants = points.slice(1).map(([x, y], i) => (y - points[i][1]) / (x - points[i][0]));
        this.#slopes = points.map((point, i) => {
            const before = secants[i - 1] ?? secants[i];
            const after = secants[i] ?? before;
            return before * after <= 0 ? 0 : 2 * before * after / (before + after);
        });
    }

    path() {
        return this.points.map((point, i) => i ? `C${this.#bend(i).flat().join(" ")}` : `M${point.join(" ")}`).join("");
    }

    /** Returns the height of the curve at x. */
    at(x) {
        const i = Math.max(1, this.points.findIndex(point => point[0] >= x));
        const [[, b], [, c], [to, d]] = this.#bend(i);
        const [from, a] = this.points[i - 1];
        const t = (x - from) / (to - from);
        const u = 1 - t;
        return a * u ** 3 + 3 * b * u * u * t + 3 * c * u * t * t + d * t ** 3;
    }

    #bend(i) {
        const [x0, y0] = this.points[i - 1];
        const [x1, y1] = this.points[i];
        const third = (x1 - x0) / 3;
        return [[x0 + third, y0 + third * this.#slopes[i - 1]], [x1 - third, y1 - third * this.#slopes[i]], [x1, y1]];
    }
}

function approach(value, target, ease) {
    return Math.abs(target - value) < 0.002 ? target : value + (target - value) * ease;
}

function set(node, attributes) {
    Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
}

function ticks() {
    const chart = new Chart($("#chart"));
    follow("ticks", 50, event => {
        const data = readingOf(event.data);
        if (data) {
            if (data.node === here) {
                $("#reading").textContent = data.celsius.toFixed(1);
            }
            chart.add(data);
        }
    });
}

function readingOf(data) {
    const at = Date.parse(data?.time);
    return Number.isFinite(at) && Number.isFinite(data.celsius)
        ? {time: at, celsius: data.celsius, node: data.node ?? ""}
        : undefined;
}

// ---- The server ----

async function status() {
    const shown = $("#status");
    clearTimeout(status.timer);
    try {
        const answer = await (await fetch("api/status")).json();
        const values = {...answer, uptime: duration(answer.uptime)};
        shown.querySelectorAll("[data-status]").forEach(node => node.textContent = values[node.dataset.status]);
        shown.hidden = false;
        here = answer.node;
        $("#other").href = answer.other;
        document.querySelectorAll("[data-nodes]").forEach(node => node.hidden = !answer.node);
        $("#warmest").textContent = answer.warmest && `The warmest was ${answer.warmest}, says a bean that observes the channel.`;
        $("#slow").disabled = answer.behind >= 0;
        $("#behind").textContent = answer.behind < 0 ? ""
            : `A slow reader is ${plural(answer.behind, "event")} behind, and holds up nobody.`;
    } catch {
        shown.hidden = true;
    }
    clearTimeout(status.timer);
    status.timer = setTimeout(status, 5_000);
}

$("#slow").addEventListener("click", async () => {
    await fetch("api/status/slow", {method: "POST"}).catch(() => {});
    status();
});

function duration(seconds) {
    if (seconds < 60) {
        return `${seconds} s`;
    }
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

ticks();
chat();
news();
$("#cut").addEventListener("click", () => Cut.begin());
