import { plural, t } from "@lingui/core/macro";
import { outcomeLabels } from "@sooth/markets/core";
import type { Hex } from "@sooth/kernel";
import {
  kindOf,
  parseDecimal,
  plainNumber,
  type QuestionSchema,
  questionSchema,
  schemaComplaint,
  schemaText,
  type SchemaPart,
  TEXT_ROOM,
} from "@sooth/oracle/core";
import { parseAmount } from "../../format/amount.ts";
import { characters, tooLong } from "../../format/room.ts";
import { formatDuration, fromInputTime } from "../../format/time.ts";
import { readAddress } from "../wallet/read-address.ts";
import {
  askedOf,
  type Draft,
  type DraftSource,
  type Field,
  formOf,
  isMany,
  isSize,
  type Problems,
} from "./draft.ts";
import { windowFor, type Windows } from "./window.ts";

/** What the two prepare routes take, apart from who signs. */
export type Plan = {
  schema: QuestionSchema;
  schemaText: string;
  opensAt: number;
  deadline: number;
  liveness: number;
  reward: string;
  secures: string;
  /** Null: nobody may put the answer off. */
  watcher: Hex | null;
  /** Decimals in the question's unit; numeric only. */
  bounds: { min?: string; max?: string; tolerance?: string };
  /** Null where many things are asked about: no market rests on them. */
  market: { closesAt: number; feeBps: number; cuts: string[]; outcomes: string[] } | null;
};
/** A schema as far as a size is read by it. */
/** Where the name of each thing goes in an address or a path. */
const ITEM = "{item}";
const EMPTY = questionSchema.parse({
  version: 1,
  text: "A size by itself",
  kind: "numeric",
  observeAt: 0,
});
const MAX_FEE_BPS = 1_000;
const MAX_OUTCOMES = 48;
const MAX_SECONDS = 60 * 86_400;
/** What the network allows and the asker has, as far as it is known. Seconds, and collateral. */
export type Means = Windows & { maxQuestionSeconds?: number; balance?: bigint | undefined };

/** The plan that this draft makes, or what has to be mended first, by field. `now` is the chain's. */
export function planOf(
  draft: Draft,
  now: number,
  decimals: number,
  means: Means = {},
): { plan?: Plan; problems: Problems } {
  const problems: Problems = {};
  const many = isMany(draft);
  const attempt = <T>(field: Field, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      problems[field] = error instanceof Error ? error.message : t`This does not hold.`;
      return undefined;
    }
  };
  const observeAt = fromInputTime(draft.observeAt);
  const closesAt = many ? observeAt : fromInputTime(draft.closesAt);
  if (draft.text.trim().length < 8) problems.text = t`Ask a whole question, at least 8 characters.`;
  if (observeAt === undefined) problems.observeAt = t`Name the moment that the answer speaks of.`;
  else if (observeAt <= now) problems.observeAt = t`This moment has passed.`;
  if (many) itemsOf(draft, problems);
  else if (closesAt === undefined) problems.closesAt = t`Name the moment when stakes end.`;
  else if (closesAt <= now) problems.closesAt = t`This moment has passed.`;
  else if (observeAt !== undefined && closesAt > observeAt)
    problems.closesAt = t`Stakes have to end before the outcome can be seen.`;
  const discloseBy = draft.discloseBy === "" ? undefined : fromInputTime(draft.discloseBy);
  if (observeAt !== undefined && discloseBy !== undefined && discloseBy < observeAt)
    problems.discloseBy = t`What counts cannot end before the moment that is asked about.`;
  const reportSeconds = attempt("reportMinutes", () => minutes(draft.reportMinutes, 1));
  const reward = attempt("reward", () => parseAmount(draft.reward, decimals));
  const secures = attempt("secures", () =>
    draft.secures.trim() === "" ? 0n : parseAmount(draft.secures, decimals),
  );
  const watcher = watcherOf(draft, problems);
  const opensAt = Math.max(observeAt ?? 0, discloseBy ?? 0);
  const { least, proposed } = windowFor(secures ?? 0n, means);
  const liveness = attempt("livenessMinutes", () =>
    draft.livenessMinutes.trim() === "" ? proposed : minutes(draft.livenessMinutes, 0),
  );
  // The contract and the token refuse these too, but only once everything is signed.
  if (liveness !== undefined && liveness < least)
    problems.livenessMinutes = t`With that much at stake it must be ${formatDuration(least)} at least.`;
  const ahead = opensAt + (reportSeconds ?? 0) - now;
  if (means.maxQuestionSeconds && observeAt !== undefined && ahead > means.maxQuestionSeconds)
    problems.observeAt = t`Its deadline lies more than ${formatDuration(means.maxQuestionSeconds)} ahead.`;
  if (reward !== undefined && means.balance !== undefined && reward > means.balance)
    problems.reward = t`This is more than you have.`;
  const feeBps = many ? 0 : attempt("fee", () => Number(parseAmount(draft.fee, 2)));
  if (feeBps !== undefined && feeBps > MAX_FEE_BPS) problems.fee = t`At most 10 percent.`;
  const { part, problems: wrong } = formOf(draft).read(draft.typed, askedOf(draft));
  Object.assign(problems, wrong, roomProblems(draft));
  const cuts = many || Object.keys(wrong).length > 0 ? [] : marketCuts(draft, part, problems);
  const sources = sourcesOf(draft, "source", draft.sources, problems);
  const secondary = many ? [] : sourcesOf(draft, "secondary", draft.secondary, problems);
  if (secondary.length > 0 && sources.length === 0)
    problems.secondary0 = t`Name a source above first: these are read in its place.`;
  const bounds = boundsOf(draft, problems);
  if (Object.keys(problems).length > 0) return { problems };

  const schema = questionSchema.safeParse({
    version: 1,
    text: draft.text.trim(),
    description: draft.description.trim(),
    ...(many
      ? { kind: "vector", items: { kind: draft.kind, names: itemsOf(draft, problems) } }
      : { kind: draft.kind }),
    ...part,
    observeAt,
    ...(discloseBy === undefined ? {} : { discloseBy }),
    sources,
    ...(secondary.length === 0 ? {} : { secondary }),
    ...(draft.order === "first" ? { order: "first" } : {}),
    ...(draft.fallback.trim() === "" ? {} : { default: draft.fallback.trim() }),
    ...(bounds.tolerance === undefined ? {} : { tolerance: bounds.tolerance }),
  });
  if (!schema.success)
    return { problems: { text: schema.error.issues[0]?.message ?? t`This question does not hold.` } };
  const complaint = schemaComplaint(schema.data);
  if (complaint !== null) return { problems: { text: sentence(complaint) } };
  return {
    problems,
    plan: {
      schema: schema.data,
      schemaText: schemaText(schema.data),
      opensAt,
      deadline: opensAt + (reportSeconds ?? 0),
      liveness: liveness ?? 0,
      reward: String(reward),
      secures: String(secures),
      watcher,
      bounds,
      market: many
        ? null
        : {
            closesAt: closesAt ?? 0,
            feeBps: feeBps ?? 0,
            cuts,
            outcomes: outcomeLabels(schema.data, {
              outcomes: isSize(draft) ? cuts.length + 1 : part.outcomes.length,
              cuts: cuts.map(BigInt),
            }),
          },
    },
  };
}

function watcherOf({ watcher }: Draft, problems: Problems): Hex | null {
  if (watcher.trim() === "") return null;
  const read = readAddress(watcher);
  if ("address" in read) return read.address;
  problems.watcher = read.problem;
  return null;
}

/** What is too long. A schema takes no more, and nothing is cut that somebody typed. */
function roomProblems(draft: Draft): Problems {
  const problems: Problems = {};
  const look = (field: Field, name: string, text: string, most: number) => {
    const over = tooLong(text.trim(), characters(most));
    if (over !== undefined) problems[field] ??= `${name}: ${over}`;
  };
  look("text", t`Question`, draft.text, TEXT_ROOM.question);
  look("description", t`Details`, draft.description, TEXT_ROOM.description);
  look("fallback", t`When no source says anything`, draft.fallback, TEXT_ROOM.number);
  for (const name of draft.items) look("items", t`A name`, name, TEXT_ROOM.label);
  const { fields, deciding } = formOf(draft);
  for (const field of [...fields, ...deciding]) {
    const value = draft.typed[field.name];
    if (field.as === "text" && typeof value === "string")
      look(field.name, field.label, value, field.maxLength);
    if (field.as === "list" && !field.isNumeric && typeof value === "object")
      for (const text of value) look(field.name, field.item, text, TEXT_ROOM.label);
  }
  for (const list of ["source", "secondary"] as const)
    for (const [index, source] of (list === "source" ? draft.sources : draft.secondary).entries()) {
      const field = `${list}${index}`;
      look(field, t`Name`, source.name, TEXT_ROOM.sourceName);
      look(field, t`Unit`, source.unit, TEXT_ROOM.unit);
      look(field, t`Address`, source.url, TEXT_ROOM.url);
      look(field, t`Path`, source.path, TEXT_ROOM.path);
      look(field, t`Path to the time`, source.timePath ?? "", TEXT_ROOM.path);
    }
  return problems;
}
function itemsOf(draft: Draft, problems: Problems): string[] {
  const names = draft.items.map((name) => name.trim()).filter((name) => name !== "");
  if (names.length < 2) problems.items = t`Name at least two things.`;
  else if (new Set(names).size < names.length) problems.items = t`Two things have the same name.`;
  return names;
}
function marketCuts(draft: Draft, part: SchemaPart, problems: Problems): string[] {
  const { sizeOf } = kindOf(draft);
  if (!sizeOf) return [];
  const edgeOf = (text: string): bigint => {
    const complaint = formOf(draft).edgeComplaint?.(text, part) ?? null;
    const clean = plainNumber(text);
    if (clean === undefined || complaint !== null)
      throw new TypeError(complaint ?? t`“${text}” is no number.`);
    return sizeOf(parseDecimal(clean), { ...EMPTY, ...part, kind: draft.kind });
  };
  const cuts: bigint[] = [];
  for (const text of draft.edges.filter((cut) => cut.trim() !== "")) {
    try {
      cuts.push(edgeOf(text));
    } catch (error) {
      problems.edges = error instanceof Error ? error.message : t`“${text}” is no number.`;
    }
  }
  if (problems.edges !== undefined) return [];
  if (cuts.length === 0) problems.edges = t`Name at least one number between two brackets.`;
  else if (cuts.length >= MAX_OUTCOMES) problems.edges = t`At most ${MAX_OUTCOMES} brackets.`;
  else if (cuts.some((cut, index) => index > 0 && cut <= (cuts[index - 1] ?? cut)))
    problems.edges = t`The numbers have to rise.`;
  return cuts.map(String);
}

function boundsOf(draft: Draft, problems: Problems): Plan["bounds"] {
  const kind = kindOf(draft);
  const bounds: Plan["bounds"] = {};
  for (const field of ["min", "max", "tolerance"] as const) {
    if (field === "tolerance" ? isMany(draft) || !kind.toleranceOf : !kind.boundsOf) continue;
    if (draft[field].trim() === "") continue;
    const number = plainNumber(draft[field]);
    if (number === undefined) problems[field] = t`This is no number.`;
    else bounds[field] = number;
  }
  return bounds;
}

function sourcesOf(
  draft: Draft,
  field: "source" | "secondary",
  sources: readonly DraftSource[],
  problems: Problems,
): QuestionSchema["sources"] {
  return sources.map(({ name, url, path, unit, scale, timePath = "" }, index) => {
    const empty = Object.entries({ name, unit, address: url, path }).flatMap(([part, text]) =>
      text.trim() === "" ? [part] : [],
    );
    if (empty.length > 0) problems[`${field}${index}`] = t`Still to be filled in: ${empty.join(", ")}.`;
    else if (!URL.canParse(url.trim().replaceAll(/[{}]/g, "")))
      problems[`${field}${index}`] = t`The address is no URL.`;
    else if (isMany(draft) && !/\{(item|index)\}/.test(url + path))
      problems[`${field}${index}`] = t`It says the same of each thing: put ${ITEM} where the name goes.`;
    else if (!/^-?\d{1,2}$/.test(scale.trim()))
      problems[`${field}${index}`] = t`The power of ten is a whole number.`;
    return {
      type: "http-json",
      name: name.trim(),
      url: url.trim(),
      path: path.trim(),
      unit: unit.trim(),
      scale: Number(scale),
      ...(timePath.trim() === "" ? {} : { timePath: timePath.trim() }),
    };
  });
}

/** Minutes with up to two digits after the point, as whole seconds. */
function minutes(text: string, least: number): number {
  const typed = text.trim();
  if (typed === "") throw new RangeError(t`Enter a number of minutes.`);
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(typed))
    throw new RangeError(t`“${typed.slice(0, 40)}” is no number of minutes.`);
  const seconds = Math.floor((Number(parseAmount(typed, 2)) * 60) / 100);
  if (seconds < least * 60)
    throw new RangeError(plural(least, { one: "At least # minute.", other: "At least # minutes." }));
  if (seconds > MAX_SECONDS) throw new RangeError(t`At most 60 days.`);
  return seconds;
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
