import { t } from "@lingui/core/macro";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { isAddress, isHex, toHex } from "viem";
import { api, ApiError } from "../../api.ts";
import { callSteps } from "../steps/call-steps.ts";
import type { Step } from "../steps/use-steps.ts";
import { amountTold, payingOf, signedSteps, stakeWay } from "../stake/stake-steps.ts";
import type { Wallet } from "../wallet/wallet-context.tsx";

/** What somebody wants to say, and for how much. */
export type OpinionOrder = {
  market: string;
  /** Whether the market wants stances hidden until it closes. */
  hidden: boolean;
  closesAt: number;
  text: string;
  band: number;
  amount: bigint;
  decimals: number;
  symbol: string;
  /** Its owner wants to send it himself. */
  ownGas: boolean;
};

const chance = (): Hex => toHex(crypto.getRandomValues(new Uint8Array(32)));

/** The text is kept first: a stake names it by its hash, and what nobody can read counts for nothing. */
async function prepare(wallet: Wallet, order: OpinionOrder, owner: string) {
  const { market, hidden, text, band, amount } = order;
  const { sha256: opinion } = await api.postContent({ text });
  const asked = { id: market, owner, amount: String(amount), opinion };
  if (!hidden) return api.prepareOpinion({ ...asked, band });
  return api.prepareOpinion({ ...asked, band: null, ...(await hide(wallet, order, owner)) });
}

/** Locks the stance in this page, until the market is closed: neither the server nor anybody else is told. */
async function hide(wallet: Wallet, { market, closesAt, band }: OpinionOrder, owner: string) {
  // The arithmetic of curves is fetched by who hides something; pages open without it.
  const [{ sealStance }, beacon] = await Promise.all([import("./seal.ts"), wallet.readBeacon()]);
  const salt = chance();
  const stance = { market: market as Hex, closesAt, owner: owner as Address, band };
  const hidden = sealStance(beacon, stance, { salt, chance: chance() });
  // With these its owner tells it himself, should the beacon fall silent. Tried again it is another: of two that were signed either may
  // come to stand on the chain.
  localStorage.setItem(stanceKey(hidden.commitment), JSON.stringify({ market, owner, band, salt }));
  return hidden;
}

const KEPT = "sooth.stance.";
/** Where a browser keeps what tells a hidden stance. */
const stanceKey = (commitment: string): string => KEPT + commitment;

/** What this browser kept of the stances that an owner hid in a market: one a try, of which one may stand on the chain. */
export function keptStances(market: string, owner: string): { band: number; salt: Hex }[] {
  return keptTexts().flatMap((text) => {
    const kept = readKept(text);
    return kept?.market === market && sameAddress(kept.owner, owner)
      ? [{ band: kept.band, salt: kept.salt }]
      : [];
  });
}

/** None where the browser keeps nothing for this site, or lets nobody look. */
function keptTexts(): string[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(KEPT));
    return names.map((name) => localStorage.getItem(name) ?? "");
  } catch {
    return [];
  }
}

type Kept = { market: string; owner: Address; band: number; salt: Hex };

/** What other pages of this site, or people, wrote there is nothing of ours. Exported for its test. */
export function readKept(text: string): Kept | null {
  let kept: Partial<Record<keyof Kept, unknown>> | null;
  try {
    kept = JSON.parse(text) as typeof kept;
  } catch {
    return null;
  }
  if (typeof kept !== "object" || kept === null) return null;
  const { market, owner, band, salt } = kept;
  if (
    typeof market !== "string" ||
    typeof band !== "number" ||
    !isAddress(String(owner), { strict: false }) ||
    !isHex(salt)
  )
    return null;
  return { market, owner: owner as Address, band, salt };
}

/** The call that tells the stance that stands on the chain: of those that were kept the one that the contract takes. */
export async function tellSteps(wallet: Wallet, market: string, owner: string): Promise<Step[]> {
  let refused: unknown;
  for (const kept of keptStances(market, owner)) {
    try {
      return callSteps(wallet, (await api.prepareReveal({ id: market, owner, ...kept })).calls);
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "opinions.bad_reveal")) throw error;
      refused = error;
    }
  }
  throw refused;
}

/** What its owner does for an opinion: signs what the platform sends, or sends it himself; see {stakeWay}. */
export async function opinionSteps(wallet: Wallet, order: OpinionOrder, owner: string): Promise<Step[]> {
  const prepared = await prepare(wallet, order, owner);
  if (stakeWay(payingOf(wallet, order, prepared.calls), prepared) === "sent")
    return callSteps(wallet, prepared.calls);
  const { intent, permit, typedData } = prepared;
  const told = amountTold(order);
  const title = t`Sign your opinion and ${told}`;
  return signedSteps(wallet, { told, title, permit, typedData }, (signed) =>
    api.relayOpinion({ intent, ...signed }),
  );
}
