import { settlerAbi, testDollarAbi } from "@sooth/abi";
import { type Addresses, askedOnce, type Chain } from "@sooth/chain";
import { type Address, appErrorIn } from "@sooth/kernel";
import { BaseError, size } from "viem";
import { escrowPartiesOf, type Leg, type WireLack } from "../../core/index.ts";
import { whyFails } from "./why-fails.ts";

/**
 * What trying a leg as things stand came to. All null: it stands on what is not known yet. `lacks`: what its payer has to mend
 * before the escrow can take the tokens.
 */
export type TriedLeg = { callGas: bigint | null; fails: string | null; lacks: WireLack | null };

const UNKNOWN: TriedLeg = { callGas: null, fails: null, lacks: null };
/** Of a transaction without data, and at most for each byte of it. */
const TRANSACTION = 21_000n;
const BYTE = 16n;

const executorOf = askedOnce((chain, { settler }: Addresses) =>
  chain.client.readContract({ address: settler, abi: settlerAbi, functionName: "shared" }),
);

/**
 * Tries a leg on its chain from the address that it will be called from, and changes nothing.
 * @throws chain.rpc_unreachable
 */
export async function tryLeg(
  chain: Chain,
  addresses: Addresses,
  owner: Address,
  leg: Leg,
): Promise<TriedLeg> {
  // What another leg returned goes into it, or must have happened before: what comes of it now says nothing.
  if (leg.splices.length > 0 || leg.conditions.length > 0 || leg.undoes !== null) return UNKNOWN;
  if (leg.kind === "participant") return UNKNOWN;
  if (leg.kind === "escrow") return tryEscrow(chain, addresses, leg);
  const tried = await tryCall(chain, addresses, owner, leg);
  const waits = leg.needsOk.length + leg.needsFailed.length + leg.needsSettled.length > 0;
  return tried.fails !== null && waits ? UNKNOWN : tried;
}

async function tryCall(chain: Chain, addresses: Addresses, owner: Address, leg: Leg): Promise<TriedLeg> {
  const { client } = chain;
  const from =
    leg.kind === "account"
      ? await client.readContract({
          address: addresses.settler,
          abi: settlerAbi,
          functionName: "accountOf",
          args: [owner],
        })
      : await executorOf(chain, addresses);
  if (leg.kind !== "value" && !(await client.getCode({ address: leg.target })))
    return { ...UNKNOWN, fails: "its target has no code" };
  // The value of a shared leg comes with the transaction; an account must hold it.
  const stateOverride = leg.kind === "account" ? [] : [{ address: from, balance: leg.value + 10n ** 18n }];
  const call = { account: from, to: leg.target, data: leg.data, value: leg.value, stateOverride };
  try {
    const gas = await client.estimateGas(call);
    const callGas = gas - TRANSACTION - BYTE * BigInt(size(leg.data));
    const used = callGas > 0n ? callGas : 0n;
    if (used > BigInt(leg.gasLimit))
      return { ...UNKNOWN, callGas: used, fails: `it takes ${used} gas, and the leg states ${leg.gasLimit}` };
    return { ...UNKNOWN, callGas: used };
  } catch (error) {
    if (!(error instanceof BaseError) || appErrorIn(error)) throw error;
    return { ...UNKNOWN, fails: await whyFails(chain, { from, to: leg.target, data: leg.data }, error) };
  }
}

/** Whether its payer could pay it in now. A leg may be paid in later, so nothing is wrong yet that he can not mend. */
async function tryEscrow(chain: Chain, { escrow }: Addresses, leg: Leg): Promise<TriedLeg> {
  const payer = escrowPartiesOf(leg)?.payer;
  if (payer === undefined) return UNKNOWN;
  const token = { address: leg.target, abi: testDollarAbi } as const;
  try {
    const [balance, allowance] = await Promise.all([
      chain.client.readContract({ ...token, functionName: "balanceOf", args: [payer] }),
      chain.client.readContract({ ...token, functionName: "allowance", args: [payer, escrow] }),
    ]);
    if (balance >= leg.value && allowance >= leg.value) return { callGas: 0n, fails: null, lacks: null };
    const lacks = {
      payer,
      balance: String(balance),
      allowance: String(allowance),
      wanted: String(leg.value),
    };
    const fails =
      balance < leg.value
        ? `${payer} holds ${balance} of the token, and ${leg.value} are wanted`
        : `${payer} has not let the escrow take ${leg.value} of the token yet`;
    return { callGas: 0n, fails, lacks };
  } catch (error) {
    if (!(error instanceof BaseError) || appErrorIn(error)) throw error;
    return { ...UNKNOWN, fails: `${leg.target} is no token: ${error.shortMessage}` };
  }
}
