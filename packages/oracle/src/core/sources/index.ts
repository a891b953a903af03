import { z } from "zod";
import { chainSource, chainType } from "./chain.ts";
import { feedSource, feedType } from "./feed.ts";
import { httpJsonSource, httpJsonType } from "./http-json.ts";
import { opinionsSource, opinionsType } from "./opinions.ts";
import type { QuestionSchema } from "../wire.ts";
import { type AskedFor, fillItem, type SourceType } from "./source-type.ts";
import { witnessSource, witnessType } from "./witness.ts";

export { callDataOf, chainNumberOf, type ChainSource } from "./chain.ts";
export { FEED_CALLS, feedNumberOf, type FeedSource } from "./feed.ts";
export { momentOf } from "./http-json.ts";
export { familiesWanted, type OpinionsSource, sheetConfidenceWanted } from "./opinions.ts";
export type { AskedFor } from "./source-type.ts";
export type { WitnessSource } from "./witness.ts";

const typed = z.discriminatedUnion("type", [
  httpJsonSource,
  chainSource,
  feedSource,
  witnessSource,
  opinionsSource,
]);
export type Source = z.infer<typeof typed>;
export type SourceOf<T extends Source["type"]> = Extract<Source, { type: T }>;

/** One place to read from. Sources that were logged before there were types have none: they are `http-json`. */
export const source = z.preprocess(
  (given) =>
    typeof given === "object" && given !== null && !("type" in given)
      ? { type: "http-json", ...given }
      : given,
  typed,
);

const types: { [T in Source["type"]]: SourceType<SourceOf<T>> } = {
  "http-json": httpJsonType,
  chain: chainType,
  feed: feedType,
  witness: witnessType,
  opinions: opinionsType,
};
const typeOf = (of: Source): SourceType<Source> => types[of.type] as SourceType<Source>;

/** What is wrong with a source beyond its shape, or null. @throws oracle.bad_template */
export const sourceComplaint = (of: Source, asked: AskedFor): string | null =>
  typeOf(of).complaint(of, asked);
/** Where a source reads, for people and for the evidence. @throws oracle.bad_template */
export const whereOf = (of: Source, observeAt: number): string => typeOf(of).where(of, observeAt);

/**
 * Whether all sources of a question, the secondary ones too, say the same whenever they are read after `by`. One that moves is
 * enough to change what a majority of them says.
 */
export const areFixed = (
  { sources, secondary = [], observeAt }: Pick<QuestionSchema, "sources" | "secondary" | "observeAt">,
  by: number,
): boolean => [...sources, ...secondary].every((of) => typeOf(of).isFixed(of, observeAt, by));

/** The source as it is read for one item of a vector. */
export const sourceForItem = (of: Source, item: { name: string; index: number }): Source =>
  typeOf(of).forItem?.(of, fillItem(item)) ?? of;

/** Among other sources witnesses are one third at most: one model's mistake is the mistake of all of them. */
const WITNESS_SHARE = 3;

/** What is wrong with the sources as a whole, or null. */
export function mixComplaint(sources: readonly Source[]): string | null {
  const witnesses = sources.filter(({ type }) => type === "witness").length;
  return witnesses < sources.length && witnesses * WITNESS_SHARE > sources.length
    ? "more than a third of the sources are witnesses, and not all of them"
    : null;
}
