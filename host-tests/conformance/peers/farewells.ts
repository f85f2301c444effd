import type { TLSSocket } from "node:tls";

const HALF = Uint8Array.of(0x20, 3, 0); // the first three of the five bytes of CONNACK

/** Ways in which a server with a genuine certificate ends a connection before it has said that it is a broker. */
export const FAREWELLS: readonly (readonly [string, (secure: TLSSocket) => void])[] = [
	["at once, with a farewell", (secure) => secure.end()],
	["at once, without one", (secure) => secure.destroy()],
	["at CONNECT, with a farewell", (secure) => secure.once("data", () => secure.end())],
	["at CONNECT, without one", (secure) => secure.once("data", () => secure.destroy())],
	["in the middle of CONNACK", (secure) => secure.once("data", () => secure.end(HALF))],
];
