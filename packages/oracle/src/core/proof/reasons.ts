import { type Hex, sameAddress } from "@sooth/kernel";
import { zeroHash } from "viem";
import { appealReasonDigest } from "../disputes/appeal-reason.ts";
import { reasonComplaint, reasonHash } from "../disputes/reason.ts";
import type { OracleDomain } from "../report.ts";
import type { ProvenQuestion } from "./answers.ts";
import type { ProvenDispute } from "./disputes.ts";
import type { Note } from "./note.ts";
import type { Signed, SignerOf } from "./proof-log.ts";

/** A text as somebody keeps it: `name` is said to be its keccak256. */
export type ReasonText = { name: string; text: string };

/** Hashes of the reasons that objections to this question and its veto logged, each once, in turn. */
export const reasonsOf = (
  disputes: Iterable<ProvenDispute>,
  { id, vetoReason = zeroHash }: Pick<ProvenQuestion, "id" | "vetoReason">,
): Hex[] => [
  ...new Set(
    [vetoReason, ...[...disputes].filter(({ question }) => question === id).map(({ reason }) => reason)]
      .filter((reason) => reason !== zeroHash)
      .map((reason) => reason.toLowerCase() as Hex),
  ),
];

/**
 * Whether the texts are what they are called, and which reason that the chain logged has none. A text that is missing is told and
 * no fault: it may have been erased, and nothing follows from it.
 */
export function checkReasons(logged: readonly Hex[], texts: readonly ReasonText[], note: Note): void {
  const given = new Set<string>();
  for (const { name, text } of texts) {
    const hash = reasonHash(text);
    given.add(name.toLowerCase());
    if (hash !== name.toLowerCase()) note.differ(`the text of the reason ${name} hashes to ${hash}`);
    else if (logged.includes(hash)) {
      const bytes = new TextEncoder().encode(text).length;
      note.tell(`the text of the reason hashes to ${hash}, ${bytes} bytes`);
      const complaint = reasonComplaint(text);
      if (complaint !== null) note.tell(`no server takes the text of ${hash}: ${complaint}`);
    }
  }
  for (const hash of logged)
    if (!given.has(hash)) note.tell(`no text was given for the reason ${hash}: not checked`);
}

/* APPEALS */

/** Why somebody appealed, as somebody keeps it: no log has its hash, only a signature binds him to it. */
export type AppealText = { dispute: Hex; transaction: Hex; text: string; signature: Hex };

const signedAs = (domain: OracleDomain, { dispute, transaction, text, signature }: AppealText): Signed => ({
  digest: appealReasonDigest(domain, { dispute, transaction, reason: reasonHash(text) }),
  signature,
});

/** What must be recovered before `checkAppealTexts` is called. */
export const appealStatements = (texts: readonly AppealText[], domain: OracleDomain): Signed[] =>
  texts.map((text) => signedAs(domain, text));

/** Disputes of this question in which somebody appealed. */
export const appealedIn = (disputes: Iterable<ProvenDispute>, question: Hex): ProvenDispute[] =>
  [...disputes].filter((dispute) => dispute.question === question && dispute.appeals.length > 0);

/** Whether each text was signed by who appealed with its transaction. What a contract's account signs only the chain can tell. */
export function checkAppealTexts(
  disputes: readonly ProvenDispute[],
  texts: readonly AppealText[],
  { domain, signerOf }: { domain: OracleDomain; signerOf: SignerOf },
  note: Note,
): void {
  for (const said of texts) {
    const { appeals = [] } = disputes.find(({ id }) => id === said.dispute) ?? {};
    const made = appeals.filter(({ transaction }) => transaction === said.transaction);
    const signer = signerOf(signedAs(domain, said));
    if (made.length === 0) note.differ(`no log tells of an appeal by ${said.transaction}`);
    else if (signer !== null && made.some(({ who }) => sameAddress(who, signer)))
      note.tell(`${signer} signed why he appealed: ${reasonHash(said.text)}`);
    else
      note.differ(
        `no key of ${made.map(({ who }) => who).join(" or ")} signed the text of the appeal ${said.transaction}`,
      );
  }
  for (const { appeals } of disputes)
    for (const { transaction } of appeals)
      if (!texts.some((said) => said.transaction === transaction))
        note.tell(`no text was given for the appeal ${transaction}: not checked`);
}
