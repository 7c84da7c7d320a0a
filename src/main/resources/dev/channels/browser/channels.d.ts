/** Types of channels.js. All times are in seconds. */

/** Where an event stands in its channel. Survives a reload as JSON. */
export interface Position {
	offset: number;
	epoch: string;
}

/** Who is connected. */
export interface Client {
	/** The id of the connection. */
	client: string;
	/** The name of the caller; empty for an anonymous one. */
	user: string;
	/** What the application lets others see of the caller. */
	conn_info?: unknown;
}

export interface ChannelEvent<T = unknown> {
	channel: string;
	/** The payload: parsed if it is JSON, else its text. */
	data: T;
	/** Its place in the channel: 1, 2, 3 … Absent where the backend keeps no history. */
	offset?: number;
	/** The client that published it, if one did. */
	info?: Client;
	/** Whether it was published while this client was away. */
	recovered: boolean;
}

/** Events that will not come any more. */
export interface Gap {
	channel: string;
	/** How many, where that is known. */
	missed?: number;
}

/** Why something ended: a code of the protocol, and its words. */
export interface Reason {
	code?: number;
	reason?: string;
}

export interface SubscribeOptions {
	/** Begins after this position; without it, with what comes. */
	since?: Position;
	/** For the application, which decides whether the client may subscribe. */
	data?: unknown;
	token?: string | ((channel: string) => string | Promise<string>);
	/** The subscription is in force; again after each time that it was not. */
	onSubscribed?(answer: { channel: string; recovered: boolean; data?: unknown }): void;
	/** Events are lost. Without this, the console is warned. */
	onGap?(gap: Gap): void;
	/** Somebody subscribes to the channel, where a policy lets clients know. */
	onJoin?(client: Client): void;
	onLeave?(client: Client): void;
	/** The subscription ends for good: it was refused, or the server or the page does not want it. */
	onEnd?(reason: { channel: string } & Reason): void;
}

export interface Subscription {
	readonly channel: string;
	readonly state: "subscribing" | "subscribed" | "ended";
	/** The last event that came; undefined where there are no positions. */
	readonly position?: Position;
	unsubscribe(): void;
}

export type State = "connecting" | "connected" | "closed";

export interface ChannelsOptions {
	/** Proves who this is, where cookies do not. Called for each new token; rejecting means later. */
	token?: string | (() => string | null | undefined | Promise<string | null | undefined>);
	/** For the application, with each connect. */
	data?: unknown;
	/** Told of each change; with why, if a connection was lost. */
	onState?(state: State, why: Reason): void;
	/** What the application sends to this client alone. */
	onMessage?(data: unknown): void;
	/** How long an answer may take; 5 by default. */
	timeout?: number;
	/** The bound of the first wait for another connection, which doubles; 1 by default. */
	firstDelay?: number;
	/** The bound of all waits; 20 by default. */
	longestDelay?: number;
	/** Where Server-Sent Events are, relative to the URL of the endpoint; "sse" by default. */
	sse?: string;
	/** Makes sockets; the browser's by default. */
	WebSocket?: new (url: string) => object;
	/** Reads Server-Sent Events; the browser's by default. */
	EventSource?: new (url: string) => object;
}

/** What the server refuses (codes from 100 on), or what did not reach it (1: no answer in time, 2: lost). */
export class ChannelsError extends Error {
	constructor(code: number, message: string, temporary?: boolean);
	readonly code: number;
	/** Whether another try may help. */
	readonly temporary: boolean;
}

/** One connection for many channels. It connects at once, and again until it is closed. */
export class Channels {
	/** @param url of the client endpoint, relative to the page */
	constructor(url: string | URL, options?: ChannelsOptions);

	readonly state: State;
	/** The id of the present connection, or of the last one. */
	readonly client?: string;

	/** Follows a channel. There can be one subscription to it; ChannelsError 105 if there is one. */
	subscribe<T = unknown>(
		channel: string,
		onEvent: (event: ChannelEvent<T>) => void,
		options?: SubscribeOptions,
	): Subscription;

	/** Publishes an event, if a policy allows it. Waits for a connection; so do all that return a promise. */
	publish(channel: string, data: unknown): Promise<void>;

	/** Asks the application. */
	rpc<T = unknown>(method: string, data?: unknown): Promise<T>;

	/** Sends something that is not answered, and lost where there is no connection. */
	send(data: unknown): void;

	/** Returns past events, and where the channel stands; a negative limit means all, 0 none. */
	history<T = unknown>(
		channel: string,
		options?: { limit?: number; since?: Position; reverse?: boolean },
	): Promise<{ events: Omit<ChannelEvent<T>, "channel" | "recovered">[]; position: Position }>;

	/** Returns who is subscribed to a channel, over all nodes. */
	presence(channel: string): Promise<Client[]>;

	presenceStats(channel: string): Promise<{ clients: number; users: number }>;

	/** Connects anew, with a new token: after a login, say. */
	reconnect(): void;

	/** Ends the connection and all subscriptions, for good. */
	close(): void;
}
