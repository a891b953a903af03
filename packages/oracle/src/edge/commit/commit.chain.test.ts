import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { oracleAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { devAccount } from "@sooth/chain/local-node";
import { at, type Hex } from "@sooth/kernel";
import { one, rows, sql, type Store } from "@sooth/store";
import { encodeFunctionData, toHex } from "viem";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { handoverOf } from "../../../test/people.ts";
import { type Sources, startSources } from "../../../test/sources.ts";
import {
  asker,
  type Call,
  keys,
  openStage,
  sendAll,
  type Stage,
  until,
  walletOf,
} from "../../../test/stage.ts";
import {
  bitmapOf,
  commitmentOf,
  commitmentTypedData,
  openFrom,
  packAgreed,
  pieceAt,
  saltOf,
  termsFromWire,
  termsToChain,
  type wireAttempts,
  type wireCommitBatch,
  type wireQuestionDetail,
  type wireTerms,
} from "../../core/index.ts";

/** Long enough that nothing happens by itself: the test turns the clock to the next piece. */
const PIECE = 600;
const TIER = 500_000_000n;

type Detail = z.infer<typeof wireQuestionDetail>;
let sources: Sources;
let stage: Stage;
let second: { apiUrl: string; store: Store };
beforeAll(async () => {
  sources = await startSources(["a", "b", "c"]);
  sources.set({ close: "2315.50" });
  stage = await openStage({
    allowedOrigins: [sources.origin],
    params: {
      commitTier: TIER,
      reportCommitSeconds: PIECE,
      // No period ends while the clock is turned: newcomers' records would make their weight too little.
      periods: { ...localParams.periods, periodSeconds: 400_000_000 },
    },
  });
  second = await stage.serveToo(devAccount(8));
  for (const { db } of [stage.store, second.store])
    await until("the first epoch", () => one(db, sql`select 1 from oracle.epochs`));
}, 60_000);
afterAll(async () => {
  await stage.close();
  await sources.stop();
});

/* THE CLOCK */

const jumpTo = async (time: number) => {
  await stage.node.setNextBlockTimestamp({ timestamp: BigInt(time) });
  await stage.node.mine({ blocks: 1 });
};
/** Begins the next time to commit, and returns its phase. */
async function toCommit(): Promise<number> {
  const now = pieceAt(await stage.chain.now(), PIECE);
  const next = pieceAt(now.until, PIECE);
  const from = next.committing ? next.from : next.until;
  await jumpTo(from);
  return pieceAt(from, PIECE).phase;
}
/** When a collector waits for the missing no longer. */
const toLate = (phase: number) => jumpTo(2 * phase * PIECE + (PIECE * 3) / 4);
const toReveal = (phase: number) => jumpTo(openFrom(phase, PIECE));
/** When a quorum that lacks a seat is waited with no longer. */
const toHalf = (phase: number) => jumpTo(2 * phase * PIECE + (PIECE * 3) / 2);

/* QUESTIONS */

type Asked = { id: Hex; terms: z.infer<typeof wireTerms> };
const prepare = async (over: object) => {
  const opensAt = await stage.chain.now();
  const response = await fetch(new URL("/v1/questions/prepare", stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      schema: {
        version: 1,
        text: "What is the close of ETH?",
        kind: "numeric",
        outcomes: [],
        decimals: 8,
        unit: "USD",
        observeAt: opensAt,
        sources: sources.named,
      },
      opensAt,
      deadline: opensAt + 100 * PIECE,
      liveness: 5,
      reward: "5000000",
      asker: asker.address,
      secures: String(TIER),
      ...over,
    }),
  });
  return response.json();
};
async function ask(over: object = {}): Promise<Asked> {
  const prepared = (await prepare(over)) as Asked & { calls: Call[] };
  await sendAll(stage, asker, prepared.calls);
  await until("the question", async () => (await detail(prepared.id)).status !== undefined);
  return prepared;
}
const bool = async () => ({
  schema: {
    version: 1,
    text: "Did ETH close above 2300?",
    kind: "bool",
    outcomes: ["No", "Yes"],
    unit: "USD",
    observeAt: await stage.chain.now(),
    sources: sources.named,
    rule: { type: "atLeast", threshold: "2300" },
  },
});
const detail = (id: Hex) => stage.get<Detail>(`/v1/questions/${id}`);
const answeredOf = (id: Hex) =>
  until(`${id} answered`, async () => {
    const found = await detail(id);
    return found.status !== "open" && found;
  });
const commitments = (id: Hex, { db }: Store = stage.store) =>
  rows<{ phase: number; signer: string; commitment: Hex }>(
    db,
    sql`select phase, signer, commitment from oracle.report_commitments where question = ${id} order by phase, seat`,
  );
const committed = (id: Hex, count: number, store = stage.store) =>
  until(`${count} commitments`, async () => (await commitments(id, store)).length >= count);
const posted = (id: Hex, phase: number, { db }: Store = stage.store) =>
  until("a batch on chain", () =>
    one(
      db,
      sql`select 1 from oracle.commit_batches b join oracle.posted_commits p on p.chained = b.chained
      where b.question = ${id} and b.phase = ${phase}`,
    ),
  );
const revealed = (id: Hex, count: number) =>
  until(`${count} values`, async () => {
    const found = await rows<{ value: bigint; seat: number; signature: Hex; epoch: number }>(
      stage.store.db,
      sql`select r.value, r.seat, r.signature, r.epoch from oracle.reports r join oracle.report_openings o
        on o.question = r.question and o.signer = r.signer where r.question = ${id}`,
    );
    return found.length === count && found;
  });
const post = async (route: string, body: unknown) => {
  const response = await fetch(new URL(route, stage.apiUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { error?: { code: string }; seat?: number; repeated?: boolean };
};
const counted = ({ reports }: Detail) => reports.filter((report) => report.counted).map(({ seat }) => seat);
const provide = (count: number, collectors: readonly string[] = [stage.apiUrl]) => {
  const stops = keys.slice(0, count).map((key) => stage.provide(key, { collectors }));
  onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));
};

/* TESTS */

test("what leaves no time to commit and to reveal is not prepared", async () => {
  const opensAt = (await stage.chain.now()) + 60;
  const short = { opensAt, deadline: opensAt + 4 * PIECE - 1 };
  expect(await prepare(short)).toMatchObject({ error: { code: "oracle.bad_terms" } });
  expect(await prepare({ ...short, secures: String(TIER - 1n) })).toHaveProperty("id");
});

test("four nodes, two collectors and one that is dead: committed, revealed, answered; nothing is seen before", async () => {
  const phase = await toCommit();
  provide(4, ["http://127.0.0.1:1", stage.apiUrl, second.apiUrl]);
  const { id } = await ask();
  await committed(id, 4);
  await committed(id, 4, second.store);
  await posted(id, phase);
  const open = await detail(id);
  expect([open.status, open.reports]).toEqual(["open", []]);
  const { items } = await stage.get<{ items: z.infer<typeof wireCommitBatch>[] }>(
    `/v1/questions/${id}/commit-batches`,
  );
  expect(items.map(({ commitments: held }) => held.map(({ seat }) => seat))).toEqual([[0, 1, 2, 3]]);
  expect(JSON.stringify(items)).not.toContain("231550000000");
  expect(await rows(stage.store.db, sql`select 1 from oracle.reports where question = ${id}`)).toEqual([]);

  await toReveal(phase);
  const answered = await answeredOf(id);
  expect(answered).toMatchObject({ value: "231550000000", confidence: 10_000 });
  expect(counted(answered)).toEqual([0, 1, 2, 3]);
  // What opened it is told, and makes the salt that the chain saw.
  for (const { seat, epoch, round, value, evidence, opening, signer } of answered.reports) {
    const salt = saltOf({ secret: opening?.secret as Hex, evidence: evidence as Hex, clarified: null });
    expect(opening).toMatchObject({ phase, salt });
    const own = commitmentOf({ question: id, epoch, round, seat, value: BigInt(value ?? ""), salt });
    expect(await commitments(id)).toContainEqual({ phase, signer: signer.toLowerCase(), commitment: own });
  }
});

test("who waits to see values takes no part, whichever way he tries", async () => {
  const phase = await toCommit();
  provide(3);
  const asked = await ask(await bool());
  const { id } = asked;
  await committed(id, 3);
  await toLate(phase);
  await posted(id, phase);
  await toReveal(phase);
  const seen = await revealed(id, 3);
  const copier = at(keys, 3);
  const { epoch } = at(seen, 0);
  const copied = await handoverOf(copier, { id }, 1n, { epoch, oracle: stage.addresses.oracle });
  const salt = saltOf({ secret: `0x${"07".repeat(32)}`, evidence: `0x${"08".repeat(32)}`, clarified: null });
  const own = commitmentOf({ question: id, epoch, round: 0, seat: 3, value: 1n, salt });
  const claim = { question: id, epoch, round: 0, phase, commitment: own };
  const domain = { chainId: stage.chain.definition.id, oracle: stage.addresses.oracle };
  const signature = await copier.signTypedData(commitmentTypedData(domain, claim));
  const codes = [
    await post("/v1/report-commitments", { ...claim, signature }),
    await post("/v1/reports", copied),
    await post("/v1/reports", { ...copied, opening: { phase, secret: `0x${"07".repeat(32)}` } }),
  ].map(({ error }) => error?.code);
  expect(codes[0]).toMatch(/oracle\.(wrong_phase|not_open)/);
  expect(codes[1]).toBe("oracle.commit_first");
  expect(codes[2]).toMatch(/oracle\.(not_committed_here|commit_first)/);
  await toHalf(phase);
  const answered = await answeredOf(id);
  expect(counted(answered)).toEqual([0, 1, 2]);
  expect((await post("/v1/reports", copied)).error?.code).toBe("oracle.commit_first");
  // Nor by himself at the contract, with the signatures of the others.
  const again = await ask(await bool());
  const signed = [{ seat: 3, value: 1n, signature: copied.signature as Hex }];
  const data = encodeFunctionData({
    abi: oracleAbi,
    functionName: "reportAgreed",
    args: [termsToChain(termsFromWire(again.terms)), epoch, 1n, bitmapOf([3]), packAgreed(signed)],
  });
  await expect(walletOf(stage, asker).sendTransaction({ to: stage.addresses.oracle, data })).rejects.toThrow(
    /reverted|0x/,
  );
});

test("a node that is killed between committing and revealing reveals the same after it was started again", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-commit-"));
  const journalFile = path.join(folder, "signed.jsonl");
  const start = () => {
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(new URL("../../../test/provider-child.ts", import.meta.url)),
        JSON.stringify({
          rpcUrl: stage.rpcUrl,
          addresses: stage.addresses,
          fromBlock: stage.startBlock,
          key: toHex(at(keys, 0).getHdKey().privateKey ?? new Uint8Array()),
          apiUrl: stage.apiUrl,
          allowedOrigins: [sources.origin],
          journalFile,
        }),
      ],
      { stdio: "ignore" },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const phase = await toCommit();
  // Three of four: without the one that is killed there is no quorum.
  const stops = [1, 2].map((index) => stage.provide(at(keys, index)));
  onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));
  const first = start();
  const { id } = await ask();
  await committed(id, 3);
  first.kill("SIGKILL");
  await once(first, "exit");
  const before = await commitments(id);
  sources.set({ close: "9.50" });
  onTestFinished(() => sources.set({ close: "2315.50" }));
  const other = start();
  await toLate(phase);
  await posted(id, phase);
  await toReveal(phase);
  await revealed(id, 3);
  await toHalf(phase);
  const answered = await answeredOf(id);
  expect([answered.value, counted(answered)]).toEqual(["231550000000", [0, 1, 2]]);
  expect(await commitments(id)).toEqual(before);
  const lines = (await readFile(journalFile, "utf8")).trim().split("\n");
  expect(lines.filter((line) => JSON.parse(line).committed?.question === id)).toHaveLength(1);
  other.kill("SIGKILL");
  await once(other, "exit");
  await rm(folder, { recursive: true, force: true });
});

test("a collector that leaves one out does not keep him out of the answer", async () => {
  // In front of the second server stands somebody who turns the fourth provider's commitments away.
  const front = createServer((_, response) => void response.writeHead(500).end("{}")).listen(0, "127.0.0.1");
  await once(front, "listening");
  onTestFinished(() => void front.close());
  const deaf = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  const phase = await toCommit();
  const stops = keys
    .slice(0, 4)
    .map((key, index) =>
      stage.provide(key, { collectors: [index === 3 ? deaf : second.apiUrl, stage.apiUrl] }),
    );
  onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));
  const { id } = await ask();
  await committed(id, 4);
  await posted(id, phase);
  await committed(id, 3, second.store);
  // Both post: one a batch of four, the other late one of three.
  await toLate(phase);
  await posted(id, phase, second.store);
  await toReveal(phase);
  const answered = await answeredOf(id);
  expect(counted(answered)).toEqual([0, 1, 2, 3]);
});

test("what one phase missed the next one answers, with other commitments to the same values", async () => {
  const phase = await toCommit();
  provide(2);
  const { id } = await ask(await bool());
  await committed(id, 2);
  await toLate(phase);
  await toReveal(phase);
  // Two are no quorum: nothing was posted, and nobody showed anything.
  expect(await rows(stage.store.db, sql`select 1 from oracle.reports where question = ${id}`)).toEqual([]);
  const late = stage.provide(at(keys, 2));
  onTestFinished(() => late());
  const next = await toCommit();
  await committed(id, 5);
  const all = await commitments(id);
  expect(new Set(all.map(({ commitment }) => commitment)).size).toBe(5);
  await toLate(next);
  await posted(id, next);
  await toReveal(next);
  await revealed(id, 3);
  await toHalf(next);
  const answered = await answeredOf(id);
  expect([answered.label, counted(answered)]).toEqual(["Yes", [0, 1, 2]]);
  const { items } = await stage.get<z.infer<typeof wireAttempts>>(`/v1/questions/${id}/attempts`);
  const tried = items.filter(({ kind }) => kind === "commit" || kind === "reveal");
  expect(tried.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "commit failed",
    "commit done",
    "reveal done",
  ]);
});
