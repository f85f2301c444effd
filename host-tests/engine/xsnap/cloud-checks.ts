import { awsIot } from "../../../firmware/cloud/aws-iot.js";
import { azureIotHub } from "../../../firmware/cloud/azure-iot-hub.js";
import reference from "../../../firmware/device.js";
import type { Cloud } from "../../../firmware/model/cloud.js";
import type { Crypto } from "../../../firmware/ports/crypto.js";
import type { Text } from "../../../firmware/ports/text.js";
import { run } from "../../../firmware/runtime/run.js";
import { type Check, equal, ok } from "../../contracts/checks.js";
import { VirtualBoard } from "../../virtual/board.js";
import { VirtualBroker } from "../../virtual/broker.js";
import { SntpServer } from "../../virtual/sntp-server.js";

const BROKER = "10.0.0.1";
const TIME_SERVER = "10.0.0.2";
const MAC_BYTES = 32;

function none(): never {
	throw new Error("not to be used here");
}

/** Signs with the same bytes always: what the cloud makes of a signature is tested elsewhere. */
const CRYPTO: Crypto = {
	hash: none,
	verifyEcdsa: none,
	hmac: () => new Uint8Array(MAC_BYTES).fill(0xff),
	seal: none,
	open: none,
};

/** The reference device in its cloud, and everything that it published, by topic. */
class CloudBench {
	readonly broker: VirtualBroker;
	readonly last = new Map<string, string>();
	password = "";
	private readonly board: VirtualBoard;

	constructor(cloud: Cloud, text: Text) {
		const board = new VirtualBoard({ text, crypto: CRYPTO });
		this.board = board;
		const admit = ({ password }: { password?: Uint8Array | null }) => {
			this.password = password ? text.decode(password, 0, password.length) : "";
			return 0;
		};
		this.broker = new VirtualBroker(board.world, text, { admit });
		board.internet.listen(BROKER, 1883, this.broker.accept);
		board.internet.names.set("hub.test", BROKER).set("pool.ntp.org", TIME_SERVER);
		new SntpServer(board.internet, TIME_SERVER);
		for (const filter of ["#", "$aws/#", "$iothub/#"])
			this.broker.observe(filter, (message) => {
				if (message.from !== undefined) this.last.set(message.topic, this.broker.textOf(message) as string);
			});
		run(board, { ...reference, cloud }, { id: "d", broker: { host: "hub.test", port: 1883, password: "a2V5" } });
		this.advance(20_000);
	}

	advance(ms: number): void {
		this.board.world.advance(ms);
	}

	says(topic: string, payload: string): void {
		this.broker.publish(topic, payload, { qos: 1 });
		this.advance(10_000);
	}
}

/** What a device in a cloud does beyond MQTT, on any engine. */
export function cloudChecks(text: Text): Check[] {
	return [
		{ name: "a shadow at AWS IoT follows, and is followed", run: () => shadow(text) },
		{ name: "Azure IoT Hub lets a device in, and commands it", run: () => hub(text) },
	];
}

function shadow(text: Text): void {
	const bench = new CloudBench(awsIot(), text);
	const update = "$aws/things/farpin-d/shadow/update";
	ok(bench.last.get(update)?.startsWith('{"state":{"reported":{') === true, "it reports");
	bench.says(
		`${update}/delta`,
		'{"version":3,"state":{"target":25,"pump":"ON"},"metadata":{"target":{"timestamp":1}}}',
	);
	equal(bench.last.get("farpin/d/target/state"), "25", "the setting");
	equal(bench.last.get("farpin/d/pump/state"), "OFF", "the output");
	equal(bench.broker.violations, [], "rules broken");
}

function hub(text: Text): void {
	const bench = new CloudBench(azureIotHub(), text);
	const signature = `${"%2F".repeat(42)}8%3D`; // of 32 bytes 0xff
	const begins = `SharedAccessSignature sr=hub.test%2Fdevices%2Fd&sig=${signature}&se=18000036`;
	equal(bench.password.slice(0, begins.length), begins, "the token");
	equal(bench.last.get("devices/d/messages/events/topic=status"), "online", "the status");
	bench.says("$iothub/methods/POST/set/?$rid=4", '{"pump":"ON"}');
	equal(bench.last.get("$iothub/methods/res/200/?$rid=4"), '{"outcome":"applied"}', "the answer");
	const reports = [...bench.last].filter(([topic]) => topic.startsWith("$iothub/twin/PATCH/properties/reported/"));
	ok(reports.length > 0, "it reports");
	equal(bench.broker.violations, [], "rules broken");
}
