/* The page of the demo: one WebSocket per channel, and posts to the REST resource. What users wrote
   goes into the page through textContent only. */

const $ = (selector, within = document) => within.querySelector(selector);

// ---- A channel: connects, tells its state, counts, and comes back after a loss ----

const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;
const STABLE_AFTER = 5_000;

class Channel {
    #name;
    #card;
    #listener;
    #count = 0;
    #attempts = 0;
    #timer;
    #socket;

    /** @param listener has onEvent(text), and onOpen() if it wants to know when history comes */
    constructor(name, listener) {
        this.#name = name;
        this.#card = $(`[data-channel="${name}"]`);
        this.#listener = listener;
        this.#connect();
        addEventListener("online", () => this.#hurry());
        document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    }

    #connect() {
        clearTimeout(this.#timer);
        const url = new URL(`ws/${encodeURIComponent(this.#name)}`, location.href);
        url.protocol = url.protocol.replace("http", "ws");
        const socket = this.#socket = new WebSocket(url);
        let stable;
        socket.onopen = () => {
            stable = setTimeout(() => this.#attempts = 0, STABLE_AFTER);
            this.#show("live", "live");
            this.#listener.onOpen?.();
        };
        socket.onmessage = event => {
            $(".count b", this.#card).textContent = ++this.#count;
            this.#listener.onEvent(event.data);
        };
        socket.onclose = () => {
            clearTimeout(stable);
            this.#reconnect();
        };
    }

    /** Waits longer after every failure, and never as long as the other windows do. */
    #reconnect() {
        const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts++);
        this.#show("lost", "reconnecting");
        this.#timer = setTimeout(() => this.#connect(), longest * (0.5 + Math.random() / 2));
    }

    #hurry() {
        if (this.#socket.readyState === WebSocket.CLOSED) {
            this.#connect();
        }
    }

    #show(state, text) {
        const shown = $(".state", this.#card);
        this.#card.dataset.state = state;
        if (shown.textContent !== text) {
            shown.textContent = text;
        }
    }
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

/** Reads an event that anybody may have posted: an object, or else its text. */
function parse(text) {
    try {
        const data = JSON.parse(text);
        if (data && typeof data === "object" && typeof data.text === "string") {
            return data;
        }
    } catch {
        // not JSON, so it is the text itself
    }
    return {text};
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

/** A list of what came last. The server sends history on every connect: that replaces the list. */
class Recent {
    #list;
    #limit;
    #replace = false;

    constructor(list, limit) {
        this.#list = list;
        this.#limit = limit;
    }

    onOpen() {
        this.#replace = true;
        this.#list.ariaBusy = "true"; // history is neither read out nor animated
        setTimeout(() => this.#list.ariaBusy = "false", 500);
    }

    add(item, atTop) {
        if (this.#replace) {
            this.#replace = false;
            this.#list.replaceChildren();
        }
        item.classList.toggle("new", this.#list.ariaBusy !== "true");
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
    const animals = ["Otter", "Heron", "Lynx", "Badger", "Robin", "Hare", "Swift", "Newt"];
    form.elements.name.value = `${animals[Math.floor(Math.random() * animals.length)]} ${10 + Math.floor(Math.random() * 90)}`;
    onSubmit(form, "chat", text => ({
        from: WINDOW,
        name: form.elements.name.value.trim() || "Somebody",
        time: new Date().toISOString(),
        text,
    }));
    new Channel("chat", {
        onOpen: () => recent.onOpen(),
        onEvent: text => {
            const data = parse(text);
            const name = String(data.name ?? "Somebody");
            const avatar = element("span", "avatar", initials(name));
            avatar.style.background = `hsl(${hue(name)} 55% 30%)`;
            avatar.ariaHidden = "true";
            const at = time(data.time);
            const item = element("li", "", avatar,
                element("span", "by", element("b", "", name), at && ` at ${at}`),
                element("span", "bubble", data.text));
            item.classList.toggle("mine", data.from === WINDOW);
            const followed = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
            recent.add(item, false);
            if (followed) {
                list.scrollTop = list.scrollHeight;
            }
        },
    });
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
    onSubmit($("#report"), "news", text => ({text, time: new Date().toISOString()}));
    new Channel("news", {
        onOpen: () => recent.onOpen(),
        onEvent: text => {
            const data = parse(text);
            const at = time(data.time);
            recent.add(element("li", "", data.text, at && element("time", "", at)), true);
        },
    });
    const api = new URL("api/channels/news", location.href);
    $("#curl").textContent = `curl -d 'Hello from a shell' ${api}`;
}

// ---- ticks ----

const SPAN = 60_000;
const MARGIN = {top: 14, right: 16, bottom: 26, left: 44};
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/** A line of readings that moves. It is drawn a second late, so that it grows evenly from one to the next. */
class Chart {
    #svg;
    #parts;
    #readings = [];
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
            area: this.#add(lines, "path", {class: "area"}),
            curve: this.#add(lines, "path", {class: "curve"}),
            dot: this.#add(svg, "circle", {class: "dot", r: 5.5}),
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
        const last = this.#readings.at(-1);
        if (last && reading.time <= last.time) {
            return; // history again, after a reconnect
        }
        this.#readings.push(reading);
        // our clock is not the server's; the fastest event tells best by how much
        this.#ahead = Math.min(this.#ahead ?? Infinity, Date.now() - reading.time);
        if (STILL.matches) {
            this.#draw(0, 1);
        }
    }

    #add(parent, name, attributes = {}) {
        const made = document.createElementNS("http://www.w3.org/2000/svg", name);
        Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
        parent.append(made);
        return made;
    }

    #draw(late, ease) {
        if (this.#readings.length < 2 || !this.#svg.clientWidth) {
            return;
        }
        this.#shift = approach(this.#shift ?? this.#ahead, this.#ahead, ease);
        const right = Date.now() - this.#shift - late;
        while (this.#readings.length > 2 && this.#readings[1].time < right - SPAN) {
            this.#readings.shift();
        }
        this.#rescale(ease);

        const {top, left} = MARGIN;
        const width = this.#svg.clientWidth - left - MARGIN.right;
        const height = this.#svg.clientHeight - top - MARGIN.bottom;
        const y = celsius => top + (this.#scale.high - celsius) / (this.#scale.high - this.#scale.low) * height;
        const curve = new Curve(this.#readings.map(reading =>
            [left + (1 + (reading.time - right) / SPAN) * width, y(reading.celsius)]));
        const end = Math.min(left + width, curve.points.at(-1)[0]);

        set(this.#parts.clip, {x: left, y: 0, width: Math.max(0, end - left), height: top + height});
        set(this.#parts.curve, {d: curve.path(), "data-points": this.#readings.length});
        set(this.#parts.area, {d: `${curve.path()}V${top + height}H${curve.points[0][0]}Z`});
        set(this.#parts.dot, {cx: end, cy: curve.at(end)});
        this.#drawGrid(width, height, y);
    }

    /** Moves the scale towards what the readings need. */
    #rescale(ease) {
        const values = this.#readings.map(reading => reading.celsius);
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
            this.#add(grid, "text", {x: at, y: MARGIN.top + height + 20, "text-anchor": seconds === 0 ? "end" : seconds === 60 ? "start" : "middle"})
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
    new Channel("ticks", {
        onEvent: text => {
            const data = parseReading(text);
            if (data) {
                $("#reading").textContent = data.celsius.toFixed(1);
                chart.add(data);
            }
        },
    });
}

function parseReading(text) {
    try {
        const data = JSON.parse(text);
        const at = Date.parse(data.time);
        return Number.isFinite(at) && Number.isFinite(data.celsius) ? {time: at, celsius: data.celsius} : undefined;
    } catch {
        return undefined;
    }
}

// ---- The server ----

async function status() {
    const shown = $("#status");
    try {
        const answer = await (await fetch("api/status")).json();
        const values = {...answer, uptime: duration(answer.uptime)};
        shown.querySelectorAll("[data-status]").forEach(node => node.textContent = values[node.dataset.status]);
        shown.hidden = false;
    } catch {
        shown.hidden = true;
    }
    setTimeout(status, 5_000);
}

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
status();
