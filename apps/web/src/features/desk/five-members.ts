import { t } from "@lingui/core/macro";
import { sameAddress } from "@sooth/kernel";

/** What is wrong with five accounts that somebody typed, one text a seat; null where nothing is. */
export function complaintsOf(
  texts: readonly string[],
  sitting: readonly string[],
): (string | undefined)[] | null {
  const members = texts.map((text) => text.trim());
  const complaints = members.map((member, seat) => {
    if (!/^0x[0-9a-fA-F]{40}$/.test(member)) return t`An address is 0x and 40 hex digits.`;
    if (/^0x0*$/.test(member)) return t`Nobody has this address.`;
    if (members.slice(0, seat).some((other) => sameAddress(other, member)))
      return t`This one is named above.`;
    return undefined;
  });
  if (complaints.some((complaint) => complaint !== undefined)) return complaints;
  const stays = members.every((member) => sitting.some((other) => sameAddress(other, member)));
  return stays ? members.map((_, seat) => (seat === 0 ? t`These five sit already.` : undefined)) : null;
}

/** Who leaves and who comes, between those who sit and those who shall. */
export const changeOf = (sitting: readonly string[], members: readonly string[]) => ({
  leave: sitting.filter((member) => !members.some((other) => sameAddress(other, member))),
  come: members.filter((member) => !sitting.some((other) => sameAddress(other, member))),
});
