import { ChainError } from "../chain-error.ts";
import type { Chain, RpcReader } from "../rpc/chain.ts";
import { type Header, readHeader } from "./header.ts";

export type Agreed = { readers: readonly [RpcReader, ...RpcReader[]]; head: Header };

/**
 * The nodes to read from, and the head of the first. With two or more, their headers at the highest block that all
 * have must agree; a minority is put aside, and without a majority nobody is believed.
 * @throws chain.rpc_unreachable, chain.rpc_disagrees
 */
export async function agree(chain: Chain): Promise<Agreed> {
  const found = await Promise.all((await chain.readers()).map(headOf));
  const alive = found.filter((view) => view !== null);
  const [first, ...rest] = alive;
  const name = chain.definition.name;
  if (!first)
    throw ChainError.rpc_unreachable({ chain: name, tried: chain.status().rpcs.map((rpc) => rpc.name) });
  if (rest.length === 0) return { readers: [first.reader], head: first.head };

  const common = Math.min(...alive.map(({ head }) => head.number));
  const votes = await Promise.all(
    alive.map(async ({ reader, head }) => {
      const header =
        head.number === common ? head : await readHeader(reader.client, common).catch(() => null);
      return { reader, head, hash: header?.hash ?? "none" };
    }),
  );
  const byHash = Map.groupBy(votes, ({ hash }) => hash);
  const winner = [...byHash.values()].find((group) => group.length * 2 > votes.length);
  const disagreement = ChainError.rpc_disagrees({ chain: name, block: common, hashes: [...byHash.keys()] });
  if (!winner) throw disagreement;
  for (const { reader } of votes.filter((vote) => !winner.includes(vote)))
    chain.putAside(reader.name, disagreement.message);
  const [best, ...others] = winner;
  if (!best) throw disagreement;
  return { readers: [best.reader, ...others.map(({ reader }) => reader)], head: best.head };
}

/** Null for a node that does not answer: the chain's own probes look after it. */
async function headOf(reader: RpcReader): Promise<{ reader: RpcReader; head: Header } | null> {
  const head = await readHeader(reader.client, "latest").catch(() => null);
  return head ? { reader, head } : null;
}
