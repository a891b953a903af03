import type { QuestionSchema } from "../wire.ts";

/** What somebody typed into a kind's own fields, by their names: every field a text, so that half a number is no error yet. */
export type Typed = Readonly<Record<string, string | readonly string[]>>;

type Common = { name: string; label: string; hint?: string };
/** One field of a form, as data. */
export type KindField =
  | (Common & { as: "text"; maxLength: number })
  | (Common & { as: "number"; isWhole?: true; inUnit?: true })
  /** Short texts, or numbers, of any number: `item` is what one of them is called. */
  | (Common & { as: "list"; item: string; least: number; isNumeric?: true });

/** What a kind makes of a schema. */
export type SchemaPart = Pick<QuestionSchema, "outcomes" | "decimals" | "unit" | "rule">;
/** What else is known: whether sources are named, and in what unit the first one speaks. */
export type Asked = { hasSources: boolean; sourceUnit: string };

/** How a form asks for a question of a kind: data, and pure functions of what was typed. */
export type KindForm = {
  /** Shown below the question. */
  fields: readonly KindField[];
  /** Shown below the sources, once there are any: how what they say becomes an answer. */
  deciding: readonly KindField[];
  initial: Typed;
  /** The schema's part as far as it can be read, and what has to be mended, by field. */
  read(typed: Typed, asked: Asked): { part: SchemaPart; problems: Readonly<Partial<Record<string, string>>> };
  /** The other way round: what somebody typed for whom a schema's part came out. */
  typedFor(part: SchemaPart): Typed;
  /** Of sizes: what the edges between a market's brackets are, and what bounds and tolerance mean. */
  edges?: string;
  aboutBounds?: string;
  /** Why a text is no edge though it is a number, or null. */
  edgeComplaint?(text: string, part: SchemaPart): string | null;
  /** What was typed for an edge, where the value that a market keeps of it still tells. */
  edgeFor?(value: bigint, part: SchemaPart): string;
  /** Where two honest readers could disagree: advice, which stops nobody. */
  advice?(question: string, typed: Typed, asked: Asked): string[];
};

export const textIn = (typed: Typed, name: string): string => {
  const value = typed[name];
  return typeof value === "string" ? value : "";
};

export const listIn = (typed: Typed, name: string): readonly string[] => {
  const value = typed[name];
  return typeof value === "object" ? value : [];
};

/** A number as people type it, `2,400.5` or `−3`, as schemas have it; undefined where it is none. */
export function plainNumber(text: string): string | undefined {
  const clean = text.trim().replaceAll(",", "").replace("−", "-");
  return /^-?\d+(\.\d+)?$/.test(clean) ? clean : undefined;
}

/** Digits after the point. */
export const placesOf = (number: string): number => number.split(".")[1]?.length ?? 0;
