import { createHash } from "node:crypto";
import { opinionsAbi, oracleAbi, testDollarAbi } from "@sooth/abi";
import {
  type Addresses,
  type Chain,
  chainById,
  type ChainDefinition,
  deploy,
  localParams,
  openChain,
  walletOf,
} from "@sooth/chain";
import { type Anvil, devAccount, startAnvil } from "@sooth/chain/local-node";
import { at, type Hex, need } from "@sooth/kernel";
import {
  createTestClient,
  encodeAbiParameters,
  getAbiItem,
  http,
  keccak256,
  maxUint256,
  publicActions,
} from "viem";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { numericSchema, termsFor } from "../../../../test/people.ts";
import { startTwistedNode, type Twist } from "../../../../test/twisted-node.ts";
import { questionId, schemaText, termsToChain } from "../../../core/index.ts";
import { readMarket } from "./read-market.ts";

/** A chain that is not of this machine, so that two nodes must agree on it. Final under two blocks. */
const local = chainById(31_337);
const definition: ChainDefinition = {
  ...local,
  id: 424_243,
  viem: { ...local.viem, id: 424_243 },
  name: "elsewhere",
  finality: { confirmations: 2 },
  pollMs: 20,
};
const STATEMENT = "Zoos should be closed";
const hashOf = (text: string): Hex => `0x${createHash("sha256").update(text).digest("hex")}`;
const asker = devAccount(1);
const DOLLAR = 1_000_000n;
const PEOPLE = [
  { account: devAccount(3), band: 4, amount: 2n * DOLLAR, opinion: hashOf("They are kept well") },
  { account: devAccount(4), band: 17, amount: 3n * DOLLAR, opinion: hashOf("They are prisons") },
  { account: devAccount(5), band: 17, amount: DOLLAR, opinion: hashOf("Nobody can keep a whale") },
];
/** Stakes as the last of them does, in his place. */
const OTHER = { ...at(PEOPLE, 2), account: devAccount(6), opinion: hashOf("Whales are content") };

let anvil: Anvil;
let nodes: Awaited<ReturnType<typeof startTwistedNode>>[];
let chain: Chain;
let addresses: Addresses;
let question: Hex;
let market: Hex;
let closesAt: number;
/** What a stake hands in. */
let terms: { hash: Hex; door: bigint };
/** The chain before the last stake. */
let fork: Hex;

const node = () =>
  createTestClient({ mode: "anvil", chain: definition.viem, transport: http(anvil.rpcUrl) }).extend(
    publicActions,
  );
const mined = async (sent: Promise<Hex>) => {
  const hash = await sent;
  const { status } = await node().waitForTransactionReceipt({ hash, pollingInterval: 20 });
  expect(status).toBe("success");
};
const stake = ({ account, band, amount, opinion }: (typeof PEOPLE)[number]) =>
  mined(
    walletOf(chain, account).writeContract({
      address: addresses.opinions,
      abi: opinionsAbi,
      functionName: "stake",
      args: [terms.hash, terms.door, band, Number(amount), opinion],
    }),
  );

beforeAll(async () => {
  anvil = await startAnvil({ chainId: definition.id });
  nodes = [await startTwistedNode(anvil.rpcUrl), await startTwistedNode(anvil.rpcUrl)];
  chain = openChain({ definition, rpcUrls: nodes.map(({ url }) => url) });
  ({ addresses } = await deploy({ chain, account: devAccount(0), params: localParams, role: "hub" }));
  const { collateral, opinions, oracle } = addresses;
  for (const account of [asker, OTHER.account, ...PEOPLE.map((one) => one.account)]) {
    const [wallet, dollar] = [walletOf(chain, account), { address: collateral, abi: testDollarAbi } as const];
    await mined(wallet.writeContract({ ...dollar, functionName: "faucet", args: [account.address] }));
    await mined(wallet.writeContract({ ...dollar, functionName: "approve", args: [opinions, maxUint256] }));
  }
  closesAt = Number((await node().getBlock()).timestamp) + 1_000;
  const schema = numericSchema({ kind: "score" });
  const asked = termsFor(schema, {
    asker: asker.address,
    max: 10_000n,
    opensAt: closesAt,
    deadline: closesAt + 3_600,
    reward: 0n,
  });
  question = questionId(asked);
  const wallet = walletOf(chain, asker);
  await mined(
    wallet.writeContract({
      address: oracle,
      abi: oracleAbi,
      functionName: "ask",
      args: [termsToChain(asked), schemaText(schema)],
    }),
  );
  const its = {
    question,
    statement: hashOf(STATEMENT),
    rubric: hashOf("How it is argued"),
    creator: asker.address,
    closesAt,
    revealSeconds: 0,
    quietSeconds: 0,
    feeBps: 0,
    prizeBps: 0,
    prizes: 1,
    minConfidence: 0,
    rule: 0,
    leastStake: Number(DOLLAR),
    mostStake: Number(10n * DOLLAR),
    quietMost: Number(10n * DOLLAR),
  };
  const contract = { address: opinions, abi: opinionsAbi } as const;
  terms = {
    hash: keccak256(encodeAbiParameters(getAbiItem({ abi: opinionsAbi, name: "idOf" }).inputs, [its])),
    door: await node().readContract({ ...contract, functionName: "doorOf", args: [its] }),
  };
  market = await node().readContract({ ...contract, functionName: "idOf", args: [its] });
  await mined(
    wallet.writeContract({
      ...contract,
      functionName: "announce",
      args: [its, termsToChain(asked), STATEMENT],
    }),
  );
  for (const one of PEOPLE.slice(0, 2)) await stake(one);
  fork = await node().snapshot();
  await stake(at(PEOPLE, 2));
  await bury();
});
afterEach(() => {
  for (const each of nodes) each.twist = (_, result) => result;
});
afterAll(async () => {
  await chain.close();
  for (const each of nodes) await each.stop();
  await anvil.stop();
});

/** A block after closing, and as many on it as make those before it final. */
async function bury(): Promise<void> {
  await node().setNextBlockTimestamp({ timestamp: BigInt(closesAt + 1) });
  await node().mine({ blocks: 4, interval: 10 });
}

const read = (o: { of?: Hex; moment?: number; chain?: Chain; signal?: AbortSignal; address?: Hex } = {}) =>
  readMarket(
    o.chain ?? chain,
    { address: o.address ?? addresses.opinions, question: o.of ?? question },
    o.moment ?? closesAt,
    o.signal ?? new AbortController().signal,
  );
const why = async (...o: Parameters<typeof read>) => {
  const found = await read(...o);
  return "why" in found ? found.why : found.positions;
};

type Log = { topics: Hex[]; data: Hex };
/** What a node says of the market's logs. */
const logs =
  (change: (logs: Log[]) => Log[] | undefined): Twist =>
  ({ method }, result) =>
    method === "eth_getLogs" ? change(result as Log[]) : result;
const first = () => at(nodes, 0);
const second = () => at(nodes, 1);
const DISAGREE = "the nodes of elsewhere disagree on the market's logs";
const SHORT = "the market's logs do not add up to what its contract holds";

const sorted = (people: typeof PEOPLE) =>
  people
    .map(({ account, band, amount, opinion }) => ({
      owner: account.address.toLowerCase(),
      band,
      staked: amount,
      opinion,
    }))
    .toSorted((a, b) => (a.owner < b.owner ? -1 : 1));

test("what two nodes say alike is the market: its terms, and everybody's position", async () => {
  expect(await read()).toEqual({
    market,
    statement: STATEMENT,
    statementHash: hashOf(STATEMENT),
    rubricHash: hashOf("How it is argued"),
    positions: sorted(PEOPLE),
  });
});

test.each<[string, Parameters<typeof read>[0] & object, string]>([
  ["of another question", { of: `0x${"77".repeat(32)}` }, "no market was announced on this question"],
  ["of no contract", { address: OTHER.account.address }, "no contract of opinions stands at its address"],
])("the market %s is told", async (_, over, said) => {
  expect(await why(over)).toBe(said);
});

test("a moment at which stances may still change, or that is not final, is told", async () => {
  expect(await why({ moment: closesAt - 1 })).toBe(
    "the question asks about a moment at which stances were still told",
  );
  expect(await why({ moment: closesAt + 25 })).toMatch(/is not final yet$/);
});

test("a provider that stops while it reads signs nothing", async () => {
  const stop = new AbortController();
  first().twist = logs((all) => {
    stop.abort();
    return all.slice(0, 1);
  });
  expect(await why({ signal: stop.signal })).toEqual(expect.any(String));
  expect(await why({ signal: stop.signal })).toBe("the provider stops");
});

// The opinion is in no sum of the contract's: only that another node says otherwise tells that one lies.
test.each<[string, (logs: Log[]) => Log[]]>([
  [
    "names another text",
    (all) =>
      all.map((log) => ({
        ...log,
        data: log.data.replace(at(PEOPLE, 1).opinion.slice(2), hashOf("bought").slice(2)) as Hex,
      })),
  ],
  ["leaves a stake out", (all) => all.slice(0, -1)],
  ["leaves the announcement out", (all) => all.slice(1)],
  ["invents a stake", (all) => [...all, at(all, all.length - 1)]],
  ["tells nothing", () => []],
])("a node that %s is not believed, nor is the other", async (_, change) => {
  for (const liar of nodes) {
    liar.twist = logs(change);
    expect(await why()).toBe(DISAGREE);
    liar.twist = (__, result) => result;
  }
});

test.each<[string, (logs: Log[]) => Log[]]>([
  ["leave a stake out", (all) => all.slice(0, -1)],
  ["say a stake twice", (all) => [...all, at(all, all.length - 1)]],
  ["leave the announcement out", (all) => all.slice(1)],
  ["tell of another statement", (all) => all.map((log) => ({ ...log, data: spoilt(log.data) }))],
])("two nodes that both %s are told by what the contract holds", async (_, change) => {
  for (const each of nodes) each.twist = logs(change);
  expect(await why()).toBe(SHORT);
});
/** The first letter of the statement is another. */
const spoilt = (data: Hex): Hex => {
  const [was, is] = ["Zoos", "Roos"].map((text) => Buffer.from(text).toString("hex"));
  return data.replace(need(was, "a word"), need(is, "another")) as Hex;
};

test("two nodes that disagree on what the contract holds are not believed", async () => {
  second().twist = ({ method }, result) =>
    method === "eth_call" && (result as string).length > 66 ? `0x${"07".repeat(64)}` : result;
  expect(await why()).toBe("the nodes disagree on what the call returns");
});

test("one node is not enough, from the start or once the state is read", async () => {
  const alone = openChain({ definition, rpcUrls: [anvil.rpcUrl] });
  expect(await why({ chain: alone })).toBe("elsewhere is read from 2 nodes, 1 answer");
  await alone.close();
  let asked = 0;
  const leaving: Chain = {
    ...chain,
    // Twice for the state: which market it is, and what the bands hold.
    readers: async () => (await chain.readers()).slice(0, ++asked > 2 ? 1 : 2),
  };
  expect(await why({ chain: leaving })).toBe("elsewhere is read from 2 nodes");
});

test("a node that gives no logs is told in our words", async () => {
  second().twist = logs(() => undefined);
  expect(await why()).toBe("elsewhere does not give the market's logs");
});

const key = ({ method, params }: Parameters<Twist>[0]) => method + JSON.stringify(params);

test("a node that still tells of a branch that is gone is not believed", async () => {
  const gone = new Map<string, unknown>();
  second().twist = (call, result) => {
    gone.set(key(call), result);
    return result;
  };
  expect(await why()).toEqual(sorted(PEOPLE));

  await node().revert({ id: fork });
  // As much, on the same side: what the contract holds of the band does not tell one branch from the other.
  await stake(OTHER);
  await bury();
  second().twist = (call, result) => gone.get(key(call)) ?? result;
  expect(await why()).toMatch(/^the nodes of elsewhere disagree on block \d+$/);
  second().twist = logs(
    () => gone.get([...gone.keys()].find((each) => each.startsWith("eth_getLogs")) ?? "") as Log[],
  );
  expect(await why()).toBe(DISAGREE);
  second().twist = (_, result) => result;
  expect(await why()).toEqual(sorted([...PEOPLE.slice(0, 2), OTHER]));
});
