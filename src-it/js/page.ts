import { Channels, ChannelsError, type Position } from "./channels/channels.js";

interface Reading { celsius: number }

const channels = new Channels("connection/websocket", {
    token: async () => "token",
    onState: (state, why) => console.log(state === "closed", why.code),
    WebSocket,
    EventSource,
});
const since: Position | undefined = undefined;
const ticks = channels.subscribe<Reading>("ticks", event => console.log(event.data.celsius.toFixed(1), event.info?.user), {
    since,
    onGap: gap => console.log(gap.missed),
    onEnd: ({ channel, code }) => console.log(channel, code),
});
const { events, position } = await channels.history<Reading>("ticks", { limit: 10, reverse: true });
console.log(events.map(event => event.data.celsius), position.offset, ticks.position?.epoch, ticks.state);
try {
    await channels.publish("chat", { text: "hello" });
} catch (failure) {
    console.log(failure instanceof ChannelsError && failure.code);
}
const clients: string[] = (await channels.presence("chat")).map(client => client.user);
console.log(clients, (await channels.presenceStats("chat")).users, await channels.rpc<string>("echo", 1));
// @ts-expect-error a channel has a name
channels.subscribe(1, () => {});
// @ts-expect-error nobody sets the state
channels.state = "closed";
ticks.unsubscribe();
channels.close();
