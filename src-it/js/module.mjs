// The module as it is served, against the endpoint that it is made for: node module.mjs <base>, or in a page.

import { Application, equal, numbers, runAll, test, until } from "./harness.mjs";
import { Proxy, Source } from "./network.mjs";

const application = new Application(process.argv[2]);
const source = await application.fetch("channels/channels.js");
const { Channels, ChannelsError } = await import(`data:text/javascript;base64,${btoa(unescape(encodeURIComponent(source)))}`);

const QUICK = { firstDelay: 0.2, longestDelay: 0.5 };

/** A client, and all that it was told. */
function connect(options, port) {
    const told = [];
    const channels = new Channels(application.url(port), {
        ...QUICK,
        onState: (state, why) => told.push(why.code === undefined ? state : `${state} ${why.code}`),
        onMessage: data => told.push(data),
        ...options,
    });
    return { channels, told };
}

/** A subscription, and all that it was told. */
function follow(channels, channel, options) {
    const events = [];
    const told = [];
    const subscription = channels.subscribe(channel, event => events.push(event), {
        onSubscribed: answer => told.push(answer.recovered ? "recovered" : "subscribed"),
        onGap: gap => told.push(`gap ${gap.missed}`),
        onEnd: end => told.push(`end ${end.code}`),
        ...options,
    });
    return { events, told, subscription, data: () => events.map(event => event.data) };
}

async function refused(promise) {
    try {
        await promise;
    } catch (failure) {
        equal(failure instanceof ChannelsError, true);
        return failure.code;
    }
    throw new Error("not refused");
}

test("events come in order, of all channels over one socket", async () => {
    let sockets = 0;
    class Counted extends WebSocket {
        constructor(url) {
            super(url);
            sockets++;
        }
    }
    const { channels, told } = connect({ WebSocket: Counted });
    const one = follow(channels, "events");
    const other = follow(channels, "chat");
    await until(() => one.told.length && other.told.length);
    await application.publish("events", 1, 500);
    await application.publish("chat", 1, 3);
    await until(() => one.events.length === 500 && other.events.length === 3);
    equal(one.data(), numbers(1, 500));
    equal(one.events.map(event => event.offset - one.events[0].offset), numbers(0, 499));
    equal(one.events[0].recovered, false);
    equal([sockets, told, one.told], [1, ["connected"], ["subscribed"]]);
    equal(channels.client.length > 10, true);
    channels.close();
    equal([one.told, told, channels.state], [["subscribed", "end 0"], ["connected", "closed 0"], "closed"]);
});

test("nothing is lost, and nothing comes twice, where the connection is cut", async () => {
    const proxy = await Proxy.to(application.port);
    const { channels } = connect({}, proxy.port);
    const { events, told, data } = follow(channels, "recover");
    await until(() => told.length);
    await application.publish("recover", 1, 10);
    await until(() => events.length === 10);
    proxy.cut();
    await application.publish("recover", 11, 600);
    await until(() => channels.state === "connecting");
    proxy.restore();
    await until(() => events.length >= 600, "600");
    await application.publish("recover", 601, 610);
    await until(() => events.length >= 610, "610");
    equal(data(), numbers(1, 610));
    equal(told, ["subscribed", "recovered"]);
    equal([events[9].recovered, events[10].recovered, events[609].recovered], [false, true, false]);
    channels.close();
    proxy.close();
});

test("nothing is lost where it is cut again and again while events flow", async () => {
    const proxy = await Proxy.to(application.port);
    const { channels } = connect({ firstDelay: 0.1, longestDelay: 0.1 }, proxy.port);
    const { events, told, data } = follow(channels, "again");
    await until(() => told.length);
    for (let i = 0; i < 10; i++) {
        const published = application.publish("again", i * 50 + 1, i * 50 + 50);
        proxy.kill();
        await published;
        await until(() => events.length > i * 20);
    }
    await until(() => events.length >= 500, "500");
    equal(data(), numbers(1, 500));
    equal(told.filter(it => it.startsWith("gap")), []);
    channels.close();
    proxy.close();
});

test("who was away for too long is told how much is missing", async () => {
    const proxy = await Proxy.to(application.port);
    const { channels } = connect({}, proxy.port);
    const { events, told, data } = follow(channels, "gap");
    await until(() => told.length);
    await application.publish("gap", 1, 1);
    await until(() => events.length === 1);
    proxy.cut();
    await application.publish("gap", 2, 1501);
    await until(() => channels.state === "connecting");
    proxy.restore();
    await until(() => told.length === 3, "the gap");
    await application.publish("gap", 1502, 1502);
    await until(() => events.length === 2);
    equal(told, ["subscribed", "subscribed", "gap 1500"]);
    equal(data(), [1, 1502]);
    channels.close();
    proxy.close();
});

test("a position goes on in another page, and one of another life is a gap", async () => {
    const first = connect();
    const before = follow(first.channels, "position");
    await until(() => before.told.length);
    await application.publish("position", 1, 5);
    await until(() => before.events.length === 5);
    const { position } = before.subscription;
    first.channels.close();
    await application.publish("position", 6, 8);
    const second = connect();
    const after = follow(second.channels, "position", { since: JSON.parse(JSON.stringify(position)) });
    await until(() => after.events.length === 3);
    equal([after.data(), after.told], [[6, 7, 8], ["recovered"]]);
    after.subscription.unsubscribe();
    const other = follow(second.channels, "position", { since: { offset: 3, epoch: "other" } });
    await until(() => other.told.length === 2);
    equal(other.told, ["subscribed", "gap undefined"]);
    second.channels.close();
});

test("unsubscribing ends the events, and leaves the others", async () => {
    const { channels } = connect();
    const one = follow(channels, "events");
    const other = follow(channels, "chat");
    await until(() => one.told.length && other.told.length);
    one.subscription.unsubscribe();
    const again = follow(channels, "events");
    await until(() => again.told.length);
    await application.publish("events", 1, 2);
    await application.publish("chat", 1, 2);
    await until(() => again.events.length === 2 && other.events.length === 2);
    equal([one.events.length, one.told], [0, ["subscribed", "end 0"]]);
    equal(await refused((async () => channels.subscribe("chat", () => {}))()), 105);
    channels.close();
});

test("a client publishes where a policy lets it", async () => {
    const { channels } = connect({ token: "alice/60" });
    const { events, told } = follow(channels, "chat");
    await until(() => told.length);
    await channels.publish("chat", { text: "¡Olé!" });
    await until(() => events.length === 1);
    equal(events[0].data, { text: "¡Olé!" });
    equal(events[0].info, { user: "alice", client: channels.client });
    equal(await refused(channels.publish("events", 1)), 103);
    equal(await refused(channels.publish("nowhere", 1)), 102);
    channels.close();
});

test("the application answers, and refuses", async () => {
    const { channels, told } = connect();
    equal(await channels.rpc("echo", { a: [1, "é"] }), { a: [1, "é"] });
    equal(await refused(channels.rpc("refuse", 1)), 1000);
    channels.send("a word");
    await until(async () => (await channels.rpc("sent")).includes('"a word"'));
    await application.tell("send");
    await until(() => told.length === 2);
    equal(told, ["connected", ["hello"]]);
    channels.close();
    equal(await refused(channels.rpc("echo")), 2);
});

test("who is there, who comes and who goes", async () => {
    const alice = connect({ token: "alice/60" });
    const seen = [];
    follow(alice.channels, "chat", {
        onSubscribed: () => seen.push("subscribed"),
        onJoin: client => seen.push(`join ${client.user}`),
        onLeave: client => seen.push(`leave ${client.user}`),
    });
    await until(() => seen.includes("join alice"));
    const bob = connect({ token: "bob/60" });
    follow(bob.channels, "chat");
    await until(() => seen.includes("join bob"));
    // Who has just been here may not be gone yet.
    await until(async () => (await alice.channels.presenceStats("chat")).clients === 2, "two");
    const people = (await alice.channels.presence("chat")).sort((one, other) => one.user.localeCompare(other.user));
    equal(people.map(it => [it.user, it.client, it.conn_info]), [
        ["alice", alice.channels.client, { from: "here" }],
        ["bob", bob.channels.client, { from: "here" }],
    ]);
    equal(await alice.channels.presenceStats("chat"), { clients: 2, users: 2 });
    equal(await refused(alice.channels.presence("events")), 108);
    bob.channels.close();
    await until(() => seen.includes("leave bob"));
    equal(seen, ["subscribed", "join alice", "join bob", "leave bob"]);
    alice.channels.close();
});

test("history comes first, and the subscription goes on after it", async () => {
    const { channels } = connect();
    const before = (await channels.history("past")).position.offset; // another page has been here
    await application.publish("past", 1, 30);
    await until(async () => (await channels.history("past")).position.offset === before + 30);
    const { events: last, position } = await channels.history("past", { limit: 3, reverse: true });
    equal([last.map(event => event.data), position.offset], [[30, 29, 28], before + 30]);
    const { events: first } = await channels.history("past", { limit: 2, since: { ...position, offset: before + 4 } });
    equal(first.map(event => event.data), [5, 6]);
    await application.publish("past", 31, 32);
    const { events, told } = follow(channels, "past", { since: position });
    await until(() => events.length === 2);
    equal([events.map(event => event.data), told], [[31, 32], ["recovered"]]);
    equal(await refused(channels.history("secret")), 103);
    channels.close();
});

test("a channel that is not there, or not for this caller, ends", async () => {
    const { channels } = connect();
    const nowhere = follow(channels, "nowhere");
    const secret = follow(channels, "secret");
    await until(() => nowhere.told.length && secret.told.length);
    equal([nowhere.told, secret.told], [["end 102"], ["end 103"]]);
    channels.close();
});

test("tokens are renewed in time, and pings answered", async () => {
    let tokens = 0;
    const { channels, told } = connect({ token: async () => `alice/${++tokens && 3}` });
    await until(() => tokens === 3);
    equal(told, ["connected"]);
    channels.close();
});

test("an expired token is asked for anew, and a refused one is the end", async () => {
    const tokens = ["alice/0", "alice/60"];
    const { channels, told } = connect({ token: () => tokens.shift() });
    await until(() => channels.state === "connected");
    equal([tokens, told], [[], ["connecting 109", "connected"]]);
    channels.close();
    const other = connect({ token: "bad" });
    const { told: ofChannel } = follow(other.channels, "events");
    const call = refused(other.channels.rpc("echo"));
    await until(() => other.channels.state === "closed");
    equal([other.told, ofChannel, await call], [["closed 1234"], ["end 1234"], 2]);
});

test("a page that cannot get a token tries again", async () => {
    let failures = 2;
    const token = async () => {
        if (failures-- > 0) {
            throw new Error("offline");
        }
        return "alice/60";
    };
    const { channels, told } = connect({ token });
    await until(() => channels.state === "connected");
    equal(told, ["connecting 1006", "connecting 1006", "connected"]);
    channels.close();
});

test("the application disconnects a client, with and without return", async () => {
    const { channels, told } = connect();
    const { told: ofChannel } = follow(channels, "events");
    await until(() => ofChannel.length);
    await application.tell("reconnect");
    await until(() => ofChannel.length === 2);
    equal([told, ofChannel], [["connected", "connecting 3011", "connected"], ["subscribed", "recovered"]]);
    await application.tell("unsubscribe", "events");
    await until(() => ofChannel.length === 3);
    await application.tell("disconnect");
    await until(() => channels.state === "closed");
    equal([told.at(-1), ofChannel.at(-1)], ["closed 3503", "end 2000"]);
});

test("a page connects anew when it likes", async () => {
    const users = ["alice/60", "bob/60"];
    const { channels } = connect({ token: () => users.shift() });
    const { events, told } = follow(channels, "chat");
    await until(() => told.length);
    channels.reconnect();
    await channels.publish("chat", "by bob");
    await until(() => events.length);
    equal([events[0].info.user, told], ["bob", ["subscribed", "recovered"]]);
    channels.close();
});

test("where no WebSocket gets through, events come all the same, and none is lost", async () => {
    class Blocked {
        constructor() {
            queueMicrotask(() => this.onclose({ code: 1006, reason: "" }));
        }

        close() {}
    }
    const proxy = await Proxy.to(application.port);
    const { channels, told } = connect({ WebSocket: Blocked, EventSource: Source, longestDelay: 0.2 }, proxy.port);
    const one = follow(channels, "sse");
    const other = follow(channels, "chat");
    await until(async () => {
        // The response may begin before its channels are followed.
        await application.publish("sse", 0, 0);
        await application.publish("chat", 0, 0);
        return one.events.length && other.events.length;
    });
    await application.publish("sse", 1, 10);
    await application.publish("chat", 1, 1);
    await until(() => one.data().includes(10) && other.data().includes(1));
    proxy.cut();
    await application.publish("sse", 11, 200);
    await until(() => channels.state === "connecting");
    proxy.restore();
    await until(() => one.data().includes(200), "200");
    equal([one.data().filter(it => it), other.data().filter(it => it)], [numbers(1, 200), [1]]);
    equal([one.told, told.at(-1)], [["subscribed", "recovered"], "connected"]);
    equal(await refused(channels.publish("chat", 1)), 108);
    channels.close();
    proxy.close();
});

await import("./module-fake.mjs").then(fake => fake.add(Channels, test));
await runAll();
