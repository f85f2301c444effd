/*
 * What may stay as it is for now. Each list may only shrink: an entry that nothing needs any more fails, and so does a
 * file or function that has grown beyond what its entry says.
 */

/** Lines of files (`path`) and of functions (`path: name`) that are longer than the rest may be. */
export const LONG: ReadonlyMap<string, number> = new Map([]);

/** Source files whose behaviour is tested in another file than their twin, and which. */
export const TESTED_ELSEWHERE: ReadonlyMap<string, string> = new Map([
	["firmware/model/check-pins.ts", "host-tests/model/check.test.ts"],
	["firmware/model/fault.ts", "host-tests/model/check.test.ts"],
	["firmware/model/inputs.ts", "host-tests/drivers/contact.test.ts"],
	["firmware/model/units.ts", "host-tests/model/device.test.ts"],
	["firmware/mqtt/fault.ts", "host-tests/mqtt/validate.test.ts"],
	["firmware/mqtt/packet.ts", "host-tests/mqtt/validate.test.ts"],
	["firmware/security/candidates.ts", "host-tests/security/chain.test.ts"],
	["firmware/security/curves.ts", "host-tests/security/signature.test.ts"],
	["firmware/security/extensions.ts", "host-tests/security/chain.test.ts"],
	["firmware/security/handshake.ts", "host-tests/security/handshake-gate.test.ts"],
	["firmware/security/public-key.ts", "host-tests/security/signature.test.ts"],
	["firmware/security/tls-key-exchange.ts", "host-tests/security/handshake-gate.test.ts"],
	["firmware/security/tls-offer.ts", "host-tests/security/handshake-gate.test.ts"],
	["firmware/security/tls-reader.ts", "host-tests/security/handshake-gate.test.ts"],
	["firmware/runtime/updatable-runtime.ts", "host-tests/update/device-updater.test.ts"],
	["firmware/update/blocks.ts", "host-tests/update/device-updater.test.ts"],
	["firmware/update/fetcher.ts", "host-tests/update/device-updater.test.ts"],
	["firmware/update/installation.ts", "host-tests/update/device-updater.test.ts"],
	["firmware/update/ranges.ts", "host-tests/update/device-updater.test.ts"],
]);
