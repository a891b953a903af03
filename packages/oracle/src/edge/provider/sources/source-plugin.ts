import type { Chain } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import type { Decimal, QuestionSchema, Source, SourceOf, Terms } from "../../../core/index.ts";
import type { OpinionTools } from "../opinions/analyst.ts";
import type { WitnessModel } from "../witness/witness-model.ts";
import type { FetchOptions, Fetched } from "./fetch-text.ts";

/** What a provider reads with. What is not given here is not read. */
export type SourceTools = FetchOptions & {
  /** Chains whose state may be read. */
  chains?: readonly Chain[];
  /** A language model with its key and budget. */
  witness?: WitnessModel;
  /** Who labels opinions, and where their texts are. */
  opinions?: OpinionTools;
};

/** The question that a source is read for. */
export type Asked = {
  /** Its id; absent where nothing of the kind exists, as for a feed. */
  question?: Hex;
  schema: QuestionSchema;
  terms: Pick<Terms, "min" | "max">;
  /** What its asker said about it since. */
  clarifications?: readonly string[];
};

export type Said =
  /** `publicAt`: when the figure became public, unix seconds, where the source tells. */
  | { said: "number"; number: Decimal; publicAt?: number }
  /** It answered, and has no figure for that moment yet. */
  | { said: "silent" }
  | { said: "nothing"; why: string };

/** What was read, and what it says. `body` is all of it; its hash goes into the evidence, its start too. */
export type SourceReading = { status: number | null; body: string; sha256: Hex | null; says: Said };

/** The reader of one type of source. A new one is a new file of this shape, named in index.ts. */
export type SourcePlugin<T extends Source["type"] = Source["type"]> = {
  /** Why this provider can never read it as it is configured, or null. */
  refusal(source: SourceOf<T>, asked: Asked, tools: SourceTools): string | null;
  /** Reads, patiently. What the source or the network does wrong is said, not thrown; AppErrors count as said too. */
  read(source: SourceOf<T>, asked: Asked, tools: SourceTools): Promise<SourceReading>;
};

export const unread = (why: string): SourceReading => ({
  status: null,
  body: "",
  sha256: null,
  says: { said: "nothing", why },
});

export const originRefusal = (url: URL, { allowedOrigins }: Pick<FetchOptions, "allowedOrigins">) =>
  allowedOrigins.includes(url.origin)
    ? null
    : `${url.origin} is not among the origins that this provider reads`;

export const readingOf = ({ status, body, sha256 }: Fetched, says: Said): SourceReading => ({
  status,
  body,
  sha256,
  says,
});
