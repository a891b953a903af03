import type { Address } from "viem";
import { ChainError } from "../chain-error.ts";
import type { ChainDefinition } from "../chains/chain-definition.ts";
import type { FollowedLog } from "../logs.ts";
import type { RpcReader } from "../rpc/chain.ts";
import { bloomHas } from "./bloom.ts";
import type { Followed, FollowedEvent, RawLog } from "./decoder.ts";
import { getLogs } from "./get-logs.ts";
import { type Header, readHeader } from "./header.ts";
import { checkWithOthers } from "./witness.ts";

/** With more logs of ours than this in one block, its bloom is so full that ids pass anyway; hashing them is what costs. */
const CROWD = 64;

export type SeenLog = { event: FollowedEvent; log: FollowedLog };
export type BlockRange = {
  /** Every header of an unfinal range; of a final one those with logs, the first and the last. In order. */
  headers: readonly Header[];
  /** In chain order. */
  logs: readonly SeenLog[];
};

/**
 * Reads blocks `from` to `to` from one node and checks that its answers fit together: each log's block hash is its
 * header's, the header's bloom admits the log, unfinal headers are linked by parent, and no log is missing that a
 * bloom speaks of. In a final range blooms are not read, so there only a second node can show what the first left out or
 * made up: with one RPC URL it is believed for final blocks, as far as their headers admit.
 * @throws chain.moved when the chain changed meanwhile, chain.rpc_lied, chain.rpc_disagrees
 */
export async function readRange(o: {
  definition: ChainDefinition;
  readers: readonly [RpcReader, ...RpcReader[]];
  followed: Followed;
  from: number;
  to: number;
  final: boolean;
}): Promise<BlockRange> {
  const [reader, ...others] = o.readers;
  const witness = others[0] ?? reader;
  const raw = await getLogs(reader.client, o.followed, { from: o.from, to: o.to });
  const numbers = o.final
    ? [...new Set([o.from, ...raw.map((log) => Number(log.blockNumber)), o.to])]
    : Array.from({ length: o.to - o.from + 1 }, (_, index) => o.from + index);
  const moved = (block: number) => ChainError.moved({ chain: o.definition.name, block });
  const headers = await Promise.all(
    numbers
      .toSorted((a, b) => a - b)
      .map(async (number) => {
        const header = await readHeader(reader.client, number);
        if (!header) throw moved(number);
        return header;
      }),
  );
  if (!o.final) checkLinks(headers, moved);
  const byNumber = new Map(headers.map((header) => [header.number, header]));
  const perBlock = Map.groupBy(raw, ({ blockHash }) => blockHash);
  const logs = raw.flatMap((log) => {
    const header = byNumber.get(Number(log.blockNumber));
    if (!header || header.hash !== log.blockHash) throw moved(Number(log.blockNumber));
    const event = o.followed.eventOf(log);
    if (!event) return [];
    checkBloom(reader.name, header, log, (perBlock.get(log.blockHash)?.length ?? 0) > CROWD);
    return [{ event, log: decoded(o.definition.id, reader.name, header, event, log) }];
  });
  if (o.final) await checkWithOthers({ ...o, chain: o.definition.name, reader, others }, raw);
  else await checkNothingHidden({ ...o, reader, witness, headers, raw });
  return { headers, logs: logs.toSorted(inChainOrder) };
}

function checkLinks(headers: readonly Header[], moved: (block: number) => Error): void {
  for (const [index, header] of headers.entries()) {
    const below = headers[index - 1];
    if (below && header.parent !== below.hash) throw moved(header.number);
  }
}

/** A log that the header's bloom excludes is forged: the header is older than the lie. */
function checkBloom(rpc: string, header: Header, log: RawLog, crowded: boolean): void {
  for (const value of [log.address, ...(crowded ? log.topics.slice(0, 1) : log.topics)])
    if (!bloomHas(header.bloom, value))
      throw ChainError.rpc_lied({
        rpc,
        block: header.number,
        found: `a log with ${value}, which the block's bloom excludes`,
      });
}

function decoded(
  chainId: number,
  rpc: string,
  header: Header,
  event: FollowedEvent,
  log: RawLog,
): FollowedLog {
  const { number, hash, timestamp } = header;
  try {
    return {
      args: event.decode(log),
      block: { chainId, number, hash, timestamp },
      logIndex: Number(log.logIndex),
      transaction: log.transactionHash,
      address: log.address.toLowerCase() as Address,
    };
  } catch (cause) {
    const found = `a log of ${event.name} whose data does not decode`;
    throw ChainError.rpc_lied({ rpc, block: number, found }, { cause });
  }
}

/** Where a bloom speaks of an event that did not come, a second node is asked; with one URL, the same one again. */
async function checkNothingHidden(o: {
  definition: ChainDefinition;
  followed: Followed;
  reader: RpcReader;
  witness: RpcReader;
  headers: readonly Header[];
  raw: readonly RawLog[];
}): Promise<void> {
  const came = new Set(o.raw.map(eventKey));
  const known = new Set(o.raw.map(placeKey));
  const suspects = o.headers.filter(({ hash, bloom }) =>
    [...o.followed.wanted].some(
      ([address, topics]) =>
        bloomHas(bloom, address) &&
        topics.some((topic) => !came.has(`${hash}${address}${topic}`) && bloomHas(bloom, topic)),
    ),
  );
  await Promise.all(
    suspects.map(async ({ hash, number }) => {
      const logs = await getLogs(o.witness.client, o.followed, { blockHash: hash });
      const hidden = logs.find((log) => o.followed.eventOf(log) && !known.has(placeKey(log)));
      if (hidden)
        throw ChainError.rpc_lied({
          rpc: o.reader.name,
          block: number,
          found: `${o.witness.name} has logs of ${hidden.address} that it left out`,
        });
    }),
  );
}

const eventKey = ({ blockHash, address, topics }: RawLog): string =>
  `${blockHash}${address.toLowerCase()}${topics[0]}`;

const placeKey = ({ blockHash, logIndex }: RawLog): string => `${blockHash}${Number(logIndex)}`;

const inChainOrder = (a: SeenLog, b: SeenLog): number =>
  a.log.block.number - b.log.block.number || a.log.logIndex - b.log.logIndex;
