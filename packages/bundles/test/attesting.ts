import { attestersAbi } from "@sooth/abi";
import { type Hex, need } from "@sooth/kernel";
import {
  concat,
  hexToBigInt,
  type LocalAccount,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  size,
  slice,
} from "viem";
import {
  type AttestedBatch,
  batchTypedData,
  type Fact,
  factsShown,
  factText,
  factTree,
} from "../src/core/index.ts";
import type { Evidence } from "../src/edge/relay/ports.ts";
import type { BundleWatch } from "../src/edge/watch/index.ts";
import { HUB, keys } from "./stage.ts";
import type { BundleStage } from "./stage.ts";

type Attesting = Pick<BundleStage, "addresses" | "hub">;

/** Who sits in the hub's current set, in the order of the seats. */
async function seatsOf({ hub, addresses }: Attesting): Promise<{ epoch: number; signers: Hex[] }> {
  const at = { address: addresses.attesters, abi: attestersAbi } as const;
  const { client } = hub.chain;
  const epoch = await client.readContract({ ...at, functionName: "currentEpoch" });
  const [blob] = await client.readContract({ ...at, functionName: "epochOf", args: [epoch] });
  const code = need(await client.getCode({ address: blob }), "the set's code");
  const words = Array.from({ length: Math.floor((size(code) - 1) / 32) }, (_, index) =>
    slice(code, 1 + 32 * index, 33 + 32 * index),
  );
  return { epoch, signers: words.slice(1).map((word) => slice(word, 0, 20)) };
}

/** A quorum's signatures over these facts, by the keys themselves: what attesters come to, without their network. */
export async function signFacts(
  stage: Attesting,
  facts: readonly Fact[],
  by: readonly LocalAccount[] = keys,
): Promise<AttestedBatch> {
  const { epoch, signers } = await seatsOf(stage);
  const { root } = factTree(facts);
  const { timestamp } = await stage.hub.chain.client.getBlock({ blockTag: "latest" });
  const validUntil = Number(timestamp) + 600;
  const typed = batchTypedData(
    { chainId: HUB, attesters: stage.addresses.attesters },
    { epoch, validUntil, root },
  );
  let seats = 0n;
  const signatures: Hex[] = [];
  for (const [seat, signer] of signers.entries()) {
    const key = by.find(({ address }) => hexToBigInt(address) === hexToBigInt(signer));
    if (!key) continue;
    seats |= 1n << BigInt(seat);
    signatures.push(
      serializeCompactSignature(signatureToCompactSignature(parseSignature(await key.signTypedData(typed)))),
    );
  }
  return { facts, root, epoch, validUntil, seats, signatures: concat(signatures) };
}

/** Signs what `watch` shows, and nothing else. */
export const evidenceOf = (
  stage: Attesting,
  watch: BundleWatch,
  by: readonly LocalAccount[] = keys,
): Evidence => ({
  ask: async (facts) => {
    const missing = facts.filter((fact) => !isShown(watch, fact));
    if (missing.length > 0) return { missing, why: "not seen" };
    return { batch: await signFacts(stage, facts, by) };
  },
});

function isShown(watch: BundleWatch, fact: Fact): boolean {
  const id =
    "id" in fact
      ? fact.id
      : watch.bundleAt("ordinal" in fact ? fact.ordinal : "base" in fact ? fact.base : 0n);
  const view = id && watch.factsView(id);
  const { subject, content } = factText(fact);
  return (
    view !== undefined &&
    factsShown(view)
      .map(factText)
      .some((one) => one.subject === subject && one.content === content)
  );
}
