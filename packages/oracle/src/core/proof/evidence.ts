import { type Hex, sameAddress } from "@sooth/kernel";
import { type EvidenceBundle, evidenceHash, readEvidence } from "../evidence.ts";
import { saltOf } from "../commit/commitment.ts";
import { evidenceDigest, type OracleDomain } from "../report.ts";
import type { ProvenReport } from "./answers.ts";
import type { Note } from "./note.ts";
import type { Signed, SignerOf } from "./proof-log.ts";

/**
 * A body as somebody keeps it: `name` is said to be its sha256, `signature` to be the provider's over that, `secret` what
 * made it, where the value was committed first, a part of the salt that the chain saw.
 */
export type EvidenceBody = { name: string; text: string; signature?: Hex; secret?: Hex };

const claimOf = (domain: OracleDomain, { question, round }: EvidenceBundle, hash: Hex): Hex =>
  evidenceDigest(domain, { question: question as Hex, round, hash });

/** What must be recovered before `checkEvidence` is called. */
export const evidenceStatements = (bodies: readonly EvidenceBody[], domain: OracleDomain): Signed[] =>
  bodies.flatMap(({ text, signature }) => {
    const read = readEvidence(text);
    if (signature === undefined || "complaint" in read) return [];
    return [{ digest: claimOf(domain, read.bundle, evidenceHash(text)), signature }];
  });

/** Whether the salt that opened a commitment binds this evidence, and the clarifications that it names. */
function checkSalt(
  seat: number,
  o: { bundle: EvidenceBundle; hash: Hex; secret: Hex | undefined; salt: Hex },
  note: Note,
): void {
  const { bundle, hash, secret, salt } = o;
  if (secret === undefined) return note.tell(`no secret of seat ${seat} was given: its salt is not checked`);
  const clarified = (bundle.clarified ?? null) as Hex | null;
  if (saltOf({ secret, evidence: hash, clarified }) === salt)
    return note.tell(`seat ${seat} had committed to this evidence, and to the clarifications that it names`);
  return note.differ(`the secret and the evidence of seat ${seat} do not give the salt of its commitment`);
}

/** Whether the bodies are what they are called, and whether what was read is what those providers signed. */
export function checkEvidence(
  bodies: readonly EvidenceBody[],
  o: {
    question: Hex;
    round: number;
    reports: readonly ProvenReport[];
    domain: OracleDomain;
    signerOf: SignerOf;
    /** By seat, of an answer whose values were committed first. */
    salts?: ReadonlyMap<number, Hex> | undefined;
  },
  note: Note,
): void {
  const found = new Set<string>();
  for (const { name, text, signature, secret } of bodies) {
    const hash = evidenceHash(text);
    if (hash !== name.toLowerCase()) {
      note.differ(`the body called ${name} has sha256 ${hash}`);
      continue;
    }
    const read = readEvidence(text);
    if ("complaint" in read) {
      note.differ(`the body ${name} is no evidence: ${read.complaint}`);
      continue;
    }
    const { bundle } = read;
    if (bundle.question !== o.question || bundle.round !== o.round) continue;
    const report = o.reports.find(({ signer }) => sameAddress(signer, bundle.provider));
    if (!report) {
      note.tell(`body ${hash} is of ${bundle.provider}, who did not sign the answer`);
      continue;
    }
    found.add(report.signer);
    note.tell(
      `body of seat ${report.seat}: sha256 ${hash}, ${bundle.sources.length} sources, "${bundle.reason}"`,
    );
    note.compare(`chain of seat ${report.seat}'s evidence`, o.domain.chainId, bundle.chainId);
    note.compare(`value that seat ${report.seat} read and signed`, String(report.value), bundle.value);
    const salt = o.salts?.get(report.seat);
    if (salt !== undefined) checkSalt(report.seat, { bundle, hash, secret, salt }, note);
    if (signature === undefined) note.tell(`no signature of seat ${report.seat} over its evidence was given`);
    else if (o.signerOf({ digest: claimOf(o.domain, bundle, hash), signature }) === report.signer)
      note.tell(`seat ${report.seat} signed the hash of its evidence`);
    else note.differ(`the signature over the evidence of seat ${report.seat} is not its signer's`);
  }
  for (const { seat, signer } of o.reports)
    if (!found.has(signer)) note.tell(`no body was given for seat ${seat} (${signer}): not checked`);
}
