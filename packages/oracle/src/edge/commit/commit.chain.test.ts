import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { oracleAbi } from "@sooth/abi";
import { devAccount } from "@sooth/chain/local-node";
import { at, type Hex } from "@sooth/kernel";
import { one, rows, sql, type Store } from "@sooth/store";
import { encodeFunctionData, toHex } from "viem";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { type CommitStage, type Detail, openCommitStage, PIECE, TIER } from "../../../test/commit-stage.ts";
import { handoverOf } from "../../../test/people.ts";
import { asker, keys, until, walletOf } from "../../../test/stage.ts";
import {
  bitmapOf,
  commitmentOf,
  commitmentTypedData,
  packAgreed,
  saltOf,
  termsFromWire,
  termsToChain,
  type wireAttempts,
  type wireCommitBatch,
} from "../../core/index.ts";

let top: CommitStage;
let second: { apiUrl: string; store: Store };
beforeAll(async () => {
  top = await openCommitStage();
  second = await top.stage.serveToo(devAccount(8));
  await until("the first epoch", () => one(second.store.db, sql`select 1 from oracle.epochs`));
});
afterAll(() => top.close());

const counted = ({ reports }: Detail) => reports.filter((report) => report.counted).map(({ seat }) => seat);

test("what leaves no time to commit and to reveal is not prepared", async () => {
  const opensAt = (await top.stage.chain.now()) + 60;
  const short = { opensAt, deadline: opensAt + 4 * PIECE - 1 };
  expect(await top.prepare(short)).toMatchObject({ error: { code: "oracle.bad_terms" } });
  expect(await top.prepare({ ...short, secures: String(TIER - 1n) })).toHaveProperty("id");
});

test("four nodes, two collectors and one that is dead: committed, revealed, answered; nothing is seen before", async () => {
  const phase = await top.toCommit();
  top.provide(4, ["http://127.0.0.1:1", top.stage.apiUrl, second.apiUrl]);
  const { id } = await top.ask();
  await top.committed(id, 4);
  await top.committed(id, 4, second.store);
  await top.posted(id, phase);
  const open = await top.detail(id);
  expect([open.status, open.reports]).toEqual(["open", []]);
  const { items } = await top.stage.get<{ items: z.infer<typeof wireCommitBatch>[] }>(
    `/v1/questions/${id}/commit-batches`,
  );
  expect(items.map(({ commitments: held }) => held.map(({ seat }) => seat))).toEqual([[0, 1, 2, 3]]);
  expect(JSON.stringify(items)).not.toContain("231550000000");
  expect(await rows(top.stage.store.db, sql`select 1 from oracle.reports where question = ${id}`)).toEqual(
    [],
  );

  await top.toReveal(phase);
  const answered = await top.answeredOf(id);
  expect(answered).toMatchObject({ value: "231550000000", confidence: 10_000 });
  expect(counted(answered)).toEqual([0, 1, 2, 3]);
  // What opened it is told, and makes the salt that the chain saw.
  for (const { seat, epoch, round, value, evidence, opening, signer } of answered.reports) {
    const salt = saltOf({ secret: opening?.secret as Hex, evidence: evidence as Hex, clarified: null });
    expect(opening).toMatchObject({ phase, salt });
    const own = commitmentOf({ question: id, epoch, round, seat, value: BigInt(value ?? ""), salt });
    expect(await top.commitments(id)).toContainEqual({
      phase,
      signer: signer.toLowerCase(),
      commitment: own,
    });
  }
});

test("who waits to see values takes no part, whichever way he tries", async () => {
  const phase = await top.toCommit();
  top.provide(3);
  const asked = await top.ask(await top.bool());
  const { id } = asked;
  await top.committed(id, 3);
  await top.toLate(phase);
  await top.posted(id, phase);
  await top.toReveal(phase);
  const seen = await top.revealed(id, 3);
  const copier = at(keys, 3);
  const { epoch } = at(seen, 0);
  const copied = await handoverOf(copier, { id }, 1n, { epoch, oracle: top.stage.addresses.oracle });
  const salt = saltOf({ secret: `0x${"07".repeat(32)}`, evidence: `0x${"08".repeat(32)}`, clarified: null });
  const own = commitmentOf({ question: id, epoch, round: 0, seat: 3, value: 1n, salt });
  const claim = { question: id, epoch, round: 0, phase, commitment: own };
  const domain = { chainId: top.stage.chain.definition.id, oracle: top.stage.addresses.oracle };
  const signature = await copier.signTypedData(commitmentTypedData(domain, claim));
  const codes = [
    await top.post("/v1/report-commitments", { ...claim, signature }),
    await top.post("/v1/reports", copied),
    await top.post("/v1/reports", { ...copied, opening: { phase, secret: `0x${"07".repeat(32)}` } }),
  ].map(({ error }) => error?.code);
  expect(codes[0]).toMatch(/oracle\.(wrong_phase|not_open)/);
  expect(codes[1]).toBe("oracle.commit_first");
  expect(codes[2]).toMatch(/oracle\.(not_committed_here|commit_first)/);
  await top.toHalf(phase);
  const answered = await top.answeredOf(id);
  expect(counted(answered)).toEqual([0, 1, 2]);
  expect((await top.post("/v1/reports", copied)).error?.code).toBe("oracle.commit_first");
  // Nor by himself at the contract, with the signatures of the others.
  const again = await top.ask(await top.bool());
  const signed = [{ seat: 3, value: 1n, signature: copied.signature as Hex }];
  const data = encodeFunctionData({
    abi: oracleAbi,
    functionName: "reportAgreed",
    args: [termsToChain(termsFromWire(again.terms)), epoch, 1n, bitmapOf([3]), packAgreed(signed)],
  });
  await expect(
    walletOf(top.stage, asker).sendTransaction({ to: top.stage.addresses.oracle, data }),
  ).rejects.toThrow(/reverted|0x/);
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
          rpcUrl: top.stage.rpcUrl,
          addresses: top.stage.addresses,
          fromBlock: top.stage.startBlock,
          key: toHex(at(keys, 0).getHdKey().privateKey ?? new Uint8Array()),
          apiUrl: top.stage.apiUrl,
          allowedOrigins: [top.sources.origin],
          journalFile,
        }),
      ],
      { stdio: "ignore" },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  };
  const phase = await top.toCommit();
  // Three of four: without the one that is killed there is no quorum.
  const stops = [1, 2].map((index) => top.stage.provide(at(keys, index)));
  onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));
  const first = start();
  const { id } = await top.ask();
  await top.committed(id, 3);
  first.kill("SIGKILL");
  await once(first, "exit");
  const before = await top.commitments(id);
  top.sources.set({ close: "9.50" });
  onTestFinished(() => top.sources.set({ close: "2315.50" }));
  const other = start();
  await top.toLate(phase);
  await top.posted(id, phase);
  await top.toReveal(phase);
  await top.revealed(id, 3);
  await top.toHalf(phase);
  const answered = await top.answeredOf(id);
  expect([answered.value, counted(answered)]).toEqual(["231550000000", [0, 1, 2]]);
  expect(await top.commitments(id)).toEqual(before);
  const lines = (await readFile(journalFile, "utf8")).trim().split("\n");
  expect(lines.filter((line) => JSON.parse(line).committed?.question === id)).toHaveLength(1);
  expect(lines.filter((line) => JSON.parse(line).cosigned?.question === id)).toHaveLength(1);
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
  const phase = await top.toCommit();
  const stops = keys
    .slice(0, 4)
    .map((key, index) =>
      top.stage.provide(key, { collectors: [index === 3 ? deaf : second.apiUrl, top.stage.apiUrl] }),
    );
  onTestFinished(async () => void (await Promise.all(stops.map((stop) => stop()))));
  const { id } = await top.ask();
  await top.committed(id, 4);
  await top.committed(id, 3, second.store);
  // The other could form one of three from half of the time on; everybody signs that of four, which is there by then, and it
  // is handed to both.
  await top.formed(id, phase);
  await top.toLate(phase);
  await top.posted(id, phase);
  await top.posted(id, phase, second.store);
  await top.toReveal(phase);
  const answered = await top.answeredOf(id);
  expect(counted(answered)).toEqual([0, 1, 2, 3]);
  const onChain = sql`select distinct chained from oracle.posted_commits where question = ${id}`;
  expect(await rows(top.stage.store.db, onChain)).toHaveLength(1);
});

test("what one phase missed the next one answers, with other commitments to the same values", async () => {
  const phase = await top.toCommit();
  top.provide(2);
  const { id } = await top.ask(await top.bool());
  await top.committed(id, 2);
  await top.toLate(phase);
  await top.toReveal(phase);
  // Two are no quorum: nothing was posted, and nobody showed anything.
  expect(await rows(top.stage.store.db, sql`select 1 from oracle.reports where question = ${id}`)).toEqual(
    [],
  );
  const late = top.stage.provide(at(keys, 2));
  onTestFinished(() => late());
  const next = await top.toCommit();
  await top.committed(id, 5);
  const all = await top.commitments(id);
  expect(new Set(all.map(({ commitment }) => commitment)).size).toBe(5);
  await top.toLate(next);
  await top.posted(id, next);
  await top.toReveal(next);
  await top.revealed(id, 3);
  await top.toHalf(next);
  const answered = await top.answeredOf(id);
  expect([answered.label, counted(answered)]).toEqual(["Yes", [0, 1, 2]]);
  const { items } = await top.stage.get<z.infer<typeof wireAttempts>>(`/v1/questions/${id}/attempts`);
  const tried = items.filter(({ kind }) => kind === "commit" || kind === "reveal");
  expect(tried.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "commit failed",
    "commit done",
    "reveal done",
  ]);
});
