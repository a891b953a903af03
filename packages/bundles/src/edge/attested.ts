import { type Executor, rows, sql } from "@sooth/store";
import { type AttestedBatch, type Fact, factText, type WireBundleDetail } from "../core/index.ts";
import { attestationsOf } from "./batches/attestations.ts";
import type { StoredBundle } from "./rows/load-bundles.ts";

/** What attesters have signed, as far as it is at hand. */
export type Attested = {
  /** Whether a quorum signed the fact. */
  has(fact: Fact): boolean;
  /** A batch of these facts alone, in this order, that is valid still. */
  batchOf(facts: readonly Fact[]): AttestedBatch | null;
  shown: WireBundleDetail["attestations"];
};

/** Where signatures are not kept: nothing can be shown of them. */
export const NOTHING_ATTESTED: Attested = { has: () => false, batchOf: () => null, shown: [] };

/** Of one bundle, with who signed. Signatures themselves are asked for anew: they are valid for minutes. */
export async function readAttested(db: Executor, { id, opening, bundle }: StoredBundle): Promise<Attested> {
  const base = opening?.base ?? null;
  const found = await attestationsOf(db, { id, base, legs: bundle.legs });
  const said = new Map(found.map(({ fact, content }) => [fact, content]));
  return {
    has: (fact) => {
      const { subject, content } = factText(fact);
      return said.get(subject) === content;
    },
    batchOf: () => null,
    shown: found.map(({ fact, epoch, signers, at }) => {
      const [kind = "", subject = ""] = fact.split(" ");
      const isOfLeg = base !== null && (kind === "opened" || kind === "receipt");
      return {
        fact: kind as WireBundleDetail["attestations"][number]["fact"],
        leg: isOfLeg ? Number(BigInt(subject) - base) : null,
        epoch,
        seats: signers,
        quorum: true,
        at,
      };
    }),
  };
}

/** Of a page of bundles, whether their openings are attested: all that their statuses ask for. */
export async function readOpeningsAttested(db: Executor, page: readonly StoredBundle[]): Promise<Attested> {
  const ordinals = page.flatMap(({ opening, bundle }) =>
    opening ? Array.from({ length: bundle.legs }, (_, place) => String(opening.base + BigInt(place))) : [],
  );
  const found = await rows<{ subject: string }>(
    db,
    sql`select distinct subject from bundles.attestations where kind = 'opened' and subject = any(${ordinals}::text[])`,
  );
  const said = new Set(found.map(({ subject }) => `opened ${subject}`));
  return { ...NOTHING_ATTESTED, has: (fact) => said.has(factText(fact).subject) };
}
