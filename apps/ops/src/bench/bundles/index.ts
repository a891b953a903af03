import { loadavg } from "node:os";
import { at, need } from "@sooth/kernel";
import { type BenchPart, type Measurement, measurement, percentile } from "../measurement.ts";
import { climb, isHeld, type Rung } from "./ladder.ts";
import { onBundlesNetwork } from "./network.ts";
import { Opener } from "./openings.ts";
import { type Plain, plainSender } from "./plain-sender.ts";
import { type Stored, stored } from "./stored-legs.ts";

/** What a laptop can be asked for; the first that is not held ends it. */
const RATES = [20, 50, 100, 200, 400, 700, 1_000];
const SECONDS = 10;
/** What is promised of a machine that has nothing else to do. */
const PROMISED = { atRate: 1_000, p95: 1.5, highest: 3_000 };

/** Bundles of two legs: real attesters' signatures, one bundler with four keys, each role in a process of its own, blocks of a second. */
export const bundles: BenchPart = {
  name: "bundles",
  about:
    "from a bundle that is open to its legs having run on two rollups, at ever higher rates, beside a plain sender on the same chains",
  run: (onStep, { rates = RATES, seconds = SECONDS } = {}) =>
    onBundlesNetwork(async (network) => {
      const opener = await Opener.of(network.stack);
      onStep("legs of one chain that are ready before the bundler is");
      const batched = await stored(network, opener);
      const { bundler, perSecond, legs, cpu } = batched;
      onStep(
        `${legs} legs at ${perSecond.toFixed(0)} a second, ${cpu.toFixed(0)} µs of the bundler each, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
      );
      const rungs = await climb({ network, bundler, opener, seconds, rates, onStep });
      const { deployer } = need(network.stack.accounts, "a laptop");
      const { rollups, config } = network.stack;
      const [, rpcUrl = ""] = at(config.ROLLUPS, 0).split("=");
      const plain = await plainSender(at(rollups, 0), rpcUrl, deployer);
      return report(rungs, batched, plain);
    }),
};

function report(rungs: readonly Rung[], batched: Stored, plain: Plain): Measurement[] {
  const held = rungs.filter(isHeld);
  const highest = held.at(-1);
  return [
    ...rungs.flatMap((rung) => rowsOf(rung, plain)),
    measurement({
      name: "bundles.highest_rate",
      value: highest?.rate ?? 0,
      unit: "bundles/s",
      ...(rungs.some(({ rate }) => rate >= PROMISED.highest)
        ? { reference: PROMISED.highest, against: "promised, with 95 % within 2 s", isLimit: true }
        : {
            reference: plain.perSecond,
            against:
              "transfers/s of a plain viem sender, 16 at once; the highest rate asked for with 95 % within 2 s",
          }),
    }),
    measurement({
      name: "bundles.legs_in_batches",
      value: batched.perSecond,
      unit: "legs/s",
      reference: plain.perSecond,
      against: `transfers/s of a plain viem sender, 16 at once; ${batched.legs} legs of one chain, ready before`,
    }),
    ...costsOf("batched", batched.cpu, batched.parts, plain),
    ...(highest
      ? [
          ...costsOf(`at_${highest.rate}`, highest.cpu.bundler, highest.parts, plain),
          costOf(`four_attesters_at_${highest.rate}`, highest.cpu.attesters, plain),
          costOf(`api_at_${highest.rate}`, highest.cpu.api, plain),
        ]
      : []),
  ];
}

function rowsOf(rung: Rung, plain: Plain): Measurement[] {
  const { rate, p50, p95, executed, opened, load } = rung;
  const against = `a plain viem transfer on one of these chains in the same run, sent to mined; load ${load.toFixed(1)}`;
  const common = { unit: "s", smallerIsBetter: true };
  const isPromised = rate === PROMISED.atRate;
  return [
    measurement({
      ...common,
      name: `bundles.p50_at_${rate}`,
      value: p50,
      reference: percentile(plain.seconds, 0.5),
      against,
    }),
    measurement({
      ...common,
      name: `bundles.p95_at_${rate}`,
      value: p95,
      reference: isPromised ? PROMISED.p95 : percentile(plain.seconds, 0.95),
      against: isPromised ? `promised; load ${load.toFixed(1)}` : against,
      isLimit: isPromised,
    }),
    measurement({
      name: `bundles.executed_at_${rate}`,
      value: executed,
      unit: "bundles",
      reference: opened,
      against: "opened; both legs of each ran well",
      isLimit: isHeld(rung),
    }),
  ];
}

/** The bundler's, whole and by part. */
const costsOf = (when: string, whole: number, parts: Record<string, number>, plain: Plain): Measurement[] => [
  costOf(`bundler_${when}`, whole, plain),
  ...Object.entries(parts)
    .filter(([, micros]) => micros >= 1)
    .map(([part, micros]) =>
      costOf(`bundler_${when}_${part.toLowerCase().replaceAll(/[^a-z]+/g, "_")}`, micros, plain),
    ),
];

const costOf = (name: string, value: number, plain: Plain): Measurement =>
  measurement({
    name: `bundles.cpu_${name}`,
    value,
    unit: "µs/leg",
    reference: plain.cpu,
    against: "processor time of a plain viem sender a transfer",
    smallerIsBetter: true,
  });
