import type { Address } from "@sooth/kernel";

/**
 * A limit that a network states: of a token in the escrow of `chainId`, for bundles that also have legs on `other` or, where that is
 * null, for all. Units of the token within an hour; 0: nothing bounds it.
 */
export type StatedLimit = { chainId: number; other: number | null; token: Address; perHour: bigint };

/** `8453>10 0x… 500`, or `8453 0x… 500` for all that enters. */
const FORM = /^(\d{1,15})(?:>(\d{1,15}))? (0x[0-9a-fA-F]{40}) (\d{1,28})$/;
/** What the contract has room for. */
const MOST = 2n ** 96n - 1n;

/** Null: these are none, name something twice, or a lane from a chain to itself. */
export function readStated(texts: readonly string[]): StatedLimit[] | null {
  const found = new Map<string, StatedLimit>();
  for (const text of texts) {
    const [, chain, other, token, perHour] = FORM.exec(text) ?? [];
    if (chain === undefined || token === undefined || perHour === undefined) return null;
    const limit: StatedLimit = {
      chainId: Number(chain),
      other: other === undefined ? null : Number(other),
      token: token.toLowerCase() as Address,
      perHour: BigInt(perHour),
    };
    const key = `${limit.chainId} ${limit.other} ${limit.token}`;
    if (limit.other === limit.chainId || limit.perHour > MOST || found.has(key)) return null;
    found.set(key, limit);
  }
  return [...found.values()];
}

/** In words, such as a check says it in. */
export const statedText = ({ chainId, other, token, perHour }: StatedLimit): string =>
  `${perHour} units of ${token} an hour on ${chainId}${other === null ? "" : ` towards ${other}`}`;
