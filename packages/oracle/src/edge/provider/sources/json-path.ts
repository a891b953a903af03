/** What stands at a path: a number as it was written, nothing yet, or something that is no number. */
export type AtPath =
  | { found: "number"; text: string }
  | { found: "nothing" }
  | { found: "other"; what: string };

// TypeScript does not know the reviver's third argument yet. Source: ECMAScript proposal "JSON.parse source text access".
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** A number with the text that it was written as: a double would lose digits. */
class WrittenNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const NO_JSON = Symbol("no JSON");
const keepSource: Reviver = (_, value, { source }) =>
  typeof value === "number" ? new WrittenNumber(source ?? String(value)) : value;

/**
 * Walks `path` (`result.XETHZUSD.0.4`) through a JSON text. A path that leads nowhere, or to null, is "nothing": that is
 * how exchanges answer for a moment that has not come. Text and booleans that stand for a number count as one.
 */
export const readPath = (text: string, path: string): AtPath => readAt(parseDocument(text), path);

/** A parsed text; `NO_JSON` where it is none. */
export function parseDocument(text: string): unknown {
  try {
    return JSON.parse(text, keepSource as (key: string, value: unknown) => unknown) as unknown;
  } catch {
    return NO_JSON; // told to the asker as this source's fault
  }
}

/** The same as `readPath`, of a text that was parsed before. */
export function readAt(document: unknown, path: string): AtPath {
  if (document === NO_JSON) return { found: "other", what: "something that is no JSON" };
  let here = document;
  for (const step of path.split(".")) {
    if (
      typeof here !== "object" ||
      here === null ||
      here instanceof WrittenNumber ||
      !Object.hasOwn(here, step)
    )
      return { found: "nothing" };
    here = (here as Record<string, unknown>)[step];
  }
  if (here === null || here === undefined || here === "") return { found: "nothing" };
  if (here instanceof WrittenNumber) return { found: "number", text: here.text };
  if (typeof here === "string") return { found: "number", text: here.trim() };
  if (typeof here === "boolean") return { found: "number", text: here ? "1" : "0" };
  return { found: "other", what: Array.isArray(here) ? "a list" : "an object" };
}
