import type { Addresses, Chain } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { BaseError, TransactionNotFoundError } from "viem";
import { evidenceTracer, type Sent, tracedPart } from "../../core/index.ts";

/** Calldata in one part of a trace: as hex well below what is taken of a node in one answer. One call may be more. */
const BYTES_AT_ONCE = 2_000_000;
/** More parts than a transaction's gas fills with calls that succeed. */
const MOST_PARTS = 64;
/** Nodes give up after five seconds by themselves. */
const PATIENCE = "30s";

export const contractsOn = (
  { settler, escrow, attesters, bundleHub }: Addresses,
  isHub: boolean,
): Address[] => [settler, escrow, attesters, ...(isHub ? [bundleHub] : [])];

/** `untold`: what the node says that traces the transaction in no way. */
export type Told = { sent: Sent[] } | { untold: string };

/** The calls to our contracts in a transaction: itself, or what others called in it. None of one that is gone. @throws chain.rpc_unreachable */
export async function callsIn(
  { client, definition }: Chain,
  ours: readonly Address[],
  hash: Hex,
): Promise<Told> {
  const isOurs = (to: string | null | undefined): boolean => ours.some((each) => sameAddress(each, to ?? ""));
  const transaction = await client.getTransaction({ hash }).catch((error: unknown) => {
    // Of a block that is gone since its logs were asked for: what comes instead is read then.
    if (error instanceof TransactionNotFoundError) return null;
    throw error;
  });
  if (transaction === null) return { sent: [] };
  const { from, to, input } = transaction;
  const sent = { chainId: definition.id, transaction: hash, from };
  if (isOurs(to)) return { sent: [{ ...sent, to, input }] };
  const trace = (tracer: string): Promise<unknown> =>
    client.request({
      method: "debug_traceTransaction",
      params: [hash, { tracer, timeout: PATIENCE }],
    } as never);
  try {
    const told = framesIn((await trace("callTracer")) as Frame).filter((frame) => isOurs(frame.to));
    return { sent: told.map((frame) => ({ ...sent, to: frame.to ?? null, input: frame.input })) };
  } catch (whole) {
    // Every node knows that tracer, but what it tells has no bound.
    const told = await inParts(trace, ours).catch((error: unknown) => ({ error }));
    return "error" in told
      ? { untold: `whole: ${wordsOf(whole)}; in parts: ${wordsOf(told.error)}` }
      : { sent: told.map((call) => ({ ...sent, ...call })) };
  }
}

/** Of a node's error the part that is not about us. */
const wordsOf = (error: unknown): string =>
  (error instanceof BaseError ? error.details || error.shortMessage : String(error)).slice(0, 200);

type Frame = { to?: Address; input: Hex; error?: string; calls?: Frame[] };
/** What a call undid was looked at by no contract, so anybody can write anything there. */
const framesIn = (frame: Frame): Frame[] =>
  frame.error === undefined ? [frame, ...(frame.calls ?? []).flatMap(framesIn)] : [];

/** Of the calls only those that bring evidence, part after part. */
async function inParts(
  trace: (tracer: string) => Promise<unknown>,
  ours: readonly Address[],
): Promise<{ to: Address; input: Hex }[]> {
  const found: { to: Address; input: Hex }[] = [];
  let from = 0;
  for (let part = 0; part < MOST_PARTS; part++) {
    const { calls, next } = tracedPart.parse(await trace(evidenceTracer(ours, from, BYTES_AT_ONCE)));
    found.push(...calls);
    if (next === -1) return found;
    if (next <= from) throw new Error(`the node's part that begins with call ${from} ends before it`);
    from = next;
  }
  throw new Error(`more than ${MOST_PARTS} parts`);
}
