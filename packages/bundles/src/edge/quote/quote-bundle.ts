import type { Chain } from "@sooth/chain";
import { type Address, need } from "@sooth/kernel";
import {
  encodeLegs,
  feeFor,
  hubGas,
  type Leg,
  legGas,
  type Mode,
  type Pace,
  secondsOf,
  showingOf,
  type WireBundleQuote,
} from "../../core/index.ts";
import { bundleTerms } from "../contracts.ts";
import { chainsOf, type Deps } from "../deps.ts";
import { tryLeg, type TriedLeg } from "./try-leg.ts";

type Asked = { owner: Address; mode: Mode; legs: readonly Leg[]; fee: bigint | null; isPrivate: boolean };
type QuoteDeps = Pick<Deps, "hub" | "rollups" | "addresses">;

/** Blocks that attesters wait for before they say what is in one, and the rounds of asking them, seconds. */
const BLOCKS_BELIEVED = 2;
const ASKING_SECONDS = 2;

/**
 * Tries every leg, and adds up what relaying costs at the prices of now.
 * @throws chain.rpc_unreachable
 */
export async function quoteBundle(deps: QuoteDeps, asked: Asked): Promise<WireBundleQuote> {
  const { hub, addresses } = deps;
  const { legs, mode, owner } = asked;
  const chains = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  const chainAt = (id: number): Chain => need(chains.get(id), `chain ${id}`);
  const [terms, prices, tried] = await Promise.all([
    bundleTerms(hub, addresses),
    pricesOf([...new Set([hub.definition.id, ...legs.map(({ chainId }) => chainId)])].map(chainAt)),
    Promise.all(legs.map((leg) => tryLeg(chainAt(leg.chainId), addresses, owner, leg))),
  ]);
  const priceOn = (id: number): bigint => need(prices.get(id), `gas price of chain ${id}`);
  const shown = legs.map((leg, place) => quoteLeg(leg, place, need(tried[place], "what was tried"), priceOn));
  const shownLegs = showingOf(asked.isPrivate ? null : encodeLegs(legs));
  const { opening, deciding } = hubGas(mode, legs.length, shownLegs);
  const hubPrice = priceOn(hub.definition.id);
  // Coins of all chains of ours but Polygon's are ether; there the figure is too high, never too low.
  const cost = shown.reduce(
    (sum, { gasAlone, gasPrice }) => sum + BigInt(gasAlone) * BigInt(gasPrice),
    (opening + deciding) * hubPrice,
  );
  // Relayers ask for what a leg may take, for what it will take only its owner knows.
  const gas = {
    opening: opening * hubPrice,
    legs: legs.map((leg) => legGas(leg, mayTake(leg)).alone * priceOn(leg.chainId)),
    deciding: deciding * hubPrice,
  };
  return {
    legs: shown,
    hubGas: String(opening + deciding),
    cost: String(cost),
    fee: String(asked.fee ?? feeFor(mode, gas, legs, terms.attesterBps)),
    seconds: secondsOf(mode, legs, paceOf(hub), (id) => paceOf(chainAt(id))),
  };
}

const mayTake = ({ kind, gasLimit }: Leg): bigint =>
  kind === "escrow" ? 0n : BigInt(kind === "participant" ? 2 * gasLimit : gasLimit);

function quoteLeg(
  leg: Leg,
  place: number,
  { callGas, fails, lacks }: TriedLeg,
  priceOn: (chainId: number) => bigint,
): WireBundleQuote["legs"][number] {
  // Of what cannot be tried yet the most that it may take counts.
  const gas = legGas(leg, callGas ?? BigInt(leg.gasLimit));
  return {
    place,
    chainId: leg.chainId,
    callGas: callGas === null ? null : String(callGas),
    gasAlone: String(gas.alone),
    gasBatched: String(gas.batched),
    gasPrice: String(priceOn(leg.chainId)),
    fails,
    lacks,
  };
}

const pricesOf = async (chains: readonly Chain[]): Promise<ReadonlyMap<number, bigint>> =>
  new Map(
    await Promise.all(
      chains.map(async ({ definition, client }) => [definition.id, await client.getGasPrice()] as const),
    ),
  );

const paceOf = ({ definition: { blockSeconds } }: Chain): Pace => ({
  inBlock: Math.max(1, blockSeconds),
  believed: BLOCKS_BELIEVED * blockSeconds + ASKING_SECONDS,
});
