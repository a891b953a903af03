import { legFromWire } from "@sooth/bundles/core";
import {
  chainIdsOf,
  type OwnBundle,
  readFaults,
  readLimits,
  type Wait,
  type Wishes,
} from "@sooth/bundles/simulator";
import { numberToHex } from "viem";
import { OpsError } from "../ops-error.ts";
import { readLegs } from "./legs-file.ts";

const MOST_SECONDS = 3_600;
const MOST_BLOCKS = 10_000;
/** Nobody's: who owns a bundle makes no difference to how it goes. */
const SOMEBODY = `0x${"a11ce".padStart(40, "0")}`;

/** What `sooth simulate` was told, as it was typed. */
export type Told = {
  seed: number;
  chains?: number;
  blockSeconds?: string;
  finality?: string;
  bundles?: number;
  liars?: number;
  faults?: string;
  lanes?: string;
  legs?: string;
  hub: number;
};

/** @throws ops.bad_argument, ops.unreadable */
export async function wishesOf(told: Told): Promise<Wishes> {
  const { chains, bundles, liars, legs, hub } = told;
  if (legs !== undefined && chains !== undefined)
    throw bad("--chains", "the file of --legs names its chains");
  const own = legs === undefined ? undefined : await ownBundle(legs, hub);
  const wishes: Wishes = {
    ...(chains !== undefined && { chains }),
    ...(bundles !== undefined && { bundles }),
    ...(liars !== undefined && { liars }),
    ...(own && { own }),
    ...(told.blockSeconds !== undefined && { blockSeconds: blockSecondsIn(told.blockSeconds) }),
    ...(told.finality !== undefined && { waits: waitsIn(told.finality) }),
  };
  const chainIds = chainIdsOf(wishes, 0);
  const isNamed = chains !== undefined || own !== undefined;
  for (const [name, text] of [
    ["--faults", told.faults],
    ["--lanes", told.lanes],
  ] as const)
    if (text !== undefined && text !== "none" && !isNamed)
      throw bad(name, "names chains, so --chains or --legs must say how many there are");
  if (told.faults !== undefined) {
    const read = readFaults(told.faults, chainIds);
    if ("wrong" in read) throw bad("--faults", read.wrong);
    wishes.faults = read.faults;
  }
  if (told.lanes !== undefined) {
    const read = readLimits(told.lanes, chainIds);
    if ("wrong" in read) throw bad("--lanes", read.wrong);
    wishes.limits = read.limits;
  }
  return wishes;
}

async function ownBundle(file: string, hubChain: number): Promise<OwnBundle> {
  const asked = await readLegs(file, SOMEBODY, 0);
  // Salts that are drawn anew for each reading would make another bundle of it each time.
  const legs = asked.legs.map((leg, place) => ({
    ...legFromWire(leg),
    salt: numberToHex(place, { size: 32 }),
  }));
  return { mode: asked.mode, legs, seconds: asked.deadline, hubChain };
}

function blockSecondsIn(text: string): number[] {
  return text.split(",").map((one) => {
    const seconds = wholeIn(one, MOST_SECONDS);
    if (seconds === null || seconds === 0)
      throw bad("--block-seconds", `wants 1 to ${MOST_SECONDS}, not "${one}"`);
    return seconds;
  });
}

function waitsIn(text: string): Wait[] {
  return text.split(",").map((one) => {
    const word = one.trim();
    if (word === "safe" || word === "finalized") return word;
    const blocks = wholeIn(word, MOST_BLOCKS);
    if (blocks === null || blocks === 0)
      throw bad("--finality", `wants 1 to ${MOST_BLOCKS} blocks, safe or finalized, not "${word}"`);
    return blocks;
  });
}

function wholeIn(text: string, most: number): number | null {
  const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return number <= most ? number : null;
}

const bad = (argument: string, wrong: string): Error =>
  OpsError.bad_argument({ command: "simulate", argument, wrong });
