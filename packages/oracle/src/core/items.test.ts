import * as fc from "fast-check";
import { expect, test } from "vitest";
import { boolSchema, numericSchema } from "../../test/people.ts";
import { INVALID, TOO_EARLY } from "./answer-word.ts";
import {
  isItemProved,
  joinFindings,
  itemProof,
  itemSchema,
  packedRoot,
  packWords,
  rootOf,
  unpackItem,
  valuesComplaint,
} from "./items.ts";

const of = (kind: string, count: number) => {
  const over = { kind: "vector", items: { kind, count } };
  return kind === "bool" ? boolSchema(over) : numericSchema(over);
};
const value = fc.oneof(fc.bigInt({ min: -(10n ** 27n), max: 10n ** 27n }), fc.constant(INVALID));

test("every item is proved under the root, and nothing else is", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.nat(), (values, pick) => {
      const index = pick % values.length;
      const root = rootOf(of("numeric", values.length), values);
      const proof = itemProof(values, index);
      const mine = values[index] ?? 0n;
      expect(isItemProved(root, index, mine, proof)).toBe(true);
      expect(isItemProved(root, index, mine + 1n, proof)).toBe(false);
      expect(isItemProved(root, index + values.length, mine, proof)).toBe(false);
      expect(proof.length > 0 && isItemProved(root, index, mine, proof.slice(1))).toBe(false);
      expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(values.length)));
    }),
  );
});

test("yes-or-no answers survive their words", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0n, 1n, INVALID), { minLength: 1, maxLength: 400 }), (values) => {
      const words = packWords(values);
      expect(words.length).toBe(Math.ceil(values.length / 128));
      expect(values.map((_, index) => unpackItem(words, index))).toEqual(values);
      expect(unpackItem(words, words.length * 128)).toBe(null);
      expect(rootOf(of("bool", values.length), values)).toBe(packedRoot(words));
    }),
  );
});

test("the first answer lies in the low bits: 1 no, 2 yes, 3 invalid", () => {
  expect(packWords([1n, 0n, INVALID])).toEqual([0b11_01_10n]);
  expect(packWords(Array.from({ length: 129 }, () => 1n))[1]).toBe(2n);
});

test("an item is a question of its own, with its name where the sources want it", () => {
  const source = {
    name: "k",
    url: "https://k.test/{item}/{index}?at={observeAt}",
    path: "{item}.0",
    unit: "USD",
  };
  const schema = numericSchema({
    kind: "vector",
    items: { kind: "numeric", names: ["ETH USD", "BTC"] },
    sources: [source],
  });
  const item = itemSchema(schema, 0);
  expect(item).toMatchObject({ kind: "numeric", text: "The close of ETH? (ETH USD)" });
  expect(item.items).toBe(undefined);
  expect(item.sources[0]).toMatchObject({
    url: "https://k.test/ETH%20USD/0?at={observeAt}",
    path: "ETH USD.0",
  });
  expect(itemSchema(of("bool", 2), 1).text).toBe("Did ETH close above 2300 USD? (1)");
  expect(() => itemSchema(schema, 2)).toThrow("item 2");
});

test("values are one for each item, within the bounds or invalid", () => {
  const bounds = { min: 0n, max: 10n };
  expect(valuesComplaint(of("numeric", 2), bounds, [0n, INVALID])).toBe(null);
  expect(valuesComplaint(of("numeric", 2), bounds, [0n])).toBe("it has 1 values for 2 items");
  expect(valuesComplaint(of("numeric", 2), bounds, [0n, 11n])).toContain("item 1");
  expect(valuesComplaint(of("numeric", 2), bounds, [TOO_EARLY, 1n])).toContain("item 0");
});

test("one item that cannot be told holds up all of them until it is late, and is invalid for itself then", () => {
  const dropped = new Map<string, string>();
  const told = (value: bigint) => ({ do: "sign", value, reason: "", dropped }) as const;
  const untold = { do: "abstain", why: "it is down", dropped } as const;
  const schema = of("numeric", 3);
  const join = (late: boolean, ...findings: Parameters<typeof joinFindings>[1]) =>
    joinFindings(schema, findings, late);
  expect(join(false, told(1n), told(2n), told(INVALID))).toMatchObject({
    value: 0n,
    values: [1n, 2n, INVALID],
  });
  expect(join(false, told(1n), untold, told(TOO_EARLY))).toMatchObject({
    do: "abstain",
    why: expect.stringContaining("item 1"),
  });
  expect(join(false, told(1n), told(2n), told(TOO_EARLY))).toMatchObject({ do: "sign", value: TOO_EARLY });
  expect(join(true, told(1n), untold, told(TOO_EARLY))).toMatchObject({ values: [1n, INVALID, INVALID] });
  expect(join(true, untold, untold, told(TOO_EARLY)).do).toBe("abstain");
});
