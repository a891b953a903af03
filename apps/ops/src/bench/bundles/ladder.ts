import { loadavg } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Stack } from "@sooth/server";
import { at } from "@sooth/kernel";
import { percentile } from "../measurement.ts";
import { sharesOf } from "./cost-parts.ts";
import type { Opener, Openings } from "./openings.ts";
import { type Role, untilIdle } from "./role.ts";
import { Timing } from "./timing.ts";

/** What became of so many bundles a second for a while. Seconds from ready to executed on both rollups. */
export type Rung = {
  rate: number;
  opened: number;
  executed: number;
  p50: number;
  p95: number;
  /** Bundles that were seen to be opened in a second: less than the rate where the hub was the limit. */
  openedPerSecond: number;
  load: number;
  /** Microseconds of processor time a leg, by process; the bundler's first. */
  cpu: Readonly<Record<string, number>>;
  /** The bundler's, by part. */
  parts: Record<string, number>;
};

/** A rate is held when all of them ran, and 95 % within this. */
const HELD_SECONDS = 2;
const OPENINGS_A_SECOND = 25;
const LEGS = 2;
/** Nothing new was seen for so long: the rest is not waited for. */
const QUIET_SECONDS = 15;
const LONGEST_SECONDS = 120;
const LOOK_MS = 100;

export const isHeld = ({ opened, executed, p95 }: Rung): boolean =>
  executed === opened && p95 <= HELD_SECONDS;

type Options = {
  stack: Stack;
  bundler: Role;
  /** The other processes that a leg costs something. */
  others: Readonly<Record<string, Role>>;
  opener: Opener;
  seconds: number;
  onStep: (text: string) => void;
};

/** One rate after the other, up to the first that is not held. */
export async function climb(o: Options & { rates: readonly number[] }): Promise<Rung[]> {
  const rungs: Rung[] = [];
  for (const rate of o.rates) {
    const rung = await step(o, rate);
    rungs.push(rung);
    o.onStep(textOf(rung));
    if (!isHeld(rung)) break;
  }
  return rungs;
}

const textOf = ({ rate, opened, executed, p50, p95, openedPerSecond, load, cpu }: Rung): string =>
  [
    `${rate} a second: ${executed} of ${opened} ran, p50 ${p50.toFixed(2)} s, p95 ${p95.toFixed(2)} s`,
    `opened at ${openedPerSecond.toFixed(0)} a second, load ${load.toFixed(1)}`,
    `µs a leg: ${Object.entries(cpu)
      .map(([who, micros]) => `${who} ${micros.toFixed(0)}`)
      .join(", ")}`,
  ].join("; ");

async function step({ stack, bundler, others, opener, seconds }: Options, rate: number): Promise<Rung> {
  const openings = await opener.sign(rate * seconds, stack.rollups, Math.ceil(rate / OPENINGS_A_SECOND));
  const end = new AbortController();
  const timing = new Timing(stack, LEGS, end.signal);
  const roles = Object.entries({ bundler, ...others });
  const cpuOf = () => Promise.all(roles.map(async ([, role]) => (await role.ask("cpu")).cpuMs));
  try {
    // Looking where the time goes begins and ends outside of what is counted: both take a second.
    await timing.ready;
    await bundler.ask("watch");
    const before = await cpuOf();
    await open(stack, openings, rate);
    await untilQuiet(timing, openings.bundles);
    // Deciding what ran is part of a bundle's cost.
    await untilIdle(bundler, LONGEST_SECONDS);
    const after = await cpuOf();
    const { parts } = await bundler.ask("parts");
    const legs = openings.bundles * LEGS;
    const each = roles.map(([who], i) => [who, (1_000 * (at(after, i) - at(before, i))) / legs] as const);
    return {
      rate,
      ...timesOf(timing, openings.bundles),
      load: loadavg()[0] ?? Number.NaN,
      cpu: Object.fromEntries(each),
      parts: sharesOf(parts, at(each, 0)[1]),
    };
  } finally {
    end.abort();
    await timing.done;
  }
}

/** At an even pace, whatever becomes of those before. */
async function open({ hub }: Stack, { raws, size }: Openings, rate: number): Promise<void> {
  const began = performance.now();
  const sent: Promise<unknown>[] = [];
  for (const [index, raw] of raws.entries()) {
    await delay(Math.max(0, began + (1_000 * index * size) / rate - performance.now()));
    sent.push(hub.client.request({ method: "eth_sendRawTransaction", params: [raw] }));
  }
  await Promise.all(sent);
}

async function untilQuiet(timing: Timing, wanted: number): Promise<void> {
  const began = performance.now();
  let [count, since] = [-1, began];
  for (;;) {
    const now = performance.now();
    const { length } = timing.seen.filter(({ done }) => done !== null);
    if (length === wanted || now > began + 1_000 * LONGEST_SECONDS) return;
    if (length !== count) [count, since] = [length, now];
    if (now > since + 1_000 * QUIET_SECONDS) return;
    await delay(LOOK_MS);
  }
}

/** What never ran counts as the slowest. */
function timesOf({ seen }: Timing, wanted: number): Omit<Rung, "rate" | "load" | "cpu" | "parts"> {
  const took = seen.map(({ ready, done }) =>
    done === null ? Number.POSITIVE_INFINITY : (done - ready) / 1_000,
  );
  const missing = Array.from({ length: wanted - seen.length }, () => Number.POSITIVE_INFINITY);
  const all = [...took, ...missing];
  const [first, last] = [seen[0]?.ready ?? 0, seen.at(-1)?.ready ?? 0];
  return {
    opened: wanted,
    executed: took.filter(Number.isFinite).length,
    p50: percentile(all, 0.5),
    p95: percentile(all, 0.95),
    // What one block brought is of the second before it was seen.
    openedPerSecond: seen.length / ((last - first) / 1_000 + 1),
  };
}
