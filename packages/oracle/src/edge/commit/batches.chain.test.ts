import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { at, type Hex, need } from "@sooth/kernel";
import { rows, sql } from "@sooth/store";
import { type LocalAccount, recoverAddress, recoverTypedDataAddress } from "viem";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { z } from "zod";
import { type CommitStage, openCommitStage } from "../../../test/commit-stage.ts";
import { asker, keys, owners, until, walletOf } from "../../../test/stage.ts";
import {
  batchDigest,
  batchTypedData,
  bitmapOf,
  chainedHash,
  commitmentOf,
  commitmentTypedData,
  packAgreed,
  saltOf,
  termsFromWire,
  termsToChain,
  type wireBatchSignature,
  type wireCommitBatch,
} from "../../core/index.ts";
import { signerSet } from "../signer-sets.ts";

let top: CommitStage;
beforeAll(async () => {
  // One epoch: what is signed must hold while the clock is turned.
  top = await openCommitStage({ epochSeconds: 20_000 });
});
afterAll(() => top.close());

/* COLLECTORS AND BATCHES */

type CosignedBatch = z.infer<typeof wireBatchSignature>;
type ShownBatch = z.infer<typeof wireCommitBatch>;
type Claim = ShownBatch["commitments"][number];
const domain = () => ({ chainId: top.stage.chain.definition.id, oracle: top.stage.addresses.oracle });
const epochNow = () => signerSet(top.stage.store.db, 0);
const postedOf = (id: Hex) =>
  rows(top.stage.store.db, sql`select distinct chained from oracle.posted_commits where question = ${id}`);

/** What this key commits to, as it hands it over. */
async function claimOf(
  key: LocalAccount,
  { seat, ...of }: { question: Hex; epoch: number; phase: number; seat: number },
  value: bigint,
  secret: string,
): Promise<Claim> {
  const evidence: Hex = `0x${"08".repeat(32)}`;
  const salt = saltOf({ secret: `0x${secret.repeat(32)}`, evidence, clarified: null });
  const commitment = commitmentOf({ ...of, round: 0, seat, value, salt });
  const typed = commitmentTypedData(domain(), { ...of, round: 0, commitment });
  return { seat, commitment, signature: await key.signTypedData(typed) };
}
const batchOf = (of: { epoch: number; phase: number }, commitments: Claim[]): ShownBatch => ({
  ...of,
  round: 0,
  chained: chainedHash(commitments.map(({ commitment }) => commitment as Hex)),
  posted: false,
  cosigned: 0,
  commitments,
});
async function cosignedBy(
  key: LocalAccount,
  { chained, ...of }: { question: Hex; epoch: number; phase: number; chained: string },
): Promise<CosignedBatch> {
  const batch = { ...of, round: 0, chained: chained as Hex };
  return { ...batch, commitments: [], signature: await key.signTypedData(batchTypedData(domain(), batch)) };
}

/** Somebody who gathers what nodes hand over, and shows them whatever the test puts into `batches`. */
async function startCollector(own: LocalAccount, phase: number) {
  const commitments: (Claim & { question: string })[] = [];
  const signed: CosignedBatch[] = [];
  const batches: ShownBatch[] = [];
  const receipt = (question: string, seat: number) => ({
    question,
    signer: own.address,
    seat,
    phase,
    receivedAt: 0,
    repeated: false,
  });
  const server = createServer(async (request, response) => {
    response.setHeader("content-type", "application/json");
    if (request.method === "GET") return response.end(JSON.stringify({ items: batches }));
    let body = "";
    for await (const part of request) body += String(part);
    const told = JSON.parse(body);
    if (request.url === "/v1/commit-batches/signatures") {
      if (!signed.some(({ signature }) => signature === told.signature)) signed.push(told);
      return response.end(JSON.stringify(receipt(told.question, 0)));
    }
    // Values that he is shown he keeps.
    if (request.url !== "/v1/report-commitments") return response.writeHead(503).end("{}");
    const { question, epoch, round, commitment, signature } = told;
    const claim = { question, epoch, round, phase: told.phase, commitment };
    const signer = await recoverTypedDataAddress({ ...commitmentTypedData(domain(), claim), signature });
    const seat = (await epochNow()).seats.findIndex((each) => each.signer === signer.toLowerCase());
    if (!commitments.some((each) => each.seat === seat && each.question === question))
      commitments.push({ question, seat, commitment, signature });
    return response.end(JSON.stringify(receipt(question, seat)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  /** What was handed over for this question, by seat. */
  const claimsTo = (id: Hex): Claim[] =>
    commitments
      .filter(({ question }) => question === id)
      .map(({ seat, commitment, signature }) => ({ seat, commitment, signature }))
      .toSorted((a, b) => a.seat - b.seat);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, claimsTo, signed, batches };
}

test("a collector with a seat who wants two batches gets one: nodes sign neither two, nor one with a seat twice", async () => {
  const phase = await top.toCommit();
  const evil = await startCollector(at(keys, 3), phase);
  const { id } = await top.ask(await top.bool());
  top.provide(3, [evil.url]);
  const { batches, signed } = evil;
  await until("three commitments", async () => evil.claimsTo(id).length === 3);
  const { epoch } = await epochNow();
  const claim = (secret: string, value: bigint) =>
    claimOf(at(keys, 3), { question: id, epoch, phase, seat: 3 }, value, secret);
  const [no, yes] = await Promise.all([claim("0a", 0n), claim("0b", 1n)]);
  const honest = evil.claimsTo(id);
  const first = batchOf({ epoch, phase }, [...honest, no]);
  const both = batchOf({ epoch, phase }, [...honest, no, yes]);
  const other = batchOf({ epoch, phase }, [...honest, yes]);
  batches.push(both, first, other);
  await until("three signatures", async () => signed.length >= 3);
  // And every chance for more.
  await top.toLate(phase);
  const late = await top.stage.chain.now();
  await until("some blocks", async () => (await top.stage.chain.now()) > late + 5);
  const lower = BigInt(first.chained) < BigInt(other.chained) ? first : other;
  const upper = lower === first ? other : first;
  expect(signed.map(({ chained }) => chained)).toEqual(Array(signed.length).fill(lower.chained));
  expect(new Set(signed.map(({ signature }) => signature)).size).toBe(3);

  // His own signature he has for both, and a quorum for one.
  const signers = await signerSet(top.stage.store.db, 0, epoch);
  const send = async ({ chained }: ShownBatch, from: readonly CosignedBatch[]) => {
    const own = await cosignedBy(at(keys, 3), { question: id, epoch, phase, chained });
    const seats = await Promise.all(
      [...from, own].map(async ({ signature, ...batch }) => {
        const hash = batchDigest(domain(), { ...batch, question: id, chained: chained as Hex });
        const signer = (await recoverAddress({ hash, signature: signature as Hex })).toLowerCase();
        const seat = signers.seats.findIndex((each) => each.signer === signer);
        return { seat, value: 0n, signature: signature as Hex };
      }),
    );
    const given = seats.filter(({ seat }, index) => seats.findIndex((each) => each.seat === seat) === index);
    return walletOf(top.stage, asker).writeContract({
      address: top.stage.addresses.oracle,
      abi: oracleAbi,
      functionName: "commitReports",
      args: [
        termsToChain(termsFromWire((await top.detail(id)).terms)),
        epoch,
        chained as Hex,
        bitmapOf(given.map(({ seat }) => seat)),
        packAgreed(given),
      ],
    });
  };
  await expect(send(upper, [])).rejects.toThrow(/Oracle_NoQuorum/);
  await send(lower, signed);
  await until("his batch", async () => (await postedOf(id)).length === 1);
});

test("a collector whose batch alone holds his own seat, and who then stays silent, holds up no answer", async () => {
  const phase = await top.toCommit();
  const evil = await startCollector(at(keys, 3), phase);
  const { id } = await top.ask();
  top.provide(3, [evil.url, top.stage.apiUrl]);
  await until("three commitments", async () => evil.claimsTo(id).length === 3);
  const { epoch } = await epochNow();
  const own = await claimOf(at(keys, 3), { question: id, epoch, phase, seat: 3 }, 1n, "0d");
  const largest = batchOf({ epoch, phase }, [...evil.claimsTo(id), own]);
  evil.batches.push(largest);
  // The honest server's has three seats, so everybody signs his: the server takes it from them, posts it, and is shown the values.
  await top.toLate(phase);
  await top.posted(id, phase);
  const onChain = sql`select distinct chained from oracle.posted_commits where question = ${id}`;
  expect(await rows(top.stage.store.db, onChain)).toEqual([{ chained: largest.chained }]);
  await top.toReveal(phase);
  await top.revealed(id, 3);
  await top.toHalf(phase);
  const answered = await top.answeredOf(id);
  expect(answered).toMatchObject({ value: "231550000000" });
  expect(answered.reports.filter(({ counted }) => counted).map(({ seat }) => seat)).toEqual([0, 1, 2]);
});

test("who signs two batches of a phase is slashed for it, and banned", async () => {
  const phase = await top.toCommit();
  const { id } = await top.ask();
  const { epoch, seats } = await epochNow();
  for (const [index, { signer }] of seats.entries()) {
    const key = need(
      keys.find(({ address }) => address.toLowerCase() === signer),
      "a key",
    );
    const claim = await claimOf(key, { question: id, epoch, phase, seat: index }, 1n, "0c");
    const handed = { question: id, epoch, round: 0, phase, ...claim };
    expect(await top.post("/v1/report-commitments", handed)).toMatchObject({ seat: index });
  }
  const batch = await until("a batch", async () => {
    const { items } = await top.stage.get<{ items: ShownBatch[] }>(`/v1/questions/${id}/commit-batches`);
    return items[0];
  });
  const two = at(keys, 3);
  const [one, other] = await Promise.all(
    [batch.chained, `0x${"0e".repeat(32)}`].map((chained) =>
      cosignedBy(two, { question: id, epoch, phase, chained }),
    ),
  );
  expect(await top.post("/v1/commit-batches/signatures", one)).toMatchObject({ repeated: false });
  expect(await top.post("/v1/commit-batches/signatures", one)).toMatchObject({ repeated: true });
  expect((await top.post("/v1/commit-batches/signatures", other)).error?.code).toBe("oracle.equivocation");
  const { address } = at(owners, 3);
  await until("the ban", () =>
    top.stage.chain.client.readContract({
      address: top.stage.addresses.stakeManager,
      abi: stakeManagerAbi,
      functionName: "isBanned",
      args: [address],
    }),
  );
  const slashes = await until("the slash", async () => {
    const { items } = await top.stage.get<{ items: { owner: Hex; reason: string }[] }>("/v1/slashes");
    return items.length > 0 && items;
  });
  expect(slashes).toMatchObject([{ reason: "equivocation", owner: address.toLowerCase() }]);
});
