import { oracleAbi, stakeManagerAbi } from "@sooth/abi";
import { localParams } from "@sooth/chain";
import { at, type Hex, need } from "@sooth/kernel";
import {
  kindOf,
  lastPeriod,
  packEntries,
  questionId,
  questionSchema,
  reportTypedData,
  schemaHash,
  schemaText,
  splitReward,
  type Terms,
  termsToChain,
  untilOf,
  wirePeriod,
  wireProvider,
  wireQuestionDetail,
} from "@sooth/oracle/core";
import { configureLogs } from "@sooth/runtime";
import { encodeFunctionData } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { isEvent, rewritten } from "../../test/rewritten.ts";
import { askInDrill, DRILL_PARAMS, type DrillStage, openDrillStage } from "../emergency/drill-stage.ts";
import { waitFor } from "../waiting.ts";
import { logsOfNode } from "./log-source.ts";
import { verifyQuestion } from "./verify-question.ts";

/** What a score of 950 takes where one of four contradicts the others: 85 bits, of 0.81 each. And a hundred rounds. */
const ROUNDS = 110;
const REWARD = 1_000_007n;
/** Four fifths of it in five parts, or where one was late in four, rounded down; and what is left. */
const OF_FOUR = [320_002n, 160_001n, 160_001n, 160_001n, 200_002n];
const OF_THREE = [400_002n, 200_001n, 200_001n, 200_003n];
const LIVENESS = 60;
const { periods } = localParams;

let stage: DrillStage;
beforeAll(async () => {
  configureLogs({ level: "silent" });
  stage = await openDrillStage(() => {}, { providers: [0, 1, 2, 3] });
}, 300_000);
afterAll(() => stage.stop());

const until = <T>(what: string, look: () => Promise<T | undefined>) => waitFor(what, look, { seconds: 150 });
const people = () => need(stage.stack.accounts, "a laptop's accounts").providers;
const listed = z.object({ items: z.array(wireProvider) });
const seatsNow = async (): Promise<number[]> => {
  const { items } = await stage.api.get("/v1/providers", listed);
  return people().map(({ signer }) => {
    const found = items.find((each) => each.signer.toLowerCase() === signer.address.toLowerCase());
    return need(found?.seat ?? undefined, "a seat");
  });
};
const stakes = () => ({ address: stage.stack.addresses.stakeManager, abi: stakeManagerAbi }) as const;
const standingOf = (owner: Hex) =>
  stage.hub.client.readContract({ ...stakes(), functionName: "standingOf", args: [0, owner] });
const epochNow = async () => {
  const set = { ...stakes(), functionName: "signerSet", args: [0] } as const;
  return (await stage.hub.client.readContract(set))[1];
};
const creditOf = (account: Hex) =>
  stage.hub.client.readContract({
    address: stage.stack.addresses.oracle,
    abi: oracleAbi,
    functionName: "creditOf",
    args: [account],
  });

/** Questions that nobody can read, so that nodes leave them alone: all four say something, and one of the last three errs. */
async function quarrels(count: number): Promise<void> {
  const { hub, stack, user } = stage;
  const schema = questionSchema.parse({
    version: 1,
    text: "Does the coin show heads?",
    kind: "bool",
    outcomes: ["No", "Yes"],
    observeAt: 1,
    sources: [],
    rule: { type: "value" },
  });
  const text = schemaText(schema);
  const asker = user("Alice");
  const opensAt = await hub.now();
  const asked = Array.from({ length: count }, (_, nonce): Terms => ({
    asker: asker.address,
    schema: schemaHash(text),
    aggregation: kindOf(schema).aggregation,
    min: 0n,
    max: 1n,
    tolerance: 0n,
    opensAt,
    deadline: opensAt + 200,
    liveness: localParams.lowestWindowSeconds,
    reward: 0n,
    nonce: BigInt(nonce),
    domain: 0,
    endsEarly: false,
    secures: 0n,
  }));
  const call = (data: Hex, purpose: string) => ({ to: stack.addresses.oracle, data, value: "0", purpose });
  const ask = (terms: Terms) =>
    encodeFunctionData({ abi: oracleAbi, functionName: "ask", args: [termsToChain(terms), text] });
  await hub.sendAll(
    asker,
    asked.map((terms) => call(ask(terms), "ask")),
  );
  const [epoch, seats] = await Promise.all([epochNow(), seatsNow()]);
  const domain = { chainId: stack.hub.definition.id, oracle: stack.addresses.oracle };
  const reports = await Promise.all(
    asked.map(async (terms, round) => {
      const signed = await Promise.all(
        people().map(async ({ signer }, index) => {
          const value = index === 1 + (round % 3) ? 0n : 1n;
          const report = reportTypedData(domain, { question: questionId(terms), value, epoch, round: 0 });
          return { seat: at(seats, index), value, signature: await signer.signTypedData(report) };
        }),
      );
      const args = [termsToChain(terms), epoch, packEntries(signed)] as const;
      return call(encodeFunctionData({ abi: oracleAbi, functionName: "reportValues", args }), "report");
    }),
  );
  await hub.sendAll(user("Frank"), reports);
}

test("whom a hundred rounds made premium earns twice what the others do, to the unit, and the logs prove it", async () => {
  const { hub, stack, api } = stage;
  const number = lastPeriod(periods, await hub.now()) + 2;
  await hub.warpTo(untilOf(periods, number - 1) + 1);
  const before = await epochNow();
  await quarrels(ROUNDS);
  // Four fifths did not agree, so each had twice its time.
  await hub.warpTo((await hub.now()) + 2 * localParams.lowestWindowSeconds + 1);
  await hub.warpTo(untilOf(periods, number) + periods.settleSeconds + 1);
  const answered = await until("the root of the period", async () => {
    const found = await api.get(`/v1/epochs/0/${number}`, wirePeriod).catch(() => undefined);
    return found?.answer ? found : undefined;
  });
  expect(answered.answer?.root).toBe(answered.root);
  expect(answered.questions).toBe(ROUNDS);
  await hub.warpTo((await hub.now()) + 2 * periods.livenessSeconds + 1);
  const owners = people().map(({ owner }) => owner.address.toLowerCase() as Hex);
  await until("the records", async () => ((await standingOf(at(owners, 0))).premium ? true : undefined));
  const standings = await Promise.all(owners.map(standingOf));
  expect(standings.map(({ premium }) => premium)).toEqual([true, false, false, false]);
  await until("their weights", async () => ((await epochNow()) > before ? true : undefined));

  const treasury = localParams.treasury.toLowerCase() as Hex;
  const had = await Promise.all([...owners, treasury].map(creditOf));
  const { id } = await askInDrill(stage, {
    text: "Is one ether worth 2,300 dollars?",
    secures: 0n,
    opensAt: (await stack.hub.now()) + 2,
    liveness: LIVENESS,
    reward: REWARD,
  });
  const detail = () => api.get(`/v1/questions/${id}`, wireQuestionDetail);
  const found = await until("an answer of its nodes", async () => {
    const now = await detail();
    return now.status === "open" ? undefined : now;
  });
  await hub.warpTo((await hub.now()) + 2 * LIVENESS + 1);
  const { logs, file, deployment } = await until("the reward", async () => {
    const params = { ...localParams, ...DRILL_PARAMS };
    const { addresses, startBlock, config } = stack;
    const known = { chainId: config.HUB_CHAIN_ID, addresses, params, startBlock };
    const read = await logsOfNode(at(config.HUB_RPC_URLS, 0), known);
    const settled = read.logs.filter((log) => isEvent(log, "RewardSettled") && log.topics[1] === id);
    return settled.length > 0 ? { logs: settled, file: read, deployment: known } : undefined;
  });

  // Who signed is in the answer: of equals each has one part, the premium one two.
  const counted = new Set(
    found.reports.filter((report) => report.counted).map(({ signer }) => signer.toLowerCase()),
  );
  const signed = people().map(({ signer }) => counted.has(signer.address.toLowerCase()));
  expect(signed[0]).toBe(true);
  const work = signed.map((did, index) => ({ reports: did ? 1 : 0, premium: index === 0 }));
  const { shares, toTreasury } = splitReward(REWARD as never, 8_000, work);
  expect(at(shares, 0)).toBeGreaterThanOrEqual(2n * at(shares, 1));
  const paid = shares.filter((share) => share > 0n).toSorted((a, b) => Number(b - a));
  expect([...paid, toTreasury]).toEqual(paid.length === 4 ? OF_FOUR : OF_THREE);
  const has = await Promise.all([...owners, treasury].map(creditOf));
  expect(has.map((credit, index) => credit - at(had, index))).toEqual([...shares, toTreasury]);

  const told = async (given: typeof file) => {
    const { findings, lines } = await verifyQuestion(given, id, { deployment, evidence: null });
    return { found: findings.map(({ what }) => what), said: lines.map(({ what }) => what) };
  };
  const { found: none, said } = await told(file);
  expect(none).toEqual([]);
  const seat = at(await seatsNow(), 0);
  expect(said).toContain(`seats whose work counts twice: ${1 << seat}`);
  expect(said).toContain(`credited to ${at(owners, 0)}: ${at(shares, 0)}`);
  expect(said).toContain(`reward of the treasury: ${toTreasury}`);

  // As if nobody, or another, were premium; and as if he had got a unit more.
  const bend = (
    of: (log: (typeof file.logs)[number]) => boolean,
    change: (args: never) => Record<string, unknown>,
  ) => ({
    ...file,
    logs: file.logs.map((log) => (of(log) ? rewritten(log, change) : log)),
  });
  const [settled] = logs;
  for (const premium of [0, 1 << ((seat + 1) % 4)]) {
    const other = bend(
      (log) => log === settled,
      (args: object) => ({ ...args, premium }),
    );
    expect((await told(other)).found).toContainEqual(
      expect.stringMatching(/^seats whose work counts twice: it is/),
    );
  }
  const { transaction } = need(settled, "a settlement");
  const more = bend(
    (log) => log.transaction === transaction && isEvent(log, "Credited"),
    (args: { amount: bigint }) => ({ ...args, amount: args.amount + 1n }),
  );
  expect((await told(more)).found).toContainEqual(expect.stringMatching(/^credited to 0x/));
}, 600_000);
