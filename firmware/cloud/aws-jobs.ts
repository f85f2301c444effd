import { type CloudOutlet, type CloudOwner, OTHER_TOKEN } from "../model/cloud.js";
import type { JsonValue } from "../model/document.js";
import { reasonOf } from "../model/fault.js";

const RECORD = "aws-job"; // in the store: the job that was taken last, and how it ended
const ID_LENGTH_MAX = 64;
const DETAIL_LENGTH_MAX = 200; // AWS takes 1,024 characters
const NO_ORDER =
	"its document is no order for an update: it has a manifest, perhaps a url, or a signed order, and nothing else";

/** What a job comes to (UpdateJobExecution, status). */
type JobStatus = "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "REJECTED";

/** How an update ends, in the words of its reports. What is not here is on its way. */
function statusOf(state: string): JobStatus {
	if (state === "confirmed") return "SUCCEEDED";
	const failed = state === "refused" || state === "failed" || state === "rolled back" || state === "cancelled";
	return failed ? "FAILED" : "IN_PROGRESS";
}

/**
 * Updates as jobs of AWS IoT: https://docs.aws.amazon.com/iot/latest/developerguide/jobs-mqtt-api.html. The document of a job
 * is an order as on the topic `update`, or `{"order":"eyJ..."}` where orders are signed; the reports of the updater become its status.
 *
 * The job that was taken last is noted in the store for as long as there is no other: one that AWS offers again, since it did
 * not hear how it ended or since the device has started again, is told of, and not done twice.
 */
export class AwsJobs {
	readonly filters: readonly string[];
	private readonly owner: CloudOwner;
	private readonly jobs: string;
	private id: string | undefined = undefined;
	private status: JobStatus = "IN_PROGRESS";
	/** Members of the status details, in JSON. */
	private details = "";
	/** The next job is to be asked for. */
	private asks = false;
	/** The status is to be told. */
	private tells = false;

	/** @param things what every reserved topic of the thing begins with. */
	constructor(owner: CloudOwner, things: string) {
		this.owner = owner;
		this.jobs = `${things}jobs/`;
		this.filters = [`${this.jobs}notify-next`, `${this.jobs}start-next/accepted`];
		try {
			const [id, status = "IN_PROGRESS"] = owner.board.store.get(RECORD)?.split(" ") ?? [];
			this.id = id;
			this.status = status as JobStatus;
			this.details = '"state":"started again"';
		} catch (error) {
			owner.log(`the last job cannot be read: ${reasonOf(error)}`, "error");
		}
	}

	begin(): void {
		this.asks = true;
	}

	/** Sends what there is to be sent; false when there is no room for all of it. */
	send(session: CloudOutlet): boolean {
		if (this.tells) {
			const status = `{"status":"${this.status}","statusDetails":{${this.details}}}`;
			if (!session.publish(`${this.jobs}${this.id}/update`, status, 1, false, OTHER_TOKEN)) return false;
			this.tells = false;
		}
		if (!this.asks) return true;
		this.asks = !session.publish(`${this.jobs}start-next`, "{}", 1, false, OTHER_TOKEN);
		return !this.asks;
	}

	/** A message about jobs; something is to be sent afterwards. */
	onMessage(topic: string, members: Map<string, JsonValue>): void {
		const execution = members.get("execution");
		if (!(execution instanceof Map)) return; // there is no job
		const id = execution.get("jobId");
		if (typeof id !== "string" || !isJobId(id)) return;
		if (topic.endsWith("/notify-next")) this.asks ||= id !== this.id;
		else if (id !== this.id) this.take(id, execution.get("jobDocument"));
		else this.tells ||= this.status !== "IN_PROGRESS"; // it did not hear how this one ended
	}

	/** The updater told how it stands; something is to be sent afterwards. */
	onReport(payload: string | Uint8Array): void {
		if (this.id === undefined || this.status !== "IN_PROGRESS") return;
		const { board, device } = this.owner;
		const report = device.encoding.read(typeof payload === "string" ? board.text.encode(payload) : payload, board.text);
		const state = report instanceof Map ? report.get("state") : undefined;
		if (!(report instanceof Map) || typeof state !== "string") return;
		if (state === "refused" && this.details !== "") return; // an order that came another way, while this one is done
		const reason = report.get("reason");
		this.details = `"state":${quote(state)}${typeof reason === "string" ? `,"reason":${quote(reason)}` : ""}`;
		this.become(statusOf(state));
	}

	private take(id: string, document: JsonValue | undefined): void {
		this.id = id;
		const order = orderOf(document);
		if (order === undefined) {
			this.details = `"reason":${quote(NO_ORDER)}`;
			this.become("REJECTED");
			return;
		}
		this.details = "";
		const { board, prefix } = this.owner;
		const more = { qos: 1, duplicate: false, responseTopic: undefined, correlationData: undefined } as const;
		const payload = board.text.encode(order);
		this.owner.onCommand("update", { topic: `${prefix}update`, payload, retain: false, ...more });
		this.become("IN_PROGRESS"); // noted after the order: when the power goes in between, it is ordered once more
	}

	private become(status: JobStatus): void {
		this.status = status;
		this.tells = true;
		if (status !== "IN_PROGRESS") this.asks = true; // there may be another
		try {
			const { store } = this.owner.board;
			const record = `${this.id} ${status}`;
			if (store.get(RECORD) !== record) store.set(RECORD, record);
		} catch (error) {
			this.owner.log(`the job is not kept: ${reasonOf(error)}`, "error");
		}
	}
}

/** The order of a job's document, as it would come on `update`; undefined when it is none. */
function orderOf(document: JsonValue | undefined): string | undefined {
	if (!(document instanceof Map)) return undefined;
	const signed = document.get("order");
	if (typeof signed === "string" && document.size === 1) return signed;
	const [manifest, url] = [document.get("manifest"), document.get("url")];
	if (typeof manifest !== "string" || document.size !== (url === undefined ? 1 : 2)) return undefined;
	if (url === undefined) return `{"manifest":${JSON.stringify(manifest)}}`;
	return typeof url === "string" ? `{"manifest":${JSON.stringify(manifest)},"url":${JSON.stringify(url)}}` : undefined;
}

/** Names of jobs are made of letters, digits, and these two (CreateJob, jobId): they become part of a topic. */
function isJobId(id: string): boolean {
	if (id === "" || id.length > ID_LENGTH_MAX) return false;
	for (const char of id) {
		const isLetter = (char >= "a" && char <= "z") || (char >= "A" && char <= "Z");
		if (!isLetter && !(char >= "0" && char <= "9") && char !== "-" && char !== "_") return false;
	}
	return true;
}

function quote(text: string): string {
	return JSON.stringify(text.slice(0, DETAIL_LENGTH_MAX));
}
