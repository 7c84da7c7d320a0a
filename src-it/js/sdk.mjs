// The JavaScript SDK against the endpoint: node sdk.mjs <base> <where it is installed> json|protobuf

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Application, equal, numbers, runAll, test, until } from "./harness.mjs";
import { Proxy } from "./network.mjs";

const [base, directory, encoding] = process.argv.slice(2);
const application = new Application(base);
const isProtobuf = encoding === "protobuf";
const require = createRequire(`${directory}/`);
const { Centrifuge } = require(isProtobuf ? "centrifuge/build/protobuf" : "centrifuge");
const { version } = JSON.parse(readFileSync(`${directory}/node_modules/centrifuge/package.json`, "utf8"));
const isBefore58 = version.localeCompare("5.8.0", undefined, { numeric: true }) < 0;

/**
 * Tells of each frame in a task of its own, as browsers do. Node's WebSocket tells of all that have come in
 * one task, and the SDK before 5.8 then mixes them up.
 */
class BrowserSocket extends WebSocket {
    set onmessage(listener) {
        super.onmessage = event => setImmediate(listener, event);
    }

    set onclose(listener) {
        super.onclose = event => setImmediate(listener, event);
    }
}

/** In Protobuf, data is bytes. */
const toData = value => (isProtobuf ? new TextEncoder().encode(JSON.stringify(value)) : value);
const fromData = data => (isProtobuf ? JSON.parse(new TextDecoder().decode(data)) : data);

function connect(options, port) {
    const client = new Centrifuge(application.url(port), {
        websocket: isBefore58 ? BrowserSocket : WebSocket,
        minReconnectDelay: 100,
        maxReconnectDelay: 500,
        ...options,
    });
    const told = [];
    client.on("connected", () => told.push("connected"));
    client.on("disconnected", context => told.push(`disconnected ${context.code}`));
    client.on("message", context => told.push(fromData(context.data)));
    client.connect();
    return { client, told };
}

function follow(client, channel, options) {
    const events = [];
    const told = [];
    const subscription = client.newSubscription(channel, options);
    subscription.on("publication", context => events.push(fromData(context.data)));
    subscription.on("subscribed", context => told.push(context.wasRecovering ? `recovered ${context.recovered}` : "subscribed"));
    subscription.on("unsubscribed", context => told.push(`unsubscribed ${context.code}`));
    subscription.on("join", context => told.push(`join ${context.info.user}`));
    subscription.subscribe();
    return { events, told, subscription };
}

async function codeOf(promise) {
    return promise.then(() => "accepted", failure => failure.code);
}

test("subscribes, and events come in order", async () => {
    const { client } = connect();
    const { events, told, subscription } = follow(client, "events");
    await until(() => told.length);
    await application.publish("events", 1, 500);
    await until(() => events.length >= 500);
    equal([events, told], [numbers(1, 500), ["subscribed"]]);
    subscription.unsubscribe();
    equal(told.at(-1), "unsubscribed 0");
    client.disconnect();
});

test("recovers what it missed", async () => {
    const proxy = await Proxy.to(application.port);
    const { client } = connect({}, proxy.port);
    const { events, told } = follow(client, "recover");
    await until(() => told.length);
    await application.publish("recover", 1, 10);
    await until(() => events.length === 10);
    proxy.cut();
    await application.publish("recover", 11, 500);
    await until(() => client.state === "connecting");
    proxy.restore();
    await until(() => told.length === 2);
    await application.publish("recover", 501, 510);
    await until(() => events.length >= 510);
    equal([events, told], [numbers(1, 510), ["subscribed", "recovered true"]]);
    client.disconnect();
    proxy.close();
});

test("is told where it cannot recover", async () => {
    const { client } = connect();
    const { told } = follow(client, "position", { since: { offset: 3, epoch: "other" } });
    await until(() => told.length);
    equal(told, ["recovered false"]);
    client.disconnect();
});

test("publishes where a policy lets it", async () => {
    const { client } = connect();
    const { events, told } = follow(client, "chat");
    await until(() => told.length);
    await client.publish("chat", toData({ text: "¡Olé!" }));
    await until(() => events.length);
    equal(events, [{ text: "¡Olé!" }]);
    equal(await codeOf(client.publish("events", toData(1))), 103);
    client.disconnect();
});

test("calls the application, and is sent something by it", async () => {
    const { client, told } = connect();
    equal(fromData((await client.rpc("echo", toData({ a: 1 }))).data), { a: 1 });
    equal(await codeOf(client.rpc("refuse", toData(1))), 1000);
    await application.tell("send");
    await until(() => told.length === 2);
    equal(told, ["connected", ["hello"]]);
    client.disconnect();
});

test("asks who is there, and is told who comes", async () => {
    const { client } = connect({ token: "alice/60" });
    const { subscription, told } = follow(client, "chat", { joinLeave: true });
    await until(() => told.includes("join alice"));
    // Who has just been here may not be gone yet.
    const users = async () => Object.values((await subscription.presence()).clients).map(it => it.user);
    await until(async () => (await users()).join() === "alice", "alice alone");
    const { numClients, numUsers } = await subscription.presenceStats();
    equal([numClients, numUsers], [1, 1]);
    equal(await codeOf(client.presence("events")), 108);
    client.disconnect();
});

test("reads history", async () => {
    const { client } = connect();
    const { events: seen, told } = follow(client, "history");
    await until(() => told.length);
    await application.publish("history", 1, 5);
    await until(() => seen.length === 5);
    const { publications } = await client.history("history", { limit: 3, reverse: true });
    equal(publications.map(it => fromData(it.data)), [5, 4, 3]);
    client.disconnect();
});

test("renews its token, and answers pings", async () => {
    let tokens = 0;
    const { client, told } = connect({ getToken: async () => `alice/${++tokens && 3}` });
    await until(() => tokens === 2);
    equal(told, ["connected"]);
    client.disconnect();
});

test("a refusal, and the application, send it away for good", async () => {
    const refused = connect({ token: "bad" });
    await until(() => refused.told.length);
    equal(refused.told, ["disconnected 1234"]);
    const { client, told } = connect();
    const secret = follow(client, "secret");
    await until(() => secret.told.length);
    equal(secret.told, ["unsubscribed 103"]);
    await application.tell("disconnect");
    await until(() => told.length === 2);
    equal(told, ["connected", "disconnected 3503"]);
});

await runAll();
