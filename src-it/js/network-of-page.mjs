// What lies between a client and the server, in a page: sockets and sources of the browser that are lost on demand.

const there = new Set();
let isCut = false;

/** One that is told that it is lost as the network would tell it, with nothing of what still comes. */
const losable = (Base, tellLoss) =>
    class extends Base {
        constructor(...values) {
            super(...values);
            there.add(this);
            isCut && queueMicrotask(() => this.lose());
        }

        lose() {
            there.delete(this);
            this.close();
            tellLoss(this);
        }
    };

globalThis.WebSocket = losable(WebSocket, socket => socket.onclose?.({ code: 1006, reason: "" }));

export const Source = losable(EventSource, source => source.onerror?.());

/** Cuts all that the page has. */
export class Proxy {
    static to(port) {
        return Object.assign(new Proxy(), { port });
    }

    kill() {
        there.forEach(it => it.lose());
    }

    cut() {
        isCut = true;
        this.kill();
    }

    restore() {
        isCut = false;
    }

    close() {
        this.kill();
    }
}
