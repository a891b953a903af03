import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isWhole } from "./state-file.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-state-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const STATE = JSON.stringify({ a: [{ text: 'brackets ]} and "quotes\\"' }], b: { c: [[]] }, d: null });

test("a whole state is whole, and no beginning of it is", async () => {
  const file = path.join(folder, "state.json");
  await writeFile(file, STATE);
  expect(await isWhole(file)).toBe(true);
  const wrong: string[] = [];
  for (let length = 0; length < STATE.length; length++) {
    await writeFile(file, STATE.slice(0, length));
    if (await isWhole(file)) wrong.push(STATE.slice(0, length));
  }
  expect(wrong).toEqual([]);
});
