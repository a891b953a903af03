import { opinionsAbi } from "@sooth/abi";
import { type Chain, inRanges, isLocal, type RpcReader } from "@sooth/chain";
import { type Address, at, canonicalJson, type Hex } from "@sooth/kernel";
import {
  decodeFunctionResult,
  encodeFunctionData,
  formatLog,
  getAbiItem,
  parseEventLogs,
  sha256,
  stringToHex,
  toEventSelector,
  toHex,
} from "viem";
import {
  BANDS,
  type BandTotals,
  type Position,
  positionsOf,
  type RevealedLog,
  type StakedLog,
} from "../../../core/index.ts";
import { stateAt } from "../sources/chain-state.ts";

const NAMES = ["Announced", "Staked", "Revealed"] as const;
const TOPICS = NAMES.map((name) => toEventSelector(getAbiItem({ abi: opinionsAbi, name })));
/** Of a chain that this provider did not start itself; as for state. */
const NODES_THAT_AGREE = 2;
/** One node with one miner takes nothing back, and two minutes are long while one looks. */
const LOCAL_CONFIRMATIONS = 3;
/** No stake is older: a market lasts a year at most. */
const LONGEST_SECONDS = 400 * 86_400;

type Announced = { statement: string; statementHash: Hex; rubricHash: Hex; until: number };
export type MarketOnChain = Omit<Announced, "until"> & { market: Hex; positions: Position[] };

/**
 * The market of a question as it stood after the last block at or before `moment`, by the chain's own logs: those must add up
 * to what the contract holds of each band in that state, so nobody can leave an opinion out.
 */
export async function readMarket(
  chain: Chain,
  { address, question }: { address: Address; question: Hex },
  moment: number,
  signal: AbortSignal,
): Promise<MarketOnChain | { why: string }> {
  const marketOf = encodeFunctionData({ abi: opinionsAbi, functionName: "marketOf", args: [question] });
  const depth = isLocal(chain.definition.id) ? LOCAL_CONFIRMATIONS : undefined;
  const named = await stateAt(chain, moment, [{ to: address, data: marketOf }], signal, depth);
  if ("why" in named) return named;
  const market = at(named.returned, 0);
  if (!/^0x[0-9a-f]{64}$/.test(market)) return { why: "no contract of opinions stands at its address" };
  if (BigInt(market) === 0n) return { why: "no market was announced on this question" };
  const calls = Array.from({ length: BANDS }, (_, band) => ({
    to: address,
    data: encodeFunctionData({ abi: opinionsAbi, functionName: "bandOf", args: [market, band] }),
  }));
  const bands = await stateAt(chain, moment, calls, signal, depth);
  if ("why" in bands) return bands;
  const totals: BandTotals = bands.returned.map((data) => {
    const [staked, count] = decodeFunctionResult({ abi: opinionsAbi, functionName: "bandOf", data });
    return { staked, count };
  });
  const readers = await chain.readers();
  const needed = isLocal(chain.definition.id) ? 1 : NODES_THAT_AGREE;
  const asked = readers.slice(0, needed);
  if (asked.length < needed) return { why: `${chain.definition.name} is read from ${needed} nodes` };
  const span = Math.ceil(LONGEST_SECONDS / chain.definition.blockSeconds);
  const to = bands.block.number;
  const read = await Promise.all(
    asked.map((reader) =>
      readLogs(reader, { address, market }, { from: Math.max(0, to - span), to }, totals, signal),
    ),
  ).catch(() => null);
  // The reason is a node's, and its text may name inner addresses.
  if (read === null) return { why: `${chain.definition.name} does not give the market's logs` };
  const [first] = read;
  if (!first || read.some((each) => comparable(each) !== comparable(first)))
    return { why: `the nodes of ${chain.definition.name} disagree on the market's logs` };
  const { announced, positions } = first;
  if (!announced || !positions) return { why: "the market's logs do not add up to what its contract holds" };
  const { until, ...terms } = announced;
  if (until > moment) return { why: "the question asks about a moment at which stances were still told" };
  return { market, ...terms, positions };
}

type Read = { announced: Announced | null; positions: Position[] | null };
const comparable = ({ announced, positions }: Read): string =>
  canonicalJson({
    announced,
    positions:
      positions?.map(({ owner, band, staked, opinion }) => [owner, band, String(staked), opinion]) ?? null,
  });

/** Backwards from `to`, until all of the market is found: one is mostly not much older than its question. */
async function readLogs(
  { client }: RpcReader,
  { address, market }: { address: Address; market: Hex },
  { from, to }: { from: number; to: number },
  totals: BandTotals,
  signal: AbortSignal,
): Promise<Read> {
  const staked: StakedLog[] = [];
  const revealed: RevealedLog[] = [];
  let announced: Announced | null = null;
  let positions: Position[] | null = null;
  await inRanges({ from, to, latestFirst: true }, async (range) => {
    if (signal.aborted) return "enough";
    const found = await client.request({
      method: "eth_getLogs",
      params: [
        {
          address,
          topics: [TOPICS, market],
          fromBlock: toHex(range.fromBlock),
          toBlock: toHex(range.toBlock),
        },
      ],
    });
    const logs = found.map((log) => formatLog(log));
    const of = <E extends (typeof NAMES)[number]>(eventName: E) =>
      parseEventLogs({ abi: opinionsAbi, eventName, logs });
    for (const { args } of of("Staked")) staked.push({ ...args, amount: BigInt(args.amount) });
    for (const { args } of of("Revealed")) revealed.push(args);
    for (const { args } of of("Announced")) announced = announcedOf(args);
    positions = announced && positionsOf(staked, revealed, totals);
    return positions ? "enough" : undefined;
  });
  return { announced, positions };
}

/** What the contract checked when it was announced: the statement is the one that the terms name. */
function announcedOf({
  terms,
  statement,
}: {
  terms: { statement: Hex; rubric: Hex; closesAt: number; revealSeconds: number };
  statement: string;
}): Announced | null {
  if (sha256(stringToHex(statement)) !== terms.statement) return null;
  return {
    statement,
    statementHash: terms.statement,
    rubricHash: terms.rubric,
    until: terms.closesAt + terms.revealSeconds,
  };
}
