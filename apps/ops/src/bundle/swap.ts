import { hashLocksAbi } from "@sooth/abi";
import { checkHashSwap, hashOfSecret, type HashLock, type LockOn, planHashSwap } from "@sooth/bundles/core";
import { isLocal } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import { encodeFunctionData, erc20Abi, zeroHash } from "viem";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";
import { readText } from "../verify/log-source.ts";
import { address, bytes32, jsonText, readJson, units } from "./json-file.ts";
import type { ChainAt } from "./network.ts";
import type { Call } from "./send.ts";

const side = z.object({ chainId: z.number().int().positive(), token: address, amount: units });

/** What whoever draws the secret writes: what he gives, what he wants for it, from whom. */
const wish = z.object({ other: address, gives: side, wants: side, seconds: z.number().int().positive() });
const lockOn = z.object({
  chainId: z.number().int().positive(),
  lock: z.object({
    payer: address,
    recipient: address,
    token: address,
    amount: units,
    hash: bytes32,
    until: z.number().int(),
    salt: units,
  }),
});
const swapFile = z.object({ first: lockOn, second: lockOn });

/** What a claim by who drew the secret may take until it is mined. */
const CLAIM_SECONDS = 600;

/** Both locks of a swap. Whoever drew the secret locks first, for longer, and claims the second. */
export type Swap = { first: LockOn; second: LockOn };
type Side = keyof Swap;
const SIDES: readonly Side[] = ["first", "second"];
const STATES = ["none", "held", "claimed", "given back"] as const;
export type LockState = (typeof STATES)[number];
export type LockShown = { side: Side; on: LockOn; state: LockState; now: number; shown: Hex | null };

export const readSwap = (file: string): Promise<Swap> => readJson(file, swapFile);

/** The secret's 32 bytes, from a file of its own. @throws ops.unreadable */
export async function readSecret(file: string): Promise<Hex> {
  const found = bytes32.safeParse((await readText(file)).trim());
  if (!found.success) throw OpsError.unreadable({ file, why: "wants 0x and 64 digits" });
  return found.data;
}

export const swapText = (swap: Swap): string => jsonText(swap);

/** Both locks for a file of wishes. @throws ops.unreadable, bundles.bad_swap */
export async function planSwap(
  file: string,
  drawer: Address,
  { secret, salt, now, margin }: { secret: Hex; salt: bigint; now: number; margin: number },
): Promise<Swap> {
  const { seconds, ...rest } = await readJson(file, wish);
  return planHashSwap(
    { ...rest, drawer, hash: hashOfSecret(secret), until: now + seconds, salt },
    now,
    margin,
  );
}

type Where = { hashLocks: Address; chainAt: ChainAt };

/** How both locks stand. @param settled only what their chains will not take back */
export async function lookAtSwap(where: Where, swap: Swap, settled = false): Promise<LockShown[]> {
  return Promise.all(SIDES.map((which) => lookAtLock(where, which, swap[which], settled)));
}

async function lookAtLock({ hashLocks, chainAt }: Where, which: Side, on: LockOn, settled: boolean) {
  const { client } = chainAt(on.chainId);
  const { timestamp, number } = await client.getBlock({
    blockTag: settled && !isLocal(on.chainId) ? "finalized" : "latest",
  });
  const contract = { address: hashLocks, abi: hashLocksAbi, blockNumber: number } as const;
  const id = await client.readContract({ ...contract, functionName: "idOf", args: [on.lock] });
  const [state, secret] = await Promise.all([
    client.readContract({ ...contract, functionName: "stateOf", args: [id] }),
    client.readContract({ ...contract, functionName: "secretOf", args: [on.lock.hash] }),
  ]);
  const shown = secret === zeroHash ? null : secret;
  return { side: which, on, state: STATES[state] ?? "none", now: Number(timestamp), shown };
}

export function lockText({ side: which, on: { chainId, lock }, state, now, shown }: LockShown): string {
  const left = lock.until - now;
  const time = left > 0 ? `${left} s left` : `ended ${-left} s ago`;
  return [
    `${which} lock on chain ${chainId}  ${state}, ${time}`,
    `  ${lock.amount} of the token ${lock.token}, from ${lock.payer} to ${lock.recipient}`,
    ...(shown ? [`  its secret was shown there: ${shown}`] : []),
  ].join("\n");
}

/**
 * Lets the contract take exactly what the caller's lock is of, and locks it. Whoever locks second has the first looked at, as
 * its chain will not take it back. @throws ops.not_due, bundles.bad_swap
 */
export async function lockCalls(where: Where, swap: Swap, own: Address, margin: number): Promise<Call[]> {
  const which = SIDES.find((one) => sameAddress(swap[one].lock.payer, own));
  if (which === undefined) throw OpsError.not_due({ what: `${own} pays neither lock` });
  const on = swap[which];
  const [first, second] = (await lookAtSwap(where, swap)) as [LockShown, LockShown];
  const mine = which === "first" ? first : second;
  if (mine.state !== "none") throw OpsError.not_due({ what: `the ${which} lock is ${mine.state}` });
  checkHashSwap(swap.first, swap.second, mine.now, margin);
  if (which === "second") {
    const [settled] = (await lookAtSwap(where, swap, true)) as [LockShown, LockShown];
    if (settled.state !== "held" || first.state !== "held")
      throw OpsError.not_due({
        what: `the first lock is ${settled.state}, as far as its chain stands by it`,
      });
    if (first.shown ?? second.shown) throw OpsError.not_due({ what: "the secret was shown already" });
  }
  const { client } = where.chainAt(on.chainId);
  const allowed = await client.readContract({
    address: on.lock.token,
    abi: erc20Abi,
    functionName: "allowance",
    args: [own, where.hashLocks],
  });
  const lock = locksCall(where, on, "lock", [on.lock, NO_PERMIT]);
  if (allowed >= on.lock.amount) return [lock];
  const approve = encodeFunctionData({
    abi: erc20Abi,
    functionName: "approve",
    args: [where.hashLocks, on.lock.amount],
  });
  return [
    { what: "approve", leg: null, chainId: on.chainId, to: on.lock.token, data: approve, value: "0" },
    lock,
  ];
}

/** Claims what the caller is to get: with the secret that he has, or that the other showed. */
export async function claimCalls(
  where: Where,
  swap: Swap,
  own: Address,
  secret: Hex | null,
): Promise<{ calls: Call[]; says: string[] }> {
  const found = await lookAtSwap(where, swap);
  const known = secret ?? found.map(({ shown }) => shown).find((one) => one !== null) ?? null;
  const due = found.filter(
    ({ on, state, now }) => state === "held" && sameAddress(on.lock.recipient, own) && now < on.lock.until,
  );
  const says = found.map(lockText);
  if (known === null)
    return {
      calls: [],
      says: [...says, "nobody showed the secret yet; --secret names the file that has it"],
    };
  if (hashOfSecret(known) !== swap.first.lock.hash)
    throw OpsError.not_due({ what: "that is another swap's secret" });
  if (due.some(({ side: which }) => which === "second")) {
    const [, second] = (await lookAtSwap(where, swap, true)) as [LockShown, LockShown];
    // A chain that takes the lock back takes the claim back as well, and leaves the secret.
    if (second.state !== "held")
      throw OpsError.not_due({
        what: `the second lock is ${second.state}, as far as its chain stands by it: wait until it is final there`,
      });
  }
  const late = due.find(
    ({ side: which, on, now }) => which === "second" && on.lock.until - now < CLAIM_SECONDS,
  );
  if (late)
    throw OpsError.not_due({
      what: `the second lock ends in ${late.on.lock.until - late.now} s: a claim that comes too late gets nothing, and shows the secret to who can claim the first`,
    });
  return { calls: due.map(({ on }) => locksCall(where, on, "claim", [on.lock, known])), says };
}

/** Gives back what ended unclaimed; anybody may. */
export async function giveBackCalls(where: Where, swap: Swap): Promise<{ calls: Call[]; says: string[] }> {
  const found = await lookAtSwap(where, swap);
  const due = found.filter(({ on, state, now }) => state === "held" && now >= on.lock.until);
  return {
    calls: due.map(({ on }) => locksCall(where, on, "giveBack", [on.lock])),
    says: found.map(lockText),
  };
}

const NO_PERMIT = { value: 0n, deadline: 0n, v: 0, r: zeroHash, s: zeroHash } as const;

type LocksArgs = {
  lock: readonly [HashLock, typeof NO_PERMIT];
  claim: readonly [HashLock, Hex];
  giveBack: readonly [HashLock];
};

function locksCall<Name extends keyof LocksArgs>(
  { hashLocks }: Where,
  { chainId }: LockOn,
  functionName: Name,
  args: LocksArgs[Name],
): Call {
  const data = encodeFunctionData({ abi: hashLocksAbi, functionName, args } as never);
  const what = functionName === "giveBack" ? "give back" : functionName;
  return { what, leg: null, chainId, to: hashLocks, data, value: "0" };
}
