import type { Bounds, Limit } from "./model/index.ts";
import { type LimitPlan, type Plan, SECONDS } from "./plan.ts";

const FORMS = "CHAIN>OTHER UNITS, or CHAIN UNITS for all that enters; then, or not, a token and @SECOND";
const LATEST = 604_800;

/** A limit in the words that {readLimits} reads: "20>30 500 0x… @60" is at most 500 units within a window from second 60 on. */
export const limitText = ({ chainId, other, most, token, from }: LimitPlan): string =>
  [
    other === null ? chainId : `${chainId}>${other}`,
    most,
    ...(token === null ? [] : [token]),
    ...(from === 0 ? [] : [`@${from}`]),
  ].join(" ");

/** Reads limits, separated by commas; "none" is none of them. `wrong`: what is no limit, and why. */
export function readLimits(
  text: string,
  chainIds: readonly number[],
): { limits: LimitPlan[] } | { wrong: string } {
  if (text.trim() === "none") return { limits: [] };
  const limits: LimitPlan[] = [];
  for (const one of text.split(",")) {
    const limit = readLimit(one.trim(), chainIds);
    if ("wrong" in limit) return { wrong: `"${one.trim()}": ${limit.wrong}` };
    if (limits.some((known) => isSame(known, limit)))
      return { wrong: `"${one.trim()}": bounds what is bounded before` };
    limits.push(limit);
  }
  return { limits };
}

const isSame = (one: LimitPlan, other: LimitPlan): boolean =>
  one.chainId === other.chainId &&
  one.other === other.other &&
  (one.token === null || other.token === null || one.token === other.token);

function readLimit(text: string, chainIds: readonly number[]): LimitPlan | { wrong: string } {
  const [, chain, other, most, token, from] =
    /^(\d{1,9})(?:>(\d{1,9}))? (\d{1,28})(?: (0x[0-9a-fA-F]{40}))?(?: @(\d{1,6}))?$/.exec(text) ?? [];
  if (most === undefined) return { wrong: `wants ${FORMS}` };
  const unknown = [chain, other].find((id) => id !== undefined && !chainIds.includes(Number(id)));
  if (unknown !== undefined) return { wrong: `there is no chain ${unknown}, only ${chainIds.join(", ")}` };
  if (chain === other) return { wrong: "a lane leads to another chain" };
  if (BigInt(most) === 0n) return { wrong: "a limit of 0 bounds nothing" };
  if (Number(from ?? 0) > LATEST) return { wrong: `nothing is later than ${LATEST} s` };
  return {
    chainId: Number(chain),
    other: other === undefined ? null : Number(other),
    most: BigInt(most),
    token: token === undefined ? null : (token.toLowerCase() as `0x${string}`),
    from: Number(from ?? 0),
  };
}

/** Limits of a plan as the model takes them. */
export function boundsOf({ limits }: Pick<Plan, "limits">): Bounds {
  const byChain = new Map<number, Limit[]>();
  for (const { chainId, ...limit } of limits) byChain.set(chainId, [...(byChain.get(chainId) ?? []), limit]);
  return { window: SECONDS.window, spell: SECONDS.spell, limits: byChain };
}
