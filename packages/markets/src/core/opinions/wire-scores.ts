import { page, wireAddress, wireHex32, wireInteger } from "@sooth/oracle/core";
import { z } from "zod";
import { labelSheet, wireAnalyst, wireLabel } from "../analyst/sheet.ts";
import { wireOpinion } from "./wire.ts";

/** GET /v1/opinion-markets/{id}/scores. Amounts are decimal strings in the collateral's smallest unit. */

const cid = z.string();

/** One provider's report, whose evidence names the sheet. */
const wireSheetReport = z.object({
  provider: wireAddress,
  signer: wireAddress,
  weight: wireInteger,
  round: z.number().int(),
  /** Whether it is in the answer. */
  counted: z.boolean(),
});

/** Labels that one or more providers reported, to the last figure. */
export const wireScoreSheet = z.object({
  /** Fetch it at /v1/content/{cid}, and work it out again. */
  cid,
  sha256: wireHex32,
  reports: z.array(wireSheetReport),
  /** Why its labels are not told: it is not kept here, or its own figures do not follow from them. Null: they are. */
  complaint: z.string().nullable(),
  /** What its labels come to; null where they are not told. */
  comes: labelSheet
    .pick({ root: true, score: true, confidence: true, spreadBps: true, families: true })
    .extend({
      analysts: z.array(wireAnalyst.omit({ settings: true })),
      /** Opinions of smaller stakes that it leaves out. */
      leftOut: z.number().int(),
    })
    .nullable(),
});

export const wireOpinionLabel = wireLabel.omit({ owner: true }).extend({
  /** The sheet that it is from. */
  cid,
  analyst: z.string(),
  family: z.string(),
  /** What it weighs in its family's score: stake × quality, nothing where it is not kept. */
  weight: wireInteger,
});

export const wireScoredOpinion = wireOpinion
  .pick({
    owner: true,
    number: true,
    band: true,
    stance: true,
    amount: true,
    opinion: true,
    due: true,
    paid: true,
    won: true,
  })
  .extend({
    /** By closeness to the score; null while the market has none. Of all together: `weightOfAll`. */
    weight: wireInteger.nullable(),
    /** Of the weight of all, in millionths, rounded down. */
    share: z.number().int().min(0).max(1_000_000).nullable(),
    /** What closeness pays; null while the market has no score, and where it is void. */
    pays: wireInteger.nullable(),
    /** What each analyst of each sheet says of it; none while evidence is sealed. */
    labels: z.array(wireOpinionLabel),
  });

export const scoredOpinionPage = page(wireScoredOpinion).extend({
  market: wireHex32,
  score: z.number().int().min(0).max(100).nullable(),
  weightOfAll: wireInteger.nullable(),
  sheets: z.array(wireScoreSheet),
});
