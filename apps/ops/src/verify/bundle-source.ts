import { attestersAbi, bundleHubAbi } from "@sooth/abi";
import { type Addresses, type Deployment, deploymentText, readDeployment } from "@sooth/chain";
import {
  BUNDLE_FORMAT,
  type BundleFile,
  bundleId,
  type ChainLog,
  hubCall,
  namedBeside,
  parseBundleFile,
  type Sent,
} from "@sooth/bundles/core";
import { type Hex, need } from "@sooth/kernel";
import {
  createPublicClient,
  decodeEventLog,
  getAbiItem,
  type Hash,
  http,
  numberToHex,
  type PublicClient,
  toEventSelector,
} from "viem";
import { OpsError } from "../ops-error.ts";
import { askNode, readText } from "./log-source.ts";

/** Blocks a request: small enough for every node. */
const BLOCKS_EACH = 1_000;
/** What gives a bundle its ordinals: that it was opened, or that nobody had. */
const OPENINGS = (["Opened", "Unopened"] as const).map((name) =>
  toEventSelector(getAbiItem({ abi: bundleHubAbi, name })),
);
const SEATS = (["AttestersSeated", "AttestersRenewed"] as const).map((name) =>
  toEventSelector(getAbiItem({ abi: attestersAbi, name })),
);
const TRANSFER = toEventSelector("Transfer(address,address,uint256)");
const CREDITED = toEventSelector("Credited(address,address,uint256)");

/** @throws ops.unreadable, bundles.bad_log_file */
export const bundleOfFile = async (file: string): Promise<BundleFile> =>
  parseBundleFile(await readText(file));

type Node = { client: PublicClient; chainId: number; start: number; head: { block: number; at: number } };
type Filter = { address: readonly Hex[]; topics: readonly (null | Hex | readonly Hex[])[] };

/**
 * All that a hub and these rollups say of one bundle up to their heads. Nothing but their nodes is asked.
 * @throws ops.no_deployment, ops.no_bundle, ops.no_node
 */
export async function bundleOfNodes(
  hubUrl: string,
  rollupUrls: readonly string[],
  id: Hex,
  given: Deployment | undefined,
): Promise<BundleFile> {
  const hub = await nodeAt(hubUrl, given?.startBlock);
  const deployment = given ?? (await readDeployment(hub.chainId));
  if (!deployment) throw OpsError.no_deployment({ chainId: hub.chainId });
  const rollups = await Promise.all(rollupUrls.map((url) => nodeAt(url, undefined)));
  const { addresses } = deployment;
  const ofHub = await hubLogs(hub, addresses, id);
  const ordinals = ordinalsOf(ofHub.logs, id);
  if (ordinals.length === 0)
    throw OpsError.no_bundle({ bundle: id, chainId: hub.chainId, block: hub.head.block });
  const read = await Promise.all([hub, ...rollups].map((node) => legLogs(node, addresses, id, ordinals)));
  const seated = await Promise.all([hub, ...rollups].map((node) => seatLogs(node, addresses)));
  return {
    header: {
      format: BUNDLE_FORMAT,
      bundle: id,
      deployment: JSON.parse(deploymentText(deployment)) as unknown,
      heads: [hub, ...rollups].map(({ chainId, head }) => ({ chainId, ...head })),
    },
    logs: once([...ofHub.logs, ...read.flatMap(({ logs }) => logs), ...seated.flat()]),
    sent: [...ofHub.sent, ...read.flatMap(({ sent }) => sent)],
  };
}

async function nodeAt(url: string, start: number | undefined): Promise<Node> {
  return askNode(url, async () => {
    const client = createPublicClient({ transport: http(url) });
    const [chainId, head] = await Promise.all([client.getChainId(), client.getBlock()]);
    const from = start ?? (await readDeployment(chainId))?.startBlock ?? 0;
    return { client, chainId, start: from, head: { block: Number(head.number), at: Number(head.timestamp) } };
  });
}

/** What the hub says of it; and the openings of others that were decided or paid with it, whose ordinals their facts name. */
async function hubLogs(
  node: Node,
  { bundleHub, attesters, settler, escrow }: Addresses,
  id: Hex,
): Promise<{ logs: ChainLog[]; sent: Sent[] }> {
  const logs = await logsOf(node, { address: [bundleHub], topics: [null, id] });
  const sent = await sentIn(node, logs);
  const contracts = { bundleHub, attesters, settler, escrow };
  const at = { chainId: node.chainId, hub: bundleHub };
  const beside = sent.flatMap((each) =>
    namedBeside(hubCall(each, contracts), (bundle) => bundleId(at, bundle)),
  );
  const others = [...new Set(beside)].filter((other) => other !== id);
  if (others.length === 0) return { logs, sent };
  const openings = await logsOf(node, { address: [bundleHub], topics: [OPENINGS, others] });
  return { logs: [...logs, ...openings], sent };
}

function ordinalsOf(logs: readonly ChainLog[], id: Hex): Hex[] {
  const opening = logs.find(
    ({ topics: [event = "0x", bundle] }) => OPENINGS.includes(event) && bundle === id,
  );
  if (!opening) return [];
  const { args, eventName } = decodeEventLog({
    abi: bundleHubAbi,
    topics: opening.topics as [Hex, ...Hex[]],
    data: opening.data,
  });
  if (eventName !== "Opened" && eventName !== "Unopened") return [];
  return Array.from({ length: args.bundle.legs }, (_, place) =>
    numberToHex(args.base + BigInt(place), { size: 32 }),
  );
}

/** What settler and escrow of a chain say of its legs, and what tokens moved with them. */
async function legLogs(
  node: Node,
  { settler, escrow }: Addresses,
  id: Hex,
  ordinals: readonly Hex[],
): Promise<{ logs: ChainLog[]; sent: Sent[] }> {
  const own = await logsOf(node, { address: [settler, escrow], topics: [null, [id, ...ordinals]] });
  const held = own.filter(({ address }) => address.toLowerCase() === escrow.toLowerCase());
  const moved = await Promise.all(
    [...new Set(held.map(({ transaction }) => transaction))].map((hash) => movedIn(node, hash as Hash)),
  );
  return { logs: [...own, ...moved.flat()], sent: await sentIn(node, own) };
}

const seatLogs = (node: Node, { attesters }: Addresses): Promise<ChainLog[]> =>
  logsOf(node, { address: [attesters], topics: [SEATS] });

async function movedIn({ client, chainId }: Node, hash: Hash): Promise<ChainLog[]> {
  const { logs, blockNumber } = await client.getTransactionReceipt({ hash });
  const { timestamp } = await client.getBlock({ blockNumber });
  return logs
    .filter(({ topics }) => topics.length === 3 && (topics[0] === TRANSFER || topics[0] === CREDITED))
    .map(({ address, topics, data, logIndex }) => ({
      chainId,
      address,
      topics,
      data,
      block: Number(blockNumber),
      at: Number(timestamp),
      logIndex,
      transaction: hash,
    }));
}

async function logsOf({ client, chainId, start, head }: Node, filter: Filter): Promise<ChainLog[]> {
  const found: ChainLog[] = [];
  const times = new Map<Hex, number>();
  for (let from = start; from <= head.block; from += BLOCKS_EACH) {
    const to = Math.min(from + BLOCKS_EACH - 1, head.block);
    const logs = await client.request({
      method: "eth_getLogs",
      params: [
        {
          address: [...filter.address],
          topics: filter.topics.map((topic) =>
            Array.isArray(topic) ? [...(topic as Hex[])] : (topic as Hex | null),
          ),
          fromBlock: numberToHex(from),
          toBlock: numberToHex(to),
        },
      ],
    });
    for (const { address, topics, data, blockNumber, logIndex, transactionHash } of logs) {
      const block = need(blockNumber ?? undefined, "the block of a log");
      if (!times.has(block)) {
        const { timestamp } = await client.getBlock({ blockNumber: BigInt(block) });
        times.set(block, Number(timestamp));
      }
      found.push({
        chainId,
        address,
        topics,
        data,
        block: Number(block),
        at: need(times.get(block), `time of block ${block}`),
        logIndex: Number(logIndex),
        transaction: need(transactionHash ?? undefined, "the transaction of a log"),
      });
    }
  }
  return found;
}

const sentIn = ({ client, chainId }: Node, logs: readonly ChainLog[]): Promise<Sent[]> =>
  Promise.all(
    [...new Set(logs.map(({ transaction }) => transaction))].map(async (hash) => {
      const { from, to, input } = await client.getTransaction({ hash });
      return { chainId, transaction: hash, from, to, input };
    }),
  );

/** A log that two filters find is one log. */
function once(logs: readonly ChainLog[]): ChainLog[] {
  return [...new Map(logs.map((log) => [`${log.chainId}:${log.block}:${log.logIndex}`, log])).values()];
}
