import { courtAbi, stakeManagerAbi } from "@sooth/abi";
import { askedOnce } from "@sooth/chain";
import type { Hex } from "@sooth/kernel";
import { one, rows, sql } from "@sooth/store";
import { encodeFunctionData, keccak256, stringToBytes } from "viem";
import { oracleLimits } from "./contract.ts";
import type { WorkerDeps } from "./deps.ts";
import { send } from "./send.ts";

/** Seconds that stake must stand before it counts for juries, and that juries may be drawn from a snapshot. */
const jurorTimes = askedOnce(async ({ client }, { stakeManager, court }) => {
  const [seasoning, life] = await Promise.all([
    client.readContract({
      address: stakeManager,
      abi: stakeManagerAbi,
      functionName: "SEASONING_SECONDS",
    }),
    client.readContract({ address: court, abi: courtAbi, functionName: "SNAPSHOT_SECONDS" }),
  ]);
  return { seasoning, life };
});

/** In halves of its life a snapshot is taken anew: then jurors are found also when nothing about them changes. */
const RENEWED_AFTER = 2;

/**
 * Asks for a new snapshot of jurors when those who may be drawn are not those of the last one, or somebody weighs more in
 * it than he has, or it grows old. Juries are drawn from the last, so it must be there before anybody objects.
 */
export async function takeJurors(deps: WorkerDeps, now: number): Promise<void> {
  const { db } = deps.store;
  const last = await one<{ epoch: number; at: number }>(
    db,
    sql`select epoch, at from oracle.juror_sets order by epoch desc limit 1`,
  );
  const willing = await one<{ any: boolean }>(
    db,
    sql`select exists (select 1 from oracle.providers where juror) as any`,
  );
  if (!willing?.any && !last) return;
  const [{ seasoning, life }, { epochSeconds }] = await Promise.all([
    jurorTimes(deps.hub, deps.addresses),
    oracleLimits(deps.hub, deps.addresses),
  ]);
  if (last && now < last.at + epochSeconds) return;
  const [wanted, held] = await Promise.all([
    rows<{ signer: Hex }>(
      db,
      sql`select signer from oracle.providers where juror and state = 'active' and not banned
        and juror_since + ${seasoning} <= ${now} and coalesce(suspended_until, 0) <= ${now} order by signer`,
    ),
    rows<{ signer: Hex; lighter: boolean }>(
      db,
      sql`select j.signer, coalesce(p.stake < j.weight, true) as lighter from oracle.jurors j
        left join oracle.providers p on p.signer = j.signer where j.epoch = ${last?.epoch ?? 0} order by j.signer`,
    ),
  ]);
  const name = wanted.map(({ signer }) => signer).join();
  const isSame = name === held.map(({ signer }) => signer).join() && !held.some(({ lighter }) => lighter);
  const isOld = last !== undefined && RENEWED_AFTER * (now - last.at) >= life;
  if ((isSame && !isOld) || (wanted.length === 0 && !last)) return;
  await send(deps, {
    key: `oracle:jurors:${(last?.epoch ?? 0) + 1}:${keccak256(stringToBytes(name)).slice(2, 18)}`,
    to: deps.addresses.stakeManager,
    data: encodeFunctionData({ abi: stakeManagerAbi, functionName: "takeJurors" }),
    purpose: "jurors",
  });
}
