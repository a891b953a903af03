import { type Address, AppError, type Hex } from "@sooth/kernel";
import { marketsAbi } from "@sooth/abi";
import { keccak256, type LocalAccount, toHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { z } from "zod";
import type { ApiClient } from "../api-client.ts";
import { waitFor } from "../waiting.ts";
import type { Hub } from "./hub.ts";
import { preparedStake, wireRelayed } from "./wire.ts";

/** A key that is the same in every run with this seed, and known to whoever reads this file: play money only. */
export const demoKey = (seed: number, name: string): LocalAccount =>
  privateKeyToAccount(keccak256(toHex(`sooth demo ${seed} ${name}`)));

export type StakeOrder = { market: Hex; outcome: number; amount: bigint };
type Ways = { hub: Hub; api: ApiClient; markets: Address };

const RELAY_SECONDS = 180;
const CONFLICT = 409;

/** Stakes with the trader's own gas: the calls that the API returns, from his own account. */
export async function stakeDirect(
  { hub, api }: Ways,
  trader: LocalAccount,
  order: StakeOrder,
): Promise<void> {
  const prepared = await prepare(api, trader, order);
  await hub.send(trader, prepared.calls);
}

/**
 * Stakes without gas: the trader signs what the API returns, the platform sends it. Done when the chain has used the
 * signature, whatever the relay says meanwhile: the server may be gone between taking the order and telling so.
 */
export async function stakeGasless(ways: Ways, trader: LocalAccount, order: StakeOrder): Promise<void> {
  const prepared = await prepare(ways.api, trader, order);
  await sendSigned(ways.api, trader, prepared, {
    path: "/v1/relay/stakes",
    nonce: () => nonceOf(ways, trader.address),
  });
}

type Prepared = { intent: { nonce: string }; permit: TypedData | null; typedData: TypedData };

/** Signs what the API prepared, hands it to the relay at `path`, and waits until `nonce`, the chain's next of the trader, has moved on. */
export async function sendSigned(
  api: ApiClient,
  trader: LocalAccount,
  { intent, permit, typedData }: Prepared,
  { path, nonce }: { path: string; nonce: () => Promise<bigint> },
): Promise<void> {
  const signed = {
    intent,
    signature: await sign(trader, typedData),
    permit: permit && {
      value: String(permit.message["value"]),
      deadline: Number(permit.message["deadline"]),
      signature: await sign(trader, permit),
    },
  };
  const wanted = BigInt(intent.nonce) + 1n;
  let said = "nothing";
  const relayed = await relay(api, path, signed);
  await waitFor(
    `a relayed stake of ${trader.address}`,
    async () => {
      if ((await nonce()) >= wanted) return true;
      const status = relayed && (await api.get(`/v1/relay/${relayed.id}`, wireRelayed));
      said = status ? `${status.status} ${status.error?.message ?? ""}` : "taken before";
      return undefined;
    },
    { seconds: RELAY_SECONDS, saw: () => `relay: ${said}` },
  );
}

/** Undefined when the order was taken by a server that died before it could say so: the repeat is refused as used. */
async function relay(
  api: ApiClient,
  path: string,
  signed: unknown,
): Promise<z.infer<typeof wireRelayed> | undefined> {
  try {
    return await api.post(path, signed, wireRelayed);
  } catch (error) {
    if (error instanceof AppError && (error.data as { status?: number }).status === CONFLICT)
      return undefined;
    throw error;
  }
}

const prepare = (api: ApiClient, trader: LocalAccount, { market, outcome, amount }: StakeOrder) =>
  api.post(
    `/v1/markets/${market}/stakes/prepare`,
    { owner: trader.address, outcome, amount: String(amount) },
    preparedStake,
  );

const nonceOf = ({ hub, markets }: Ways, owner: Address): Promise<bigint> =>
  hub.client.readContract({ address: markets, abi: marketsAbi, functionName: "nonceOf", args: [owner] });

type TypedData = {
  domain: Record<string, unknown>;
  types: Record<string, { name: string; type: string }[]>;
  primaryType: string;
  message: Record<string, unknown>;
};

const sign = (account: LocalAccount, { domain, types, primaryType, message }: TypedData): Promise<Hex> =>
  account.signTypedData({ domain, types, primaryType, message });
