import { type CloudOutlet, OTHER_TOKEN } from "../model/cloud.js";
import type { Method } from "./hub-messages.js";
import { isApplied } from "./values.js";

const ANSWERS_MAX = 4; // a caller waits for one at a time

interface Answer {
	readonly topic: string;
	readonly payload: string;
}

/** What is still to be sent to those who called a direct method; of too many the oldest is given up. */
export class HubAnswers {
	private readonly waiting: Answer[] = [];

	/** @param answer what became of the command, as JSON; empty for what is under way. */
	add(method: Method, answer: string): void {
		this.put(statusOf(answer), method, answer === "" ? "{}" : answer);
	}

	/** Nobody knows this method. */
	refuse(method: Method): void {
		const known = "command, set, restart, identify, report and update";
		const reason = JSON.stringify(`there is no method ${method.name.slice(0, 32)}: there are ${known}`);
		this.put(404, method, `{"outcome":"refused","reason":${reason}}`);
	}

	/** Sends what there is; false when there is no room for all of it. */
	send(session: CloudOutlet): boolean {
		for (let answer = this.waiting[0]; answer !== undefined; answer = this.waiting[0]) {
			if (!session.publish(answer.topic, answer.payload, 1, false, OTHER_TOKEN)) return false;
			this.waiting.shift();
		}
		return true;
	}

	forget(): void {
		this.waiting.length = 0;
	}

	private put(status: number, { rid }: Method, payload: string): void {
		if (this.waiting.length === ANSWERS_MAX) this.waiting.shift();
		this.waiting.push({ topic: `$iothub/methods/res/${status}/?$rid=${rid}`, payload });
	}
}

/** The status of an answer, as of HTTP. */
function statusOf(answer: string): number {
	if (answer === "") return 202;
	if (isApplied(answer)) return 200;
	return answer.includes('"outcome":"failed"') ? 500 : 400;
}
