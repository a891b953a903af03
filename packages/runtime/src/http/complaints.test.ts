import { expect, test } from "vitest";
import { z } from "zod";
import { complaintOf } from "./complaints.ts";

/** As the framework hands issues on. */
const of = (schema: z.ZodType, value: unknown): string => {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  if (!issue) throw new Error("it fits");
  const { code, message, ...params } = issue;
  return complaintOf({ keyword: code, message, params });
};

test.each<[string, z.ZodType, unknown, string]>([
  ["nothing there", z.string(), undefined, "is missing"],
  ["another kind", z.number(), "four", "must be a number"],
  ["no whole number", z.number().int(), 1.5, "must be a whole number"],
  ["an id", z.string().regex(/^0x[0-9a-f]{64}$/), "0x1", "must be 0x and 64 hexadecimal digits"],
  [
    "an address",
    z.string().regex(/^0x[0-9a-fA-F]{40}$/),
    "me",
    "must be an address: 0x and 40 hexadecimal digits",
  ],
  [
    "an amount",
    z.string().regex(/^-?[0-9]{1,78}$/),
    "1.5",
    "must be a whole number, written as a text of decimal digits",
  ],
  ["a form nobody named", z.string().regex(/^a+$/), "b", "is not written as it must be (see /openapi.json)"],
  ["own words", z.string().regex(/^a+$/, "must be a's alone"), "b", "must be a's alone"],
  ["a URL", z.url(), "here", "must be a URL"],
  ["too short a text", z.string().min(8), "x", "must have at least 8 characters"],
  ["too many entries", z.array(z.string()).max(1), ["a", "b"], "must have at most 1 entry"],
  ["too large a number", z.number().max(100), 101, "must be at most 100"],
  ["none of a list", z.enum(["a", "b", "c"]), "d", 'must be "a", "b" or "c"'],
  ["too many fields", z.strictObject({}), { x: 1 }, 'must not have "x"'],
  [
    "one of several forms",
    z.union([z.string(), z.number()]),
    true,
    "fits none of the forms that it may have (see /openapi.json)",
  ],
])("%s", (_, schema, value, words) => {
  expect(of(schema, value)).toBe(words);
});

test("no complaint speaks of patterns or of the validator", () => {
  for (const schema of [z.string().regex(/^0x[0-9a-f]{2,9}$/), z.email(), z.uuid(), z.iso.date()])
    expect(of(schema, "?")).not.toMatch(/regex|pattern|\^|Invalid|zod/i);
});
