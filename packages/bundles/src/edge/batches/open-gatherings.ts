import type { Chain } from "@sooth/chain";
import { sameAddress } from "@sooth/kernel";
import type { SignerSet } from "@sooth/oracle/core";
import { BundlesError } from "../../core/index.ts";
import { attesterLimits, attestersOn } from "../attest/attester-set.ts";
import { chainsOf, type Deps } from "../deps.ts";
import type { SignedKeeper } from "../accuse/signed-keeper.ts";
import { keepAttestations } from "./attestations.ts";
import { Gatherings } from "./gatherings.ts";
import { KnownFacts } from "./known-facts.ts";

/** A set changes once a day, and a clock that is a second behind costs a second of validity. */
const SET_MS = 2_000;
const CLOCK_MS = 1_000;

/**
 * Where signatures of these chains' attesters meet, in this process; what a quorum signed is noted for the pages, and every signature
 * by `keeper`, so that nobody can sign what is not so and be forgotten.
 */
export function openGatherings(
  deps: Pick<Deps, "hub" | "rollups" | "addresses" | "store" | "log">,
  keeper?: SignedKeeper,
): Gatherings {
  const { hub, addresses, store, log } = deps;
  const byId = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  const now = remembered(CLOCK_MS, () => hub.now());
  const sets = new Map<number, () => Promise<SignerSet>>();
  const setOf = (chain: Chain) => {
    const { id } = chain.definition;
    const known = sets.get(id) ?? remembered(SET_MS, () => attestersOn(chain, addresses.attesters));
    sets.set(id, known);
    return known();
  };
  const known = new KnownFacts(store.db);
  return new Gatherings({
    at: { chainId: hub.definition.id, attesters: addresses.attesters },
    attestersOf: async (chainId) => {
      const chain = byId.get(chainId);
      if (!chain) throw BundlesError.unknown_destination({ chainId });
      return setOf(chain);
    },
    isSeated: async (signer) => {
      // A chain that does not answer takes nobody's seat on another.
      const sets = await Promise.allSettled([...byId.values()].map(setOf));
      const known = sets.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
      return known.some(({ seats }) => seats.some((seat) => sameAddress(seat.signer, signer)));
    },
    unknownOf: (facts, client) => known.unknownOf(facts, client),
    limits: () => attesterLimits(hub, addresses),
    now,
    onSigned: (facts, batch, signed) => keeper?.note(facts, batch, signed),
    onQuorum: ({ facts, epoch }, signers) => {
      void now()
        .then((at) => keepAttestations(store.db, facts, { epoch, signers, at }))
        // Whoever asked has his signatures; only the pages lack a line.
        .catch((error: unknown) => log.warn({ err: error }, "what was attested is not noted"));
    },
  });
}

/** Asks once for so long; what failed is asked anew. */
function remembered<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let known: { until: number; value: Promise<T> } | null = null;
  return () => {
    if (known && performance.now() < known.until) return known.value;
    const value = ask();
    known = { until: performance.now() + ms, value };
    value.catch(() => (known = null));
    return value;
  };
}
