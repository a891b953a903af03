import { type Hex, TransactionReceiptNotFoundError, type TransactionReceipt } from "viem";
import type { Chain } from "../rpc/chain.ts";
import type { View } from "./lane.ts";
import { failAndRelease } from "./joined.ts";
import { laneFailed, laneMined, laneRequeued } from "./metrics.ts";
import { type Revert, revertOf } from "./revert.ts";
import {
  type LaneKey,
  markLost,
  type Mined,
  type Open,
  openRows,
  reopen,
  reopenFrom,
  requeue,
  settleAs,
  settleReverted,
} from "./rows.ts";
import type { LaneOptions } from "./run-lane.ts";

/** Brings the rows of this lane to what the chain says became of their transactions. */
export async function settle(o: LaneOptions, lane: LaneKey, view: View): Promise<void> {
  await o.store.transaction((tx) => reopenFrom(tx, lane, view.mined));
  const sent = await openRows(o.store.db, lane, "sent");
  await Promise.all(sent.filter(({ nonce }) => nonce < view.mined).map((row) => settleSent(o, row, view)));
  const settledBelow = view.head - o.chain.definition.finality.confirmations;
  const isDeep = ({ blockNumber }: Open): boolean => (blockNumber ?? 0) <= settledBelow;
  const mined = await openRows(o.store.db, lane, "mined");
  await Promise.all(mined.filter(isDeep).map((row) => settleMined(o, row, true)));
  // Whoever reads "failed" asks again by another key: a reorg that lets it succeed must show before it is deep.
  const failed = await openRows(o.store.db, lane, "failed");
  await Promise.all(
    failed.filter((row) => view.moved || isDeep(row)).map((row) => settleMined(o, row, isDeep(row))),
  );
}

/** Its nonce is used: by one of its own transactions, or by a stranger's. */
async function settleSent(o: LaneOptions, row: Open, view: View): Promise<void> {
  const receipt = await receiptOf(o.chain, row.hashes);
  if (!receipt) return settleLost(o, row, view);
  await settleBy(o, row, receipt);
}

/** What its receipt says, also where a reorg made it say something else than before. */
async function settleBy(o: LaneOptions, row: Open, receipt: TransactionReceipt): Promise<void> {
  const labels = { chain: o.chain.definition.name, purpose: row.purpose };
  const mined = minedAs(receipt);
  if (row.refused !== null && receipt.from.toLowerCase() === receipt.to?.toLowerCase()) {
    const refusal = { name: "RefusedByNode", data: null, text: row.refused };
    await o.store.transaction((tx) =>
      failAndRelease(tx, o.chain.definition, row, { revert: refusal, mined }),
    );
    laneFailed.inc(labels);
    return;
  }
  if (receipt.status === "success") {
    await o.store.transaction((tx) => settleAs(tx, row, "mined", mined));
    if (row.status !== "mined") laneMined.inc(labels);
    return;
  }
  const revert = await reasonOf(o, row, receipt);
  await o.store.transaction((tx) => failAndRelease(tx, o.chain.definition, row, { revert, mined }));
  if (row.status !== "failed") laneFailed.inc(labels);
  o.log?.warn({ ...labels, key: row.key, transaction: mined.hash, revert }, "transaction reverted on chain");
}

/**
 * A stranger's transaction took the nonce, or the node that answers lags. Sent anew only when that is final: before,
 * a reorg could bring the old one back, and the effect would happen twice.
 */
async function settleLost(o: LaneOptions, row: Open, view: View): Promise<void> {
  if (row.lostAt === null) return markLost(o.store.db, row, view.head);
  if (view.head < row.lostAt + o.chain.definition.finality.confirmations) return;
  const readers = await o.chain.readers();
  const seen = await Promise.all(readers.map(({ client }) => receiptOf({ client }, row.hashes)));
  if (seen.some((receipt) => receipt !== null)) return;
  await o.store.transaction((tx) => requeue(tx, row));
  laneRequeued.inc({ chain: o.chain.definition.name, purpose: row.purpose });
  o.log?.warn({ key: row.key, nonce: row.nonce }, "nonce was used by another transaction: queued again");
}

/** Final once it is deep, if it is still where it was. */
async function settleMined(o: LaneOptions, row: Open, deep: boolean): Promise<void> {
  const receipt = await receiptOf(o.chain, row.hashes);
  if (!receipt) return o.store.transaction((tx) => reopen(tx, row));
  if (receipt.blockHash !== row.blockHash) return settleBy(o, row, receipt);
  if (!deep) return;
  await o.store.transaction((tx) =>
    row.status === "failed" ? settleReverted(tx, row) : settleAs(tx, row, "final", minedAs(receipt)),
  );
}

const minedAs = (receipt: TransactionReceipt): Mined => ({
  hash: receipt.transactionHash,
  blockNumber: Number(receipt.blockNumber),
  blockHash: receipt.blockHash,
});

async function receiptOf(
  { client }: Pick<Chain, "client">,
  hashes: readonly Hex[],
): Promise<TransactionReceipt | null> {
  const found = await Promise.all(
    hashes.map((hash) =>
      client.getTransactionReceipt({ hash }).catch((error: unknown) => {
        if (error instanceof TransactionReceiptNotFoundError) return null;
        throw error;
      }),
    ),
  );
  return found.find((receipt) => receipt !== null) ?? null;
}

/** A receipt does not say why. The same call says it, before the block or, where a neighbour in it got in the way, after. */
async function reasonOf(o: LaneOptions, row: Open, receipt: TransactionReceipt): Promise<Revert> {
  const { to, data, value } = row;
  for (const blockNumber of [receipt.blockNumber - 1n, receipt.blockNumber])
    try {
      await o.chain.client.call({ account: o.account.address, to, data, value, blockNumber });
    } catch (error) {
      const revert = revertOf(error, o.errors);
      if (revert) return revert;
    }
  return { name: "no_reason", data: null, text: "reverted on chain" };
}
