import { configureLogs, logger } from "@sooth/runtime";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { startSources } from "../../../test/sources.ts";
import { asked, boolSchema, OPENS } from "../../../test/people.ts";
import { lateFrom } from "../../core/index.ts";
import type { ChainView } from "./chain-view.ts";
import { look } from "./look.ts";

afterEach(() => configureLogs({ level: "info", sink: process.stdout }));

/** Levels of what is said at `at` of sources of which these many of three are down. */
async function saidOf(down: number, at: (deadline: number) => number): Promise<string[]> {
  const sources = await startSources(["a", "b", "c"]);
  onTestFinished(() => sources.stop());
  for (const [place, name] of ["a", "b", "c"].entries())
    sources.set(place < down ? "down" : { close: "2400" }, name);
  const question = asked(boolSchema({ sources: sources.named }), { deadline: OPENS + 1_000 });
  const lines: string[] = [];
  configureLogs({ level: "info", sink: { write: (line) => lines.push(line) } });
  const { signal } = new AbortController();
  await look(
    { ...question, fault: null, clarifications: [] },
    {
      view: { now: at(lateFrom(question.terms)) } as ChainView,
      reading: { allowedOrigins: [sources.origin], signal },
      log: logger("test"),
    },
  );
  return lines.map((line) => (JSON.parse(line) as { level: string }).level);
}

test("a source that is asked again is no warning", async () => {
  expect(await saidOf(3, (late) => late - 1)).toEqual(["info", "info", "info"]);
});

test("a source without which one signs, or that is silent late, is", async () => {
  expect(await saidOf(1, (late) => late - 1)).toEqual(["warn"]);
  expect(await saidOf(3, (late) => late)).toEqual(["warn", "warn", "warn"]);
});
