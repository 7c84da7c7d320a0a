// Channels EE in a page: one WebSocket for all channels, in JSON. What was missed while it was
// down comes afterwards, once and in order; or a gap is told. Where none gets through,
// Server-Sent Events bring the channels.
//
//   connecting --answer to connect--> connected --a final code, or close()--> closed
//       ^ <----------- waits <-- lost --+

const GRACE = 10; // seconds: to connect, and for a late ping
const LONGEST = 2e6; // for a timer

// Whether a close with this code is for good.
const isFinal = code => code === 1009 || (code >= 3500 && code < 5000 && code % 1000 >= 500);

const later = (seconds, task) => setTimeout(task, Math.min(seconds, LONGEST) * 1000);

const supply = async (source, about) => (typeof source === "function" ? source(about) : source);

function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** Calls a handler of the page, whose failure is not ours. */
function tell(handler, ...values) {
	try {
		handler?.(...values);
	} catch (failure) {
		(globalThis.reportError ?? console.error)(failure);
	}
}

export class ChannelsError extends Error {
	constructor(code, message, temporary = false) {
		super(message);
		Object.assign(this, { code, temporary });
	}
}

export class Channels {
	state = "connecting";
	#url;
	#options;
	#link; // the present connection
	#eventId; // where Server-Sent Events are
	#lastId = 0;
	#calls = new Map();
	#subs = new Map();
	#tries = 0;
	#token;
	#retry;
	#watchdog;

	constructor(url, options) {
		this.#url = new URL(url, globalThis.document?.baseURI).href.replace(/^http/, "ws");
		const { WebSocket, EventSource } = globalThis;
		this.#options = { WebSocket, EventSource, sse: "sse", timeout: 5, firstDelay: 1, longestDelay: 20, ...options };
		this.#open();
	}

	subscribe(channel, onEvent, options) {
		if (this.#subs.has(channel) || this.state === "closed") {
			throw new ChannelsError(105, "subscribed already");
		}
		const hooks = { ...options, onEvent };
		const sub = { channel, hooks, position: hooks.since, state: "subscribing", tries: 0 };
		sub.unsubscribe = () => {
			if (sub.state === "ended") return;
			this.#end(sub, 0, "unsubscribed");
			this.state === "connected" && this.#ask("unsubscribe", { channel });
		};
		this.#subs.set(channel, sub);
		if (this.#link?.reads) {
			this.reconnect(); // all channels are in one URL
		} else if (this.state === "connected") {
			this.#subscribe(sub);
		}
		return sub;
	}

	async publish(channel, data) {
		await this.#call("publish", { channel, data });
	}

	async rpc(method, data) {
		return (await this.#call("rpc", { method, data })).data;
	}

	send(data) {
		this.state === "connected" && this.#say({ send: { data } });
	}

	async history(channel, options) {
		const { publications: events, offset, epoch } = await this.#call("history", { channel, ...options });
		return { events, position: { offset, epoch } };
	}

	async presence(channel) {
		return Object.values((await this.#call("presence", { channel })).presence);
	}

	async presenceStats(channel) {
		const stats = await this.#call("presence_stats", { channel });
		return { clients: stats.num_clients, users: stats.num_users };
	}

	/** Connects anew, with a new token: after a login, say. */
	reconnect() {
		this.#token = undefined;
		this.#lost(3011, "reconnect");
		this.state === "closed" || this.#open();
	}

	close() {
		this.#lost(0, "closed", true);
	}

	async #open() {
		clearTimeout(this.#retry);
		const link = (this.#link = {});
		const ours = task => event => this.#link === link && task(event);
		this.#watch(GRACE);
		try {
			this.#token ??= (await supply(this.#options.token)) ?? "";
			if (this.#link !== link) return;
			// Every other try, until one comes through.
			if (this.#eventId !== undefined || (!this.client && this.#tries > 1 && this.#tries % 2)) {
				this.#read(link, ours);
			} else {
				const socket = (link.socket = new this.#options.WebSocket(this.#url));
				socket.onopen = ours(() => this.#connect(link));
				socket.onmessage = ours(({ data }) => this.#received(data, link));
				socket.onclose = ours(({ code, reason }) => this.#lost(code, reason));
			}
		} catch (failure) {
			this.#link === link && this.#lost(1006, `${failure}`);
		}
	}

	#read(link, ours) {
		const { EventSource, sse } = this.#options;
		const query = [...this.#subs.keys()].map(it => `channel=${encodeURIComponent(it)}&`).join("");
		const url = new URL(sse, this.#url.replace(/^ws/, "http"));
		const source = new EventSource(`${url}?${query}lastEventId=${this.#eventId ?? ""}`);
		Object.assign(link, { socket: source, reads: true });
		source.onopen = ours(() => {
			this.#eventId ??= "";
			link.since = Date.now();
			this.#watch(LONGEST);
			this.state = "connected";
			this.#subs.forEach(sub => this.#subscribed(sub, { recovered: sub.known }));
			if (this.#link !== link) return; // a hook has subscribed
			this.#calls.forEach(call => this.#send(call));
			this.#show();
		});
		source.onerror = ours(() => this.#lost(1006, "no events"));
		const on = (name, task) =>
			source.addEventListener(name, ours(({ data, lastEventId }) => {
				this.#eventId = lastEventId;
				task(data);
			}));
		on("joined", channel => Object.assign(this.#subs.get(channel) ?? {}, { known: true }));
		on("gap", channel => this.#gap({ channel, hooks: {}, ...this.#subs.get(channel) }));
		this.#subs.forEach((sub, channel) => {
			const name = channel.replace(/^(gap|joined|open|error|channel:.*)$/, "channel:$1");
			on(name, data => this.#event(sub, { data: parse(data) }, false));
		});
	}

	#connect(link) {
		const connected = result => {
			Object.assign(link, result, { since: Date.now() });
			this.client = result.client;
			this.#refreshAfter(result, link);
			this.state = "connected"; // told last
			this.#subs.forEach(sub => this.#subscribe(sub));
			this.#calls.forEach(call => call.sent || this.#send(call));
			this.#show();
		};
		const refused = it => this.#link === link && this.#lost(it.code, it.message, !it.temporary);
		const request = { token: this.#token || undefined, data: this.#options.data, name: "channels.js" };
		this.#ask("connect", request, connected, refused);
	}

	#refreshAfter({ expires, ttl }, link) {
		const { token } = this.#options;
		const refresh = async () => {
			try {
				const proof = await token();
				if (this.#link === link) {
					this.#token = proof;
					this.#refreshAfter(await this.#call("refresh", { token: proof }), link);
				}
			} catch {
				// The next connection has a new token.
			}
		};
		link.refresh = expires && typeof token === "function" && later(ttl, refresh);
	}

	#watch(seconds) {
		clearTimeout(this.#watchdog);
		this.#watchdog = later(seconds, () => this.#lost(1006, "no ping"));
	}

	#lost(code, reason, forGood = isFinal(code)) {
		if (this.state === "closed") return;
		const { socket, since = Infinity, refresh } = this.#link ?? {};
		this.#link = undefined;
		socket?.close();
		[this.#retry, this.#watchdog, refresh].forEach(clearTimeout);
		this.#token = code === 109 || code === 3005 ? undefined : this.#token; // expired
		this.state = forGood ? "closed" : "connecting";
		const failure = new ChannelsError(2, "connection lost", !forGood);
		this.#calls.forEach(call => (call.sent || forGood) && call.failed(failure));
		if (forGood) {
			this.#subs.forEach(it => this.#end(it, code, reason));
		} else {
			this.#subs.forEach(it => this.#pause(it));
			this.#tries = Date.now() - since > 5000 ? 0 : this.#tries;
			this.#retry = later(this.#delay(this.#tries++), () => this.#open());
		}
		this.#show({ code, reason });
	}

	/** Random below a doubling bound, so that clients come back apart. */
	#delay(tries) {
		const { firstDelay, longestDelay } = this.#options;
		return Math.max(0.1, Math.random() * Math.min(longestDelay, firstDelay * 2 ** tries));
	}

	#show(why = {}) {
		tell(this.#options.onState, this.state, why);
	}

	async #subscribe(sub) {
		const { channel, position, hooks } = sub;
		const { data, onJoin, onLeave } = hooks;
		const link = this.#link;
		const isCurrent = () => this.#link === link && sub.state !== "ended";
		const failed = failure => isCurrent() && this.#failed(sub, failure);
		try {
			const token = await supply(hooks.token, channel);
			if (isCurrent()) {
				const wishes = { join_leave: !!(onJoin || onLeave), recover: !!position, ...position };
				const done = result => isCurrent() && this.#subscribed(sub, result);
				this.#ask("subscribe", { channel, token, data, ...wishes }, done, failed);
			}
		} catch (failure) {
			failed(new ChannelsError(100, `${failure}`, true));
		}
	}

	#subscribed(sub, { recovered = false, recoverable, epoch = "", offset = 0, publications = [], data }) {
		const { channel, hooks, position: before, begun } = sub;
		const position = recoverable ? { offset, epoch } : undefined;
		Object.assign(sub, { state: "subscribed", begun: true, tries: 0, position });
		tell(hooks.onSubscribed, { channel, recovered, data });
		if ((begun || before) && !recovered) {
			this.#gap(sub, before && epoch === before.epoch ? offset - before.offset : undefined);
		}
		publications.forEach(it => this.#event(sub, it, true));
	}

	#failed(sub, { code, message, temporary }) {
		if (code === 1) return this.#lost(1006, message); // it may be in force
		this.#pause(sub);
		if (temporary) {
			sub.timer = later(this.#delay(sub.tries++), () => this.#subscribe(sub));
		} else {
			this.#end(sub, code, message);
		}
	}

	#pause(sub) {
		clearTimeout(sub.timer);
		sub.state = "subscribing";
	}

	#end(sub, code, reason) {
		this.#pause(sub);
		this.#subs.delete(sub.channel);
		sub.state = "ended";
		tell(sub.hooks.onEnd, { channel: sub.channel, code, reason });
	}

	#gap({ channel, hooks }, missed) {
		tell(hooks.onGap ?? (gap => console.warn("Gap", gap)), { channel, missed });
	}

	#event(sub, pub, recovered) {
		const { channel, position, hooks } = sub;
		const { offset } = pub;
		if (sub.state !== "subscribed" || (position && offset <= position.offset)) return;
		if (position && offset) {
			offset > position.offset + 1 && this.#gap(sub, offset - position.offset - 1);
			sub.position = { offset, epoch: position.epoch };
		}
		tell(hooks.onEvent, { ...pub, channel, recovered });
	}

	#call(name, request) {
		return new Promise((done, failed) => this.#ask(name, request, done, failed));
	}

	/** Asks, once connected. Calls back at once: events may follow. */
	#ask(name, request, done, failed) {
		const id = ++this.#lastId;
		const end = task => value => {
			clearTimeout(call.timer);
			this.#calls.delete(id) && task?.(value);
		};
		const call = { name, message: { id, [name]: request }, done: end(done), failed: end(failed) };
		call.timer = later(this.#options.timeout, () => call.failed(new ChannelsError(1, "timeout", true)));
		this.#calls.set(id, call);
		this.state === "closed" && call.failed(new ChannelsError(2, "closed"));
		(name === "connect" || this.state === "connected") && this.#send(call);
	}

	#send(call) {
		call.sent = true;
		this.#say(call.message);
		this.#link.reads && call.failed(new ChannelsError(108, "read only"));
	}

	#say(message) {
		this.#link?.socket?.send?.(JSON.stringify(message));
	}

	#received(text, link) {
		for (const line of text.split("\n")) {
			if (line && this.#link === link) {
				this.#answered(JSON.parse(line), link);
			}
		}
		this.#link === link && this.#watch((link.ping || LONGEST) + GRACE);
	}

	#answered({ id, error, push, ...results }, { pong }) {
		const call = this.#calls.get(id);
		if (push) {
			this.#pushed(push);
		} else if (!id) {
			pong && this.#say({}); // that was a ping
		} else if (error) {
			call?.failed(new ChannelsError(error.code, error.message, error.temporary || error.code === 109));
		} else {
			call?.done(results[call.name]);
		}
	}

	#pushed({ channel, pub, join, leave, unsubscribe, message }) {
		const sub = this.#subs.get(channel);
		if (message) {
			tell(this.#options.onMessage, message.data);
		} else if (pub && sub) {
			this.#event(sub, pub, false);
		} else if (join ?? leave) {
			tell(sub?.hooks[join ? "onJoin" : "onLeave"], (join ?? leave).info);
		} else if (unsubscribe && sub?.state === "subscribed") {
			const { code, reason: message } = unsubscribe;
			this.#failed(sub, { code, message, temporary: code >= 2500 });
		}
	}
}
