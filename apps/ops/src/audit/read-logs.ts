import {
  courtAbi,
  drandBeaconAbi,
  epochsAbi,
  guardAbi,
  ladderAbi,
  marketsAbi,
  opinionsAbi,
  oracleAbi,
  slasherAbi,
  stakeManagerAbi,
  testDollarAbi,
} from "@sooth/abi";
import type { Addresses } from "@sooth/chain";
import { ascending, need, sameAddress } from "@sooth/kernel";
import type { MoneyLog, OpinionLog, ProofLog } from "@sooth/markets/core";
import { type DecodedLog, decodeLogs, type ProofFinding, type RawLog } from "@sooth/oracle/core";
import { getAbiItem, type Hex, type PublicClient, toEventSelector } from "viem";

/** Blocks a request: small enough for every node, large enough that a demo needs a handful. */
const BLOCKS_EACH = 1_000n;

/** The contracts whose logs a proof needs, beside that of opinion markets, some of whose events are called like theirs. */
const contractsOf = (addresses: Addresses) => [
  { address: addresses.stakeManager, abi: stakeManagerAbi },
  { address: addresses.oracle, abi: oracleAbi },
  { address: addresses.markets, abi: marketsAbi },
  { address: addresses.slasher, abi: slasherAbi },
  { address: addresses.ladder, abi: ladderAbi },
  { address: addresses.court, abi: courtAbi },
  { address: addresses.guard, abi: guardAbi },
  { address: addresses.beacon, abi: drandBeaconAbi },
  { address: addresses.epochs, abi: epochsAbi },
];

/** Logs that leave to their transaction's input what proves them: openings, locks, proofs of the beacon, words, second signatures. */
const PROVED_BY_INPUT: ReadonlySet<Hex | undefined> = new Set([
  ...(["CommittedOwn", "Revealed", "FaultShown"] as const).map((name) =>
    toEventSelector(getAbiItem({ abi: courtAbi, name })),
  ),
  toEventSelector(getAbiItem({ abi: drandBeaconAbi, name: "Proved" })),
  toEventSelector(getAbiItem({ abi: oracleAbi, name: "Packed" })),
  toEventSelector(getAbiItem({ abi: ladderAbi, name: "Appealed" })),
  ...(["Outside", "Equivocated", "PositionShown", "Recused"] as const).map((name) =>
    toEventSelector(getAbiItem({ abi: slasherAbi, name })),
  ),
  ...(["Hidden", "Revealed"] as const).map((name) => toEventSelector(getAbiItem({ abi: opinionsAbi, name }))),
]);

/** An answer to a question that somebody committed to: its transaction opens the commitments. */
const COMMITTED = toEventSelector(getAbiItem({ abi: oracleAbi, name: "ReportsCommitted" }));
const ANSWERED = toEventSelector(getAbiItem({ abi: oracleAbi, name: "Answered" }));

/** What the raw logs say, wherever they came from: a node or a file. */
export const readProofLogs = (raws: readonly RawLog[], addresses: Addresses) =>
  decodeLogs<ProofLog>(raws, contractsOf(addresses));

/** The same of opinion markets. */
export function readOpinionLogs(
  raws: readonly RawLog[],
  { opinions }: Pick<Addresses, "opinions">,
): { logs: OpinionLog[]; findings: ProofFinding[] } {
  const contracts = [{ address: opinions, abi: opinionsAbi }];
  const { logs, findings } = decodeLogs<DecodedLog<typeof opinionsAbi>>(raws, contracts);
  return { logs: logs.map((log) => ({ ...log, contract: "opinions" as const })), findings };
}

/** Collateral that came to the contract of opinion markets, or left it. */
export function readMoneyLogs(
  raws: readonly RawLog[],
  { collateral, opinions }: Pick<Addresses, "collateral" | "opinions">,
): MoneyLog[] {
  const contracts = [{ address: collateral, abi: testDollarAbi }];
  const { logs } = decodeLogs<DecodedLog<typeof testDollarAbi>>(raws, contracts);
  return logs.filter(
    (log): log is MoneyLog =>
      log.event === "Transfer" && [log.args.from, log.args.to].some((one) => sameAddress(one, opinions)),
  );
}

/** Logs of these blocks: of all contracts, and of the collateral that opinion markets took and paid. */
async function logsBetween(client: PublicClient, addresses: Addresses, from: bigint, to: bigint) {
  const { collateral, opinions } = addresses;
  const blocks = { fromBlock: from, toBlock: to };
  const transfers = { address: collateral, event: TRANSFER, ...blocks } as const;
  const found = await Promise.all([
    client.getLogs({
      address: [...contractsOf(addresses).map(({ address }) => address), opinions],
      ...blocks,
    }),
    client.getLogs({ ...transfers, args: { from: opinions } }),
    client.getLogs({ ...transfers, args: { to: opinions } }),
  ]);
  return found
    .flat()
    .toSorted((a, b) => ascending(a.blockNumber, b.blockNumber) || ascending(a.logIndex, b.logIndex));
}
const TRANSFER = getAbiItem({ abi: testDollarAbi, name: "Transfer" });

/** Every log of the contracts, straight from a node, with the time of its block, and the input that proves some of them. */
export async function fetchRawLogs(
  client: PublicClient,
  addresses: Addresses,
  fromBlock: number,
  toBlock: number,
): Promise<RawLog[]> {
  const found: RawLog[] = [];
  const times = new Map<bigint, number>();
  const committed = new Set<Hex | undefined>();
  const isProvedByInput = ([event, question]: readonly Hex[]) =>
    PROVED_BY_INPUT.has(event) || (event === ANSWERED && committed.has(question));
  for (let from = BigInt(fromBlock); from <= BigInt(toBlock); from += BLOCKS_EACH) {
    const to = from + BLOCKS_EACH - 1n < BigInt(toBlock) ? from + BLOCKS_EACH - 1n : BigInt(toBlock);
    const logs = await logsBetween(client, addresses, from, to);
    const blocks = [...new Set(logs.map((log) => log.blockNumber))];
    const fetched = await Promise.all(blocks.map((blockNumber) => client.getBlock({ blockNumber })));
    for (const block of fetched) times.set(block.number, Number(block.timestamp));
    for (const { topics } of logs) if (topics[0] === COMMITTED) committed.add(topics[1]);
    const proved = logs.filter(({ topics }) => isProvedByInput(topics));
    const hashes = [...new Set(proved.map(({ transactionHash }) => transactionHash))];
    const sent = await Promise.all(hashes.map((hash) => client.getTransaction({ hash })));
    const inputs = new Map(sent.map(({ hash, input }) => [hash, input]));
    for (const { address, topics, data, blockNumber, logIndex, transactionHash } of logs) {
      const input = isProvedByInput(topics) ? inputs.get(transactionHash) : undefined;
      found.push({
        address,
        topics,
        data,
        block: Number(blockNumber),
        at: need(times.get(blockNumber), `time of block ${blockNumber}`),
        logIndex,
        transaction: transactionHash,
        ...(input === undefined ? {} : { input }),
      });
    }
  }
  return found;
}
