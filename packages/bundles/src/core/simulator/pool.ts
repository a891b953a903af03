import type { Fact } from "../facts.ts";
import { bitsOf, type Evidence, textOf } from "./model/index.ts";
import { ATTESTERS, SECONDS } from "./plan.ts";

/** A transaction takes a while: what does not hold for so many seconds more is of no use. */
const FRESH_SECONDS = 20;
type Said = { fact: Fact; until: number[] };

/** Signatures as attesters hand them round: of each fact, who stands by it until when. */
export class Pool {
  readonly #said = new Map<string, Said>();

  sign(seat: number, fact: Fact, now: number): boolean {
    const text = textOf(fact);
    let found = this.#said.get(text);
    if (!found) this.#said.set(text, (found = { fact, until: Array.from({ length: ATTESTERS }, () => 0) }));
    // Signed anew only when half of the time is over.
    if ((found.until[seat] ?? 0) > now + SECONDS.validity / 2) return false;
    found.until[seat] = now + SECONDS.validity;
    return true;
  }

  evidence(fact: Fact, now: number): Evidence {
    const found = this.#said.get(textOf(fact));
    return found ? evidenceOf(found, now) : { fact, signers: 0, validUntil: 0 };
  }

  isAttested(fact: Fact, now: number, quorum: number): boolean {
    return bitsOf(this.evidence(fact, now).signers) >= quorum;
  }

  /** Whatever anybody said, believed or not. */
  all(now: number): Evidence[] {
    return [...this.#said.values()].map((said) => evidenceOf(said, now));
  }
}

function evidenceOf({ fact, until }: Said, now: number): Evidence {
  let [signers, validUntil] = [0, Number.MAX_SAFE_INTEGER];
  for (let seat = 0; seat < until.length; seat++) {
    const its = until[seat] ?? 0;
    if (its <= now + FRESH_SECONDS) continue;
    signers |= 1 << seat;
    if (its < validUntil) validUntil = its;
  }
  return { fact, signers, validUntil };
}
