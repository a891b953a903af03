import { wireAddress, wireHex32, wireSeconds } from "@sooth/oracle/core";
import { z } from "zod";
import { labelSheet, wireAnalyst, wireLabel } from "../analyst/sheet.ts";

/** GET and POST /v1/opinion-markets/{id}/relabel */

const said = wireLabel.pick({ stance: true, quality: true, keep: true, reason: true });

const wireRelabelledOpinion = z.object({
  owner: wireAddress,
  /** Which of this deployment's analysts says so. */
  analyst: z.string(),
  ours: said,
  /** Null: that sheet has no label of it. */
  theirs: said.nullable(),
});
export type RelabelledOpinion = z.infer<typeof wireRelabelledOpinion>;

/** What is compared: reasons are words of a model, which differ each time. */
export const differ = (a: z.infer<typeof said>, b: z.infer<typeof said>): boolean =>
  a.keep !== b.keep || a.stance !== b.stance || a.quality !== b.quality;

const wireSheetDifference = z.object({
  /** Of the provider's sheet; fetch it at /v1/content/{cid}. */
  cid: z.string(),
  /** Whose reports name it. */
  signers: z.array(wireAddress),
  /** Why it cannot be compared: it is not kept here, or its own figures do not follow from it. */
  complaint: z.string().nullable(),
  score: z.number().int().nullable(),
  confidence: z.number().int().nullable(),
  analysts: z.array(
    z.object({
      analyst: z.string(),
      model: z.string(),
      /** With whose labels they are compared; null: the sheet has none. */
      against: z.object({ analyst: z.string(), model: z.string() }).nullable(),
      /** Same model and prompt: then every label that differs is to be asked about. */
      isSame: z.boolean(),
      compared: z.number().int(),
      differing: z.number().int(),
    }),
  ),
  /** Opinions of which some analyst says something else, all of them. */
  differing: z.number().int(),
  /** Those of the largest stakes. */
  opinions: z.array(wireRelabelledOpinion),
});
export type SheetDifference = z.infer<typeof wireSheetDifference>;

export const wireRelabelling = z.object({
  market: wireHex32,
  /** Whether analysts run here at all. */
  offered: z.boolean(),
  /** How it stands; `none`: no member asked for it. */
  state: z.enum(["none", "running", "done", "failed"]),
  askedBy: wireAddress.nullable(),
  askedAt: wireSeconds.nullable(),
  opinions: z.number().int(),
  /** Of those, without a text here: they count for nothing. */
  noText: z.number().int(),
  /** Why it failed. A failed one may be asked for again. */
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  comes: labelSheet
    .pick({ score: true, confidence: true, spreadBps: true, families: true })
    .extend({ analysts: z.array(wireAnalyst.omit({ settings: true })) })
    .nullable(),
  against: z.array(wireSheetDifference),
});
