// The part of mqtt-packet that our codec has no use for.

declare module "mqtt-packet/generate.js" {
	export default function generate(packet: object, options?: { readonly protocolVersion: number }): Uint8Array;
}
