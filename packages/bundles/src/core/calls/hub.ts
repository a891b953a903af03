import { type Hex, need } from "@sooth/kernel";
import { encodeAbiParameters } from "viem";
import { type Fact, factText } from "../facts.ts";
import { wantedLegs } from "../graph.ts";
import { legWords } from "../hashes.ts";
import { encodeLegs } from "../payload.ts";
import { type Bundle, type Leg, LEG_STATUSES, MODES, type Place } from "../types.ts";

type ReceiptFact = Extract<Fact, { kind: "receipt" }>;

/** A bundle of which legs' receipts are shown to the hub. */
export type ReceiptsItem = {
  id: Hex;
  bundle: Bundle;
  legs: readonly Leg[];
  hashes: readonly Hex[];
  base: bigint;
  facts: readonly Fact[];
};
/** A bundle that its owner signed; with its legs it says them to everybody. */
export type OpeningItem = { bundle: Bundle; signature: Hex; legs: readonly Leg[] | null };

/** The header as the contracts take it. */
export const headerOf = (bundle: Bundle) => ({ ...bundle, mode: MODES.indexOf(bundle.mode) });

/** Arguments of `IBundleHub.openMany`. */
export const openManyArgs = (items: readonly OpeningItem[]) =>
  items.map(({ bundle, signature, legs }) => ({
    bundle: headerOf(bundle),
    signature,
    legs: legs === null ? ("0x" as const) : encodeLegs(legs),
  }));

/** Arguments of `IBundleHub.expireUnopened`; without legs those who attest must have their hashes from somewhere else. */
export const expireUnopenedArgs = (bundle: Bundle, legs: readonly Leg[] | null) =>
  [headerOf(bundle), legs === null ? "0x" : encodeLegs(legs)] as const;

/** Arguments of `IBundleHub.commitPrepared`, and the facts in the order in which the evidence must prove them. */
export function commitPreparedArgs(ids: readonly Hex[]) {
  return { ids: [...ids], facts: ids.map((id): Fact => ({ kind: "prepared", id })) };
}

/** Arguments of `IBundleHub.commitCompleted`, and the facts in their order. */
export function commitCompletedArgs(items: readonly ReceiptsItem[]) {
  const completions = items.map((item) => ({
    id: item.id,
    results: resultsOf(item),
    compensations: compensationsOf(item),
  }));
  return { completions, facts: receiptsIn(items) };
}

/** Arguments of `IBundleHub.abortFailed`: of each the first receipt that says that a leg failed, and the facts in their order. */
export function abortFailedArgs(items: readonly ReceiptsItem[]) {
  const bad = items.map((item) => {
    const fact = item.facts.find(
      (one) => one.kind === "receipt" && ["failed", "missed"].includes(one.status),
    );
    return { ...item, facts: [need(fact, `that a leg of ${item.id} failed`)] };
  });
  const failures = bad.map((item) => ({ id: item.id, result: need(resultsOf(item)[0], "its result") }));
  return { failures, facts: receiptsIn(bad) };
}

/** Arguments of `IBundleHub.settle`, and the facts in their order. */
export function settleArgs(items: readonly ReceiptsItem[]) {
  const settlements = items.map((item) => ({ bundle: headerOf(item.bundle), results: resultsOf(item) }));
  return { settlements, facts: receiptsIn(items) };
}

const receiptFacts = ({ facts }: ReceiptsItem): ReceiptFact[] => {
  const once = new Map(
    facts.flatMap((fact) => (fact.kind === "receipt" ? [[factText(fact).subject, fact] as const] : [])),
  );
  return [...once.values()];
};

const receiptsIn = (items: readonly ReceiptsItem[]): Fact[] => items.flatMap(receiptFacts);

const resultsOf = (item: ReceiptsItem) =>
  receiptFacts(item).map(({ ordinal, status, result, relayer }) => ({
    index: Number(ordinal - item.base),
    status: LEG_STATUSES.indexOf(status),
    result,
    relayer,
  }));

/** Where some legs did not run: the words that show that these compensate others. */
function compensationsOf({ bundle, legs, hashes }: ReceiptsItem): Hex {
  const wanted = new Set<Place>(wantedLegs(legs));
  const missing = [...legs.entries()].filter(([place]) => !wanted.has(place));
  if (missing.length === 0) return "0x";
  return encodeAbiParameters(COMPENSATIONS, [
    {
      bundle: headerOf(bundle),
      legHashes: [...hashes],
      places: missing.map(([place]) => place),
      words: missing.map(([, leg]) => legWords(leg)),
    },
  ]);
}

export const COMPENSATIONS = [
  {
    type: "tuple",
    components: [
      {
        name: "bundle",
        type: "tuple",
        components: [
          { name: "owner", type: "address" },
          { name: "mode", type: "uint8" },
          { name: "legs", type: "uint8" },
          { name: "deadline", type: "uint40" },
          { name: "legsHash", type: "bytes32" },
          { name: "fee", type: "uint96" },
          { name: "salt", type: "uint64" },
        ],
      },
      { name: "legHashes", type: "bytes32[]" },
      { name: "places", type: "uint8[]" },
      { name: "words", type: "bytes32[13][]" },
    ],
  },
] as const;
