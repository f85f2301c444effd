import { expect, it } from "vitest";
import { defineDevice } from "../../firmware/model/device.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import type { PublishExtras } from "../../firmware/mqtt/types.js";
import { ClockOrigins } from "../../firmware/runtime/clock-origins.js";
import { Depot } from "../../firmware/runtime/depot.js";
import { Dispatch } from "../../firmware/runtime/dispatch.js";
import { LogLines } from "../../firmware/runtime/log-lines.js";
import { Mailbox } from "../../firmware/runtime/mailbox.js";
import type { PublisherNeeds } from "../../firmware/runtime/publisher-needs.js";
import { fakeSensor } from "../model/parts.js";
import { VirtualBoard } from "../virtual/board.js";

class Open extends Dispatch {
	letter = () => this.sendLetter();
	log = () => this.sendLog();
}

/** What was published, in a session that takes so many messages. */
function rig(room: number, encoding?: typeof messagePack) {
	const board = new VirtualBoard();
	const sent: string[] = [];
	const extrasSent: (PublishExtras | undefined)[] = [];
	const session = {
		publish(
			topic: string,
			payload: string | Uint8Array,
			qos: number,
			retain: boolean,
			token: number,
			extras?: PublishExtras,
		) {
			if (sent.length >= room) return false;
			const text = typeof payload === "string" ? payload : `${payload.length} bytes`;
			sent.push(`${topic} ${text} qos ${qos}${retain ? " retained" : ""} token ${token}`);
			extrasSent.push(extras);
			return true;
		},
	};
	const entities = { air: fakeSensor(["co2"]) };
	const device = defineDevice({ name: "Test", entities, ...(encoding && { encoding }) });
	const depot = new Depot({ board: { segments: undefined }, log: () => undefined });
	const origins = new ClockOrigins({ board, boot: 1 });
	const mailbox = new Mailbox({ board, boot: 1, prefix: "farpin/x/", depot, origins });
	const logLines = new LogLines(1);
	logLines.level = "info";
	const needs = { board, outlet: session, prefix: "farpin/x/", origins, mailbox, logLines, device };
	return { dispatch: new Open(needs as unknown as PublisherNeeds), mailbox, logLines, sent, extrasSent };
}

it("events go one at a time, with their time, and stay until the broker has them", () => {
	const { dispatch, mailbox, sent } = rig(9);
	mailbox.put({ topic: "farpin/x/event", payload: '{"a":1', atMs: 5 }, 0);
	mailbox.put({ topic: "farpin/x/result", payload: '{"b":2}' }, 0);
	expect([dispatch.letter(), dispatch.letter()]).toEqual([true, true]);
	expect(sent).toEqual(['farpin/x/event {"a":1,"time":null} qos 1 token 2']);
	mailbox.taken(false);
	dispatch.letter();
	expect(sent[1]).toBe('farpin/x/result {"b":2} qos 1 token 2');
});

it("an answer carries what its asker wants to know it by, and what it is written in", () => {
	const { dispatch, mailbox, extrasSent } = rig(9, messagePack);
	const correlationData = Uint8Array.of(1, 2);
	mailbox.put({ topic: "me/answers", payload: '{"b":2}', correlationData }, 0);
	dispatch.letter();
	expect(extrasSent[0]).toMatchObject({ contentType: messagePack.contentType, correlationData });
});

it("lines of the log go all at once, and those that find no room stay", () => {
	const { dispatch, logLines, sent } = rig(2);
	for (const line of ["one", "two", "three"]) logLines.put(line, "info", 7);
	expect(dispatch.log()).toBe(false);
	expect(sent).toEqual([
		'farpin/x/log {"boot":1,"seq":1,"level":"info","line":"one","time":null} qos 0 token 5',
		'farpin/x/log {"boot":1,"seq":2,"level":"info","line":"two","time":null} qos 0 token 5',
	]);
	expect([logLines.waiting, logLines.dropped]).toEqual([1, 0]);
});
