import type { Hex } from "@sooth/kernel";
import { encodeAbiParameters, keccak256 } from "viem";

/** Nobody judges what he has a position in. Mirror of Conflicts.sol. */

/** A position that pays by the answer to a question, and where its consumer finds it. Lower case. */
export type HeldPosition = { question: Hex; consumer: Hex; holder: Hex; where: Hex };

/** What the stake manager knows a position of one who judges by. Source: Conflicts.sol. */
export const positionFault = (question: Hex): Hex =>
  keccak256(encodeAbiParameters([{ type: "string" }, { type: "bytes32" }], ["position", question]));

/** Whether a provider may be asked to answer in this domain: with a seat, on the bench, or on his way out. */
export const mayBeAsked = (
  { state, banned, kinds }: { state: "active" | "unbonding" | "withdrawn"; banned: boolean; kinds: number },
  domain: number,
): boolean => state !== "withdrawn" && !banned && ((kinds >> domain) & 1) === 1;

/** One signed report that shows a provider's position in what he reported on. */
export type ShownPosition<R> = { owner: Hex; position: HeldPosition; report: R };

/**
 * Who signed a report on a question in which he or a key of his holds a position; once for an owner and a question, since no
 * second one costs him more. `ownerOf`: of a key, or of himself.
 */
export function positionsOfSigners<R extends { question: Hex; signer: Hex }>(
  positions: readonly HeldPosition[],
  reports: readonly R[],
  ownerOf: (account: Hex) => Hex | undefined,
): ShownPosition<R>[] {
  const shown = new Map<string, ShownPosition<R>>();
  for (const position of positions) {
    const owner = ownerOf(position.holder);
    const name = `${owner} ${position.question}`;
    if (owner === undefined || shown.has(name)) continue;
    const report = reports.find(
      ({ question, signer }) => question === position.question && ownerOf(signer) === owner,
    );
    if (report) shown.set(name, { owner, position, report });
  }
  return [...shown.values()];
}

/** A juror who holds a position: what he did, and with which seat it is shown. */
export type JurorWithPosition = {
  owner: Hex;
  position: HeldPosition;
  seat: number;
  /** He voted, which costs him; or he has not, and need not. */
  did: "voted" | "stayed away";
};

/**
 * Of a drawn jury of this question the jurors who hold a position in it. `jurors`: keys, in the order of the snapshot. Who has not
 * voted need not only by what his owner or his drawn key holds: any other key he may have named since.
 */
export function jurorsWithPositions(
  positions: readonly HeldPosition[],
  jury: { question: Hex; seats: readonly number[]; votes: readonly number[]; jurors: readonly Hex[] },
  ownerOf: (account: Hex) => Hex | undefined,
): JurorWithPosition[] {
  const found = new Map<Hex, JurorWithPosition>();
  for (const [seat, juror] of jury.seats.entries()) {
    const key = jury.jurors[juror];
    const owner = key && ownerOf(key);
    if (!owner || found.has(owner)) continue;
    const did = (jury.votes[seat] ?? 0) === 0 ? "stayed away" : "voted";
    const position = positions.find(
      ({ question, holder }) =>
        question === jury.question &&
        ownerOf(holder) === owner &&
        (did === "voted" || holder === owner || holder === key),
    );
    if (position) found.set(owner, { owner, position, seat, did });
  }
  return [...found.values()];
}
