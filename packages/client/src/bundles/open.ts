import {
  type Built,
  bundleId,
  bundleToWire,
  bundleTypedData,
  type Hub,
  type Leg,
  legToWire,
  asToldAcross,
  openingCalls,
  PLEDGES,
  sameCall,
} from "@sooth/bundles/core";
import type { Hex } from "viem";
import type {
  BundleQuote,
  GetNetworkOutput,
  OpenBundleInput,
  PrepareBundleInput,
  PreparedBundle,
} from "../generated/types.ts";
import type { CallOptions } from "../transport.ts";
import { BundleMismatch } from "./mismatch.ts";

type Preparer = { prepareBundle(input: PrepareBundleInput, options?: CallOptions): Promise<PreparedBundle> };
type Quoter = { quoteBundle(input: PrepareBundleInput, options?: CallOptions): Promise<BundleQuote> };
type Opener = { openBundle(input: OpenBundleInput, options?: CallOptions): Promise<{ id: string }> };

/** What the terms of a bundle want to know of a network. */
export const hubOf = ({ hub, addresses }: Pick<GetNetworkOutput, "hub" | "addresses">) => ({
  chainId: hub.chainId,
  hub: addresses.bundleHub as Hex,
});

/** The contracts that a bundle is opened at and paid into. Whoever has them from elsewhere than the server need not trust it. */
export type Contracts = { hub: Hub; escrow: Hex };
export const contractsOf = (network: Pick<GetNetworkOutput, "hub" | "addresses">): Contracts => ({
  hub: hubOf(network),
  escrow: network.addresses.escrow as Hex,
});

const legsOf = (legs: readonly Leg[]): PrepareBundleInput["legs"] => legs.map(legToWire);

const asked = ({ bundle, legs }: Built): PrepareBundleInput => {
  const { owner, mode, deadline, fee, salt } = bundleToWire(bundle);
  return { owner, mode, deadline, fee, salt, legs: legsOf(legs) };
};

export type Prepared = PreparedBundle & { id: Hex };

/**
 * The transactions that open and prepare a bundle, for whoever has to send each. They are worked out here; the server says which of
 * them are still to be sent, and cannot make anybody sign another. @throws BundleMismatch, ApiError
 */
export async function prepare(
  client: Preparer,
  built: Built,
  { hub, escrow }: Contracts,
  options?: CallOptions,
): Promise<Prepared> {
  const { bundle, legs, hashes, id } = built;
  if (bundleId(hub, bundle) !== id) throw new BundleMismatch(id, bundleId(hub, bundle));
  const told = await client.prepareBundle(asked(built), options);
  if (told.id !== id) throw new BundleMismatch(id, told.id);
  const plain = openingCalls(hub, escrow, { bundle, legs, isPrivate: false });
  const own = asToldAcross(plain, escrow, { bundle, legs }, told.calls);
  const other = told.calls.find((call) => !own.some((one) => sameCall(one, call)));
  if (other) throw new BundleMismatch(id, told.id, other.what);
  const calls = own.filter((one) => told.calls.some((call) => sameCall(one, call)));
  const typedData = bundleTypedData(hub, bundle);
  return { id, bundle: bundleToWire(bundle), hashes, typedData, pledges: [...PLEDGES[bundle.mode]], calls };
}

/** What relaying costs, how long it takes, and which legs would fail as things stand. @throws ApiError */
export const quote = (client: Quoter, built: Built, options?: CallOptions): Promise<BundleQuote> =>
  client.quoteBundle(asked(built), options);

/**
 * Hands a signed bundle over, to be opened and relayed by others: its owner sends no transaction, his credit at the hub pays the fee.
 * @param signature the owner's, over `bundleTypedData` @throws BundleMismatch, ApiError
 */
export async function handOver(
  client: Opener,
  built: Built,
  signature: Hex,
  options: CallOptions & { private?: boolean } = {},
): Promise<Hex> {
  const { private: isPrivate = false, ...call } = options;
  const input = {
    bundle: bundleToWire(built.bundle),
    legs: legsOf(built.legs),
    signature,
    private: isPrivate,
  };
  const { id } = await client.openBundle(input, call);
  if (id !== built.id) throw new BundleMismatch(built.id, id);
  return built.id;
}
