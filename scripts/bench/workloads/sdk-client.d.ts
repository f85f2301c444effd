/* The SDK's ECMA-419 MQTT client, as far as the benchmark uses it. */

declare module "embedded:network/mqtt/client" {
	export default class MQTTClient {
		static readonly PUBACK: number;
		constructor(options: {
			host: string;
			id: string;
			dns: { io: new () => object };
			socket: { io: new (options: never) => object };
			onReadable: (count: number) => void;
			onControl: (message: { operation: number; id: number }) => void;
			onError: () => void;
		});
		read(count: number): ArrayBuffer;
		write(data: ArrayBuffer, options: { topic: string; QoS: number; id: number }): number;
	}
}
