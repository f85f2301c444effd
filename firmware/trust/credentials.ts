import { factsOf } from "../model/broker-facts.js";
import type { CredentialNeeds, Credentials, NewCredentials, PlaceSettings, TrialHost } from "../model/credentials.js";
import type { JsonValue } from "../model/document.js";
import { reasonOf } from "../model/fault.js";
import type { Board } from "../ports/board.js";
import type { Alarm, AlarmHandler } from "../ports/clock.js";
import { checkIdentity } from "./identity.js";
import { identityOf, overlay, type Place, settingsAt, wifiOf } from "./place.js";
import { readPlace } from "./place-document.js";
import {
	type PlaceBoard,
	type PlaceState,
	packPlace,
	readPlaceAt,
	readState,
	type Slot,
	writePlace,
	writeState,
} from "./place-store.js";

/** A power cut in the middle of a trial ends it, too: so many starts are given. */
const TRIES = 2;
/** Longer than a bad moment of a network lasts, short enough for an owner to wait. */
const TRIAL_MS = 180_000;
const LOOK_MS = 1_000;
const NEWS_LENGTH_MAX = 160;

/**
 * For `signedCommands` in the device file: a signed and sealed command replaces the Wi-Fi, the broker, what the device
 * shows to it, or what must convince of it. The new ones are stored beside the old, tried from the next start on, and in
 * force only when the broker has taken the connection and acknowledged a message over it; otherwise the device goes back to
 * the old ones by itself, and says why. They belong to the settings that they came over: when others are put onto the board
 * over USB, those are in force.
 */
export const replaceableSettings: Credentials = Object.freeze<Credentials>({
	begin(board, built) {
		try {
			return begin(board, built);
		} catch (error) {
			board.log(`the settings in flash cannot be used: ${reasonOf(error)}`);
			return built;
		}
	},

	watch(host) {
		try {
			const state = readState(host.board);
			if (state.mode === "try") new Trial(host).start();
			else if (state.news !== "") tellNews(host, state);
		} catch (error) {
			host.board.log(`the settings in flash cannot be used: ${reasonOf(error)}`);
		}
	},

	read: (asked, needs) => new ReplacingPlace(asked, needs),
});

function begin<S extends PlaceSettings>(board: Board, built: S): S {
	let state = readState(board);
	if (state.mode === "try") {
		const isOver = state.left === 0 || placeIn(state.slot, board, built) === undefined;
		state = isOver ? goneBack(state) : { ...state, left: state.left - 1 };
		writeState(board, state);
	}
	const place = placeIn(state.slot, board, built);
	if (place === undefined) return built;
	const wifi = wifiOf(place);
	if (wifi !== undefined) board.network.joinOnly?.(wifi.ssid, wifi.password);
	return settingsAt(place, built, board.text);
}

function placeIn(slot: Slot | undefined, board: PlaceBoard, { origin }: PlaceSettings): Place | undefined {
	return slot === undefined ? undefined : readPlaceAt(board, slot, origin);
}

/** The trial is over, and what was in use before is again. */
function goneBack({ before, left, news }: PlaceState): PlaceState {
	return {
		mode: "use",
		slot: before,
		left: 0,
		before: undefined,
		news: news || (left === 0 ? "the device lost its power" : "other settings were put onto the board"),
	};
}

function tellNews(host: TrialHost, state: PlaceState): void {
	host.event("", "settings", `,"outcome":"failed","reason":${JSON.stringify(state.news)}`);
	writeState(host.board, { ...state, news: "" });
}

/** Watches over one start with settings that are not proved yet. */
class Trial implements AlarmHandler {
	private readonly host: TrialHost;
	private readonly alarm: Alarm;
	private readonly endMs: number;
	private readonly dropped: number;

	constructor(host: TrialHost) {
		this.host = host;
		this.alarm = host.board.alarm(this);
		this.endMs = host.board.clock.monotonicMs() + TRIAL_MS;
		this.dropped = host.outbox.event.dropped;
	}

	start(): void {
		// A message for the broker to acknowledge: that it let the device in does not say that it may publish.
		this.host.event("", "settings", ',"outcome":"trial"');
		this.alarm.arm(LOOK_MS);
	}

	onAlarm(): void {
		const { board, link, outbox } = this.host;
		const { waiting, dropped } = outbox.event;
		if (link.state === "online" && waiting === 0 && dropped === this.dropped) this.end(true, "");
		else if (board.clock.monotonicMs() >= this.endMs)
			this.end(false, link.lastError ?? "the broker did not acknowledge what was sent");
		else this.alarm.arm(LOOK_MS);
	}

	private end(good: boolean, why: string): void {
		const { board } = this.host;
		try {
			const state = readState(board);
			if (good) writeState(board, { mode: "use", slot: state.slot, left: 0, before: undefined, news: "" });
			else writeState(board, { ...state, left: 0, news: why.slice(0, NEWS_LENGTH_MAX) });
		} catch {
			this.alarm.arm(LOOK_MS); // the flash may take it later; until then nothing is lost
			return;
		}
		if (good) this.host.event("", "settings", ',"outcome":"applied"');
		else this.host.perform("restart");
	}
}

class ReplacingPlace implements NewCredentials {
	private readonly asked: JsonValue;
	private readonly needs: CredentialNeeds;
	/** What it comes to, with what is in force of those that came before; empty until it was looked at. */
	private packed = "";

	constructor(asked: JsonValue, needs: CredentialNeeds) {
		this.asked = asked;
		this.needs = needs;
	}

	/** Whatever is wrong is found before anything is written, and as few calls deep as can be: certificates lead deep. */
	objection(): string | undefined {
		const { board, device, settings } = this.needs;
		const { mode, slot } = readState(board);
		if (mode === "try") return "others are on trial: wait for what becomes of them";
		const place = readPlace(this.asked, board.text);
		const identity = identityOf(place, board.text);
		const [own] = identity?.certificates ?? [];
		if (identity !== undefined && own !== undefined) checkIdentity(own, identity.key, board.clock.wallMs() ?? 0);
		this.packed = packPlace(overlay(placeIn(slot, board, settings), place));
		const { broker } = settingsAt(place, settings, board.text);
		if (identity !== undefined && broker.tls === undefined)
			return "a certificate is for TLS, and there is none at this broker: send the roots to check it against as well";
		if (broker === settings.broker) return undefined;
		const [fault] = device.cloud?.checkBroker(factsOf(broker, settings.root)) ?? [];
		return fault;
	}

	store(): void {
		const { board, settings } = this.needs;
		const { slot: before } = readState(board);
		const slot: Slot = before === "a" ? "b" : "a";
		writePlace(board, slot, this.packed, settings.origin);
		writeState(board, { mode: "try", slot, left: TRIES, before, news: "" });
	}
}
