import { readFile, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { testDollarAbi } from "@sooth/abi";
import { at, type Hex, need } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { encodeFunctionData, recoverTypedDataAddress, serializeTransaction } from "viem";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type Sources, startSources } from "../../../test/sources.ts";
import {
  asker,
  type Call,
  gatewayKey,
  keys,
  openStage,
  owners,
  sendAll,
  type Stage,
  until,
  walletOf,
} from "../../../test/stage.ts";
import { receiptTypedData, type SignedReceipt } from "../../core/index.ts";
import { receiptComplaint } from "../provider/receipt.ts";

let sources: Sources;
let stage: Stage;
beforeAll(async () => {
  sources = await startSources(["a", "b"]);
  sources.set({ close: "2315.5" });
  stage = await openStage({ allowedOrigins: [sources.origin] });
  await until("the first epoch", () => one(stage.store.db, sql`select 1 from oracle.epochs`));
});
afterAll(async () => {
  await stage.close();
  await sources.stop();
});

async function prepare(
  over: object = {},
): Promise<{ id: Hex; calls: Call[]; liveness: number; opensAt: number }> {
  const opensAt = await stage.chain.now();
  const wish = {
    opensAt,
    deadline: opensAt + 60,
    liveness: 2,
    reward: "5000000",
    asker: asker.address,
    ...over,
  };
  const schema = {
    version: 1,
    text: "Did ETH close above 2300 USD?",
    kind: "bool",
    outcomes: ["No", "Yes"],
    unit: "USD",
    observeAt: opensAt,
    sources: sources.named,
    rule: { type: "atLeast", threshold: "2300" },
  };
  const { body } = await post("/v1/questions/prepare", { ...wish, schema });
  const prepared = body as unknown as { id: Hex; calls: Call[] };
  return { ...prepared, liveness: wish.liveness, opensAt };
}
async function post(where: string, body: object) {
  const response = await fetch(stage.apiUrl + where, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as {
    receipts?: SignedReceipt[];
    error?: { code: string; message: string };
  };
  return {
    body: answer,
    receipt: answer.receipts?.[0],
    said: answer.error?.message,
    code: answer.error?.code,
  };
}
const confirm = (body: object) => post("/v1/receipts/asks", body);

/** What the asker's wallet signs for a call; the allowance is sent on the way. */
async function signedAsk(calls: readonly Call[], account = asker): Promise<Hex> {
  const call = need(calls.at(-1), "the call that asks");
  await sendAll(stage, asker, calls.slice(0, -1));
  const wallet = walletOf(stage, account);
  const request = await wallet.prepareTransactionRequest({ to: call.to, data: call.data, gas: 2_000_000n });
  return wallet.signTransaction(request);
}

test("a signed question is sent and confirmed, and then the chain confirms it before any table does", async () => {
  const { id, calls, opensAt } = await prepare();
  const transaction = await signedAsk(calls);
  const { receipt, said } = await confirm({ transaction });
  if (!receipt) throw new Error(said ?? "no receipt");
  expect(receipt.receipt).toMatchObject({
    kind: "transaction",
    question: id,
    subject: asker.address,
    seat: null,
  });
  expect(receipt.receipt.finalFrom).toBe(Math.max(receipt.receipt.receivedAt, opensAt) + 2);
  expect(receipt.receipt.finalBy).toBe(opensAt + 62);
  const { signature } = receipt;
  expect(
    await recoverTypedDataAddress({ ...receiptTypedData(receipt.receipt), signature: signature as Hex }),
  ).toBe(gatewayKey.address);
  // Once more, while it is under way and when it is mined: the same.
  expect((await confirm({ transaction })).receipt).toEqual(receipt);
  const hash = receipt.receipt.accepted as Hex;
  await stage.node.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  const mined = await confirm({ hash });
  expect(mined.receipt?.receipt).toMatchObject({ kind: "question", question: id, accepted: hash });
  expect((await confirm({ transaction })).receipt).toEqual(receipt);
  const byId = await until("the tables", async () => (await confirm({ question: id })).receipt);
  expect(byId).toEqual(mined.receipt);
});

test("what cannot be asked is not confirmed, and not sent", async () => {
  const { calls } = await prepare();
  const call = need(calls.at(-1), "the call that asks");
  const wallet = walletOf(stage, asker);
  const base = {
    ...(await wallet.prepareTransactionRequest({ to: call.to, data: call.data, gas: 2_000_000n })),
  };
  const sign = (over: object) => asker.signTransaction({ ...base, ...over } as never);
  const transfer = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "transfer",
    args: [asker.address, 1n],
  });
  const cases: [Promise<Hex>, string][] = [
    [sign({ chainId: 1 }), "it is signed for chain 1"],
    [sign({ to: stage.addresses.collateral }), "it does not call the oracle"],
    [sign({ data: transfer }), "it cannot be read as a signed transaction"],
    [sign({ data: "0x" }), "it does not call the oracle"],
    [at(owners, 0).signTransaction(base as never), "its sender is not the asker"],
    [Promise.resolve(serializeTransaction(base as never)), "it cannot be read as a signed transaction"],
    [Promise.resolve("0x02"), "it cannot be read as a signed transaction"],
  ];
  const before = await stage.node.getTransactionCount({ address: asker.address });
  for (const [transaction, why] of cases) {
    const { code, said } = await confirm({ transaction: await transaction });
    expect([code, said]).toEqual(["gateway.bad_ask", expect.stringContaining(why)]);
  }
  expect(await stage.node.getTransactionCount({ address: asker.address })).toBe(before);
});

test("a question that the chain would refuse is refused with the chain's reason", async () => {
  const { calls } = await prepare({ reward: "99000000000000" });
  const wallet = walletOf(stage, asker);
  const call = need(calls.at(-1), "the call that asks");
  const request = await wallet.prepareTransactionRequest({ to: call.to, data: call.data, gas: 2_000_000n });
  const { code } = await confirm({ transaction: await wallet.signTransaction(request) });
  expect(code).toBe("gateway.bad_ask");
});

test("a transaction that nobody mined, and one that asked nothing, are told apart", async () => {
  expect((await confirm({ hash: `0x${"12".repeat(32)}` })).code).toBe("gateway.not_mined");
  const hash = await walletOf(stage, asker).sendTransaction({ to: asker.address, value: 1n });
  await stage.node.waitForTransactionReceipt({ hash, pollingInterval: 50 });
  expect((await confirm({ hash })).code).toBe("gateway.bad_ask");
  expect((await confirm({ question: `0x${"12".repeat(32)}` })).code).toBe("oracle.unknown_question");
});

test("a provider keeps the receipt of what it handed over, and it proves the report", async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), "sooth-receipts-"));
  const journalFile = path.join(folder, "journal");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const stop = stage.provide(at(keys, 0), { journalFile });
  onTestFinished(stop);
  const { id, calls } = await prepare();
  await sendAll(stage, asker, calls);
  const line = await until("the receipt in the journal", async () => {
    const text = await readFile(journalFile, "utf8").catch(() => "");
    return text.split("\n").find((each) => each.includes(id) && each.includes('"receipt"'));
  });
  const kept = JSON.parse(line) as { receipt: SignedReceipt; value: string; signature: Hex };
  const [stored] = await rows<{ evidence: string; epoch: number; round: number }>(
    stage.store.db,
    sql`select epoch, round, evidence from oracle.reports where question = ${id}`,
  );
  const { epoch, round } = need(stored, "the report");
  const handover = {
    question: id,
    value: kept.value,
    epoch,
    round,
    signature: kept.signature,
    evidence: "",
    evidenceSignature: kept.signature,
  };
  const domain = { chainId: stage.chain.definition.id, oracle: stage.addresses.oracle };
  expect(receiptComplaint(domain, handover, kept.receipt)).toBeNull();
  expect(kept.receipt.signer).toBe(gatewayKey.address);
  expect(await stage.get(`/v1/receipts/${kept.receipt.id}`)).toEqual(kept.receipt);
});
