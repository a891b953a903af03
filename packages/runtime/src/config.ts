import { z } from "zod";
import { RuntimeError } from "./runtime-error.ts";

/** What a config key is for, as docs/config.md prints it. */
export type ConfigKey = {
  key: string;
  purpose: string;
  required: boolean;
  secret: boolean;
  /** Text of the default, empty if there is none. */
  default: string;
};

/** Marks a key whose value is never printed: not in errors, not in docs. */
export const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ ...schema.meta(), secret: true });

/** Texts between commas, trimmed; absent or empty is none. Pipe it into what each must be. */
export const commaList = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );

/** The keys of a shape with their explanations, in the order of their declaration. */
export function describeConfig(shape: z.ZodObject): ConfigKey[] {
  return Object.entries(shape.shape).map(([key, schema]) => {
    const type = schema as z.ZodType;
    const missing = type.safeParse(undefined);
    const fallback = missing.success ? missing.data : undefined;
    return {
      key,
      purpose: lookUp(type, "description") ?? "",
      required: !missing.success,
      secret: lookUp(type, "secret") === true,
      default: fallback === undefined ? "" : defaultText(fallback),
    };
  });
}

/**
 * Reads the keys of `shape` from `env`; an empty value counts as absent. All bad keys are told at once, each with what
 * is wrong and what it is for. Values of secrets are never in the message. @throws runtime.bad_config
 */
export function readConfig<T extends z.ZodObject>(
  shape: T,
  env: Record<string, string | undefined>,
): z.infer<T> {
  const given = Object.fromEntries(
    Object.keys(shape.shape)
      .map((key) => [key, env[key]?.trim()] as const)
      .filter(([, value]) => value !== undefined && value !== ""),
  );
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  const docs = new Map(describeConfig(shape).map((doc) => [doc.key, doc]));
  throw RuntimeError.bad_config({
    problems: read.error.issues.map((issue) => {
      const key = String(issue.path[0] ?? "");
      return problem(key, docs.get(key), given[key], issue.message);
    }),
  });
}

function problem(
  key: string,
  doc: ConfigKey | undefined,
  value: string | undefined,
  message: string,
): string {
  const purpose = doc?.purpose ? ` (${doc.purpose})` : "";
  if (key === "") return message;
  if (value === undefined) return `${key} is not set${purpose}`;
  // A refinement may quote what it was given.
  const wrong = doc?.secret ? message.replaceAll(value, "…") : message;
  return `${key}${doc?.secret ? "" : ` = ${JSON.stringify(value)}`}: ${wrong}${purpose}`;
}

/** `.describe()` and `secret()` may stand before or after `.optional()` and `.default()`: looks through the wrappers. */
function lookUp(schema: z.ZodType, name: "description"): string | undefined;
function lookUp(schema: z.ZodType, name: "secret"): boolean | undefined;
function lookUp(schema: z.ZodType, name: string): unknown {
  const found = schema.meta()?.[name];
  if (found !== undefined) return found;
  const { innerType, in: input, out } = schema.def as { innerType?: unknown; in?: unknown; out?: unknown };
  for (const inner of [innerType, input, out]) {
    if (!(inner instanceof z.ZodType)) continue;
    const deeper = lookUp(inner, name as "description");
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

const defaultText = (value: unknown): string =>
  typeof value === "string" || typeof value === "bigint"
    ? String(value)
    : Array.isArray(value)
      ? value.join(",")
      : (JSON.stringify(value, (_, member: unknown) =>
          typeof member === "bigint" ? String(member) : member,
        ) ?? "");
