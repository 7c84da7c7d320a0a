// What no server does when it is asked to: the module against a socket of our own, with a clock that runs faster.

import { equal, until } from "./harness.mjs";

const SPEED = 50;

class FakeSocket {
    static made = [];
    said = [];

    constructor() {
        FakeSocket.made.push(this);
        queueMicrotask(() => this.onopen?.());
    }

    send(text) {
        this.said.push(JSON.parse(text));
    }

    close() {
        this.isClosed = true;
    }

    says(...messages) {
        this.onmessage({ data: messages.map(it => JSON.stringify(it)).join("\n") });
    }

    /** Waits for a command, and returns it. */
    async command(name) {
        await until(() => this.said.some(it => it[name]), name);
        return this.said.splice(this.said.findIndex(it => it[name]), 1)[0];
    }

    async answers(name, result = {}, ...more) {
        const { id, [name]: request } = await this.command(name);
        this.says({ id, [name]: result }, ...more);
        return request;
    }

    async refuses(name, code, temporary) {
        const { id } = await this.command(name);
        this.says({ id, error: { code, message: "no", temporary } });
    }
}

const pub = (data, offset, channel = "a") => ({ push: { channel, pub: { data, offset } } });

/** Runs with timers that run faster, from this call on. */
function quick(run) {
    return async () => {
        const { setTimeout, console: { warn } } = globalThis;
        globalThis.setTimeout = (task, millis) => setTimeout(task, millis / SPEED);
        FakeSocket.made.length = 0;
        try {
            await run();
        } finally {
            Object.assign(globalThis, { setTimeout });
            console.warn = warn;
        }
    };
}

export function add(Channels, test) {
    async function open(options) {
        const told = [];
        const onState = (state, why) => told.push([state, why.code]);
        const channels = new Channels("http://host/app/connection/websocket", { WebSocket: FakeSocket, onState, ...options });
        const socket = await next(1);
        await socket.answers("connect", { client: "c", ping: 25, pong: true });
        return { channels, socket, told };
    }

    async function next(count) {
        await until(() => FakeSocket.made.length >= count, `socket ${count}`);
        return FakeSocket.made[count - 1];
    }

    function follow(channels) {
        const told = [];
        const subscription = channels.subscribe("a", event => told.push(event.data), {
            onGap: ({ missed }) => told.push(`gap ${missed}`),
            onEnd: ({ code }) => told.push(`end ${code}`),
            onJoin: ({ client }) => told.push(`join ${client}`),
            onLeave: ({ client }) => told.push(`leave ${client}`),
        });
        return { told, subscription };
    }

    test("what comes twice is left out, and a hole is a gap", quick(async () => {
        const { channels, socket } = await open();
        const { told, subscription } = follow(channels);
        const answer = { recoverable: true, epoch: "e", offset: 4 };
        await socket.answers("subscribe", answer, pub("five", 5), pub("five", 5), pub("four", 4), pub("eight", 8));
        equal(told, ["five", "gap 2", "eight"]);
        equal(subscription.position, { offset: 8, epoch: "e" });
        channels.close();
    }));

    test("a page may subscribe when it is told that it is connected", quick(async () => {
        let channels;
        const onState = state => state === "connected" && channels.subscribe("late", () => {});
        channels = new Channels("ws://host/x", { WebSocket: FakeSocket, onState });
        channels.subscribe("early", () => {});
        const socket = await next(1);
        await socket.answers("connect", { client: "c", ping: 25 });
        await until(() => socket.said.length === 2);
        equal(socket.said.map(it => it.subscribe.channel).sort(), ["early", "late"]);
        channels.close();
    }));

    test("after 2500 it goes on where it was, and after 2000 it does not", quick(async () => {
        const { channels, socket } = await open();
        const { told } = follow(channels);
        await socket.answers("subscribe", { recoverable: true, epoch: "e", offset: 0 }, pub("one", 1));
        socket.says({ push: { channel: "a", unsubscribe: { code: 2500, reason: "" } } }, pub("late", 2));
        const request = await socket.answers("subscribe", {
            recoverable: true, epoch: "e", offset: 1, recovered: true, was_recovering: true, publications: [{ data: "two", offset: 2 }],
        });
        equal([request.recover, request.offset, request.epoch], [true, 1, "e"]);
        socket.says({ push: { channel: "a", unsubscribe: { code: 2501, reason: "" } } });
        await socket.answers("subscribe", { recoverable: true, epoch: "f", offset: 9, was_recovering: true });
        socket.says({ push: { channel: "a", unsubscribe: { code: 2000, reason: "" } } });
        equal(told, ["one", "two", "gap undefined", "end 2000"]);
        channels.close();
    }));

    test("without positions each loss is a gap", quick(async () => {
        const { channels, socket } = await open();
        const { told } = follow(channels);
        await socket.answers("subscribe", {}, pub("one"));
        socket.onclose({ code: 1006, reason: "" });
        const other = await next(2);
        await other.answers("connect", { client: "d", ping: 25, pong: true });
        await other.answers("subscribe", {}, pub("two"));
        equal(told, ["one", "gap undefined", "two"]);
        channels.close();
    }));

    test("a gap that nobody listens to is a warning", quick(async () => {
        const warnings = [];
        console.warn = (...words) => warnings.push(words[1]);
        const { channels, socket } = await open();
        channels.subscribe("a", () => {});
        await socket.answers("subscribe", { recoverable: true, epoch: "e", offset: 4 }, pub("x", 7));
        equal(warnings, [{ channel: "a", missed: 2 }]);
        channels.close();
    }));

    test("a handler that throws takes nothing from the others", quick(async () => {
        const failures = [];
        globalThis.reportError = failure => failures.push(failure);
        const { channels, socket } = await open();
        const seen = [];
        channels.subscribe("a", event => {
            seen.push(event.data);
            throw new Error("of the page");
        });
        await socket.answers("subscribe", {}, pub(1), pub(2));
        equal([seen, failures.length], [[1, 2], 2]);
        delete globalThis.reportError;
        channels.close();
    }));

    test("codes say whether to come back", quick(async () => {
        for (const code of [1000, 1001, 1006, 1008, 1011, 3000, 3001, 3008, 3012, 3499, 4000, 4499, 5000]) {
            FakeSocket.made.length = 0;
            const { channels, socket, told } = await open();
            socket.onclose({ code, reason: "" });
            equal(told.at(-1), ["connecting", code]);
            await next(2);
            channels.close();
        }
        for (const code of [1009, 3500, 3503, 3999, 4500, 4999]) {
            FakeSocket.made.length = 0;
            const { channels, socket, told } = await open();
            socket.onclose({ code, reason: "" });
            equal([told.at(-1), channels.state], [["closed", code], "closed"]);
        }
    }));

    test("a temporary refusal is tried again, another is the end", quick(async () => {
        const { channels, socket } = await open();
        const { told } = follow(channels);
        await socket.refuses("subscribe", 111, true);
        await socket.refuses("subscribe", 100, true);
        await socket.answers("subscribe", {});
        equal(told, []);
        socket.says({ push: { channel: "a", join: { info: { client: "x" } } } }, { push: { channel: "a", leave: { info: { client: "x" } } } });
        equal(told, ["join x", "leave x"]);
        channels.close();
        equal(told.at(-1), "end 0");
    }));

    test("silence is a loss, and pings are answered", quick(async () => {
        const { channels, socket, told } = await open();
        socket.says({});
        equal(socket.said.splice(0), [{}]);
        await until(() => socket.isClosed);
        equal(told, [["connected", undefined], ["connecting", 1006]]);
        const other = await next(2);
        await other.answers("connect", { client: "d", ping: 25, pong: false });
        other.says({});
        equal(other.said, []);
        channels.close();
    }));

    test("only the scheme of an address changes", () => {
        const urls = [];
        class Noted {
            constructor(url) {
                urls.push(url);
            }

            close() {}
        }
        for (const url of ["https://http.example.org/http", "ws://www.example.org/ws"]) {
            const channels = new Channels(url, { WebSocket: Noted });
            setTimeout(() => channels.close());
        }
        return until(() => urls.length === 2).then(() => equal(urls, ["wss://http.example.org/http", "ws://www.example.org/ws"]));
    });

    test("where no WebSocket gets through, it reads Server-Sent Events", quick(async () => {
        const sources = [];
        class FakeSource extends EventTarget {
            constructor(url) {
                super();
                this.url = url;
                sources.push(this);
            }

            close() {
                this.isClosed = true;
            }

            says(type, data, lastEventId) {
                this.dispatchEvent(Object.assign(new Event(type), { data, lastEventId }));
            }
        }
        class Blocked {
            constructor() {
                queueMicrotask(() => this.onclose({ code: 1006, reason: "" }));
            }

            close() {}
        }
        const told = [];
        const channels = new Channels("https://host/app/connection/websocket", { WebSocket: Blocked, EventSource: FakeSource, timeout: 500 });
        const note = name => channels.subscribe(name, event => told.push(event.data), {
            onSubscribed: ({ recovered }) => told.push(`${name} ${recovered}`),
            onGap: () => told.push(`gap ${name}`),
        });
        const subscription = note("a");
        note("gap");
        const early = channels.rpc("early").catch(failure => failure.code);
        await until(() => sources.length === 1);
        equal(sources[0].url, "https://host/app/connection/sse?channel=a&channel=gap&lastEventId=");
        sources[0].onopen();
        equal([channels.state, await early], ["connected", 108]);
        sources[0].says("joined", "a", "e/a:0");
        sources[0].says("joined", "gap", "e/a:0,gap:6");
        sources[0].says("a", "{\"n\":1}", "e/a:1,gap:6");
        sources[0].says("channel:gap", "text", "e/a:1,gap:7");
        sources[0].says("gap", "a", "e/a:1,gap:7");
        equal(told.splice(0), ["a false", "gap false", { n: 1 }, "text", "gap a"]);
        sources[0].onerror();
        equal([channels.state, sources[0].isClosed], ["connecting", true]);
        await until(() => sources.length === 2);
        equal(sources[1].url, "https://host/app/connection/sse?channel=a&channel=gap&lastEventId=e/a:1,gap:7");
        sources[1].onopen();
        equal(told.splice(0), ["a true", "gap true"]);
        subscription.unsubscribe();
        sources[1].says("a", "2", "e/a:2,gap:7");
        note("b"); // of which no position is known
        await until(() => sources.length === 3);
        equal(sources[2].url, "https://host/app/connection/sse?channel=gap&channel=b&lastEventId=e/a:2,gap:7");
        equal(told, []);
        sources[2].onopen();
        sources[2].says("joined", "gap", "e/gap:7");
        sources[2].onerror();
        await until(() => sources.length === 4);
        sources[3].onopen();
        equal(told, ["gap true", "b false", "gap true", "b false", "gap b"]);
        channels.close();
        equal(sources[3].isClosed, true);
    }));

    test("what was asked comes to an end", quick(async () => {
        const { channels, socket } = await open({ timeout: 3 });
        const codes = [];
        const note = promise => promise.catch(failure => codes.push([failure.code, failure.temporary]));
        const slow = note(channels.rpc("slow"));
        await slow;
        const lost = note(channels.rpc("lost"));
        await until(() => socket.said.some(it => it.rpc?.method === "lost"));
        socket.onclose({ code: 1006, reason: "" });
        await lost;
        const patient = channels.rpc("patient");
        const other = await next(2);
        await other.answers("connect", { client: "d", ping: 25 });
        await other.answers("rpc", { data: 42 });
        equal([codes, await patient], [[[1, true], [2, true]], 42]);
        follow(channels);
        await until(() => other.isClosed, "a subscribe without an answer ends the connection");
        channels.close();
    }));

    test("waits grow to a bound, and begin small again", quick(async () => {
        const { random } = Math;
        Math.random = () => 1;
        const waits = [];
        const { setTimeout } = globalThis;
        globalThis.setTimeout = (task, millis) => setTimeout(task, Math.min(millis, waits.push(millis) && 50));
        try {
            const refusing = class extends FakeSocket {
                constructor() {
                    super();
                    queueMicrotask(() => this.onclose({ code: 1006, reason: "" }));
                }
            };
            const channels = new Channels("ws://host/x", { WebSocket: refusing });
            await next(8);
            channels.close();
            equal(waits.filter(it => it !== 5000 && it !== 10_000 && it >= 1000).slice(0, 7), [1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
        } finally {
            Object.assign(Math, { random });
        }
    }));
}
