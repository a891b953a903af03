import { bundleHubAbi, escrowAbi, settlerAbi } from "@sooth/abi";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import {
  type Abi,
  BaseError,
  concat,
  decodeFunctionData,
  keccak256,
  numberToHex,
  pad,
  size,
  slice,
} from "viem";
import type { Fact } from "../facts.ts";
import { decodeInputs, legHashBy, NO_INPUTS, NO_LEG, placesIn } from "../hashes.ts";
import {
  type Bundle,
  type Leg,
  LEG_KINDS,
  LEG_STATUSES,
  MODES,
  OUTCOMES,
  type Settled,
  STANDALONE,
} from "../types.ts";
import type { Sent } from "./bundle-file.ts";
import type { BundleContracts } from "./bundle-log.ts";

export type ReceiptFact = Extract<Fact, { kind: "receipt" }>;
export type DecisionFact = Extract<Fact, { kind: "decision" }>;
export type OpenedFact = Extract<Fact, { kind: "opened" }>;

/** A leg as it was brought to the settler. */
export type BroughtLeg = {
  /** That it was opened: what the attesters had to have signed. */
  opened: OpenedFact;
  /** Null when only hashes of its payload were brought, or its inputs are no encoding. */
  leg: Leg | null;
  needs: Hex;
};
export type BroughtReceipt = ReceiptFact & { returned: Hex };
/** A call to {ISettler-run} or {ISettler-cancel}. */
export type SettlerCall = {
  does: "run" | "cancel";
  legs: BroughtLeg[];
  receipts: BroughtReceipt[];
  decisions: DecisionFact[];
  evidence: Hex;
  relayer: Address;
};
export type LegResult = Omit<ReceiptFact, "kind" | "ordinal"> & { index: number };
export type HubCall =
  | { does: "commitPrepared"; ids: readonly Hex[]; evidence: Hex }
  | {
      does: "commitCompleted" | "abortFailed";
      items: { id: Hex; results: LegResult[]; compensations: Hex }[];
      evidence: Hex;
    }
  | { does: "settle"; items: { bundle: Bundle; results: LegResult[] }[]; evidence: Hex }
  | { does: "abort" | "expireUnopened"; bundle: Bundle }
  | { does: "expire"; ids: readonly Hex[] };
export type EscrowCall =
  | { does: "prepare"; header: Bundle; hashes: readonly Hex[]; index: number; leg: Leg }
  | {
      does: "finish";
      items: { id: Hex; index: number; decision: number; leg: Leg }[];
      decisions: DecisionFact[];
      evidence: Hex;
      relayer: Address;
    }
  | { does: "takeBack"; header: Bundle; index: number; leg: Leg };

type Decoded = { functionName: string; args: readonly unknown[] };
/** The call of these bytes; null when they went to another contract, which called ours in its turn, or are no such call. */
function decoded(sent: Sent | undefined, to: Address, abi: Abi): Decoded | null {
  if (!sent || !sameAddress(sent.to ?? "", to)) return null;
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data: sent.input });
    return { functionName, args };
  } catch (error) {
    if (error instanceof BaseError || error instanceof RangeError) return null;
    throw error;
  }
}

type Named = Record<string, unknown>;
const headerOf = (header: Named): Bundle => ({
  ...(header as unknown as Bundle),
  owner: (header.owner as Address).toLowerCase() as Address,
  mode: MODES[header.mode as number] ?? "ordered",
});
const resultOf = (result: Named): LegResult => ({
  ...(result as unknown as LegResult),
  status: LEG_STATUSES[result.status as number] as Settled,
});
const decisionOf = (decision: Named): DecisionFact => ({
  ...(decision as unknown as DecisionFact),
  kind: "decision",
  outcome: OUTCOMES[decision.outcome as number] as DecisionFact["outcome"],
});
const listOf = <T>(list: unknown, read: (one: Named) => T): T[] => (list as Named[]).map(read);

export function settlerCall(sent: Sent | undefined, { settler }: BundleContracts): SettlerCall | null {
  const call = decoded(sent, settler, settlerAbi);
  const does = call?.functionName;
  if (!sent || !call || (does !== "run" && does !== "cancel")) return null;
  const [legs, receipts, decisions, evidence, relayer] = call.args;
  return {
    does,
    legs: listOf(legs, (one) => broughtLeg(one, sent.chainId)),
    receipts: listOf(receipts, (one) => ({
      ...(one as unknown as BroughtReceipt),
      kind: "receipt",
      status: LEG_STATUSES[one.status as number] as Settled,
    })),
    decisions: listOf(decisions, decisionOf),
    evidence: evidence as Hex,
    relayer: relayer as Address,
  };
}

type Words = { place: bigint; rules: bigint; callee: bigint; salt: Hex };
const bits = (word: bigint, from: number, count: number): bigint =>
  BigInt.asUintN(count, word >> BigInt(from));
const number = (word: bigint, from: number, count: number): number => Number(bits(word, from, count));
const addressOf = (value: bigint): Address => pad(numberToHex(value), { size: 20 });

/** {LegWord} has where each field stands. */
function broughtLeg(one: Named, chainId: number): BroughtLeg {
  const { place, rules, callee, salt } = one.words as Words;
  const data = one.data as Hex | undefined;
  const [dataHash, inputsHash] =
    data === undefined
      ? [one.dataHash as Hex, one.inputsHash as Hex]
      : [keccak256(data), (one.inputs as Hex) === "0x" ? NO_INPUTS : keccak256(one.inputs as Hex)];
  const plain = {
    chainId,
    kind: LEG_KINDS[number(rules, 48, 8)] ?? ("shared" as const),
    target: addressOf(bits(callee, 96, 160)),
    value: bits(callee, 0, 96),
    gasLimit: number(rules, 160, 32),
    needsOk: placesIn(number(rules, 128, 32)),
    needsFailed: placesIn(number(rules, 96, 32)),
    needsSettled: placesIn(number(rules, 64, 32)),
    undoes: number(rules, 56, 8) === NO_LEG ? null : number(rules, 56, 8),
    salt,
  };
  const inputs = data === undefined ? null : decodeInputs(one.inputs as Hex);
  return {
    opened: {
      kind: "opened",
      base: bits(rules, 192, 64),
      index: number(place, 48, 8),
      owner: addressOf(bits(place, 96, 160)),
      deadline: number(place, 56, 40),
      leg: legHashBy({ ...plain, data: "0x", splices: [], conditions: [] }, { dataHash, inputsHash }),
    },
    leg: data === undefined || inputs === null ? null : { ...plain, data, ...inputs },
    needs: (one.needs as Hex | undefined) ?? "0x",
  };
}

export function hubCall(sent: Sent | undefined, { bundleHub }: BundleContracts): HubCall | null {
  const call = decoded(sent, bundleHub, bundleHubAbi);
  if (!call) return null;
  const [first, second] = call.args;
  const evidence = second as Hex;
  const does = call.functionName;
  switch (does) {
    case "commitPrepared":
      return { does, ids: first as Hex[], evidence };
    case "expire":
      return { does, ids: first as Hex[] };
    case "abort":
    case "expireUnopened":
      return { does, bundle: headerOf(first as Named) };
    case "commitCompleted":
      return {
        does,
        items: listOf(first, (one) => ({
          id: one.id as Hex,
          results: listOf(one.results, resultOf),
          compensations: one.compensations as Hex,
        })),
        evidence,
      };
    case "abortFailed":
      return {
        does,
        items: listOf(first, (one) => ({
          id: one.id as Hex,
          results: [resultOf(one.result as Named)],
          compensations: "0x" as const,
        })),
        evidence,
      };
    case "settle":
      return {
        does,
        items: listOf(first, (one) => ({
          bundle: headerOf(one.bundle as Named),
          results: listOf(one.results, resultOf),
        })),
        evidence,
      };
    default:
      return null;
  }
}

export function escrowCall(sent: Sent | undefined, { escrow }: BundleContracts): EscrowCall | null {
  const call = decoded(sent, escrow, escrowAbi);
  if (!sent || !call) return null;
  const heldLeg = (leg: unknown): Leg => ({
    ...(leg as Leg),
    chainId: sent.chainId,
    kind: LEG_KINDS[(leg as { kind: number }).kind] ?? "escrow",
    target: (leg as Leg).target.toLowerCase() as Address,
    ...STANDALONE,
  });
  const { args } = call;
  const does = call.functionName;
  switch (does) {
    case "prepare":
      return {
        does,
        header: headerOf(args[0] as Named),
        hashes: args[1] as Hex[],
        index: args[2] as number,
        leg: heldLeg(args[3]),
      };
    case "takeBack":
      return { does, header: headerOf(args[0] as Named), index: args[1] as number, leg: heldLeg(args[2]) };
    case "finish":
      return {
        does,
        items: listOf(args[0], (one) => ({
          id: one.id as Hex,
          index: one.index as number,
          decision: one.decision as number,
          leg: heldLeg(one.leg),
        })),
        decisions: listOf(args[1], decisionOf),
        evidence: args[2] as Hex,
        relayer: args[3] as Address,
      };
    default:
      return null;
  }
}

/** Legs of bundles whose openings are wanted too: the facts about them stand in the same batch, and name ordinals. */
export function namedBeside(call: HubCall | null, idOf: (bundle: Bundle) => Hex): Hex[] {
  if (call?.does === "commitCompleted" || call?.does === "abortFailed") return call.items.map(({ id }) => id);
  return call?.does === "settle" ? call.items.map(({ bundle }) => idOf(bundle)) : [];
}

/** 65 bytes a signature from r | vs of each. */
export function signaturesIn(compact: Hex): Hex[] {
  return Array.from({ length: Math.floor(size(compact) / 64) }, (_, index) => {
    const r = slice(compact, 64 * index, 64 * index + 32);
    const vs = BigInt(slice(compact, 64 * index + 32, 64 * index + 64));
    const s = pad(numberToHex(BigInt.asUintN(255, vs)), { size: 32 });
    return concat([r, s, vs >> 255n === 1n ? "0x1c" : "0x1b"]);
  });
}
