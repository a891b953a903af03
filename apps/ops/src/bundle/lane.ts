import { wireLanes, type WireLanes } from "@sooth/bundles/core";
import { escrowAbi } from "@sooth/abi";
import { type Address, sameAddress } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { time } from "../emergency/situation.ts";
import { OpsError } from "../ops-error.ts";
import type { ChainAt, Server } from "./network.ts";
import type { Call } from "./send.ts";

/** @param other null: the token's own limit, whatever other chains its bundles have legs on */
export type Limit = { chainId: number; other: number | null; token: Address; perHour: bigint };

export const knownLanes = ({ api }: Server): Promise<WireLanes> => api.get("/v1/bundles/lanes", wireLanes);

export function laneLines({ lanes }: WireLanes): string[] {
  if (lanes.length === 0) return ["no lane is bounded"];
  return lanes.map(({ chainId, other, token, perHour, now }) => {
    const takes =
      now === null
        ? "its chain does not answer"
        : now.restsUntil === null
          ? `takes ${now.room} now`
          : `rests until ${time(now.restsUntil)}`;
    return `on chain ${chainId} towards ${other}: ${perHour} units of ${token} an hour, ${takes}`;
  });
}

/** The governor's call. Whoever has several keys for that sends it from there. @throws ops.no_key, ops.not_due */
export async function limitCall(
  { addresses, hub, network }: Server,
  chainAt: ChainAt,
  { chainId, other, token, perHour }: Limit,
): Promise<{ call: Call; governor: Address }> {
  const known = [hub.chainId, ...network.rollups.map((rollup) => rollup.chainId)];
  // It would bound nobody, and have everybody show his legs for it.
  if (other !== null && perHour > 0n && !known.includes(other))
    throw OpsError.not_due({ what: `no chain ${other} is known here, only ${known.join(", ")}` });
  const { client } = chainAt(chainId);
  const governor = await client.readContract({
    address: addresses.escrow,
    abi: escrowAbi,
    functionName: "governor",
  });
  const data =
    other === null
      ? encodeFunctionData({ abi: escrowAbi, functionName: "setLimit", args: [token, perHour] })
      : encodeFunctionData({
          abi: escrowAbi,
          functionName: "setLaneLimit",
          args: [BigInt(other), token, perHour],
        });
  const call = { what: "limit", leg: null, chainId, to: addresses.escrow, data, value: "0" };
  return { call, governor };
}

/** @throws ops.not_governor */
export function refuseOthers(account: Address, governor: Address): void {
  if (!sameAddress(account, governor)) throw OpsError.not_governor({ account, governor });
}
