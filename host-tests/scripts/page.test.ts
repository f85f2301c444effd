import type { Browser, Locator, Page as Tab } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Encoding } from "../../firmware/model/document.js";
import { json } from "../../firmware/model/json.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import { type Page, startPage } from "../../scripts/page-server/server.js";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { findChromium, openTab } from "./browser.js";
import { type OwnBroker, oneDevice, ownBroker, Scratch } from "./rig.js";

const program = findChromium();
if (program === undefined) {
	test.skip("there is no Chromium here: install it, or name it in CHROMIUM, to run these", () => undefined);
} else for (const encoding of [json, messagePack]) withBrowser(program, encoding);

function withBrowser(executable: string, encoding: Encoding): void {
	describe(`the page of a device that speaks ${encoding.id}`, () => {
		const scratch = new Scratch();
		const complaints: string[] = [];
		let own: OwnBroker;
		let device: SimulatedDevice;
		let page: Page;
		let browser: Browser;
		let tab: Tab;

		beforeAll(async () => {
			own = await ownBroker(scratch);
			device = oneDevice(scratch, own.target, {
				id: "greenhouse",
				name: "Greenhouse",
				encoding,
				onChange: () => page?.changed(),
			});
			page = await startPage({
				port: 0,
				target: own.target,
				devices: [device],
				token: "token-of-the-test",
				keyFolder: scratch.path("keys"),
			});
			device.start();
			({ browser, tab } = await openTab(executable, page.address, complaints));
		});
		afterAll(async () => {
			await browser?.close();
			await device?.stop();
			await page?.close();
			await own?.broker.close();
			scratch.remove();
		});

		const reading = (id: string): Locator => tab.locator(`[data-value="${id}"]`);
		const part = (key: string): Locator => tab.locator(`[data-part="${key}"]`);
		const seen = (where: Locator, text: string): Promise<void> => where.filter({ hasText: text }).waitFor();

		test("finds the device over MQTT and draws what it measures", async () => {
			await tab.getByText("Connected to the broker").waitFor();
			await seen(reading("air-temperature"), "21");
			await tab.getByRole("img", { name: "History of Air temperature" }).locator("canvas").waitFor();
			await tab
				.getByRole("article", { name: "greenhouse", exact: true })
				.getByText("online", { exact: true })
				.waitFor();
		});

		test("turning a slider changes what arrives over MQTT", async () => {
			await part("air").getByRole("slider", { name: "Temperature" }).fill("31.5");
			await seen(reading("air-temperature"), "31.5");
			await part("soil").getByRole("slider", { name: "Voltage" }).fill("25");
			await seen(reading("soil"), "25");
		});

		test("a switch on the page moves the relay, and a slider dims the lamp", async () => {
			const over = tab.getByRole("article", { name: "greenhouse", exact: true });
			await over.getByRole("switch", { name: "Pump" }).click();
			await seen(part("pump"), "coil pulled in");
			await over.locator('[role="switch"][aria-label="Pump"][aria-checked="true"]').waitFor();
			await seen(over.getByRole("log"), "Pump turned ON (command)");
			await over.getByRole("slider", { name: "Brightness" }).fill("40");
			await over.locator('[role="switch"][aria-label="Lamp"][aria-checked="true"]').waitFor();
			await seen(part("lamp"), "% duty");
			const target = over.getByRole("spinbutton", { name: "Target" });
			await target.fill("23.5");
			await target.press("Enter");
			expect(await target.evaluate((input) => (input as HTMLInputElement).checkValidity())).toBe(true);
		});

		test("a contact and a hold arrive as such", async () => {
			const over = tab.getByRole("article", { name: "greenhouse", exact: true });
			await part("door").getByRole("switch").click();
			await seen(over.locator(".binary_sensor"), "Closed");
			const button = part("key").getByRole("button");
			await button.dispatchEvent("keydown", { key: " " });
			await seen(over.getByRole("log"), "Key: hold");
			await button.dispatchEvent("keyup", { key: " " });
		});

		test.runIf(process.env.FARPIN_PICTURE === "1")("has its picture taken", { timeout: 120_000 }, async () => {
			await part("door").getByRole("switch").click();
			for (let step = 0; step < 60; step++) {
				const temperature = (24 + 4 * Math.sin(step / 9)).toFixed(1);
				await part("air").getByRole("slider", { name: "Temperature" }).fill(temperature);
				await part("air")
					.getByRole("slider", { name: "Humidity" })
					.fill((62 - 9 * Math.sin(step / 9)).toFixed(1));
				await part("air")
					.getByRole("slider", { name: "Pressure" })
					.fill((1_008 + step / 12).toFixed(1));
				await part("soil")
					.getByRole("slider", { name: "Voltage" })
					.fill((48 - step / 6).toFixed(1));
				await seen(reading("air-temperature"), String(Number(temperature)));
			}
			await tab.screenshot({ path: "scripts/page/screenshot.png", fullPage: true });
		});

		test("with the network cut the button moves the relay, and the page says who is away", async () => {
			const over = tab.getByRole("article", { name: "greenhouse", exact: true });
			const bench = tab.getByRole("article", { name: "Bench of greenhouse" });
			await bench.getByRole("switch", { name: "Network" }).click();
			await over.getByText("offline", { exact: true }).waitFor();
			await bench.getByText(/samples wait/).waitFor();
			expect(await over.getByRole("switch", { name: "Pump" }).isDisabled()).toBe(true);
			await seen(part("pump"), "coil pulled in");
			const button = part("key").getByRole("button");
			await button.hover();
			await tab.mouse.down();
			await part("key").locator('[aria-pressed="true"]').waitFor();
			await new Promise((resolve) => setTimeout(resolve, 300)); // a finger is slower than debouncing, and quicker than a hold
			await tab.mouse.up();
			await seen(part("pump"), "coil released");
			await bench.getByRole("switch", { name: "Network" }).click();
			await over.getByText("online", { exact: true }).waitFor();
			await bench.getByText("nothing waits").waitFor();
			await over.locator('[role="switch"][aria-label="Pump"][aria-checked="false"]').waitFor();
		});

		test("a sensor that is unplugged has no reading", async () => {
			const wire = part("air").getByRole("switch", { name: "Air plugged in" });
			await wire.click();
			await seen(reading("air-temperature"), "no reading");
			await wire.click();
			await seen(reading("air-temperature"), "°C");
		});

		test("shows text from strangers as text", async () => {
			const { connectAsync } = await import("mqtt");
			const { clientOptions } = await import("../../scripts/start/target.js");
			const stranger = await connectAsync(clientOptions(own.target));
			const name = "<img src=x onerror=alert(1)>";
			const entities = [
				{ id: "constructor", kind: "sensor", unit: name },
				{ id: "__proto__", kind: "sensor" },
				{ id: "x", kind: name },
				null,
				7,
			];
			await stranger.publishAsync("farpin/stranger/about", JSON.stringify({ name, entities }), { retain: true });
			await tab.getByText(name).first().waitFor();
			expect(await tab.locator("img[src=x]").count()).toBe(0);
			await stranger.publishAsync("farpin/stranger/about", "", { retain: true });
			await tab.getByRole("article", { name: "stranger" }).waitFor({ state: "detached" });
			await stranger.endAsync();
		});

		test("can be used by keyboard, and every control has a name", async () => {
			const nameless = await tab.evaluate(() =>
				[...document.querySelectorAll("button, input")]
					.filter((one) => !one.getAttribute("aria-label") && !one.textContent?.trim() && !one.closest("label"))
					.map((one) => one.outerHTML),
			);
			expect(nameless).toEqual([]);
			await tab.getByRole("article", { name: "greenhouse", exact: true }).getByRole("switch", { name: "Pump" }).focus();
			await tab.keyboard.press("Space");
			await seen(part("pump"), "coil pulled in");
		});

		test("nothing was complained about: no error, nothing blocked by the policy", () => {
			expect(complaints).toEqual([]);
		});
	});
}
