import type { Credentials, NewCredentials, PlaceSettings, TrialHost } from "../model/credentials.js";
import { reasonOf } from "../model/fault.js";
import type { Board } from "../ports/board.js";
import type { Alarm, AlarmHandler } from "../ports/clock.js";
import { overlay, type Place, readPlace, settingsAt, wifiOf } from "./place.js";
import {
	type PlaceBoard,
	type PlaceState,
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
 * For `signedCommands` in the device file: a signed and sealed command replaces the Wi-Fi, the broker or its roots. The new
 * ones are stored beside the old, tried from the next start on, and in force only when the broker has taken the
 * connection and acknowledged a message over it; otherwise the device goes back to the old ones by itself, and says why.
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

	read: (asked, board) => new ReplacingPlace(readPlace(asked, board.text), board),
});

function begin<S extends PlaceSettings>(board: Board, built: S): S {
	let state = readState(board);
	if (state.mode === "try") {
		const isOver = state.left === 0 || state.slot === undefined || readPlaceAt(board, state.slot) === undefined;
		state = isOver ? goneBack(state) : { ...state, left: state.left - 1 };
		writeState(board, state);
	}
	const place = state.slot === undefined ? undefined : readPlaceAt(board, state.slot);
	if (place === undefined) return built;
	const wifi = wifiOf(place);
	if (wifi !== undefined) board.network.joinOnly?.(wifi.ssid, wifi.password);
	return settingsAt(place, built, board.text);
}

/** The trial is over, and what was in use before is again. */
function goneBack({ before, news }: PlaceState): PlaceState {
	return {
		mode: "use",
		slot: before,
		left: 0,
		before: undefined,
		news: news === "" ? "the device lost its power" : news,
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
	private readonly place: Place;
	private readonly board: PlaceBoard;

	constructor(place: Place, board: PlaceBoard) {
		this.place = place;
		this.board = board;
	}

	objection(): string | undefined {
		return readState(this.board).mode === "try" ? "others are on trial: wait for what becomes of them" : undefined;
	}

	store(): void {
		const { slot: before } = readState(this.board);
		const slot: Slot = before === "a" ? "b" : "a";
		const place = overlay(before === undefined ? undefined : readPlaceAt(this.board, before), this.place);
		writePlace(this.board, slot, place);
		writeState(this.board, { mode: "try", slot, left: TRIES, before, news: "" });
	}
}
