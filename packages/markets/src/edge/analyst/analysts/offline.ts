import { readFileSync } from "node:fs";
import { setImmediate as breathe } from "node:timers/promises";
import { sha256 } from "viem";
import { analyse } from "../../../core/analyst/analyse.ts";
import type { Label } from "../../../core/index.ts";
import type { Analyst } from "../analyst.ts";
import { ANALYST_FILE, loadAnalyst } from "../load-analyst.ts";

/** Opinions labelled before others have their turn: each takes about a millisecond. */
const AT_ONCE = 20;

/** The analyst of the repository: the same label on every machine, without a key or a network. @throws markets.bad_model */
export function offlineAnalyst(): Analyst {
  const model = loadAnalyst();
  return {
    analyst: "offline",
    family: "offline",
    // Its number goes up where the code labels otherwise with the same weights: a sheet is compared with its own alone.
    model: "sooth-offline-2",
    prompt: sha256(readFileSync(ANALYST_FILE)),
    settings: {},
    label: async ({ statement, texts }, signal) => {
      const labels: Label[] = [];
      for (const text of texts) {
        if (labels.length % AT_ONCE === 0) await breathe();
        if (signal.aborted) return { done: false, why: "the provider stops" };
        labels.push(analyse(model, { statement, text }));
      }
      return { done: true, labels };
    },
  };
}
