import { escrowPartiesOf, type Leg } from "@sooth/bundles/core";
import { sameAddress } from "@sooth/kernel";

/** What a bundle brings somebody who is asked to pay into it, as far as the legs themselves say. */
export type Gains = {
  /** Places of tokens that are paid to him when all is held. */
  paid: { place: number; chainId: number; target: string; value: bigint; payer: string }[];
  /** Places whose contracts hold and pay by rules of their own, which nothing here knows. */
  unknown: { place: number; target: string }[];
};

export function gainsOf(legs: readonly Leg[], account: string): Gains {
  const gains: Gains = { paid: [], unknown: [] };
  for (const [place, leg] of legs.entries()) {
    const { chainId, target, value } = leg;
    if (leg.kind === "participant") gains.unknown.push({ place, target });
    const parties = leg.kind === "escrow" ? escrowPartiesOf(leg) : null;
    if (parties && sameAddress(parties.recipient, account))
      gains.paid.push({ place, chainId, target, value, payer: parties.payer });
  }
  return gains;
}
