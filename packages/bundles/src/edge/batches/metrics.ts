import { AppError } from "@sooth/kernel";
import { counter } from "@sooth/runtime";

/** What came of a batch that somebody asked for; `known`: it was signed before. */
export const gathered = counter(
  "bundles_gatherings_total",
  "Batches that were asked for: signed now or before, refused by too many, late, or not begun",
  ["outcome"],
);
const answers = counter(
  "bundles_attestations_total",
  "Answers of attesters: signed, silent of some fact, again, or why they were not taken",
  ["result"],
);

/** Counts what came of one answer, whichever way it ends. */
export async function countAnswer(take: () => Promise<"signed" | "silent" | "again">): Promise<void> {
  try {
    answers.inc({ result: await take() });
  } catch (error) {
    const told = error instanceof AppError && error.status < 500;
    answers.inc({ result: told ? error.code.replace(/^bundles\./, "") : "internal" });
    throw error;
  }
}
