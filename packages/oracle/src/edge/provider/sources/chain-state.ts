import { createHash } from "node:crypto";
import { type Chain, isLocal, type RpcReader } from "@sooth/chain";
import { at, canonicalJson, type Hex } from "@sooth/kernel";
import type { SourceReading, SourceTools } from "./source-plugin.ts";

type Call = { to: Hex; data: Hex };
type Block = { number: number; hash: Hex; timestamp: number };
/** What calls returned in the state after `block`, as at least two nodes say. */
export type State = { block: Block; returned: Hex[]; reading: Omit<SourceReading, "says"> };

/** Of a chain that this provider did not start itself. One node could say anything. */
const NODES_THAT_AGREE = 2;
/** A call for a number returns a few words. */
const MAX_RETURNED = 4_096;

/** A sentence for the evidence, which everybody reads: none of the nodes' own words, which may name inner addresses. */
class Unread extends Error {}

/** Why this provider reads no state of the chain, or null. */
export const chainRefusal = (chainId: number, { chains = [] }: SourceTools): string | null =>
  chains.some(({ definition }) => definition.id === chainId)
    ? null
    : `chain ${chainId} is not among the chains that this provider reads`;

/**
 * Calls contracts in the state after the last block at or before `moment` (unix seconds). That block must be final by
 * the chain's own rule, or by as many blocks on it as are given, its hash and what the calls return must be the same on two nodes.
 */
export async function stateAt(
  chain: Chain,
  moment: number,
  calls: readonly Call[],
  signal: AbortSignal,
  confirmations = chain.definition.finality.confirmations,
): Promise<State | { why: string }> {
  try {
    const readers = await chain.readers().catch(() => []);
    const needed = isLocal(chain.definition.id) ? 1 : NODES_THAT_AGREE;
    if (readers.length < needed)
      throw new Unread(`${chain.definition.name} is read from ${needed} nodes, ${readers.length} answer`);
    const { block, agreeing } = await agreedBlock(chain, readers, moment, { needed, confirmations }, signal);
    const returned = await Promise.all(calls.map((call) => agreedCall(agreeing, call, block, needed)));
    const body = canonicalJson({
      chainId: chain.definition.id,
      block,
      calls: calls.map((call, index) => ({ ...call, returned: at(returned, index) })),
    });
    const sha256: Hex = `0x${createHash("sha256").update(body).digest("hex")}`;
    return { block, returned, reading: { status: null, body, sha256 } };
  } catch (error) {
    if (error instanceof Unread) return { why: error.message };
    throw error;
  }
}

async function agreedBlock(
  chain: Chain,
  readers: readonly RpcReader[],
  moment: number,
  { needed, confirmations }: { needed: number; confirmations: number },
  signal: AbortSignal,
): Promise<{ block: Block; agreeing: RpcReader[] }> {
  const found = await firstAnswer(readers, (reader) => lastBlockAt(chain, reader, moment, signal));
  const views = await Promise.all(
    readers.map(async (reader) => {
      try {
        const [block, next, head] = await Promise.all([
          blockOf(reader, found),
          blockOf(reader, found + 1),
          blockOf(reader, "latest"),
        ]);
        return { reader, block, next, head, key: canonicalJson({ block, next }) };
      } catch {
        return null; // one node less that answers; whether enough do is counted below
      }
    }),
  );
  const answered = views.filter((view) => view !== null);
  const groups = [...Map.groupBy(answered, ({ key }) => key).values()];
  const most = groups.find((group) => 2 * group.length > answered.length) ?? [];
  if (groups.length > 1 && most.length < needed)
    throw new Unread(`the nodes of ${chain.definition.name} disagree on block ${found}`);
  if (most.length < needed)
    throw new Unread(
      `${chain.definition.name} is read from ${needed} nodes, ${most.length} know block ${found}`,
    );
  const { block, next } = at(most, 0);
  if (block.timestamp > moment || next.timestamp <= moment)
    throw new Unread(`block ${found} is not the last before that moment by most nodes`);
  const final = most.filter(({ head }) => head.number >= found + confirmations);
  if (final.length < needed) throw new Unread(`block ${found} of ${chain.definition.name} is not final yet`);
  return { block, agreeing: final.map(({ reader }) => reader) };
}

/** The number of the last block at or before `moment` by one node. */
async function lastBlockAt(
  chain: Chain,
  reader: RpcReader,
  moment: number,
  signal: AbortSignal,
): Promise<number> {
  const head = await blockOf(reader, "latest");
  if (head.timestamp <= moment)
    throw new Unread(`${chain.definition.name} has no block after that moment yet`);
  // Back from the head by the usual time between blocks, twice as far while that is not enough.
  let above = head.number;
  let distance = Math.ceil((head.timestamp - moment) / chain.definition.blockSeconds) + 1;
  let below = Math.max(0, head.number - distance);
  while (!signal.aborted && (await blockOf(reader, below)).timestamp > moment) {
    if (below === 0) throw new Unread(`${chain.definition.name} is younger than that moment`);
    above = below;
    distance *= 2;
    below = Math.max(0, head.number - distance);
  }
  // The block below is at or before the moment, the one above is after it.
  while (!signal.aborted && above - below > 1) {
    const middle = (below + above) >> 1;
    if ((await blockOf(reader, middle)).timestamp > moment) above = middle;
    else below = middle;
  }
  if (signal.aborted) throw new Unread("the provider stops");
  return below;
}

async function agreedCall(
  readers: readonly RpcReader[],
  { to, data }: Call,
  { hash }: Block,
  needed: number,
): Promise<Hex> {
  const answers = await Promise.all(
    readers.map(({ client }) =>
      // By hash: a node whose block of that number was replaced meanwhile refuses.
      client.request({ method: "eth_call", params: [{ to, data }, { blockHash: hash }] }).catch(() => null),
    ),
  );
  const said = answers.filter((answer) => answer !== null);
  if (said.length < needed) throw new Unread("its call fails, or too few nodes keep that block's state");
  const [first = "0x"] = said;
  if (said.some((answer) => answer !== first))
    throw new Unread("the nodes disagree on what the call returns");
  if (first.length > 2 * MAX_RETURNED) throw new Unread("its call returns more than a number");
  return first;
}

async function blockOf({ client }: RpcReader, which: number | "latest"): Promise<Block> {
  const block = await client.getBlock(
    which === "latest" ? { blockTag: which } : { blockNumber: BigInt(which) },
  );
  return { number: Number(block.number), hash: block.hash ?? "0x", timestamp: Number(block.timestamp) };
}

async function firstAnswer<T>(
  readers: readonly RpcReader[],
  ask: (reader: RpcReader) => Promise<T>,
): Promise<T> {
  for (const reader of readers) {
    try {
      return await ask(reader);
    } catch (error) {
      if (error instanceof Unread) throw error; // it answered; the others would say the same, or are outvoted later
    }
  }
  throw new Unread("no node of the chain answers");
}
