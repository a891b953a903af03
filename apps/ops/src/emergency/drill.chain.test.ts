import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runDrill } from "./drill.ts";

test(
  "the emergency procedure works: a wrong answer is stopped, held, disputed and corrected, and every brake ends by itself",
  { timeout: 600_000 },
  async () => {
    const { moments, wrong, file } = await runDrill({ pauseSeconds: 180, onStep: () => {} });
    expect(wrong).toEqual([]);
    // Whether the held answer or the jury comes first is the machine's to say.
    const seen = moments.map(({ what }) => what.split(" ").slice(0, 4).join(" "));
    expect(new Set(seen)).toEqual(
      new Set([
        "three of four providers",
        "the watcher's event of",
        "the worker tripped the",
        "the guardian paused for",
        "the worker held both",
        "Carol objected with 250000000",
        "the pause ended by",
        "the jury decided: replace",
        "the corrected answer is",
        "the answer that was",
        "a day later (the",
        "three days after the",
      ]),
    );
    const states = readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { state: string }).state);
    expect(states).toEqual(["sent", "mined", "refused", "refused", "refused"]);
  },
);
