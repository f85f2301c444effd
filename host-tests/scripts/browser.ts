import { spawnSync } from "node:child_process";
import { type Browser, chromium, type Page as Tab } from "playwright-core";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"];
const ARGUMENTS = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
const DEADLINE_MS = 20_000;

/** Where a Chromium is on this computer. */
export function findChromium(): string | undefined {
	return PLACES.find((place) => place !== undefined && spawnSync(place, ["--version"]).status === 0);
}

/** Opens it, and in it a page, whose complaints are collected. */
export async function openTab(
	executable: string,
	address: string,
	complaints: string[],
): Promise<{ readonly browser: Browser; readonly tab: Tab }> {
	const executablePath = executable.includes("/") ? executable : whereIs(executable);
	const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
	const tab = await browser.newPage({ viewport: { width: 1280, height: 960 } });
	tab.setDefaultTimeout(DEADLINE_MS);
	tab.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
	tab.on("pageerror", (error) => complaints.push(error.message));
	await tab.goto(address);
	return { browser, tab };
}

function whereIs(name: string): string {
	return spawnSync("which", [name]).stdout.toString().trim();
}
