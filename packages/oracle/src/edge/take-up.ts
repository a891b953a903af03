import type { BlockRef } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { nextStep } from "../core/index.ts";
import { gatheredOf } from "./commit/gathered.ts";
import type { WorkerDeps } from "./deps.ts";
import { sweepFeeds } from "./feeds/sweep-feeds.ts";
import { questionById } from "./questions.ts";
import { reportsOf } from "./reports.ts";
import { signerSet, signerSets } from "./signer-sets.ts";
import { takeStep } from "./take-step.ts";

/** What a quorum has spoken of. */
export type Spoken = { question: Hex } | { feed: Hex };

/**
 * Does for one question, or for feeds, what the sweep of the next block would do: that saves the wait for the block, and
 * for all else that a sweep looks at.
 */
export async function takeUp(deps: WorkerDeps, head: BlockRef, spoken: Spoken): Promise<void> {
  const { db } = deps.store;
  if ("feed" in spoken) return sweepFeeds(deps, await signerSets(db), head);
  const question = await questionById(db, spoken.question);
  if (!question || question.terms.reward < deps.config.ORACLE_MIN_REWARD) return;
  const { id, terms, word } = question;
  const [signers, reports] = await Promise.all([signerSet(db, terms.domain), reportsOf(db, [id])]);
  const now = head.timestamp;
  const gathered = (await gatheredOf(deps, [question], { now, epochOf: () => signers.epoch })).get(id);
  const step = nextStep({ id, terms, word, signers, reports: reports.get(id) ?? [], gathered, now });
  // Rewards can wait for the sweep.
  if (step.do === "transmit" || step.do === "form" || step.do === "commit")
    await takeStep(deps, question, { epoch: signers.epoch, now }, step);
}
