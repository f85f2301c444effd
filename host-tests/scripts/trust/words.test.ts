import { expect, it } from "vitest";
import { commandOf } from "../../../scripts/trust/words.js";

it.each([
	[["pump=ON"], { set: { pump: "ON" } }],
	[["pump=ON", "lamp=40", "target=-1.5"], { set: { pump: "ON", lamp: 40, target: -1.5 } }],
	[['lamp={"state":"ON","brightness":40}'], { set: { lamp: { state: "ON", brightness: 40 } } }],
	[["do=restart"], { do: "restart" }],
	[["pump=OFF", "do=identify"], { set: { pump: "OFF" }, do: "identify" }],
	[["pump="], { set: { pump: "" } }],
	[['{"set":{"pump":"ON"},"expires":1}'], { set: { pump: "ON" }, expires: 1 }],
])("%j is the command %j", (words, command) => {
	expect(commandOf(words)).toEqual(command);
});

it.each([
	[["pump"], /this is no command/],
	[["=ON"], /this is no command/],
	[["Pump=ON"], /this is no command/],
	[["{pump"], /begins like JSON/],
	[["{}", "pump=ON"], /something follows/],
])("%j is none, and why is said", (words, why) => {
	expect(() => commandOf(words)).toThrow(why);
});
