import { oracleAbi, stakeManagerAbi, testDollarAbi } from "@sooth/abi";
import { signerOf } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { encodeFunctionData, type EncodeFunctionDataParameters, hashTypedData, zeroAddress } from "viem";
import type { z } from "zod";
import {
  familyOf,
  kindsOf,
  MAX_JURORS,
  MAX_SEATS,
  placeFor,
  possessionTypedData,
  StakeManagerError,
  type wireCall,
  type wirePreparedProvider,
  type wirePrepareDomains,
  type wirePrepareJoin,
  type wirePrepareJuror,
  type wirePrepareOwner,
  type wirePrepareRotate,
  type wirePrepareSeat,
  type wirePrepareStake,
} from "../core/index.ts";
import { chainTime } from "./clock.ts";
import type { ApiDeps } from "./deps.ts";
import { freeAt } from "./provider-detail.ts";
import { placedJurors, providerOf } from "./providers.ts";
import {
  creditOnChain,
  epochsEnd,
  namedBy,
  providerRules,
  seatedNext,
  slashedCredit,
  stakeAllowance,
  stakeOf,
} from "./stake-view.ts";

type Deps = Pick<ApiDeps, "hub" | "addresses">;
type Call = z.infer<typeof wireCall>;
type Prepared = z.infer<typeof wirePreparedProvider>;
type Owner = z.infer<typeof wirePrepareOwner>;

const NOTHING: Prepared = {
  calls: [],
  possession: null,
  takes: "0",
  pays: "0",
  holdsFrom: null,
  freeAt: null,
  displaces: null,
};

/* JOINING */

/** What takes a newcomer in. @throws stake_manager.already_joined, .stake_too_small, .signer_taken, .no_possession */
export async function prepareJoin(deps: Deps, asked: z.infer<typeof wirePrepareJoin>): Promise<Prepared> {
  const [owner, signer, stake] = [asked.owner as Address, asked.signer as Address, BigInt(asked.stake)];
  const kinds = kindsOf(asked.domains, asked.family ?? 0);
  const [provider, rules, holdsFrom] = await Promise.all([
    stakeOf(deps, owner),
    providerRules(deps),
    epochsEnd(deps, kinds),
  ]);
  if (provider.state !== "none") throw StakeManagerError.already_joined({ owner });
  const minimum = BigInt(rules.minStake);
  if (stake < minimum) throw StakeManagerError.stake_too_small({ stake, minimum });
  const facts = { takes: String(stake), holdsFrom: holdsFrom === 0 ? null : holdsFrom };
  const shown = await possessionOf(deps, owner, signer, asked.possession as Hex | undefined);
  if (shown === undefined) return { ...NOTHING, ...facts, possession: typedDataFor(deps, owner) };
  const join = managerCall(deps, `Stake and join with the signing key ${signer}`, {
    functionName: "join",
    args: [signer, stake, kinds, shown],
  });
  return { ...NOTHING, ...facts, calls: [...(await allowing(deps, owner, stake)), join] };
}

/** @throws stake_manager.not_active, .signer_taken, .no_possession, .unchanged */
export async function prepareRotate(deps: Deps, asked: z.infer<typeof wirePrepareRotate>): Promise<Prepared> {
  const [owner, signer] = [asked.owner as Address, asked.signer as Address];
  const provider = await active(deps, owner);
  if (sameAddress(provider.signer, signer)) throw StakeManagerError.unchanged({ signer });
  const holdsFrom = await epochsEnd(deps, provider.kinds);
  const facts = { holdsFrom: holdsFrom === 0 ? null : holdsFrom };
  const shown = await possessionOf(deps, owner, signer, asked.possession as Hex | undefined);
  if (shown === undefined) return { ...NOTHING, ...facts, possession: typedDataFor(deps, owner) };
  const rotate = managerCall(deps, `Sign with ${signer} from the next epoch on`, {
    functionName: "rotateSigner",
    args: [signer, shown],
  });
  return { ...NOTHING, ...facts, calls: [rotate] };
}

/** What the contract wants to see of a signing key; undefined while its signature is missing. */
async function possessionOf(
  deps: Deps,
  owner: Address,
  signer: Address,
  signature: Hex | undefined,
): Promise<Hex | undefined> {
  const namer = await namedBy(deps, signer);
  if (namer !== undefined && !sameAddress(namer, owner)) throw StakeManagerError.signer_taken({ signer });
  if (sameAddress(owner, signer) || namer !== undefined) return "0x";
  if (signature === undefined) return undefined;
  const by = signerOf(hashTypedData(possession(deps, owner)), signature);
  if (by === null || !sameAddress(by, signer)) throw StakeManagerError.no_possession({ signer });
  return signature;
}

const possession = ({ hub, addresses }: Deps, owner: Address) =>
  possessionTypedData({ chainId: hub.definition.id, stakeManager: addresses.stakeManager }, owner);

function typedDataFor(deps: Deps, owner: Address): NonNullable<Prepared["possession"]> {
  const { domain, types, primaryType, message } = possession(deps, owner);
  return {
    purpose: "Show that the signing key is yours",
    domain,
    types: { Possession: [...types.Possession] },
    primaryType,
    message,
  };
}

/* STAYING */

/** @throws stake_manager.not_active */
export async function prepareStake(deps: Deps, asked: z.infer<typeof wirePrepareStake>): Promise<Prepared> {
  const [owner, amount] = [asked.owner as Address, BigInt(asked.amount)];
  const provider = await active(deps, owner);
  const holdsFrom = await epochsEnd(deps, provider.kinds);
  const add = managerCall(deps, "Add to the stake", { functionName: "addStake", args: [amount] });
  return {
    ...NOTHING,
    takes: String(amount),
    holdsFrom: holdsFrom === 0 ? null : holdsFrom,
    calls: [...(await allowing(deps, owner, amount)), add],
  };
}

/** @throws stake_manager.not_active */
export async function prepareDomains(
  deps: Deps,
  asked: z.infer<typeof wirePrepareDomains>,
): Promise<Prepared> {
  const provider = await active(deps, asked.owner as Address);
  const kinds = kindsOf(asked.domains, asked.family ?? familyOf(provider.kinds));
  const holdsFrom = await epochsEnd(deps, provider.kinds | kinds);
  const set = managerCall(deps, "Choose the domains that you serve", {
    functionName: "setKinds",
    args: [kinds],
  });
  return { ...NOTHING, holdsFrom: holdsFrom === 0 ? null : holdsFrom, calls: [set] };
}

/** A place among those whom a domain seats: a free one, or the smallest stake's. @throws stake_manager.not_active, .not_served, .unchanged, .full */
export async function prepareSeat(deps: Deps, asked: z.infer<typeof wirePrepareSeat>): Promise<Prepared> {
  const { domain } = asked;
  const owner = asked.owner as Address;
  const provider = await active(deps, owner);
  if (((provider.kinds >> domain) & 1) === 0) throw StakeManagerError.not_served({ owner, domain });
  const [held, holdsFrom] = await Promise.all([seatedNext(deps, domain), epochsEnd(deps, 1 << domain)]);
  const displaces = placeFor({ owner, stake: provider.stake }, held, MAX_SEATS);
  const claim = managerCall(deps, `Take a seat in domain ${domain}`, {
    functionName: "claimSeat",
    args: [domain, displaces ?? zeroAddress],
  });
  return { ...NOTHING, displaces, holdsFrom: holdsFrom === 0 ? null : holdsFrom, calls: [claim] };
}

/** Where all places are taken, the smallest stake's is claimed. @throws stake_manager.not_active, .unchanged, .full */
export async function prepareJuror(
  deps: Deps & Pick<ApiDeps, "store">,
  asked: z.infer<typeof wirePrepareJuror>,
): Promise<Prepared> {
  const owner = asked.owner as Address;
  const { stake } = await active(deps, owner);
  const purpose = asked.willing ? "Be ready to sit on juries" : "No longer sit on juries";
  const set = managerCall(deps, purpose, { functionName: "setJuror", args: [asked.willing] });
  if (!asked.willing) return { ...NOTHING, calls: [set] };
  const held = await placedJurors(deps.store.db);
  const displaces = placeFor({ owner, stake }, held, MAX_JURORS);
  if (displaces === null) return { ...NOTHING, calls: [set] };
  const claim = managerCall(deps, purpose, { functionName: "claimJurorPlace", args: [displaces] });
  return { ...NOTHING, displaces, calls: [claim] };
}

/* GOING */

/** @throws stake_manager.not_active */
export async function prepareLeave(deps: Deps, asked: Owner): Promise<Prepared> {
  const owner = asked.owner as Address;
  const provider = await active(deps, owner);
  const [now, rules, seatsEnd] = await Promise.all([
    chainTime(deps.hub),
    providerRules(deps),
    epochsEnd(deps, provider.kinds),
  ]);
  const leave = managerCall(deps, "Leave, and start the unbonding of the stake", { functionName: "leave" });
  // The stake is bound for a whole unbonding from the end of the last seat.
  return { ...NOTHING, freeAt: Math.max(now, seatsEnd) + rules.unbondingSeconds, calls: [leave] };
}

/** @throws stake_manager.not_unbonding, .still_bonded, .still_seated, .frozen */
export async function prepareWithdraw(deps: Deps & Pick<ApiDeps, "store">, asked: Owner): Promise<Prepared> {
  const owner = asked.owner as Address;
  const [provider, now, rules, known] = await Promise.all([
    stakeOf(deps, owner),
    chainTime(deps.hub),
    providerRules(deps),
    providerOf(deps.store.db, owner),
  ]);
  if (provider.state !== "unbonding") throw StakeManagerError.not_unbonding({ owner });
  if (now < provider.unbondsAt) throw StakeManagerError.still_bonded({ unbondsAt: provider.unbondsAt });
  if (now < provider.frozenUntil) throw StakeManagerError.frozen({ owner, until: provider.frozenUntil });
  if (known !== undefined) {
    const unbondsAt = await freeAt(deps.store.db, known, rules.unbondingSeconds);
    if (known.seat !== null || (known.state === "unbonding" && unbondsAt === null))
      throw StakeManagerError.still_seated({ owner });
    if (unbondsAt !== null && now < unbondsAt) throw StakeManagerError.still_bonded({ unbondsAt });
  }
  const withdraw = managerCall(deps, "Withdraw the whole stake", {
    functionName: "withdraw",
    args: [owner],
  });
  return { ...NOTHING, pays: String(provider.stake), calls: [withdraw] };
}

/** All that oracle and stake manager hold for `owner`: rewards, deposits that came back, shares of slashed stakes. No calls without any. */
export async function prepareClaim(deps: Deps, asked: Owner): Promise<Prepared> {
  const owner = asked.owner as Address;
  const [credit, slashed] = await Promise.all([creditOnChain(deps, owner), slashedCredit(deps, owner)]);
  const calls: Call[] = [];
  if (credit > 0n)
    calls.push({
      chainId: deps.hub.definition.id,
      to: deps.addresses.oracle,
      data: encodeFunctionData({ abi: oracleAbi, functionName: "withdraw", args: [owner, credit] }),
      value: "0",
      purpose: "Pay out what the oracle holds",
    });
  if (slashed > 0n)
    calls.push(
      managerCall(deps, "Pay out your share of slashed stakes", {
        functionName: "claimSlashed",
        args: [owner],
      }),
    );
  return { ...NOTHING, pays: String(credit + slashed), calls };
}

/* CALLS */

async function active(deps: Deps, owner: Address) {
  const provider = await stakeOf(deps, owner);
  if (provider.state !== "active") throw StakeManagerError.not_active({ owner });
  return provider;
}

function managerCall(
  { hub, addresses }: Deps,
  purpose: string,
  call: Omit<EncodeFunctionDataParameters<typeof stakeManagerAbi>, "abi">,
): Call {
  const data = encodeFunctionData({ abi: stakeManagerAbi, ...call } as EncodeFunctionDataParameters<
    typeof stakeManagerAbi
  >);
  return { chainId: hub.definition.id, to: addresses.stakeManager, data, value: "0", purpose };
}

/** The approval that is missing before the stake manager can take `amount`, if any. */
async function allowing(deps: Deps, owner: Address, amount: bigint): Promise<Call[]> {
  if ((await stakeAllowance(deps, owner)) >= amount) return [];
  const { hub, addresses } = deps;
  const data = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [addresses.stakeManager, amount],
  });
  const purpose = "Let the stake manager take the stake";
  return [{ chainId: hub.definition.id, to: addresses.collateral, data, value: "0", purpose }];
}
