import { formatEther } from "viem";

/** As the page has it: legs count from 1 where people read, and from 0 in files and JSON, as in the API. */
export const legName = (place: number): string => `leg ${place + 1}`;
export const legNames = (places: readonly number[]): string =>
  `${places.length === 1 ? "leg" : "legs"} ${places.map((place) => place + 1).join(", ")}`;
export const ofLeg = (place: number | null): string => (place === null ? "" : ` of ${legName(place)}`);

/** A sentence of the API's, whose legs count from 0. */
export const countedFromOne = (sentence: string): string =>
  sentence.replaceAll(/\bleg (\d+)/g, (_, place: string) => legName(Number(place)));

/** Wei, and in ether where that is easier to read. */
export function weiText(wei: bigint | string): string {
  const amount = BigInt(wei);
  if (amount < 10n ** 12n) return `${amount} wei`;
  return `${amount} wei (${formatEther(amount)} ether)`;
}
