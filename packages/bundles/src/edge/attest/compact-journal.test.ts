import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate as soon } from "node:timers/promises";
import type { Hex } from "@sooth/kernel";
import { numberToHex } from "viem";
import { afterAll, expect, test } from "vitest";
import type { Fact } from "../../core/index.ts";
import type { Remembered } from "../watch/index.ts";
import { openFactJournal } from "./fact-journal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "compact-"));
afterAll(() => rmSync(folder, { recursive: true }));
const signer = `0x${"ab".repeat(20)}` as const;
const domain = "31337:0x01";
/** Where this hub begins. */
const FIRST = 4_611_686_018_427_388_160n;
const BEFORE = 1_000_000;
let files = 0;
const fresh = () => path.join(folder, `${++files}.journal`);
const openIt = (file: string | undefined, of = domain) => openFactJournal({ file, signer, domain: of });
type Journal = Awaited<ReturnType<typeof openIt>>;

const idOf = (n: number): Hex => numberToHex(n + 1, { size: 32 });
const baseOf = (n: number): bigint => FIRST + BigInt(2 * n);
const MANY = 3_000;
/** Every second one has a deadline that is long past, but for those that are opened later. */
const deadlineOf = (id: Hex): number => (Number(id) % 2 === 0 && Number(id) <= MANY ? BEFORE - 1 : BEFORE);
const remembered = (n: number): Remembered => ({
  id: idOf(n),
  deadline: deadlineOf(idOf(n)),
  base: baseOf(n),
  legs: 2,
});
type Version = "one" | "other";
const decision = (n: number, as: Version): Fact => ({
  kind: "decision",
  id: idOf(n),
  base: baseOf(n),
  outcome: as === "one" ? "committed" : "aborted",
});
const opened = (n: number, as: Version): Fact => ({
  kind: "opened",
  base: baseOf(n),
  index: 1,
  owner: signer,
  deadline: 1,
  leg: idOf(as === "one" ? 1 : 2),
});
const receipt = (n: number, as: Version): Fact => ({
  kind: "receipt",
  ordinal: baseOf(n),
  status: as === "one" ? "ok" : "failed",
  result: idOf(0),
  relayer: signer,
});
const allOf = (n: number, as: Version): Fact[] => [opened(n, as), receipt(n, as), decision(n, as)];
const prepared = (n: number): Fact => ({ kind: "prepared", id: idOf(n) });
const current: Fact = { kind: "current", day: 20_000, epoch: 3 };
const seated: Fact = { kind: "seated", epoch: 3, totalWeight: 1n, seats: [{ key: signer, weight: 1n }] };
const others: Fact[] = [
  { ...current, epoch: 4 },
  { ...seated, totalWeight: 2n },
];

const say = (journal: Journal, facts: readonly Fact[]) => journal.say(1, facts, deadlineOf);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "said",
    (error: unknown) => (error as { code: string }).code,
  );
/** Nothing that was said of these bundles can be said otherwise, whatever chains show. */
async function expectBound(journal: Journal, count: number): Promise<void> {
  for (let n = 0; n < count; n++)
    for (const fact of allOf(n, "other")) expect(await codeOf(say(journal, [fact]))).not.toBe("said");
  for (const fact of others) expect(await codeOf(say(journal, [fact]))).toBe("bundles.said_otherwise");
}
async function filled(count: number, file: string | undefined = fresh()) {
  const journal = await openIt(file);
  const facts = Array.from({ length: count }, (_, n) => [...allOf(n, "one"), prepared(n)]).flat();
  await say(journal, [...facts, current, seated]);
  return { journal, file: file ?? "" };
}
const linesIn = (file: string): string[] => readFileSync(file, "utf8").trimEnd().split("\n");

const MOST_STANDS = 12;
/** What the disk has at this moment. */
function standOf(file: string): string {
  const stand = fresh();
  copyFileSync(file, stand);
  try {
    copyFileSync(`${file}.compacted`, `${stand}.compacted`);
  } catch (error) {
    // There is none, or it just took the other's name.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return stand;
}

test("what nobody needs is left out, and never said otherwise, now and after every start", async () => {
  const { journal, file } = await filled(8);
  const before = linesIn(file).length;
  // 0 and 1 have not ended.
  const left = await journal.compact([remembered(0), remembered(1)], BEFORE);
  // Two lines each of six bundles, every prepared, and the decisions with deadlines long past.
  expect(left).toBe(6 * 2 + 8 + 3);
  expect(linesIn(file)).toHaveLength(before - left + 1);
  expect(journal.said.size).toBe(before - left);
  await expectBound(journal, 8);
  await journal.close();
  const again = await openIt(file);
  expect(again.said).toEqual(journal.said);
  await expectBound(again, 8);
  // Also not when chains are read from the beginning, and everything is remembered for a while.
  await again.compact(
    Array.from({ length: 8 }, (_, n) => remembered(n)),
    BEFORE + 1,
  );
  await expectBound(again, 8);
  await again.close();
  const third = await openIt(file);
  await expectBound(third, 8);
  await third.close();
});

test("of bundles that have not ended everything is said that was not, and whatever comes later", async () => {
  const journal = await openIt(fresh());
  await say(journal, [opened(0, "one"), ...allOf(1, "one"), opened(2, "one"), ...allOf(3, "one")]);
  await journal.compact([remembered(0), remembered(2)], BEFORE);
  for (const n of [0, 2]) expect(await codeOf(say(journal, allOf(n, "one")))).toBe("said");
  expect(await codeOf(say(journal, allOf(4, "one")))).toBe("said");
  // The same again is no second thing, but nobody needs it.
  expect(await codeOf(say(journal, [receipt(1, "one")]))).toBe("bundles.long_over");
  expect(journal.isPast(receipt(1, "one"), deadlineOf)).toBe(true);
  // One that was opened late among them, of which nothing was said: silence is safe.
  expect(journal.isPast(decision(99, "one"), () => undefined)).toBe(true);
  await journal.close();
});

test("lines of other keys and networks stay as they are, also what they left out", async () => {
  const file = fresh();
  const other = await openIt(file, "1:0x01");
  await say(other, allOf(0, "one"));
  await say(other, allOf(1, "one"));
  await other.compact([], BEFORE);
  await other.close();
  const { journal } = await filled(4, file);
  await journal.compact([], BEFORE);
  await journal.close();
  const back = await openIt(file, "1:0x01");
  for (const n of [0, 1])
    for (const fact of allOf(n, "other")) expect(await codeOf(say(back, [fact]))).not.toBe("said");
  await back.close();
});

test("whoever falls at any moment of it finds all that binds him, and what was said meanwhile", async () => {
  const count = MANY;
  const { journal, file } = await filled(count);
  const stands: string[] = [];
  const state = { isDone: false };
  const compacting = journal.compact([remembered(1)], BEFORE).finally(() => (state.isDone = true));
  let meanwhile = count;
  const saying: Promise<void>[] = [];
  while (!state.isDone) {
    if (stands.length < MOST_STANDS) stands.push(standOf(file));
    if (meanwhile < count + 100) saying.push(say(journal, allOf(meanwhile++, "one")));
    await soon();
  }
  expect(await compacting).toBeGreaterThan(2 * count);
  await Promise.all(saying);
  expect(existsSync(`${file}.compacted`)).toBe(false);
  expect(stands.length).toBeGreaterThan(3);
  for (const stand of stands) {
    const found = await openIt(stand);
    // Left by whoever fell: it counts for nothing, and stands in nobody's way.
    expect(existsSync(`${stand}.compacted`)).toBe(false);
    for (const n of [0, 1, 2, count - 1])
      for (const fact of allOf(n, "other")) expect(await codeOf(say(found, [fact]))).not.toBe("said");
    await found.close();
  }
  await journal.close();
  const after = await openIt(file);
  for (let n = count; n < meanwhile; n++)
    for (const fact of allOf(n, "other"))
      expect(await codeOf(say(after, [fact]))).toBe("bundles.said_otherwise");
  await after.close();
});

test("half of a new file that a crash left takes nobody's place", async () => {
  const { journal, file } = await filled(4);
  await journal.close();
  const before = readFileSync(file, "utf8");
  writeFileSync(`${file}.compacted`, before.slice(0, 100));
  const again = await openIt(file);
  expect(readFileSync(file, "utf8")).toBe(before);
  expect(await again.compact([], BEFORE)).toBeGreaterThan(0);
  await expectBound(again, 4);
  await again.close();
});

test("a journal that cannot be compacted stays as it is, and what was to be left out is not said", async () => {
  const { journal, file } = await filled(4);
  const before = readFileSync(file, "utf8");
  // Somebody else is about to.
  writeFileSync(`${file}.compacted`, "");
  await expect(journal.compact([], BEFORE)).rejects.toThrow("EEXIST");
  expect([readFileSync(file, "utf8"), existsSync(`${file}.compacted`)]).toEqual([before, true]);
  await expectBound(journal, 4);
  expect(await codeOf(say(journal, allOf(10, "one")))).toBe("said");
  await journal.close();
});

test("a node whose file another compacted away says nothing more, and compacts it no further", async () => {
  const { journal, file } = await filled(4);
  const other = await openIt(file);
  await other.compact([], BEFORE);
  await say(other, allOf(10, "one"));
  const kept = readFileSync(file, "utf8");
  await expect(journal.compact([], BEFORE)).rejects.toMatchObject({ code: "bundles.journal_broken" });
  expect(readFileSync(file, "utf8")).toBe(kept);
  await expect(say(journal, allOf(10, "one"))).rejects.toMatchObject({ code: "bundles.journal_broken" });
  await Promise.all([journal.close(), other.close()]);
});

test("a file that two write to is not compacted: what the one said the other has not counted", async () => {
  const { journal, file } = await filled(4);
  const other = await openIt(file);
  await say(other, allOf(10, "one"));
  const kept = readFileSync(file, "utf8");
  await expect(journal.compact([], BEFORE)).rejects.toThrow("another writes to the file too");
  expect([readFileSync(file, "utf8"), existsSync(`${file}.compacted`)]).toEqual([kept, false]);
  await Promise.all([journal.close(), other.close()]);
});

test("it is large when it has doubled, and small once what nobody needs is out of it", async () => {
  const { journal, file } = await filled(MANY);
  const size = statSync(file).size;
  expect(journal.isLarge).toBe(true);
  await journal.compact([], BEFORE);
  expect(journal.isLarge).toBe(false);
  expect(statSync(file).size).toBeLessThan(size / 4);
  await journal.close();
  const again = await openIt(file);
  expect(again.isLarge).toBe(false);
  await again.close();
});

test("a hub of other ordinals is not silenced by what was left out of another", async () => {
  const { journal } = await filled(4, undefined);
  await journal.compact([], BEFORE);
  const elsewhere: Fact = { ...receipt(0, "one"), kind: "receipt", ordinal: 256n } as Fact;
  expect(await codeOf(say(journal, [elsewhere]))).toBe("said");
  expect(await codeOf(say(journal, [receipt(1, "other")]))).toBe("bundles.long_over");
});
