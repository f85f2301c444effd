// @ts-check
import { words } from "./elements.js";

/**
 * A line for a log.
 * @typedef {[text: string, how: { tone?: "bad" | "good" }]} Line
 */

/** @param {Record<string, unknown>} event @returns {Line} */
export function eventLine({ entity, event, to, why, reason }) {
	const name = words(String(entity ?? ""));
	if (event === "changed") return [`${name} turned ${value(to)}${why === undefined ? "" : ` (${String(why)})`}`, {}];
	if (event === "fault") return [`${name} failed: ${String(reason)}`, { tone: "bad" }];
	if (event === "recovered") return [`${name} works again`, { tone: "good" }];
	return [`${name}: ${String(event)}`, {}];
}

/** @param {Record<string, unknown>} result @returns {Line} */
export function resultLine({ id, entity, outcome, reason }) {
	const what = entity === undefined ? `Command ${String(id ?? "")}` : words(String(entity));
	const why = reason === undefined ? "" : `: ${String(reason)}`;
	return [`${what} ${String(outcome)}${why}`, { tone: outcome === "applied" ? "good" : "bad" }];
}

/** @param {Record<string, any>} health */
export function healthWords({ uptimeS, reset, link, clock, outbox, refused, stale }) {
	const facts = [`up ${span(Number(uptimeS))} since ${String(reset)}`];
	if (link) facts.push(`connected ${times(link.connects)}, failed ${times(link.failures)}`);
	if (link?.lastError) facts.push(`last error: ${link.lastError}`);
	facts.push(`clock ${String(clock)}`);
	if (outbox) facts.push(`${outbox.waiting} waiting (${outbox.stored ?? 0} in flash), ${outbox.dropped} dropped`);
	if (refused > 0) facts.push(`${refused} refused`);
	if (Array.isArray(stale) && stale.length > 0) facts.push(`silent: ${stale.join(", ")}`);
	return facts.join(" · ");
}

/** @param {number} seconds */
function span(seconds) {
	if (!(seconds >= 60)) return `${Math.round(seconds)} s`;
	return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** @param {unknown} count */
function times(count) {
	return count === 1 ? "once" : `${String(count)} times`;
}

/** A value of any kind for people; a light's is an object. @param {any} to */
function value(to) {
	if (typeof to !== "object" || to === null) return String(to);
	return to.state === "ON" && typeof to.brightness === "number" ? `ON at ${to.brightness} %` : String(to.state);
}
