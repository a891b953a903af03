import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type JournalEntry, type KeptReceipt, openJournal } from "./journal.ts";

const signer = `0x${"aa".repeat(20)}` as const;
const question = `0x${"01".repeat(32)}` as const;
const domain = "31337:0x00";
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "sooth-journal-"));
  file = path.join(folder, "signed.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entry = (epoch: number, value: string, over: Partial<JournalEntry> = {}): JournalEntry => ({
  signer,
  domain,
  deadline: 200,
  handover: {
    question,
    value,
    epoch,
    round: 0,
    signature: `0x${"11".repeat(65)}`,
    evidence: "{}",
    evidenceSignature: `0x${"22".repeat(65)}`,
  },
  ...over,
});
const open = (over: Partial<Parameters<typeof openJournal>[0]> = {}) =>
  openJournal({ file, signer, domain, now: 100, ...over });

test("what was written is found again after a restart", async () => {
  const first = await open();
  await Promise.all([first.write(entry(1, "7")), first.write(entry(2, "8"))]);
  await first.close();
  const second = await open();
  expect(second.find(question, 0, 1)?.handover.value).toBe("7");
  expect(second.find(question, 0, 2)?.handover.value).toBe("8");
  // A new epoch: the latest one tells what to sign again.
  expect(second.find(question, 0, 3)?.handover.epoch).toBe(2);
  expect(second.find(question, 1, 1)).toBeUndefined();
  await second.close();
});

test("a line that was torn by a crash was never sent", async () => {
  const first = await open();
  await first.write(entry(1, "7"));
  await first.close();
  await appendFile(file, '{"signer":"0xaa');
  const second = await open();
  expect(second.find(question, 0, 1)?.handover.value).toBe("7");
  await second.write(entry(2, "8"));
  await second.close();
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(2);
});

test("another key's or oracle's entries are kept but not ours; those of questions that are over go", async () => {
  const first = await open();
  await first.write(entry(1, "7", { signer: `0x${"bb".repeat(20)}` }));
  await first.write(entry(1, "8", { domain: "1:0x00" }));
  await first.write(entry(2, "9", { deadline: 99 }));
  await first.close();
  const second = await open();
  expect(second.find(question, 0, 1)).toBeUndefined();
  await second.close();
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(2);
});

test("a file that cannot be read is told, not begun anew", async () => {
  await appendFile(file, "rubbish\n");
  await expect(open()).rejects.toThrow("line 1 cannot be read");
  expect(await readFile(file, "utf8")).toBe("rubbish\n");
});

test("without a file it lives in memory", async () => {
  const journal = await open({ file: undefined });
  await journal.write(entry(1, "7"));
  expect(journal.find(question, 0, 1)?.handover.value).toBe("7");
});

const receipt = (epoch: number, over: Partial<KeptReceipt> = {}): KeptReceipt => ({
  signer,
  domain,
  deadline: 200,
  value: "7",
  signature: `0x${"11".repeat(65)}`,
  receipt: {
    id: `0x${"0e".repeat(32)}`,
    signer: `0x${"9a".repeat(20)}`,
    signature: `0x${"33".repeat(65)}`,
    receipt: {
      chainId: 31_337,
      oracle: `0x${"0a".repeat(20)}`,
      kind: "report",
      question,
      subject: signer,
      seat: 0,
      epoch,
      round: 0,
      accepted: `0x${"ac".repeat(32)}`,
      receivedAt: 100,
      finalFrom: 160,
      finalBy: 260,
    },
  },
  ...over,
});

test("a receipt is kept once, beside what was signed, and outlives its question by months", async () => {
  const first = await open();
  await first.write(entry(1, "7"));
  await Promise.all([first.keep(receipt(1)), first.keep(receipt(2))]);
  await first.keep(receipt(1));
  await first.close();
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(3);

  const month = 30 * 86_400;
  const second = await open({ now: 200 + month });
  expect(second.find(question, 0, 1)).toBeUndefined();
  expect(second.receiptFor(question, 0, 1)).toEqual(receipt(1));
  await second.close();
  const third = await open({ now: 201 + 3 * month });
  expect(third.receiptFor(question, 0, 1)).toBeUndefined();
  await third.close();
});

const committed = (phase: number) => ({
  signer,
  domain,
  deadline: 200,
  committed: {
    question,
    epoch: 1,
    round: 0,
    phase,
    commitment: `0x${"0c".repeat(32)}`,
    signature: `0x${"11".repeat(65)}`,
    seat: 0,
    value: "7",
    secret: `0x${"05".repeat(32)}`,
  },
});

test("of what was committed to the last two phases stay, also after a restart", async () => {
  const first = await open();
  for (const phase of [4, 5, 6]) await first.writeCommitment(committed(phase));
  const found = (journal: typeof first) =>
    [4, 5, 6].map((phase) => journal.commitmentFor(question, 0, 1, phase)?.phase);
  expect(found(first)).toEqual([undefined, 5, 6]);
  await first.close();
  const second = await open();
  expect(found(second)).toEqual([undefined, 5, 6]);
  await second.close();
  expect((await readFile(file, "utf8")).trim().split("\n")).toHaveLength(2);
});

test("the batch of a phase that was signed is found again, of the last two phases of its question", async () => {
  const cosigned = (phase: number) => ({
    signer,
    domain,
    deadline: 200,
    cosigned: {
      question,
      epoch: 1,
      round: 0,
      phase,
      chained: entry(1, "7").handover.signature.slice(0, 66),
      signature: entry(1, "7").handover.signature,
      commitments: [],
    },
  });
  const first = await open();
  for (const phase of [4, 5, 6]) await first.writeCosigned(cosigned(phase));
  await first.close();
  const second = await open();
  const found = [4, 5, 6].map((phase) => second.cosignedIn(question, 0, 1, phase)?.phase);
  expect(found).toEqual([undefined, 5, 6]);
  expect([second.cosignedIn(question, 1, 1, 6), second.cosignedIn(question, 0, 2, 6)]).toEqual([
    undefined,
    undefined,
  ]);
  await second.close();
});
