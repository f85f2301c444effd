import { connectAsync, type MqttClient } from "mqtt";
import type { Browser, Locator, Page as Tab } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Device } from "../../firmware/model/device.js";
import { messagePack } from "../../firmware/model/message-pack.js";
import { type Page, startPage } from "../../scripts/page-server/server.js";
import type { SimulatedDevice } from "../../scripts/start/simulated-device.js";
import { clientOptions } from "../../scripts/start/target.js";
import { keyFolder } from "../../scripts/trust/key-files.js";
import { findChromium, openTab } from "./browser.js";
import { type OwnBroker, oneDevice, ownBroker, Scratch } from "./rig.js";
import sealedDevice from "./trust/sealed-device.js";

const program = findChromium();
if (program === undefined) {
	test.skip("there is no Chromium here: install it, or name it in CHROMIUM, to run these", () => undefined);
} else withBrowser(program);

function withBrowser(executable: string): void {
	describe("the page of a device that wants signed commands and seals what it says", () => {
		const scratch = new Scratch();
		const complaints: string[] = [];
		/** Everything that went through the broker. */
		const wire: { readonly topic: string; readonly text: string }[] = [];
		let own: OwnBroker;
		let device: SimulatedDevice;
		let page: Page;
		let browser: Browser;
		let tab: Tab;
		let witness: MqttClient;

		const openPage = (folder: string) =>
			startPage({
				port: 0,
				target: own.target,
				devices: [device],
				token: "token-of-the-test",
				keyFolder: keyFolder(folder),
			});

		beforeAll(async () => {
			own = await ownBroker(scratch);
			witness = await connectAsync(clientOptions(own.target));
			witness.on("message", (topic, payload) => wire.push({ topic, text: payload.toString() }));
			await witness.subscribeAsync("farpin/#");
			device = oneDevice(scratch, own.target, {
				of: sealedDevice as Device,
				id: "vault",
				folder: scratch.folder,
				encoding: messagePack,
				onChange: () => page?.changed(),
			});
			page = await openPage(scratch.folder);
			device.start();
			({ browser, tab } = await openTab(executable, page.address, complaints));
		});
		afterAll(async () => {
			await browser?.close();
			await device?.stop();
			await page?.close();
			await witness?.endAsync();
			await own?.broker.close();
			scratch.remove();
		});

		const over = (): Locator => tab.getByRole("article", { name: "vault", exact: true });
		const seen = (where: Locator, text: string): Promise<void> => where.filter({ hasText: text }).waitFor();
		const sentTo = (topic: string) => wire.filter((one) => one.topic === `farpin/vault/${topic}`);

		test("shows what is sealed on the wire", async () => {
			await seen(tab.locator('[data-value="air-temperature"]'), "21");
			await over()
				.getByText(/^up \d+ s/)
				.waitFor();
			await expect.poll(() => sentTo("telemetry").length, { timeout: 15_000 }).toBeGreaterThan(0);
			for (const topic of ["air-temperature/state", "telemetry", "health"])
				expect(sentTo(topic).every(({ text }) => /^eyJ[\w-]+\.(\.[\w-]+){3}$/.test(text))).toBe(
					sentTo(topic).length > 0,
				);
		}, 30_000);

		test("switches, dims and sets with signed commands, and shows what becomes of them", async () => {
			await over().getByRole("switch", { name: "Pump" }).click();
			await seen(tab.locator('[data-part="pump"]'), "coil pulled in");
			await over().locator('[role="switch"][aria-label="Pump"][aria-checked="true"]').waitFor();
			await seen(over().getByRole("log"), "Pump turned ON (command)");
			await over().getByRole("slider", { name: "Brightness" }).fill("40");
			await over().locator('[role="switch"][aria-label="Lamp"][aria-checked="true"]').waitFor();
			const target = over().getByRole("spinbutton", { name: "Target" });
			await target.fill("23.5");
			await target.press("Enter");
			await expect.poll(() => sentTo("target/set").length).toBe(1);
			for (const topic of ["pump/set", "lamp/set", "target/set"])
				expect(sentTo(topic)).toEqual([
					{ topic: expect.anything(), text: expect.stringMatching(/^eyJ[\w-]+(\.[\w-]+){2}$/) },
				]);
		});

		test("does not show what somebody else says in the device's name", async () => {
			await witness.publishAsync("farpin/vault/air-temperature/state", "99");
			await seen(over().getByRole("log"), "Somebody else published to air-temperature/state: it is not shown");
			expect(await tab.locator('[data-value="air-temperature"]').textContent()).not.toContain("99");
		});

		test("no key comes into the browser", async () => {
			const everything = await tab.evaluate(() => document.documentElement.outerHTML);
			expect(everything).not.toMatch(/BEGIN|"d":|"k":/);
			expect(complaints).toEqual([]);
		});

		test("without the keys it says so in plain sentences", async () => {
			const other = await openPage(scratch.path("somewhere-else"));
			const poor = await openTab(executable, other.address, complaints);
			const card = poor.tab.getByRole("article", { name: "vault", exact: true });
			await card.getByText("Its commands have to be signed, and no key to sign with is on this computer").waitFor();
			await card.getByText('What this device says cannot be shown: its key "reader" is not here').waitFor();
			await card.getByRole("switch", { name: "Pump" }).click();
			await seen(card.getByRole("log"), "Pump was not sent: no key to sign with is on this computer");
			await poor.browser.close();
			await other.close();
			expect(complaints).toEqual([]);
		}, 30_000);
	});
}
