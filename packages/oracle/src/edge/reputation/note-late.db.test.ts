import { epochsAbi } from "@sooth/abi";
import type { Hex } from "@sooth/kernel";
import { logger } from "@sooth/runtime";
import { rows, sql, type Store } from "@sooth/store";
import { decodeFunctionData } from "viem";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { oracleStore } from "../../../test/database.ts";
import {
  addresses,
  answer,
  ask,
  type Asked,
  asked,
  boolSchema,
  CHAIN_ID,
  clock,
  happen,
  OPENS,
  seatOf,
} from "../../../test/people.ts";
import { MAX_VALUE, packEntries, reportTypedData, type SeatReport, TOO_EARLY } from "../../core/index.ts";
import { lateReports, noteLate } from "./note-late.ts";

let store: Store;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ store, drop } = await oracleStore());
});
afterAll(() => drop());
beforeEach(async () => {
  await sql`truncate oracle.questions, oracle.reports, oracle.signed_answers, oracle.late_reports, chain.outbox
    cascade`.execute(store.db);
});

const domain = { chainId: CHAIN_ID, oracle: addresses.oracle };
const config = { ORACLE_MIN_PROVIDERS: 4, ORACLE_MIN_REWARD: 0n, ORACLE_RESOLVE_DEPOSIT: 0n };
const sweep = (timestamp: number) =>
  noteLate(
    { store, hub: clock(timestamp).chain, addresses, config, log: logger("test") },
    { chainId: CHAIN_ID, number: 1, timestamp, hash: "0x" },
  );
const due = () => lateReports(store.db, { now: OPENS + 80, tier: 1_000_000n, after: undefined });

type Report = SeatReport & { question: Hex };
/** Answered by seats 0 to 2, final at OPENS + 100, or later; seat 3 handed its report over and is not in the answer. */
async function missedBy3(nonce: number, value = 1n, o: { finalizeAt?: number; secures?: bigint } = {}) {
  const { finalizeAt = OPENS + 100, secures = 0n } = o;
  const question: Asked = asked(boolSchema(), { nonce: BigInt(nonce), liveness: 60, secures });
  await ask(store.db, question);
  await answer(store.db, question, { value: 1n, finalizeAt });
  const typed = reportTypedData(domain, { question: question.id, value, epoch: 1, round: 0 });
  const signature = await seatOf(3).signTypedData(typed);
  await sql`insert into oracle.reports values (${question.id}, 0, 1, ${seatOf(3).address.toLowerCase()}, 3, 1000,
    ${String(value)}, ${signature}, '0x', '0x', ${OPENS})`.execute(store.db);
  return { question: question.id, seat: 3, value, signature } satisfies Report;
}
const log = (question: Hex, entries: Hex, block: number, epoch = 1, round = 0) =>
  happen(store.db, "epochs", "LateReported", { at: block, question, epoch, round, entries });
/** Questions of each transaction, in their order. */
const sent = async () => {
  const found = await rows<{ data: Hex }>(store.db, sql`select data from chain.outbox order by id`);
  return found.map(({ data }) => {
    const { args } = decodeFunctionData({ abi: epochsAbi, data });
    return (args[0] as readonly { question: Hex }[]).map(({ question }) => question);
  });
};

test("what was logged is not read again, whatever its value and its signature are", async () => {
  const values = [
    0n,
    1n,
    -1n,
    2n ** 32n,
    -(2n ** 40n),
    12_345_678_901_234_567_890n,
    MAX_VALUE,
    TOO_EARLY + 2n,
  ];
  const reports: Report[] = [];
  for (const [n, value] of [...values, ...values].entries()) reports.push(await missedBy3(n, value));
  expect(new Set(reports.map(({ signature }) => signature.slice(-2)))).toEqual(new Set(["1b", "1c"]));
  expect(await due()).toHaveLength(reports.length);
  for (const [n, report] of reports.entries()) {
    // As the second of two entries, the first of which is somebody else's.
    const entries: Hex = `0x02${"00".repeat(76)}${packEntries([report]).slice(2)}`;
    await log(report.question, entries, 1_000 + n);
  }
  expect(await due()).toEqual([]);
});

test("what secures much takes nothing late", async () => {
  await missedBy3(1, 1n, { secures: 1_000_000n });
  const { question } = await missedBy3(2, 1n, { secures: 999_999n });
  expect((await due()).map((each) => each.question)).toEqual([question]);
});

test("bytes that no reader takes for the report hide nobody who was late", async () => {
  const report = await missedBy3(1);
  const entry = packEntries([report]).slice(2);
  await log(report.question, `0x00${entry}`, 1_001);
  await log(report.question, `0x00${entry}${"00".repeat(76)}`, 1_002);
  await log(report.question, `0x${entry}`, 1_003, 2);
  await log(report.question, `0x${entry}`, 1_004, 1, 1);
  await log(report.question, packEntries([{ ...report, value: 0n }]), 1_005);
  await sweep(OPENS + 80);
  expect(await sent()).toEqual([[report.question]]);
});

test("a signature whose s is high is logged once, as the contract takes it", async () => {
  const report = await missedBy3(1);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = (order - BigInt(`0x${report.signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
  const v = report.signature.endsWith("1b") ? "1c" : "1b";
  await sql`update oracle.reports set signature = ${`${report.signature.slice(0, 66)}${s}${v}`}`.execute(
    store.db,
  );
  await log(report.question, packEntries([report]), 1_001);
  await sweep(OPENS + 80);
  expect(await sent()).toEqual([]);
});

test("no more than a transaction holds go at once, those that are final first before the others", async () => {
  const reports: Report[] = [];
  for (let n = 0; n < 53; n += 1)
    reports.push(await missedBy3(n, 1n, { finalizeAt: OPENS + 110 - (n % 20) }));
  await sweep(OPENS + 80);
  const [first = []] = await sent();
  expect(first).toHaveLength(50);
  const finalAt = new Map(reports.map(({ question }, n) => [question, OPENS + 110 - (n % 20)]));
  const times = first.map((question) => finalAt.get(question) ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  for (const [n, question] of first.entries()) {
    const report = reports.find((each) => each.question === question);
    if (report) await log(question, packEntries([report]), 1_000 + n);
  }
  await sweep(OPENS + 81);
  const [, second = []] = await sent();
  expect([...first, ...second].toSorted()).toEqual([...finalAt.keys()].toSorted());
});
