import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Fact } from "../../core/index.ts";
import { openFactJournal } from "./fact-journal.ts";

const folder = mkdtempSync(path.join(tmpdir(), "facts-"));
afterAll(() => rmSync(folder, { recursive: true }));
const signer = `0x${"AB".repeat(20)}` as const;
const domain = "31337:0x01";
const id = `0x${"1d".repeat(32)}` as const;
const decision = (outcome: "committed" | "aborted"): Fact => ({ kind: "decision", id, base: 1n, outcome });
const prepared: Fact = { kind: "prepared", id };
const untold = () => undefined;
let files = 0;
const fresh = () => path.join(folder, `${++files}.journal`);
const openIt = (file: string, of = domain) => openFactJournal({ file, signer, domain: of });

test("what was said binds the node that is started again, after a crash behind the write too", async () => {
  const file = fresh();
  const before = await openIt(file);
  // Killed before the signature left: the line is there, and nothing was closed.
  await before.say(1, [decision("aborted"), prepared], untold);
  const after = await openIt(file);
  await expect(after.say(1, [prepared, decision("committed")], untold)).rejects.toMatchObject({
    code: "bundles.said_otherwise",
  });
  // Of a batch with a contradiction in it nothing is said at all, and the same again is no second thing.
  await after.say(2, [decision("aborted")], untold);
  expect(readFileSync(file, "utf8").trim().split("\n")).toHaveLength(2);
  await Promise.all([before.close(), after.close()]);
});

test("a line that a crash tore was never sent", async () => {
  const file = fresh();
  const before = await openIt(file);
  await before.say(1, [prepared], untold);
  await before.close();
  appendFileSync(file, '{"content":"1 aborted","domain":"31337:0x01","epo');
  const after = await openIt(file);
  expect([...after.said.keys()]).toEqual([`prepared ${id}`]);
  await after.say(1, [decision("committed")], untold);
  await after.close();
  const again = await openIt(file);
  expect(again.said.get(`decision ${id}`)).toBe("1 committed");
  await again.close();
});

test("a line in the middle that cannot be read stops the node", async () => {
  const file = fresh();
  writeFileSync(file, "no journal\n");
  await expect(openIt(file)).rejects.toMatchObject({ code: "bundles.bad_journal", data: { line: 1 } });
});

test("what another key said, or for another network, binds nobody here", async () => {
  const file = fresh();
  const other = await openIt(file, "1:0x01");
  await other.say(1, [decision("aborted")], untold);
  await other.close();
  const own = await openIt(file);
  await own.say(1, [decision("committed")], untold);
  expect(own.said.get(`decision ${id}`)).toBe("1 committed");
});

test("two batches at once can not say two things", async () => {
  const journal = await openIt(fresh());
  const both = await Promise.allSettled([
    journal.say(1, [decision("aborted")], untold),
    journal.say(1, [decision("committed")], untold),
  ]);
  expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  await journal.close();
});

test("a node whose journal could not be written says nothing more until it is started again", async () => {
  const file = fresh();
  const told: Error[] = [];
  const own = await openFactJournal({ file, signer, domain, onBroken: (error) => told.push(error) });
  await own.say(1, [prepared], untold);
  // As a full disk would: what is under the file takes nothing more.
  await own.close();
  await expect(own.say(1, [decision("aborted")], untold)).rejects.toMatchObject({
    code: "bundles.journal_broken",
  });
  // Asked once more it must not take for written what the file lacks.
  await expect(own.say(1, [decision("aborted")], untold)).rejects.toMatchObject({
    code: "bundles.journal_broken",
  });
  await expect(own.say(1, [prepared], untold)).rejects.toMatchObject({ code: "bundles.journal_broken" });
  expect(told).toHaveLength(1);
  const again = await openIt(file);
  expect([...again.said.keys()]).toEqual([`prepared ${id}`]);
  await again.close();
});

test("a batch that contradicts itself is refused whole", async () => {
  const own = await openIt(fresh());
  await expect(own.say(1, [decision("aborted"), decision("committed")], untold)).rejects.toMatchObject({
    code: "bundles.said_otherwise",
  });
  expect(own.said.size).toBe(0);
  await own.close();
});

const lineOf = (of: string, subject: string) =>
  `${JSON.stringify({ content: "", domain: of, epoch: 1, signer: signer.toLowerCase(), subject })}\n`;

test("a journal is read in parts: lines that lie across them, other keys' between them, and a torn one behind", async () => {
  const file = fresh();
  // Three parts of a megabyte, and no line ends where a part does.
  const count = 24_000;
  const lines = Array.from({ length: count }, (_, n) =>
    lineOf(n % 3 === 0 ? "1:0x01" : domain, `prepared ${n}`),
  );
  const whole = lines.join("");
  writeFileSync(file, `${whole}{"content":"`);
  expect(whole.length).toBeGreaterThan(2 * 1_048_576);
  const own = await openIt(file);
  expect(own.said.size).toBe((count / 3) * 2);
  expect([own.said.has("prepared 0"), own.said.has(`prepared ${count - 1}`)]).toEqual([false, true]);
  await own.say(1, [prepared], untold);
  await own.close();
  // What was torn is gone, and the next line begins where the last whole one ended.
  const text = readFileSync(file, "utf8");
  expect(text.startsWith(whole)).toBe(true);
  expect(text.slice(whole.length).split("\n")).toHaveLength(2);
});

test("a line that cannot be read is named by its number, in the middle of a long file too", async () => {
  const file = fresh();
  const own = await openIt(file);
  for (let n = 0; n < 5; n++) await own.say(1, [{ kind: "current", day: n, epoch: 1 }], untold);
  await own.close();
  const lines = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, [...lines.slice(0, 3), "no journal", ...lines.slice(3)].join("\n"));
  await expect(openIt(file)).rejects.toMatchObject({ code: "bundles.bad_journal", data: { line: 4 } });
});
