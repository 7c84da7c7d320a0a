// What lies between a client and the server, in Node.

import net from "node:net";

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
export class Source {
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
