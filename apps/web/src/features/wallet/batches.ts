import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";
import {
  BaseError,
  type Account,
  type Chain,
  type Client,
  type Hex,
  type Log,
  pad,
  type PublicClient,
  type Transport,
  WaitForCallsStatusTimeoutError,
} from "viem";
import { getCapabilities, sendCalls, waitForCallsStatus } from "viem/actions";
import type { Call } from "../../api.ts";
import type { SendState } from "./wallet-context.tsx";
import { WalletError } from "./wallet-error.ts";

/** What a wallet does on a chain besides one transaction after the other (EIP-5792). */
export type Abilities = {
  /** Several calls, all of them or none; it may first ask its owner to let the account do so (EIP-7702). */
  atomic: boolean;
  /** Lets a service pay the gas (ERC-7677). */
  sponsored: boolean;
};
/** What of some calls was handed to the wallet: tried again, they go on from there, and nothing is sent twice. */
export type Handed = {
  /** How many were sent one by one. */
  sent: number;
  batch?: Given;
};
/** What the wallet calls all of them, and what they did when they were tried out, at which block; undefined where no node could. */
type Given = { id: string; effects: readonly Effect[] | undefined; since: bigint };
/** A log as far as it cannot differ between a trial and a block: who wrote it, what it is, and where it names the owner. */
type Effect = { address: string; event: string | undefined; named: string };
export type Connected = Client<Transport, Chain, Account>;
type Batch = {
  calls: readonly Call[];
  paymaster: string | undefined;
  /** Not given: as long as people wait. */
  patienceMs?: number;
};

const NOTHING: Abilities = { atomic: false, sponsored: false };
/** A wallet that does not say by then is asked for one transaction after the other. */
const ABILITIES_WITHIN_MS = 3_000;
/** What it sent has as long to stand in a block; then the page stops waiting, and asks again when told to. */
const STATUS_WITHIN_MS = 120_000;
/** The page's own node may be a few blocks behind the wallet's, by a quarter of that at the most. */
const SHOWN_PART = 4;
/**
 * A wallet's word that it cannot do it, which is no refusal by its owner: no such method, a capability or chain it does not do so
 * on, too many calls, an upgrade that the owner did not want, no atomic execution. Sources: EIP-1193, EIP-1474, EIP-5792.
 */
const UNABLE = new Set([-32_601, 4_200, 5_700, 5_710, 5_740, 5_750, 5_760]);
const DECLINED = 4_001;
/** A node that has no such method, or does not let this one be called. Source: EIP-1474. */
const NO_SUCH_METHOD = new Set([-32_601, -32_004]);

/** What the wallet says of itself. Most know no such question, some never answer: they can nothing of it. */
export async function abilitiesOf(wallet: Connected, paymaster: string | undefined): Promise<Abilities> {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, ABILITIES_WITHIN_MS));
  const asked = getCapabilities(wallet, { account: wallet.account, chainId: wallet.chain.id });
  const told = await Promise.race([asked.catch(() => undefined), late]);
  if (typeof told !== "object" || told === null) return NOTHING;
  const { atomic, paymasterService } = told;
  const willing = atomic?.status === "supported" || atomic?.status === "ready";
  return { atomic: willing, sponsored: paymaster !== undefined && paymasterService?.supported === true };
}

/**
 * Has the wallet send all calls as one transaction and follows it into a block. A wallet's word alone counts for nothing: `reader`, the
 * page's own node, has to show what the calls did when they were tried out. Returns the transaction's hash; undefined where the
 * wallet cannot do it and nothing was sent.
 */
export async function sendBatch(
  wallet: Connected,
  reader: PublicClient,
  batch: Batch,
  handed: Handed,
  onState: (state: SendState) => void,
): Promise<Hex | undefined> {
  const { calls, patienceMs = STATUS_WITHIN_MS } = batch;
  const owner = wallet.account.address;
  if (handed.batch === undefined) {
    onState("checking");
    const since = await reader.getBlockNumber({ cacheTime: 0 });
    const effects = await tryOut(owner, reader, calls);
    onState("signing");
    const id = await handOver(wallet, batch);
    if (id === undefined) return undefined;
    handed.batch = { id, effects, since };
  }
  onState("mining");
  const status = await statusOf(wallet, handed.batch.id, patienceMs);
  if (status.chainId !== undefined && status.chainId !== wallet.chain.id)
    throw WalletError.wrong_chain({ wanted: wallet.chain.id, got: status.chainId });
  if (status.statusCode >= 600) throw WalletError.batch_partial({});
  if (status.status !== "success") {
    // By the wallet's own word it took no effect: what is tried again is another.
    delete handed.batch;
    await tryOut(owner, reader, calls);
    throw WalletError.reverted({ reason: t`The wallet could not send it, or the contract refused it.` });
  }
  const hashes = [...new Set((status.receipts ?? []).map(({ transactionHash }) => transactionHash))];
  await checkShown({ owner, reader, calls, patienceMs }, handed.batch, hashes);
  onState("done");
  return hashes.at(-1);
}

/** The wallet's name for the batch; undefined where it cannot do one. */
async function handOver(wallet: Connected, { calls, paymaster }: Batch): Promise<string | undefined> {
  try {
    const { id } = await sendCalls(wallet, {
      account: wallet.account,
      chain: wallet.chain,
      calls: calls.map(({ to, data, value }) => ({ to: to as Hex, data: data as Hex, value: BigInt(value) })),
      forceAtomic: true,
      ...(paymaster !== undefined && {
        capabilities: { paymasterService: { url: paymaster, optional: true } },
      }),
    });
    return id;
  } catch (error) {
    if (UNABLE.has(codeOf(error) ?? 0)) return undefined;
    throw error;
  }
}

/** Whether its owner said no, and not the wallet that it is at a loss. */
export const isDeclined = (error: unknown): boolean => codeOf(error) === DECLINED;

function codeOf(error: unknown): number | undefined {
  let code: number | undefined;
  const look = (cause: unknown) => {
    const found = (cause as { code?: unknown } | null)?.code;
    if (typeof found === "number") code = found;
    return false;
  };
  if (error instanceof BaseError) error.walk(look);
  else look(error);
  return code;
}

async function statusOf(wallet: Connected, id: string, timeout: number) {
  try {
    return await waitForCallsStatus(wallet, { id, timeout, pollingInterval: 400, retryCount: 2 });
  } catch (error) {
    // Whether it was sent is not known, so it is not sent again.
    if (error instanceof WaitForCallsStatusTimeoutError) throw WalletError.batch_silent({}, { cause: error });
    throw WalletError.batch_lost({}, { cause: error });
  }
}

/**
 * Runs the calls one after the other on the node, as the owner would. Not every node can: then the first alone is tried, since the
 * others build on it, and what they would do is not known. @throws what a contract answers
 */
async function tryOut(
  owner: Hex,
  reader: PublicClient,
  calls: readonly Call[],
): Promise<Effect[] | undefined> {
  const requests = calls.map(({ to, data, value }) => ({
    account: owner,
    to: to as Hex,
    data: data as Hex,
    value: BigInt(value),
  }));
  let results;
  try {
    const blocks = await reader.simulateBlocks({ blocks: [{ calls: requests }] });
    results = blocks.flatMap((block) => block.calls);
  } catch (error) {
    // A node that only fails this once would lower what has to be shown later.
    if (!NO_SUCH_METHOD.has(codeOf(error) ?? 0)) throw error;
    const [first] = requests;
    if (first) await reader.call(first);
    return undefined;
  }
  for (const { status, error } of results)
    if (status === "failure")
      throw error ?? WalletError.reverted({ reason: t`The contract would refuse it.` });
  return results.flatMap(({ logs }) => (logs ?? []).map((log) => effectOf(owner, log)));
}

/** Ids that count upwards, amounts and times may differ by the time of the block; what is written of whom may not. */
function effectOf(owner: Hex, { address, topics }: Pick<Log, "address" | "topics">): Effect {
  const self = pad(owner, { size: 32 }).toLowerCase();
  const named = topics.map((topic) => (topic.toLowerCase() === self ? "owner" : "-")).join(",");
  return { address: address.toLowerCase(), event: topics[0], named };
}

type Chained = { owner: Hex; reader: PublicClient };

/** @throws wallet.batch_unproven unless the chain itself shows what was asked for, and since it was asked for */
async function checkShown(
  { owner, reader, calls, patienceMs }: Required<Pick<Batch, "calls" | "patienceMs">> & Chained,
  { effects, since }: Pick<Given, "effects" | "since">,
  hashes: readonly Hex[],
): Promise<void> {
  const receipts = await Promise.all(
    hashes.map((hash) =>
      reader.waitForTransactionReceipt({ hash, timeout: patienceMs / SHOWN_PART }).catch((cause: unknown) => {
        throw WalletError.batch_unproven({}, { cause });
      }),
    ),
  );
  const fresh = receipts.filter(({ status, blockNumber }) => status === "success" && blockNumber > since);
  const left = fresh.flatMap(({ logs }) => logs.map((log) => effectOf(owner, log)));
  if (fresh.length === 0) throw WalletError.batch_unproven({});
  if (effects === undefined) {
    const last = calls.at(-1)?.to ?? "";
    if (!left.some(({ address }) => sameAddress(address, last))) throw WalletError.batch_unproven({});
  }
  for (const effect of effects ?? []) {
    const found = left.findIndex((one) => isSame(one, effect));
    if (found === -1) throw WalletError.batch_unproven({});
    left.splice(found, 1);
  }
}

const isSame = (a: Effect, b: Effect): boolean =>
  a.address === b.address && a.event === b.event && a.named === b.named;
