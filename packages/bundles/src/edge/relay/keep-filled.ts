import { bundleHubAbi } from "@sooth/abi";
import { type Addresses, type Chain, type DirectLane, isLocal } from "@sooth/chain";
import { type Address, type Hex, sameAddress } from "@sooth/kernel";
import type { Logger } from "@sooth/runtime";
import { setTimeout as delay } from "node:timers/promises";
import { encodeFunctionData } from "viem";
import { refillOf, type Refills } from "../../core/index.ts";
import { aborted } from "./aborted.ts";
import { attempt, cannotTry } from "./attempt.ts";
import { refilled, refillWanting, relayFailures } from "./metrics.ts";

export type KeepFilledOptions = {
  hub: Chain;
  addresses: Pick<Addresses, "bundleHub">;
  lanes: ReadonlyMap<number, readonly DirectLane[]>;
  /** Whose credit it is: one of the lanes' accounts. */
  relayer: Address;
  refills: Refills;
  signal: AbortSignal;
  log: Logger;
};

const LOOK_MS = 60_000;
const LOCAL_LOOK_MS = 2_000;
const DAY = 86_400;
/** Of a withdrawal, where no node can try it: a call with value to a key's own account. */
const WITHDRAW_GAS = 100_000n;

/**
 * Fills up the accounts that pay gas at the hub from what the first of them earned there, until the signal aborts. What was given
 * today is counted in this process, by the hub's clock: a restart counts anew.
 */
export async function keepFilled(o: KeepFilledOptions): Promise<void> {
  const pause = isLocal(o.hub.definition.id) ? LOCAL_LOOK_MS : LOOK_MS;
  const given = { day: -1, wei: 0n };
  while (!o.signal.aborted) {
    try {
      await fill(o, given);
    } catch (error) {
      if (o.signal.aborted) return;
      relayFailures.inc({ part: "refills" });
      o.log.warn({ err: error }, "accounts of the bundler cannot be filled up now");
    }
    await delay(pause, undefined, { signal: o.signal }).catch(() => undefined);
  }
}

async function fill(o: KeepFilledOptions, given: { day: number; wei: bigint }): Promise<void> {
  const { hub, addresses, relayer, refills } = o;
  const lanes = o.lanes.get(hub.definition.id) ?? [];
  const payer = lanes.find(({ account }) => sameAddress(account, relayer));
  // Another process has these accounts, and does the same.
  if (!payer?.hasRoom) return;
  const today = Math.floor((await hub.now()) / DAY);
  if (today !== given.day) Object.assign(given, { day: today, wei: 0n });
  const wanting = { no_credit: 0, capped: 0 };
  for (const { account } of lanes) {
    const [balance, credit] = await Promise.all([
      hub.client.getBalance({ address: account }),
      hub.client.readContract({
        address: addresses.bundleHub,
        abi: bundleHubAbi,
        functionName: "creditOf",
        args: [relayer],
      }),
    ]);
    const due = refillOf(refills, { balance, credit, left: refills.perDay - given.wei });
    if ("wei" in due) {
      // Counted before it leaves: what may have been sent is never given twice.
      given.wei += due.wei;
      await withdraw(o, payer, account, due.wei);
    } else if (due.why !== "enough") wanting[due.why] += 1;
  }
  for (const [why, accounts] of Object.entries(wanting)) refillWanting.set({ why }, accounts);
}

async function withdraw(
  { hub, addresses, signal, log }: KeepFilledOptions,
  payer: DirectLane,
  to: Address,
  wei: bigint,
): Promise<void> {
  const data: Hex = encodeFunctionData({ abi: bundleHubAbi, functionName: "withdraw", args: [to, wei] });
  const call = { to: addresses.bundleHub, data, value: 0n };
  const tried = { ...call, from: payer.account, gas: WITHDRAW_GAS };
  const [found] = await attempt(hub, [tried], (await hub.now()) + 1).catch((error: unknown) => {
    if (cannotTry(error)) return [null];
    throw error;
  });
  if (found && !found.ok) throw new Error(`the hub would not pay out: ${found.why}`);
  const { used } = await payer.send({ ...call, gas: WITHDRAW_GAS, purpose: "bundle_refill" });
  refilled.inc({}, Number(wei) / 1e18);
  log.info({ to, wei: String(wei) }, "an account of the bundler is filled up from what it earned");
  // Else the same would be due again until it is mined; what never is, its lane replaces.
  await Promise.race([used, aborted(signal)]);
}
