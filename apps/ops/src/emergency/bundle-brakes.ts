import { settlerAbi } from "@sooth/abi";
import type { Addresses, Chain } from "@sooth/chain";
import { type Address, AppError, sameAddress } from "@sooth/kernel";
import { COOL_DOWN } from "@sooth/oracle";
import { encodeFunctionData } from "viem";
import { OpsError } from "../ops-error.ts";
import { type Desk, type Done, perform, rehearse, type Step } from "./act.ts";
import { left, time } from "./situation.ts";

/**
 * A contract of bundles that its guardian may pause: the hub, and on each chain a settler and an escrow. They stand on several
 * chains, so each is paused by itself, and one that cannot be keeps none of the others from it.
 */
export type Brake = { chain: Chain; name: "hub" | "settler" | "escrow"; address: Address };
/** Unix seconds by its chain's clock; 0 when it was never paused. */
export type BrakeState = { guardian: Address; now: number; until: number };

export const brakesOf = (hub: Chain, rollups: readonly Chain[], addresses: Addresses): Brake[] => [
  { chain: hub, name: "hub", address: addresses.bundleHub },
  ...[hub, ...rollups].flatMap((chain): Brake[] => [
    { chain, name: "settler", address: addresses.settler },
    { chain, name: "escrow", address: addresses.escrow },
  ]),
];

/** @throws chain.rpc_unreachable, ops.no_brake */
export async function stateOf({ chain, name, address }: Brake): Promise<BrakeState> {
  const code = await chain.client.getCode({ address });
  if (code === undefined || code === "0x")
    throw OpsError.no_brake({ chainId: chain.definition.id, name, address });
  // What pauses is the same in all three.
  const of = { address, abi: settlerAbi } as const;
  const [guardian, until, now] = await Promise.all([
    chain.client.readContract({ ...of, functionName: "guardian" }),
    chain.client.readContract({ ...of, functionName: "pausedUntil" }),
    chain.now(),
  ]);
  return { guardian, until, now };
}

export const nameOf = ({ chain, name }: Brake): string => `${name} on chain ${chain.definition.id}`;

const brakeStep = (brake: Brake, seconds: number): Step => ({
  action: `pause the ${nameOf(brake)} for ${seconds} s`,
  to: brake.address,
  data: encodeFunctionData({ abi: settlerAbi, functionName: "pause", args: [seconds] }),
});

/** What came of one: `done` null where it was only tried, `refused` where it will not or cannot be paused now. */
export type Braked = { step: Step; done: Done | null; refused: string | null };

/** Chains go side by side, for each takes a block; nothing of one that fails is thrown before the others were tried. */
export async function pauseBrakes(
  desk: Omit<Desk, "hub">,
  brakes: readonly Brake[],
  o: { seconds: number; why: string; send: boolean },
): Promise<Braked[]> {
  const byChain = Map.groupBy(brakes, ({ chain }) => chain);
  const all = await Promise.all(
    [...byChain].map(async ([hub, own]) => {
      const found: Braked[] = [];
      for (const brake of own) found.push(await pauseOne({ ...desk, hub }, brake, o));
      return found;
    }),
  );
  return all.flat();
}

async function pauseOne(
  desk: Desk,
  brake: Brake,
  { seconds, why, send }: { seconds: number; why: string; send: boolean },
): Promise<Braked> {
  const step = brakeStep(brake, seconds);
  try {
    const { guardian } = await stateOf(brake);
    if (!sameAddress(guardian, desk.account.address))
      throw OpsError.not_guardian({ account: desk.account.address, guardian });
    if (!send) await rehearse(desk, step, why);
    return { step, done: send ? await perform(desk, step, why) : null, refused: null };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = error instanceof AppError ? ` [${error.code}]` : "";
    return { step, done: null, refused: `${error.message.split("\n")[0]}${code}` };
  }
}

/** A line for each: as usual, paused until when, or why nothing is known of it. */
export function brakeTexts(brakes: readonly Brake[]): Promise<[string, string][]> {
  return Promise.all(
    brakes.map(async (brake): Promise<[string, string]> => {
      try {
        return [nameOf(brake), brakeText(await stateOf(brake))];
      } catch (error) {
        return [
          nameOf(brake),
          `cannot be read: ${error instanceof Error ? error.message.split("\n")[0] : ""}`,
        ];
      }
    }),
  );
}

function brakeText({ now, until }: BrakeState): string {
  if (now < until) return `paused until ${time(until)} (${left(until - now)} left)`;
  const from = until + COOL_DOWN;
  return until > 0 && now < from ? `as usual; no other pause before ${time(from)}` : "as usual";
}
