import { marketsAbi, oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { type Address, at, type Hex, need } from "@sooth/kernel";
import { localParams, oracleLimitsOf } from "@sooth/chain";
import { decodeLogs, type Signed, signedStatements, type SignerOf, TOO_EARLY } from "@sooth/oracle/core";
import { encodeFunctionData, type LocalAccount, recoverAddress } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openOnStage, yesNo } from "../../../test/staged-market.ts";
import { HUB, openStage, type Stage } from "../../../test/stage.ts";
import type { MarketProofDomain } from "./opinion-log.ts";
import type { LogOf, ProofLog } from "./proof-log.ts";
import { recompute } from "./recompute.ts";

let stage: Stage;
let domain: MarketProofDomain;
let logs: ProofLog[];
let signerOf: SignerOf;
let now: number;

beforeAll(async () => {
  stage = await openStage();
  domain = {
    chainId: HUB,
    oracle: stage.addresses.oracle,
    addresses: stage.addresses,
    params: { ...localParams, limits: oracleLimitsOf(localParams) },
  };
  await play();
  logs = await readLogs();
  signerOf = await recoverAll(logs);
  now = await stage.now();
});
afterAll(() => stage.close());

/** A numeric market that is won, a bool market that is asked too early first, and one that nobody answers. */
async function play(): Promise<void> {
  const opensAt = (await stage.now()) + 600;
  const deadline = opensAt + 600;
  const traders = [await stage.trader(), await stage.trader(), await stage.trader()];
  const numericSchema = yesNo({ kind: "numeric", outcomes: [], decimals: 2, unit: "USD" });
  const markets = [
    await openOnStage(stage, numericSchema, { cuts: [200_000n], opensAt }),
    await openOnStage(stage, yesNo(), { opensAt }),
    await openOnStage(stage, yesNo({ text: "Will anybody know?" }), { opensAt }),
  ];
  for (const { id } of markets)
    for (const [index, trader] of traders.entries())
      await stake(trader, id, index % 2, BigInt(index + 1) * 3_333_333n);
  await stage.warp(opensAt);
  const [numeric, early, silent] = [at(markets, 0), at(markets, 1), at(markets, 2)];
  await stage.report(numeric.question, [150_000n, 210_000n, 220_000n]);
  await stage.report(early.question, [TOO_EARLY, TOO_EARLY, TOO_EARLY]);
  await stage.warp((await stage.now()) + 31);
  await stage.report(early.question, [1n, 1n, 1n, 1n], 1);
  await stage.warp(deadline + 1);
  for (const market of [numeric, early, silent]) {
    const positions = traders.map(({ address }, index) => ({ owner: address, outcome: index % 2 }));
    const data = encodeFunctionData({
      abi: marketsAbi,
      functionName: "claimMany",
      args: [market.terms, positions],
    });
    await stage.send(at(traders, 0), stage.addresses.markets, data);
  }
  const fee = encodeFunctionData({ abi: marketsAbi, functionName: "collectFee", args: [numeric.terms] });
  await stage.send(at(traders, 0), stage.addresses.markets, fee);
}

async function stake(trader: LocalAccount, market: Hex, outcome: number, amount: bigint): Promise<void> {
  const { collateral, markets } = stage.addresses;
  const approve = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [markets, amount],
  });
  await stage.send(trader, collateral, approve);
  const data = encodeFunctionData({
    abi: marketsAbi,
    functionName: "stake",
    args: [market, outcome, amount],
  });
  await stage.send(trader, markets, data);
}

async function readLogs(): Promise<ProofLog[]> {
  const { client } = stage.hub;
  const { stakeManager, oracle, markets } = stage.addresses;
  const raws = await client.getLogs({ address: [stakeManager, oracle, markets], fromBlock: 0n });
  const timed = await Promise.all(
    raws.map(async ({ blockNumber, transactionHash, ...raw }) => {
      const { timestamp } = await client.getBlock({ blockNumber });
      return { ...raw, block: Number(blockNumber), at: Number(timestamp), transaction: transactionHash };
    }),
  );
  const { logs: read, findings } = decodeLogs<ProofLog>(timed, [
    { address: stakeManager, abi: stakeManagerAbi },
    { address: oracle, abi: oracleAbi },
    { address: markets, abi: marketsAbi },
  ]);
  expect(findings).toEqual([]);
  return read;
}

const keyOf = ({ digest, signature }: Signed) => `${digest} ${signature}`;
async function recoverAll(all: readonly ProofLog[]): Promise<SignerOf> {
  const signers = new Map<string, string | null>();
  for (const signed of signedStatements(all, domain)) {
    const signer = await recoverAddress({ hash: signed.digest, signature: signed.signature }).catch(
      () => null,
    );
    signers.set(keyOf(signed), signer?.toLowerCase() ?? null);
  }
  return (signed) => signers.get(keyOf(signed)) ?? null;
}

const without = (event: ProofLog["event"], place = 0) => {
  const gone = logs.filter((log) => log.event === event)[place];
  return recompute(
    logs.filter((log) => log !== gone),
    domain,
    signerOf,
    now,
  ).findings.map(({ what }) => what);
};

test("everything that was paid follows from the logs, to the unit", () => {
  const { findings, markets, rows } = recompute(logs, domain, signerOf, now);
  expect(findings).toEqual([]);
  expect(markets.map(({ result }) => result)).toEqual([
    { kind: "won", winner: 1 },
    { kind: "won", winner: 1 },
    { kind: "void" },
  ]);
  expect(rows).toHaveLength(9);
  expect(rows.filter(({ due, paid }) => due !== (paid ?? 0n))).toEqual([]);
  const numeric = at(markets, 0);
  expect(numeric.feePaid).toBe(true);
  // floor(13,333,332 lost × 300 / 10,000)
  expect(numeric.fee).toBe(399_999n);
  expect(rows.filter(({ paid }) => paid !== null).length).toBe(1 + 1 + 3);
});

test("before the answer is final nothing is due", () => {
  const answered = need(
    logs.find(({ event }) => event === "Answered"),
    "an answer",
  );
  const early = logs.filter(({ block }) => block <= answered.block);
  const { findings, rows } = recompute(early, domain, signerOf, answered.at);
  expect(findings).toEqual([]);
  expect(rows.every(({ due, paid }) => due === null && paid === null)).toBe(true);
});

describe("a log that says something else is found", () => {
  type Change<E extends ProofLog["event"]> = (args: LogOf<E>["args"]) => LogOf<E>["args"];
  /** The logs with the first of one event changed; signatures are recovered anew. */
  const changed = async <E extends ProofLog["event"]>(event: E, change: Change<E>) => {
    const target = need(
      logs.find((log): log is LogOf<E> => log.event === event),
      event,
    );
    const forged = logs.map((log) =>
      log === target
        ? ({ ...target, args: change(target.args as LogOf<E>["args"]) } as unknown as ProofLog)
        : log,
    );
    return recompute(forged, domain, await recoverAll(forged), now).findings.map(({ what }) => what);
  };
  const stranger: Address = `0x${"99".repeat(20)}`;

  test("one unit more was paid", async () => {
    expect(await changed("Claimed", (args) => ({ ...args, paid: args.paid + 1n }))).toEqual([
      expect.stringMatching(/^paid to .* on outcome 1: it is \d+, the log says \d+$/),
    ]);
  });
  test("somebody else was paid", async () => {
    expect(await changed("Claimed", (args) => ({ ...args, owner: stranger }))).toEqual([
      `${stranger} had nothing to claim on 1`,
    ]);
  });
  test("the fee is another, or went elsewhere", async () => {
    expect(await changed("FeeCollected", (args) => ({ ...args, fee: args.fee - 1n }))).toEqual([
      "fee of the creator: it is 399999, the log says 399998",
    ]);
    expect(await changed("FeeCollected", (args) => ({ ...args, creator: stranger }))).toEqual([
      `the fee went to ${stranger}`,
    ]);
  });
  test("a stake was another", async () => {
    expect(
      (await changed("Staked", (args) => ({ ...args, amount: args.amount + 1n }))).length,
    ).toBeGreaterThan(0);
    expect(without("Staked", 1).length).toBeGreaterThan(0);
  });
  test("the stored answer is not the reports'", async () => {
    const found = await changed("Answered", (args) => ({ ...args, word: args.word + 1n }));
    expect(found).toContain("value, weighted median: it is 210000, the log says 210001");
  });
  test("the confidence is not the reports'", async () => {
    const found = await changed("Answered", (args) => ({ ...args, word: args.word + (1n << 144n) }));
    expect(found).toContain("confidence, basis points: it is 2500, the log says 2501");
  });
  test("finality came sooner", async () => {
    const found = await changed("Answered", (args) => ({ ...args, word: args.word - (1n << 96n) }));
    expect(found).toContainEqual(expect.stringMatching(/^final at: it is \d+, the log says \d+$/));
  });
  test("a signature is somebody else's", async () => {
    const found = await changed("Answered", ({ report, ...args }) => {
      const flipped = report.slice(-2) === "00" ? "01" : "00";
      return { ...args, report: `${report.slice(0, -2)}${flipped}` as Hex };
    });
    expect(found).toContainEqual(expect.stringMatching(/^the signature of seat \d is not its signer's$/));
    expect(found).toContainEqual(expect.stringMatching(/weight is no quorum$/));
  });
  test("the seats weigh something else", async () => {
    const found = await changed("EpochAdvanced", (args) => ({ ...args, totalWeight: args.totalWeight * 2n }));
    expect(found[0]).toMatch(/^the seats of epoch 1 weigh \d+, the log says \d+$/);
    expect(found).toContainEqual(expect.stringMatching(/is no quorum$/));
  });
  test("a reopening opens at another time, or was signed by nobody", async () => {
    expect(await changed("Reopened", (args) => ({ ...args, notBefore: args.notBefore - 5 }))).toEqual([
      expect.stringMatching(/^opens again at: it is \d+, the log says \d+$/),
    ]);
    expect(
      (await changed("Reopened", (args) => ({ ...args, epoch: args.epoch + 1 }))).length,
    ).toBeGreaterThan(1);
    expect(without("Reopened")).toContainEqual(expect.stringMatching(/^round: it is 0, the log says 1$/));
  });
  test("terms are not the ones that the names are hashes of", async () => {
    const market = await changed("Opened", (args) => ({ ...args, terms: { ...args.terms, feeBps: 249 } }));
    expect(market).toContain("the terms do not hash to the market");
    const asked = await changed("Asked", (args) => ({ ...args, terms: { ...args.terms, liveness: 29 } }));
    expect(asked).toContain("the terms do not hash to the question");
    expect(await changed("Asked", (args) => ({ ...args, schema: `${args.schema} ` }))).toEqual([
      "the schema does not hash to the terms' schema",
    ]);
  });
  test("a log is missing", () => {
    expect(without("Asked")).toContain("nobody asked this question");
    expect(without("Opened")).toContain("nobody opened this market");
    expect(without("Answered").length).toBeGreaterThan(0);
    expect(without("EpochAdvanced")).toContain("the log carries no report that could be checked");
  });
  test("a claim came twice", () => {
    const claim = need(
      logs.find(({ event }) => event === "Claimed"),
      "a claim",
    );
    const twice = [...logs, { ...claim, block: claim.block + 100 }];
    const { findings } = recompute(twice, domain, signerOf, now);
    expect(findings.map(({ what }) => what)).toEqual([expect.stringMatching(/had nothing to claim on 1$/)]);
  });
  test("another chain's signatures count for nothing", async () => {
    const elsewhere = { ...domain, chainId: 1 };
    const { findings } = recompute(logs, elsewhere, signerOf, now);
    expect(findings.length).toBeGreaterThan(0);
  });
});
