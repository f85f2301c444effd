import { expect, it } from "vitest";
import { commandOf, hubTopic, methodOf, ridOf, targetOf } from "../../firmware/cloud/hub-messages.js";
import { plainText } from "../virtual/text.js";

it.each([
	["$iothub/twin/res/200/?$rid=g1", "g1"],
	["$iothub/twin/res/204/?$rid=r2&$version=6", "r2"],
	["$iothub/twin/res/204/?$version=6", undefined],
	["x?$rid=", undefined],
	["x?$rid=a/b", undefined],
	["x?$rid=#", undefined],
	["x?$rid=+", undefined],
	[`x?$rid=${"a".repeat(65)}`, undefined],
])("%s is about the request %s", (topic, rid) => {
	expect(ridOf(topic)).toBe(rid);
});

it("a method has a name and a request", () => {
	expect(methodOf("$iothub/methods/POST/set/?$rid=7")).toEqual({ name: "set", rid: "7" });
	expect(methodOf("$iothub/methods/POST/set")).toBeUndefined();
});

it.each([
	["", "command"],
	["$.mid=1&topic=pump%2Fset", "pump/set"],
	["topic=update%2fblock&x", "update/block"],
	["topic=update", "update"],
	["topic=status", undefined],
	["topic=%2", undefined],
])("a message with the properties %j is for %s", (bag, target) => {
	expect(targetOf(`devices/d/messages/devicebound/${bag}`, "devices/d/messages/devicebound/")).toBe(target);
	expect(targetOf(`devices/e/messages/devicebound/${bag}`, "devices/d/messages/devicebound/")).toBeUndefined();
});

it.each([
	["command", '{"id":"a"}', "command", '{"id":"a"}'],
	["command", '"eyJ.x.y"', "command", "eyJ.x.y"],
	["set", '{"pump":"ON"}', "command", '{"set":{"pump":"ON"}}'],
	["report", "", "command", '{"do":"report"}'],
	["update", "{}", "update", "{}"],
	["update", '"eyJ.x.y"', "update", "eyJ.x.y"],
])("the method %s with %s is %s with %s", (name, payload, topic, expected) => {
	const made = commandOf(name, plainText.encode(payload), plainText);
	expect(made?.topic).toBe(topic);
	expect(Buffer.from(made?.payload ?? []).toString()).toBe(expected);
});

it("nobody knows other methods, and what is no text stays what it is", () => {
	expect(commandOf("dance", new Uint8Array(), plainText)).toBeUndefined();
	const bytes = Uint8Array.of(0xff);
	expect(commandOf("set", bytes, plainText)?.payload).toEqual(bytes);
});

it("topics carry what they are as properties", () => {
	expect(hubTopic("d", "a/state", "text/x; y")).toBe(
		"devices/d/messages/events/topic=a%2Fstate&$.ct=text%2Fx%3B%20y&$.ce=utf-8",
	);
});
