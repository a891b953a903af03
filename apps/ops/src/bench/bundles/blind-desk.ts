import { attesterLimits, attestersOn } from "@sooth/bundles";
import {
  type AttestedBatch,
  batchDigest,
  batchToWire,
  factFromWire,
  factTree,
  wireBatchWanted,
} from "@sooth/bundles/core";
import { need, sameAddress } from "@sooth/kernel";
import { compactSignature } from "@sooth/oracle/core";
import type { Stack } from "@sooth/server";
import Fastify from "fastify";
import { concatHex } from "viem";

const BODY_BYTES = 5_000_000;
const FULL_BPS = 10_000n;

/**
 * Signs whatever it is asked with as many attesters' keys as are a quorum, at once and without looking: what remains is a
 * bundler's own work. It stands where the API and its attesters do otherwise.
 * @returns its address, and what ends it
 */
export async function startBlindDesk({
  hub,
  addresses,
  accounts,
}: Stack): Promise<{ url: string; stop(): Promise<void> }> {
  const [{ quorumBps, longestValidity }, set] = await Promise.all([
    attesterLimits(hub, addresses),
    attestersOn(hub, addresses.attesters),
  ]);
  const keys = need(accounts, "a laptop").providers.map(({ signer }) => signer);
  let [weight, seats] = [0n, 0n];
  const signers: (typeof keys)[number][] = [];
  for (const [seat, one] of set.seats.entries()) {
    if (weight * FULL_BPS >= set.totalWeight * quorumBps) break;
    signers.push(
      need(
        keys.find(({ address }) => sameAddress(address, one.signer)),
        `the key of seat ${seat}`,
      ),
    );
    weight += one.weight;
    seats |= 1n << BigInt(seat);
  }
  const domain = { chainId: hub.definition.id, attesters: addresses.attesters };
  const app = Fastify({ bodyLimit: BODY_BYTES });
  app.post("/v1/bundles/batches", async ({ body }) => {
    const facts = wireBatchWanted.parse(body).facts.map(factFromWire);
    // The laptop's chains follow this machine's clock.
    const validUntil = Math.floor(Date.now() / 1_000) + Math.floor(longestValidity / 2);
    const batch = { epoch: set.epoch, validUntil, root: factTree(facts).root };
    const hash = batchDigest(domain, batch);
    const signed = await Promise.all(
      signers.map(async (key) => compactSignature(await need(key.sign, "a local key")({ hash }))),
    );
    return batchToWire({ ...batch, facts, seats, signatures: concatHex(signed) } satisfies AttestedBatch);
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return { url, stop: () => app.close() };
}
