import { type Built, bundleToWire, type Leg, legToWire } from "@sooth/bundles/core";
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

const legsOf = (legs: readonly Leg[]): PrepareBundleInput["legs"] => legs.map(legToWire);

const asked = ({ bundle, legs }: Built): PrepareBundleInput => {
  const { owner, mode, deadline, fee, salt } = bundleToWire(bundle);
  return { owner, mode, deadline, fee, salt, legs: legsOf(legs) };
};

export type Prepared = PreparedBundle & { id: Hex };

/**
 * The transactions that open and prepare a bundle, for whoever has to send each. The server can only say what to send: what
 * the owner and payers sign is the bundle that was built here. @throws BundleMismatch, ApiError
 */
export async function prepare(client: Preparer, built: Built, options?: CallOptions): Promise<Prepared> {
  const prepared = await client.prepareBundle(asked(built), options);
  if (prepared.id !== built.id) throw new BundleMismatch(built.id, prepared.id);
  return { ...prepared, id: built.id };
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
