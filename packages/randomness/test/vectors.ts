import type { Hex } from "@sooth/kernel";
import { readFileSync } from "node:fs";

type Case = { round: number; signature: Hex; seed: Hex; proof: Hex };
type Cases = {
  evmnet: { key: Hex; genesis: number; period: number; rounds: Case[] };
  local: { secret: Hex; key: Hex; genesis: number; period: number; rounds: Case[] };
  outsideTheGroup: Hex;
};

/** The cases that the contract's tests run as well. */
export const cases = JSON.parse(
  readFileSync(new URL("../../../vectors/beacon.json", import.meta.url), "utf8"),
) as Cases;
