import { wiringAbi } from "@sooth/abi";
import { type Chain, computeAddresses, type DeployParams, localParams } from "@sooth/chain";
import { type Address, need, sameAddress } from "@sooth/kernel";
import { committeeOrder } from "@sooth/markets/core";
import type { ServerConfig } from "../config.ts";
import { ServerError } from "../errors.ts";
import { userAccount } from "./accounts.ts";

type Wanted = Pick<ServerConfig, "LAPTOP_COMMITTEE">;

/** What a laptop's contracts are built with, by its settings: whoever computes their addresses must see the same ones. */
export function laptopParams({ LAPTOP_COMMITTEE: wanted }: Wanted): DeployParams {
  if (wanted.length === 0) return localParams;
  const accounts = wanted[0] === "test" ? testMembers() : (wanted as Address[]);
  return { ...localParams, committeeMembers: need(committeeOrder(accounts), "five members") };
}

/** The first five of the test wallets that the web app offers. */
const testMembers = (): Address[] => [0, 1, 2, 3, 4].map((index) => userAccount(index).address);

/**
 * A chain's wiring names its contracts once: with another committee they are others, which would stand there and be asked by
 * nobody. @throws server.other_committee
 */
export async function refuseOtherCommittee(hub: Chain, params: DeployParams): Promise<void> {
  const { wiring, slasher } = computeAddresses(params);
  if ((await hub.client.getCode({ address: wiring })) === undefined) return;
  const known = { address: wiring, abi: wiringAbi } as const;
  if (!(await hub.client.readContract({ ...known, functionName: "isSealed" }))) return;
  const named = await hub.client.readContract({ ...known, functionName: "slasher" });
  if (sameAddress(named, slasher)) return;
  const { committeeMembers } = laptopParams({ LAPTOP_COMMITTEE: ["test"] });
  const ofTest = { ...params, ...(committeeMembers && { committeeMembers }) };
  if (params.committeeMembers !== undefined || sameAddress(named, computeAddresses(ofTest).slasher))
    throw ServerError.other_committee(undefined);
}
