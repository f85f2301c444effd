import { devicePermissions, ownerPermissions, type Permissions } from "./permissions.js";

export interface AclOptions {
	/** First level of every topic. */
	readonly root: string;
	/** User name of the owner at the broker. */
	readonly owner: string;
	/** Names of the devices, where the broker wants them one by one. */
	readonly devices: readonly string[];
	/** Where results may go that were asked for elsewhere (MQTT 5 Response Topic), as a filter. */
	readonly answers?: string | undefined;
}

/** How each broker is told; every device is a user with its own name there. */
export const ACL_FORMATS = { mosquitto, emqx, hivemq, aws } as const;

export type AclFormat = keyof typeof ACL_FORMATS;

/** An `acl_file` (mosquitto.conf(5)): `%u` is the user's name. */
function mosquitto({ root, owner, answers }: AclOptions): string {
	const device = devicePermissions(root, "%u", answers);
	const person = ownerPermissions(root, answers);
	return lines(
		"# acl_file for Mosquitto. Every device is a user with its own name.",
		...device.publish.map((topic) => `pattern write ${topic}`),
		...device.subscribe.map((topic) => `pattern read ${topic}`),
		"",
		`user ${owner}`,
		...person.publish.map((topic) => `topic write ${topic}`),
		...person.subscribe.map((topic) => `topic read ${topic}`),
	);
}

/** An `acl.conf` of EMQX 5: the first rule that fits decides. */
function emqx({ root, owner, answers }: AclOptions): string {
	const list = (topics: readonly string[]) => `[${topics.map((topic) => JSON.stringify(topic)).join(", ")}]`;
	const user = `{user, ${JSON.stringify(owner)}}`;
	const person = ownerPermissions(root, answers);
	const device = devicePermissions(root, `\${username}`, answers);
	return lines(
		"%% acl.conf for EMQX. Every device is a user with its own name.",
		`{allow, ${user}, publish, ${list(person.publish)}}.`,
		`{allow, ${user}, subscribe, ${list(person.subscribe)}}.`,
		`{deny, ${user}, all, ["#"]}.`,
		`{allow, all, publish, ${list(device.publish)}}.`,
		`{allow, all, subscribe, ${list(device.subscribe)}}.`,
		"{deny, all}.",
	);
}

/** Roles for HiveMQ's File RBAC extension; on HiveMQ Cloud the same permissions are entered by hand. */
function hivemq({ root, owner, answers }: AclOptions): string {
	const permission = (activity: string, topic: string) =>
		`      <permission><topic>${topic}</topic><activity>${activity}</activity></permission>`;
	const role = (id: string, { publish, subscribe }: Permissions) => [
		"  <role>",
		`    <id>${id}</id>`,
		"    <permissions>",
		...publish.map((topic) => permission("PUBLISH", topic)),
		...subscribe.map((topic) => permission("SUBSCRIBE", topic)),
		"    </permissions>",
		"  </role>",
	];
	return lines(
		"<!-- Roles for HiveMQ's File RBAC extension. Every device is a user with its own name. -->",
		"<roles>",
		...role("device", devicePermissions(root, `\${{username}}`, answers)),
		...role(owner, ownerPermissions(root, answers)),
		"</roles>",
	);
}

/** What `awsIot()` uses beside our topics: the thing's shadow, and its jobs. */
const AWS_PUBLISH = ["shadow/update", "jobs/start-next", "jobs/+/update"];
const AWS_SUBSCRIBE = ["shadow/update/delta", "shadow/update/rejected", "jobs/notify-next", "jobs/start-next/accepted"];

/** One AWS IoT policy for each device, to be attached to its certificate; the owner uses AWS itself. */
function aws({ root, devices, answers }: AclOptions): string {
	const policies = devices.map((device) => {
		const { publish, subscribe } = devicePermissions(root, device, answers);
		const resource = (kind: string, topic: string) => `arn:aws:iot:*:*:${kind}/${topic}`;
		const reserved = (names: readonly string[]) => names.map((name) => `$aws/things/farpin-${device}/${name}`);
		const heard = [...subscribe, ...reserved(AWS_SUBSCRIBE)];
		return {
			policyName: `farpin-${device}`,
			policyDocument: {
				Version: "2012-10-17",
				Statement: [
					{ Effect: "Allow", Action: "iot:Connect", Resource: resource("client", `farpin-${device}`) },
					{
						Effect: "Allow",
						Action: "iot:Publish",
						Resource: [...publish, ...reserved(AWS_PUBLISH)].map((topic) => resource("topic", starred(topic))),
					},
					// The status is retained, and so is the description.
					{
						Effect: "Allow",
						Action: "iot:RetainPublish",
						Resource: publish.map((topic) => resource("topic", starred(topic))),
					},
					{
						Effect: "Allow",
						Action: "iot:Subscribe",
						Resource: heard.map((topic) => resource("topicfilter", topic)),
					},
					{
						Effect: "Allow",
						Action: "iot:Receive",
						Resource: heard.map((topic) => resource("topic", starred(topic))),
					},
				],
			},
		};
	});
	return `${JSON.stringify(policies, null, 2)}\n`;
}

/** A policy matches topics with its own stars, which stand for anything. */
function starred(filter: string): string {
	return filter.replaceAll("+", "*").replaceAll("#", "*");
}

function lines(...all: readonly string[]): string {
	return `${all.join("\n")}\n`;
}
