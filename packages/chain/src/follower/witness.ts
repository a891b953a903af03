import type { PublicClient } from "viem";
import { ChainError } from "../chain-error.ts";
import type { RpcReader } from "../rpc/chain.ts";
import type { Followed, RawLog } from "./decoder.ts";
import { getLogs } from "./get-logs.ts";
import { readHeader } from "./header.ts";

type Span = { from: number; to: number };

/**
 * Compares the logs of a final range, as `reader` gave them, with those of a second node, log by log. Where they differ
 * all nodes are asked, and the smaller part has lied; without a larger part nobody is believed. Nodes that lag or serve
 * no logs of such old blocks do not count, so that a single node that does is believed.
 * @throws chain.rpc_lied, chain.rpc_disagrees
 */
export async function checkWithOthers(
  o: Span & { chain: string; followed: Followed; reader: RpcReader; others: readonly RpcReader[] },
  raw: readonly RawLog[],
): Promise<void> {
  const views = [{ name: o.reader.name, logs: fingerprint(raw, o.followed) }];
  for (const { name, client } of o.others) {
    // One that lags would seem to leave logs out.
    const reaches = await readHeader(client, o.to).catch(() => null);
    const logs = reaches && (await logsOf(client, o.followed, o));
    if (!logs) continue;
    views.push({ name, logs: fingerprint(logs, o.followed) });
    if (views.length === 2 && views[0]?.logs === views[1]?.logs) return;
  }
  const groups = [...Map.groupBy(views, ({ logs }) => logs).values()];
  if (groups.length === 1) return;
  const found = `its logs of blocks ${o.from} to ${o.to} are not those of other RPCs`;
  const winner = groups.find((group) => group.length * 2 > views.length);
  const liar = winner && views.find((view) => !winner.includes(view));
  if (liar) throw ChainError.rpc_lied({ rpc: liar.name, block: o.from, found });
  const hashes = views.map(
    ({ name, logs }) => `${name} has ${logs.split(" ").length - 1} logs up to ${o.to}`,
  );
  throw ChainError.rpc_disagrees({ chain: o.chain, block: o.from, hashes });
}

/** A node may take smaller ranges than another. Undefined when it does not answer for a single block either. */
async function logsOf(
  client: PublicClient,
  followed: Followed,
  { from, to }: Span,
): Promise<RawLog[] | undefined> {
  const logs = await getLogs(client, followed, { from, to }).catch(() => undefined);
  if (logs || from === to) return logs;
  const middle = (from + to) >> 1;
  const lower = await logsOf(client, followed, { from, to: middle });
  const upper = lower && (await logsOf(client, followed, { from: middle + 1, to }));
  return upper && [...lower, ...upper];
}

/** Equal for equal sets of logs: each log's place, and what it says. */
const fingerprint = (logs: readonly RawLog[], followed: Followed): string =>
  logs
    .filter((log) => followed.eventOf(log))
    .map((log) =>
      [log.blockHash, Number(log.logIndex), log.address, ...log.topics, log.data].join().toLowerCase(),
    )
    .toSorted()
    .map((log) => `${log} `)
    .join("");
