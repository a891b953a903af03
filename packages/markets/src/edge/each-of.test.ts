import { expect, test } from "vitest";
import { eachOf } from "./each-of.ts";

const fail = (error: Error) => async () => {
  throw error;
};

test("a step that fails holds up none behind it, and is told in the end", async () => {
  const taken: string[] = [];
  const warned: unknown[] = [];
  const log = { warn: (about: unknown) => warned.push(about) };
  const take = (name: string) => async () => taken.push(name);
  const first = new Error("the first");
  const steps = { a: take("a"), b: fail(first), c: take("c"), d: fail(new Error("another")), e: take("e") };
  await expect(eachOf(log, steps)).rejects.toBe(first);
  expect(taken).toEqual(["a", "c", "e"]);
  expect(warned).toMatchObject([{ step: "b" }, { step: "d" }]);
  await expect(eachOf(log, { a: take("a") })).resolves.toBeUndefined();
});
