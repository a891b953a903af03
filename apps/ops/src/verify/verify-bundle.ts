import { type BundleFile, type BundleProofDomain, proveBundle } from "@sooth/bundles/core";
import { type Deployment, signerOf } from "@sooth/chain";
import { ascending, type Hex } from "@sooth/kernel";
import { noteOn, type ProofFinding, type ProofLine, type ProofRecord } from "@sooth/oracle/core";
import { countedFromOne, legNames } from "../bundle/words.ts";
import { OpsError } from "../ops-error.ts";
import { checkDeployment } from "./log-source.ts";
import { time, verdictText } from "./verify-question.ts";

/** What was recomputed of one bundle. Nothing differs: everything in it follows from logs, calldata and signatures. */
export type VerifiedBundle = {
  bundle: Hex;
  chainId: number;
  heads: BundleFile["header"]["heads"];
  mode: string;
  outcome: string;
  legs: readonly string[];
  due: readonly number[];
  /** Wei of the hub, decimal. */
  fees: Record<"fee" | "toRelayers" | "toAttesters" | "toOwner" | "left", string>;
  lines: ProofLine[];
  findings: ProofFinding[];
};

/** Replays what chains say of one bundle. Asks nobody anything. @throws ops.no_bundle where no log opens it */
export async function verifyBundle(
  file: BundleFile,
  id: Hex,
  given: Deployment | undefined,
): Promise<VerifiedBundle> {
  const own: ProofRecord = { lines: [], findings: [] };
  const { heads } = file.header;
  const note = noteOn(own, { block: 0, logIndex: 0, at: 0, transaction: "0x" }, id);
  const { chainId, params, addresses } = await checkDeployment(file, given, note);
  const { bundles } = params;
  if (bundles.hubChainId !== chainId)
    note.differ(`the hub is of chain ${bundles.hubChainId}, not of ${chainId}`);
  const domain: BundleProofDomain = { ...bundles, addresses };
  const proven = proveBundle(file, id, domain, ({ digest, signature }) => signerOf(digest, signature));
  if (!proven) {
    const head = heads.find((one) => one.chainId === chainId);
    throw OpsError.no_bundle({ bundle: id, chainId, block: head?.block ?? 0 });
  }
  const { mode, outcome, legs, due, fees } = proven;
  return {
    bundle: id,
    chainId,
    heads,
    mode,
    outcome,
    legs,
    due,
    fees: {
      fee: String(fees.fee),
      toRelayers: String(fees.toRelayers),
      toAttesters: String(fees.toAttesters),
      toOwner: String(fees.toOwner),
      left: String(fees.left),
    },
    lines: [...own.lines, ...proven.lines],
    findings: [...own.findings, ...proven.findings],
  };
}

/** What was recomputed, for people: chain after chain, the hub's first. */
export function verifiedBundleText(verified: VerifiedBundle): string[] {
  const { bundle, chainId, heads, mode, outcome, legs, due, fees, lines, findings } = verified;
  const rank = (chain: number): number => (chain === chainId ? 1 : chain);
  const partsOf = (where: string): [number, number, number] => {
    const [index = 0, block = 0, chain = 0] = where.split(":").map(Number).toReversed();
    return [rank(chain), block, index];
  };
  const all = [
    ...lines.map((line) => ({ ...line, mark: "ok     " })),
    ...findings.map((finding) => ({ ...finding, mark: "DIFFERS" })),
  ].toSorted((a, b) => byParts(partsOf(a.where), partsOf(b.where)));
  const width = all.reduce((most, { where }) => Math.max(most, where.length), 5);
  return [
    `bundle ${bundle}`,
    ...heads.map(({ chainId: chain, block, at }) => `chain ${chain} up to block ${block} at ${time(at)}`),
    "",
    ...all.map(({ mark, where, what }) => `${mark}  ${where.padEnd(width)}  ${countedFromOne(what)}`),
    "",
    `${mode}, ${outcome}; legs ${legs.join(", ")}${due.length === 0 ? "" : `; due: ${legNames(due)}`}`,
    `fee ${fees.fee}: relayers ${fees.toRelayers}, attesters ${fees.toAttesters}, owner ${fees.toOwner}, left ${fees.left}`,
    verdictText(verified),
  ];
}

function byParts(a: readonly number[], b: readonly number[]): number {
  for (const [index, one] of a.entries()) {
    const order = ascending(one, b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}
