import { expect, it } from "vitest";
import { HubAnswers } from "../../firmware/cloud/hub-answers.js";

it("answers wait for room, in their order, and of too many the oldest is given up", () => {
	const answers = new HubAnswers();
	const sent: string[] = [];
	let room = false;
	const session = {
		publish: (topic: string, payload: string | Uint8Array) => {
			if (room) sent.push(`${topic} ${payload}`);
			return room;
		},
	};
	for (const rid of ["1", "2", "3", "4", "5"]) answers.add({ name: "set", rid }, "");
	expect(answers.send(session)).toBe(false);
	room = true;
	expect(answers.send(session)).toBe(true);
	expect(sent).toEqual(["2", "3", "4", "5"].map((rid) => `$iothub/methods/res/202/?$rid=${rid} {}`));
	answers.add({ name: "set", rid: "6" }, '{"outcome":"failed"}');
	answers.forget();
	answers.add({ name: "set", rid: "7" }, '{"outcome":"failed"}');
	answers.send(session);
	expect(sent.slice(4)).toEqual(['$iothub/methods/res/500/?$rid=7 {"outcome":"failed"}']);
});
