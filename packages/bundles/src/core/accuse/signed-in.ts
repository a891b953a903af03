import { attestersAbi } from "@sooth/abi";
import { type Hex, never, sameAddress } from "@sooth/kernel";
import {
  type AbiParameter,
  BaseError,
  decodeAbiParameters,
  decodeFunctionData,
  numberToHex,
  pad,
  size,
} from "viem";
import { BATCH } from "../calls/evidence.ts";
import { type AttestersAt, batchDigest, type Fact } from "../facts.ts";
import type { Sent } from "../proof/bundle-file.ts";
import type { BundleContracts } from "../proof/bundle-log.ts";
import { escrowCall, hubCall, type LegResult, settlerCall, signaturesIn } from "../proof/read-calls.ts";
import { bundleId } from "../hashes.ts";
import { type SignedPart, standsUnder } from "./signed-part.ts";

/** What a transaction brought of attesters' word, and who signed it, by his signature: r | vs. */
export type Brought = { part: SignedPart; signers: { signer: Hex; signature: Hex }[] };

/** More has no call that fits into a block, and no set has more seats. */
const MOST_FACTS = 4_096;
const MOST_SIGNERS = 32;

export type Reading = {
  at: AttestersAt;
  contracts: BundleContracts;
  /** Ordinal of the first leg of a bundle; undefined when the hub knows none. */
  baseOf(id: Hex): bigint | undefined;
  signerOf(digest: Hex, signature: Hex): Hex | null;
};

/**
 * Everything that attesters signed of what one call brings. Nothing of one that is no call of ours, or whose evidence does not hold:
 * then nobody signed what it says. A seat is not asked for: a key answers for what it signed wherever it sits.
 */
export function broughtBy(sent: Sent, reading: Reading): Brought | null {
  const said = saidIn(sent, reading);
  const batch = said && decodeBatch(said.evidence);
  if (!said || !batch || said.facts.length === 0 || said.facts.length > MOST_FACTS) return null;
  // No contract took a number that names nothing.
  if (!said.facts.every(isNamed) || size(batch.signed.signatures) > 64 * MOST_SIGNERS) return null;
  const { root, signed, path, flags } = batch;
  const part = {
    root,
    epoch: signed.epoch,
    validUntil: signed.validUntil,
    facts: said.facts,
    path,
    flags,
  };
  if (!standsUnder(part)) return null;
  const digest = batchDigest(reading.at, part);
  const signers = signaturesIn(signed.signatures).flatMap((signature, index) => {
    const signer = reading.signerOf(digest, signature);
    return signer === null ? [] : [{ signer, signature: compactAt(signed.signatures, index) }];
  });
  return signers.length === 0 ? null : { part, signers };
}

const isNamed = (fact: Fact): boolean =>
  fact.kind === "decision"
    ? fact.outcome !== undefined
    : fact.kind !== "receipt" || fact.status !== undefined;

/** As it stands among the others: 64 bytes each. */
const compactAt = (signatures: Hex, index: number): Hex =>
  `0x${signatures.slice(2 + 128 * index, 130 + 128 * index)}`;

type Said = { facts: Fact[]; evidence: Hex };

/** The facts that a call claims, in the order in which its evidence proves them; null for calls that claim none. */
function saidIn(sent: Sent, { at, contracts, baseOf }: Reading): Said | null {
  const settler = settlerCall(sent, contracts);
  if (settler) {
    const { legs, receipts, decisions, evidence } = settler;
    return { facts: [...legs.map(({ opened }) => opened), ...receipts.map(plain), ...decisions], evidence };
  }
  const escrow = escrowCall(sent, contracts);
  if (escrow) return escrow.does === "finish" ? { facts: escrow.decisions, evidence: escrow.evidence } : null;
  const seats = sameAddress(sent.to ?? "", contracts.attesters) ? seatsCall(sent.input) : null;
  if (seats) return seats;
  // What looks like the hub's elsewhere is somebody else's contract.
  const hub = sent.chainId === at.chainId ? hubCall(sent, contracts) : null;
  switch (hub?.does) {
    case undefined:
    case "abort":
    case "expire":
    case "expireUnopened":
      return null;
    case "commitPrepared":
      return { facts: hub.ids.map((id): Fact => ({ kind: "prepared", id })), evidence: hub.evidence };
    case "commitCompleted":
    case "abortFailed":
      return receiptsSaid(hub.items, hub.evidence, baseOf);
    case "settle": {
      const id = (bundle: Parameters<typeof bundleId>[1]) =>
        bundleId({ chainId: at.chainId, hub: contracts.bundleHub }, bundle);
      const items = hub.items.map(({ bundle, results }) => ({ id: id(bundle), results }));
      return receiptsSaid(items, hub.evidence, baseOf);
    }
    default:
      return never(hub as never);
  }
}

type ReceiptFact = Extract<Fact, { kind: "receipt" }>;
/** Without what the leg returned, of which the fact has a hash alone. */
const plain = ({ ordinal, status, result, relayer }: ReceiptFact): ReceiptFact => ({
  kind: "receipt",
  ordinal,
  status,
  result,
  relayer,
});

function receiptsSaid(
  items: readonly { id: Hex; results: readonly LegResult[] }[],
  evidence: Hex,
  baseOf: Reading["baseOf"],
): Said | null {
  const facts: Fact[] = [];
  for (const { id, results } of items) {
    const base = baseOf(id);
    if (base === undefined && results.length > 0) return null;
    for (const { index, ...rest } of results)
      facts.push(plain({ ...rest, kind: "receipt", ordinal: (base ?? 0n) + BigInt(index) }));
  }
  return { facts, evidence };
}

/** A call that names the next set, or renews this one. */
function seatsCall(input: Hex): Said | null {
  try {
    const { functionName, args } = decodeFunctionData({ abi: attestersAbi, data: input });
    if (functionName === "renew") {
      const [day, epoch, evidence] = args;
      return { facts: [{ kind: "current", day, epoch }], evidence };
    }
    if (functionName !== "rotate") return null;
    const [epoch, totalWeight, seats, evidence] = args;
    const read = seats.map((seat) => ({
      key: pad(numberToHex(seat >> 96n), { size: 20 }),
      weight: BigInt.asUintN(96, seat),
    }));
    return { facts: [{ kind: "seated", epoch, totalWeight, seats: read }], evidence };
  } catch (error) {
    if (error instanceof BaseError || error instanceof RangeError) return null;
    throw error;
  }
}

type Batch = {
  root: Hex;
  signed: { epoch: number; validUntil: number; signatures: Hex };
  path: readonly Hex[];
  flags: readonly boolean[];
};

function decodeBatch(evidence: Hex): Batch | null {
  try {
    return decodeAbiParameters(BATCH as readonly AbiParameter[], evidence)[0] as Batch;
  } catch (error) {
    if (error instanceof BaseError || error instanceof RangeError) return null;
    throw error;
  }
}
