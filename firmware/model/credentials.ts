import type { Board } from "../ports/board.js";
import type { TlsPolicy } from "../ports/network.js";
import type { Device } from "./device.js";
import type { JsonValue } from "./document.js";

/** One broker, as far as it can be replaced from afar. */
export interface PlaceBroker {
	readonly host: string;
	readonly port: number;
	readonly username?: string | undefined;
	readonly password?: string | undefined;
	readonly tls?: TlsPolicy | undefined;
	readonly webSocketPath?: string | undefined;
}

/** What a device needs to know of the place it works in. */
export interface PlaceSettings {
	/** A mark of settings that were put onto the board over USB: others, another mark. Absent for those of the build. */
	readonly origin?: string | undefined;
	/** The first level of every topic, where it is not the usual one. */
	readonly root?: string | undefined;
	readonly broker: PlaceBroker;
	readonly otherBrokers?: readonly PlaceBroker[] | undefined;
}

/** The device at work, as far as a trial of new credentials needs it. */
export interface TrialHost {
	readonly board: Board;
	readonly link: { readonly state: string; readonly lastError: string | undefined };
	readonly outbox: { readonly event: { readonly waiting: number; readonly dropped: number } };
	/** Publishes an event; `detail` is more JSON members, each after a comma. */
	event(entity: string, event: string, detail: string): void;
	/** Ends in good order and starts again. */
	perform(action: "restart"): void;
}

/** The device that new credentials are for. */
export interface CredentialNeeds {
	readonly board: Pick<Board, "clock" | "crypto" | "store" | "text">;
	readonly device: Pick<Device, "cloud">;
	/** What it works with in this start. */
	readonly settings: PlaceSettings;
}

/** New credentials that may be put into force, once it was asked whether anything stands against that. */
export interface NewCredentials {
	/** Why they cannot be taken, or not now; undefined when they can. May throw that, too. Nothing is written. */
	objection(): string | undefined;
	/** Writes them to flash; they are tried from the next start on. Throws when the flash fails. */
	store(): void;
}

/** Lets Wi-Fi, broker, the device's certificate, pins and roots be replaced from afar. */
export interface Credentials {
	/** What to work with in this start, in place of what the device was built with. Throws nothing. */
	begin<S extends PlaceSettings>(board: Board, built: S): S;
	/** The device has started: watches over a trial, and tells how the last one ended. */
	watch(host: TrialHost): void;
	/** What a command asks for. */
	read(asked: JsonValue, needs: CredentialNeeds): NewCredentials;
}
