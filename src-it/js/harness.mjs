// What the scripts share, in Node and in a page: cases, one after another, each told in one line.

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
            await Promise.race([run(), new Promise((_, reject) => setTimeout(() => reject(new Error("hangs")), 60_000).unref?.())]);
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
