import { isId } from "../../firmware/model/names.js";
import { isTopicName } from "../../firmware/mqtt/topics.js";
import type { Fail } from "./fields.js";

/** What the device is called in topics. */
export function checkId(id: string | undefined, fail: Fail): string | undefined {
	if (id !== undefined && !isId(id)) fail('"id" is not made of 1 to 32 of a-z, 0-9 and -');
	return id;
}

/** The first level, or several, of every topic. Those that begin with $ are the broker's own (MQTT 5, section 4.7.2). */
export function checkRoot(root: string | undefined, fail: Fail): string | undefined {
	if (root !== undefined && (!isTopicName(root) || /^[$/]|\/$/.test(root)))
		fail('"root" is no beginning of a topic: it has no + and #, no $ or / at the beginning, and no / at the end');
	return root;
}

/** Where the time is asked for. */
export function checkTimeServer(text: string, fail: Fail): string {
	if (!/^[a-z0-9.-]{1,253}$/i.test(text))
		fail(`"timeServer" is not the name or IPv4 address alone of a server, such as pool.ntp.org`);
	return text;
}
