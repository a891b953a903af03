import { t } from "@lingui/core/macro";
import type { Address, Hex } from "@sooth/kernel";
import { drawSeats, juryId, jurySeed, type Jury as JuryTerms, type Seat } from "@sooth/oracle/core";
import type { Jury } from "../../api.ts";

export type DrawCheck = { ok: true; jurors: number; seats: number } | { ok: false; why: string };

/** The terms as the court hashes them. */
export const termsOf = ({ terms }: Pick<Jury, "terms">): JuryTerms => ({
  arbitrable: terms.arbitrable as Address,
  subject: terms.subject as Hex,
  size: terms.size,
  jurorEpoch: terms.jurorEpoch,
  excluded: BigInt(terms.excluded),
  fee: BigInt(terms.fee),
  openedAt: terms.openedAt,
  beaconRound: BigInt(terms.beaconRound),
});

/** Draws the jury again from what the chain holds, and compares with what the server tells. */
export function checkDraw(jury: Jury, snapshot: readonly Seat[], seed: string): DrawCheck {
  if (juryId(termsOf(jury)) !== jury.id.toLowerCase())
    return { ok: false, why: t`its terms do not hash to its name` };
  if (jury.seed !== null && jury.seed.toLowerCase() !== seed.toLowerCase())
    return { ok: false, why: t`the seed is not the beacon's` };
  const { size, excluded } = termsOf(jury);
  const drawn = drawSeats(
    snapshot.map(({ weight }) => weight),
    excluded,
    size,
    jurySeed(seed as Hex, juryId(termsOf(jury))),
  );
  const wrong = jury.jurors.find(
    ({ index, seats, signer }) =>
      drawn.filter((juror) => juror === index).length !== seats ||
      snapshot[index]?.signer.toLowerCase() !== signer.toLowerCase(),
  );
  if (wrong) return { ok: false, why: t`juror ${wrong.index} was not drawn as told` };
  const told = jury.jurors.reduce((sum, { seats }) => sum + seats, 0);
  if (told !== size) return { ok: false, why: t`${size} seats were drawn, ${told} are told` };
  return { ok: true, jurors: new Set(drawn).size, seats: size };
}
