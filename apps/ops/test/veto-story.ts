import { oracleAbi } from "@sooth/abi";
import { at, type Hex } from "@sooth/kernel";
import { reasonHash } from "@sooth/oracle/core";
import { type CourtStage, LIVENESS } from "./court-stage.ts";
import { WHY } from "./court-stories.ts";

const SEVEN = [0, 1, 2, 3, 4, 5, 6];

/** A watcher puts the answer off; nobody objects, and it is final later. */
export async function vetoed(stage: CourtStage): Promise<Hex> {
  const { parties, rich, send, addresses } = stage;
  const watcher = at(parties, 2);
  const asked = await stage.ask({}, async ({ asked: terms }) => {
    await send(rich, addresses.oracle, oracleAbi, "setWatcher", [terms, watcher.address]);
  });
  await stage.answer(asked, SEVEN, () => 200_000n);
  await send(watcher, addresses.oracle, oracleAbi, "veto", [asked.asked, reasonHash(WHY)]);
  await stage.warp((await stage.now()) + 3 * LIVENESS);
  await send(rich, addresses.oracle, oracleAbi, "settleReward", [asked.asked]);
  return asked.question;
}
