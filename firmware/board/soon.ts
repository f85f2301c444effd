import Timer from "timer";

/** Something whose end is told from a callback of its own, because the one who caused it is still being called. */
export interface Later {
	happen(): void;
}

/** Calls `later.happen()` as soon as the present callback is over. Costs a timer until then. */
export function soon(later: Later): void {
	Timer.set(onTimer, 0).owner = later;
}

function onTimer(timer: Timer): void {
	(timer.owner as Later).happen();
}
