import { escrowAbi } from "@sooth/abi";
import { type ByteFees, byteFees, type Chain, feeOfBytes } from "@sooth/chain";
import { type Address, need } from "@sooth/kernel";
import {
  acrossBytes,
  acrossGas,
  bytesFee,
  encodeLegs,
  feeFor,
  hubBytes,
  hubGas,
  type HubPrices,
  type Leg,
  legBytes,
  legGas,
  type Mode,
  openingCost,
  openingTakes,
  participantGas,
  type WireBundleQuote,
} from "../../core/index.ts";
import { bundleTerms } from "../contracts.ts";
import { chainsOf, type Deps } from "../deps.ts";
import { timesOf, type TimesDeps } from "./times-of.ts";
import { tryLeg, type TriedLeg } from "./try-leg.ts";

type Asked = { owner: Address; mode: Mode; legs: readonly Leg[]; fee: bigint | null; isPrivate: boolean };
type QuoteDeps = TimesDeps & Pick<Deps, "addresses">;

/** Of a key; a contract's may be longer. */
const SIGNATURE_BYTES = 65;

/**
 * Tries every leg, and adds up what relaying costs at the prices of now.
 * @throws chain.rpc_unreachable
 */
export async function quoteBundle(deps: QuoteDeps, asked: Asked): Promise<WireBundleQuote> {
  const { hub, addresses } = deps;
  const { legs, mode, owner } = asked;
  const chains = new Map(chainsOf(deps).map((chain) => [chain.definition.id, chain]));
  const chainAt = (id: number): Chain => need(chains.get(id), `chain ${id}`);
  const [terms, isContract, prices, laned, tried] = await Promise.all([
    bundleTerms(hub, addresses),
    answersItself(hub, owner),
    pricesOf([...new Set([hub.definition.id, ...legs.map(({ chainId }) => chainId)])].map(chainAt)),
    lanedAmong(
      [...new Set(legs.filter(isHeld).map(({ chainId }) => chainId))].map(chainAt),
      addresses.escrow,
    ),
    Promise.all(legs.map((leg) => tryLeg(chainAt(leg.chainId), addresses, owner, leg))),
  ]);
  const marketOn = (id: number): Prices => need(prices.get(id), `prices of chain ${id}`);
  const priceOn = (id: number): bigint => marketOn(id).gas;
  const isAcross = (leg: Leg): boolean => isHeld(leg) && laned.has(leg.chainId);
  const more = (leg: Leg): bigint => (isAcross(leg) ? sumOf(acrossGas(leg, legs)) : 0n);
  const shown = legs.map((leg, place) => ({
    ...quoteLeg(legs, place, need(tried[place], "what was tried"), priceOn, more(leg)),
    across: isAcross(leg),
  }));
  const encoded = asked.isPrivate ? null : encodeLegs(legs);
  const takes = openingTakes({ mode, legs: legs.length }, encoded, {
    bytes: SIGNATURE_BYTES,
    isOfKey: !isContract,
  });
  const { deciding } = hubGas(mode, legs.length, takes.showing);
  const atHub = marketOn(hub.definition.id);
  const hubFee = (bytes: number): bigint => feeOfBytes(atHub.bytes, bytes);
  const hubPrices: HubPrices = { gas: atHub.gas, ofBytes: hubFee };
  const ofHub = takes.gas.whole + deciding;
  // Decided and settled it is by two transactions.
  const decidingFee = 2n * hubFee(hubBytes(legs.length, legs.length));
  const legFees = legs.map((leg) =>
    bytesFeeOf(leg, legs.length, marketOn(leg.chainId), isAcross(leg) ? acrossBytes(legs.length) : 0),
  );
  // Coins of all chains of ours but Polygon's are ether; there the figure is too high, never too low.
  const cost = shown.reduce(
    (sum, { gasAlone, gasPrice }) => sum + BigInt(gasAlone) * BigInt(gasPrice),
    ofHub * atHub.gas + bytesFee(takes, hubPrices) + decidingFee + legFees.reduce((a, b) => a + b, 0n),
  );
  // Relayers ask for what a leg may take, for what it will take only its owner knows.
  const costs = {
    opening: openingCost(takes, hubPrices),
    legs: legs.map(
      (leg, place) =>
        (legGas(leg, legs, mayTake(leg)).alone + more(leg)) * priceOn(leg.chainId) + (legFees[place] ?? 0n),
    ),
    deciding: deciding * atHub.gas + decidingFee,
  };
  const fee = asked.fee ?? feeFor(mode, costs, legs, terms.attesterBps);
  const { seconds, least, waits } = timesOf(deps, { ...asked, fee });
  return {
    legs: shown,
    hubGas: String(ofHub),
    cost: String(cost),
    fee: String(fee),
    seconds,
    leastSeconds: least,
    waits: waits.map(({ chainId, wait, seconds: takes }) => ({
      chainId,
      ...(typeof wait === "string"
        ? { until: wait, blocks: null }
        : { until: "blocks", blocks: wait.blocks }),
      seconds: takes,
    })),
  };
}

/** Whether the hub asks the owner's code if he signed. A key that delegates to code still signs by itself (EIP-7702). */
async function answersItself({ client }: Chain, owner: Address): Promise<boolean> {
  const code = await client.getCode({ address: owner });
  return code !== undefined && !code.startsWith("0xef0100");
}

/** What an escrow does with tokens is in what is around a leg; a participant is called when it is held, and when it ends. */
const mayTake = (leg: Leg): bigint => (isHeld(leg) ? 2n * BigInt(participantGas(leg)) : BigInt(leg.gasLimit));

const isHeld = ({ kind }: Leg): boolean => kind === "escrow" || kind === "participant";
const sumOf = ({ prepare, finish }: { prepare: bigint; finish: bigint }): bigint => prepare + finish;

/** Those of the chains whose escrow wants other legs shown, since a lane is bounded there. @throws chain.rpc_unreachable */
async function lanedAmong(chains: readonly Chain[], escrow: Address): Promise<ReadonlySet<number>> {
  const found = await Promise.all(
    chains.map(async ({ definition, client }) => {
      const count = await client.readContract({
        address: escrow,
        abi: escrowAbi,
        functionName: "lanesLimited",
      });
      return count === 0 ? [] : [definition.id];
    }),
  );
  return new Set(found.flat());
}

/** What is held comes in a transaction of its own, and ends in another. @param shown bytes of other legs beside, as it comes */
function bytesFeeOf(leg: Leg, legs: number, { bytes }: Prices, shown: number): bigint {
  const facts = 1 + leg.needsOk.length + leg.needsFailed.length + leg.needsSettled.length;
  const size = legBytes(leg, legs, facts);
  const fee = feeOfBytes(bytes, size);
  return isHeld(leg) ? fee + feeOfBytes(bytes, size + shown) : fee;
}

function quoteLeg(
  legs: readonly Leg[],
  place: number,
  { callGas, fails, lacks }: TriedLeg,
  priceOn: (chainId: number) => bigint,
  more: bigint,
): Omit<WireBundleQuote["legs"][number], "across"> {
  const leg = need(legs[place], "a leg");
  // Of what cannot be tried yet the most that it may take counts.
  const gas = legGas(leg, legs, callGas ?? BigInt(leg.gasLimit));
  return {
    place,
    chainId: leg.chainId,
    callGas: callGas === null ? null : String(callGas),
    gasAlone: String(gas.alone + more),
    gasBatched: String(gas.batched + more),
    gasPrice: String(priceOn(leg.chainId)),
    fails,
    lacks,
  };
}

/** Wei of a chain: for a gas, and for bytes beside it. */
type Prices = { gas: bigint; bytes: ByteFees };
const pricesOf = async (chains: readonly Chain[]): Promise<ReadonlyMap<number, Prices>> =>
  new Map(
    await Promise.all(
      chains.map(async ({ definition, client }) => {
        const [gas, bytes] = await Promise.all([client.getGasPrice(), byteFees(client)]);
        return [definition.id, { gas, bytes }] as const;
      }),
    ),
  );
