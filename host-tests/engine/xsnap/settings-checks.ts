import type { Text } from "../../../firmware/ports/text.js";
import { Refused } from "../../../firmware/security/refused.js";
import { SETTINGS_ITEM } from "../../../firmware/security/settings-items.js";
import { readItems } from "../../../firmware/security/settings-reader.js";
import { type Check, equal, ok } from "../../contracts/checks.js";

const DER = [0x30, 1, 7];

function item(what: number, value: Uint8Array | number[]): number[] {
	return [what, value.length >> 8, value.length & 0xff, ...value];
}

/** One of each kind: text beyond ASCII, numbers, certificates. */
function body(text: Text): number[] {
	return [
		...item(SETTINGS_ITEM.id, text.encode("pump-7")),
		...item(SETTINGS_ITEM.ssid, text.encode("Zuhäuse \u{1f321}")),
		...item(SETTINGS_ITEM.wifiPassword, text.encode("geheimnis")),
		...item(SETTINGS_ITEM.authority, DER),
		...item(SETTINGS_ITEM.host, text.encode("broker.example")),
		...item(SETTINGS_ITEM.port, [0x22, 0xb3]),
		...item(SETTINGS_ITEM.roots, [0]),
		...item(SETTINGS_ITEM.certificate, DER),
		...item(SETTINGS_ITEM.privateKey, DER),
	];
}

/** What must be so of settings on a board, on every engine. */
export function settingsChecks(text: Text): Check[] {
	return [
		{ name: "are read as they were written", run: () => whole(text) },
		{ name: "are refused, and nothing else happens, whatever byte is another, or missing", run: () => spoiled(text) },
	];
}

function whole(text: Text): void {
	const { id, wifi, broker } = readItems(Uint8Array.from(body(text)), text);
	equal([id, wifi?.[0]?.ssid, wifi?.[0]?.password], ["pump-7", "Zuhäuse \u{1f321}", "geheimnis"], "texts");
	equal([broker.host, broker.port], ["broker.example", 8_883], "the broker");
	equal([...(broker.tls?.roots[0] ?? [])], DER, "the root");
	equal([...(broker.tls?.identity?.key ?? [])], DER, "the key");
}

function spoiled(text: Text): void {
	const bytes = Uint8Array.from(body(text));
	let refused = 0;
	const take = (other: Uint8Array, what: string) => {
		try {
			readItems(other, text);
		} catch (error) {
			ok(error instanceof Refused, `${what}: ${error}`);
			refused++;
		}
	};
	for (let at = 0; at < bytes.length; at++) {
		take(bytes.slice(0, at), `cut off after ${at}`);
		for (const value of [0, 1, 0x7f, 0xff]) {
			const other = bytes.slice();
			other[at] = value;
			take(other, `byte ${at} as ${value}`);
		}
	}
	ok(refused > bytes.length, "many are refused");
}
