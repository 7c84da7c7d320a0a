// What the scripts share that are run by Node: cases, one after another, each told in one line.

import net from "node:net";

const { setTimeout } = globalThis; // a case may set another one

const cases = [];

export function test(name, run) {
    cases.push([name, run]);
}

export async function runAll() {
    let failures = 0;
    for (const [name, run] of cases) {
        const begin = performance.now();
        try {
            await Promise.race([run(), new Promise((_, reject) => setTimeout(() => reject(new Error("hangs")), 60_000).unref())]);
            console.log(`ok ${name} (${Math.round(performance.now() - begin)} ms)`);
        } catch (failure) {
            failures++;
            console.log(`not ok ${name}: ${failure?.stack ?? failure}`);
        }
    }
    console.log(`${cases.length} cases, ${failures} failed`);
    process.exit(failures ? 1 : 0);
}

export function equal(actual, expected) {
    const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (one !== other) {
        throw new Error(`${shorten(one)} is not ${shorten(other)}`);
    }
}

const shorten = text => (text?.length > 500 ? `${text.slice(0, 250)} ... ${text.slice(-250)}` : text);

/** Waits until something holds. */
export async function until(condition, what = condition) {
    for (let i = 0; i < 1500; i++) {
        if (await condition()) {
            return;
        }
        await new Promise(resolve => setTimeout(resolve, 20));
    }
    throw new Error(`never: ${what}`);
}

export const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** The application under test. */
export class Application {
    constructor(base) {
        this.base = base.endsWith("/") ? base : `${base}/`;
        this.port = Number(new URL(base).port);
    }

    url(port = this.port) {
        const url = new URL("connection/websocket", this.base.replace("http", "ws"));
        url.port = port;
        return url.href;
    }

    async fetch(path, options) {
        const response = await fetch(new URL(path, this.base), options);
        if (!response.ok) {
            throw new Error(`${path}: ${response.status}`);
        }
        return response.text();
    }

    publish(channel, from, to) {
        return this.fetch(`connections?channel=${channel}&from=${from}&to=${to}`, { method: "PUT" });
    }

    tell(what, channel = "") {
        return this.fetch(`connections?do=${what}&channel=${channel}`, { method: "POST" });
    }
}

/** Stands between a client and the server, and cuts what lies between them. */
export class Proxy {
    #sockets = new Set();
    #isCut = false;

    static async to(port) {
        const proxy = new Proxy();
        proxy.server = net.createServer(socket => proxy.#accept(socket, port));
        await new Promise(resolve => proxy.server.listen(0, "127.0.0.1", resolve));
        proxy.port = proxy.server.address().port;
        return proxy;
    }

    #accept(client, port) {
        if (this.#isCut) {
            client.destroy();
            return;
        }
        const server = net.connect(port, "127.0.0.1");
        for (const [one, other] of [[client, server], [server, client]]) {
            this.#sockets.add(one);
            one.pipe(other);
            one.on("error", () => {});
            one.on("close", () => {
                this.#sockets.delete(one);
                other.destroy();
            });
        }
    }

    kill() {
        this.#sockets.forEach(socket => socket.destroy());
    }

    cut() {
        this.#isCut = true;
        this.kill();
    }

    restore() {
        this.#isCut = false;
    }

    close() {
        this.kill();
        this.server.close();
    }
}

/** What a browser has as EventSource, as far as it is needed; it does not come back by itself. */
export class FetchSource {
    #listeners = new Map();
    #abort = new AbortController();
    #lastEventId = "";

    constructor(url) {
        this.#read(url).catch(failure => this.#abort.signal.aborted || this.onerror(failure));
    }

    addEventListener(name, listener) {
        this.#listeners.set(name, listener);
    }

    close() {
        this.#abort.abort();
    }

    async #read(url) {
        const response = await fetch(url, { signal: this.#abort.signal });
        if (!response.ok || response.headers.get("content-type")?.split(";")[0] !== "text/event-stream") {
            throw new Error(`${response.status}`);
        }
        this.onopen();
        let text = "";
        for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
            const blocks = (text + part).split("\n\n");
            text = blocks.pop();
            blocks.forEach(block => this.#tell(block));
        }
        throw new Error("ended");
    }

    #tell(block) {
        const fields = { data: [], event: ["message"] };
        for (const line of block.split("\n")) {
            const [, name, value] = /^([^:]*):? ?(.*)$/.exec(line);
            (fields[name] ??= []).push(value);
        }
        this.#lastEventId = fields.id?.at(-1) ?? this.#lastEventId;
        if (fields.data.length && !this.#abort.signal.aborted) {
            this.#listeners.get(fields.event.at(-1))?.({ data: fields.data.join("\n"), lastEventId: this.#lastEventId });
        }
    }
}
