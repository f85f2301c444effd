import { runBench } from "./bench.js";
import { LENGTHS } from "./measure.js";

const missed = await runBench(LENGTHS, (line) => console.log(line));
for (const line of missed) console.error(line);
if (missed.length > 0) process.exitCode = 1;
else console.log("Every target is met.");
