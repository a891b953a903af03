/**
 * Writes vectors/*.json: cases that the contracts and their mirrors in TypeScript must both satisfy.
 *
 * The rules are worked out here a third time and in another way (caps by bisection, medians by repetition), so that a
 * mistake shared by contract and mirror would still have to be made a third time.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { aggregation } from "./vectors/aggregation.ts";
import { answerWords } from "./vectors/answer-word.ts";
import { bands } from "./vectors/bands.ts";
import { beacon } from "./vectors/beacon.ts";
import { bundleDecisions } from "./vectors/bundle-decisions.ts";
import { bundleFees } from "./vectors/bundle-fees.ts";
import { bundleInputs } from "./vectors/bundle-inputs.ts";
import { bundleSteps } from "./vectors/bundle-steps.ts";
import { bundles } from "./vectors/bundles.ts";
import { folder } from "./vectors/cases.ts";
import { choices } from "./vectors/choices.ts";
import { committee } from "./vectors/committee.ts";
import { economy } from "./vectors/economy/index.ts";
import { jury } from "./vectors/jury.ts";
import { opinionPayments } from "./vectors/opinion-payments.ts";
import { opinions } from "./vectors/opinions.ts";
import { orders } from "./vectors/orders.ts";
import { outcomes } from "./vectors/outcomes.ts";
import { parimutuel } from "./vectors/parimutuel.ts";
import { reports } from "./vectors/reports.ts";
import { weights } from "./vectors/weights.ts";

export async function generateVectors(): Promise<void> {
  weights();
  aggregation();
  parimutuel();
  bands();
  opinions();
  opinionPayments();
  outcomes();
  choices();
  await committee();
  answerWords();
  bundles();
  bundleDecisions();
  bundleFees();
  bundleInputs();
  bundleSteps();
  await orders();
  beacon();
  economy();
  await reports();
  await jury();
  const formatted = spawnSync(path.resolve(folder, "../node_modules/.bin/oxfmt"), [folder], {
    stdio: "inherit",
  });
  if (formatted.status !== 0) throw new Error("oxfmt could not format the vectors");
}

if (import.meta.main) await generateVectors();
