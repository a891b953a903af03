import { loadavg } from "node:os";
import { at, need } from "@sooth/kernel";
import { type BenchPart, type Measurement, measurement, percentile } from "../measurement.ts";
import { climb, isHeld, type Rung } from "./ladder.ts";
import { type BundlesNetwork, onBundlesNetwork } from "./network.ts";
import { Opener } from "./openings.ts";
import { type Plain, plainSender } from "./plain-sender.ts";
import { untilIdle } from "./role.ts";
import { type Stored, stored } from "./stored-legs.ts";

/** The first that is not held ends it. */
const RATES = [20, 50, 100, 200, 400, 700, 1_000, 1_500, 2_000, 3_000];
const SECONDS = 10;
const START_SECONDS = 120;
/** What is promised of a machine that has nothing else to do. */
const PROMISED = { atRate: 1_000, p95: 1.5, highest: 3_000 };
/** Names of the rows in which nobody looks before he signs. */
const BLIND = "bundler_alone.";

/**
 * Bundles of two legs, one bundler with four keys, blocks of a second. First with an API and four attesters, who see for
 * themselves what they sign; then the bundler alone, with signatures made as soon as it asks.
 */
export const bundles: BenchPart = {
  name: "bundles",
  about:
    "from a bundle that is open to its legs having run on two rollups, at ever higher rates, beside a plain sender on the same chains",
  run: (onStep, { rates = RATES, seconds = SECONDS } = {}) =>
    onBundlesNetwork(async (network) => {
      const { stack } = network;
      const opener = await Opener.of(stack);
      const attested = await network.startAttesters();
      onStep("legs of one chain that are ready before the bundler is");
      const batched = await stored(network, attested, opener);
      const { bundler, perSecond, legs, cpu } = batched;
      onStep(
        `${legs} legs at ${perSecond.toFixed(0)} a second, ${cpu.toFixed(0)} µs of the bundler each, load ${(loadavg()[0] ?? 0).toFixed(1)}`,
      );
      const common = { stack, opener, seconds, rates, onStep };
      const whole = await climb({ ...common, bundler, others: attested.roles });
      await bundler.stop();
      await attested.stop();
      onStep("the bundler alone: what it asks for is signed at once, by nobody who looks");
      const alone = await aloneOn(network, common);
      const { deployer } = need(stack.accounts, "a laptop");
      const [, rpcUrl = ""] = at(stack.config.ROLLUPS, 0).split("=");
      const plain = await plainSender(at(stack.rollups, 0), rpcUrl, deployer);
      return [
        ...report("bundles.", whole, plain),
        ...batchesOf(batched, plain),
        ...report(`bundles.${BLIND}`, alone, plain),
      ];
    }),
};

async function aloneOn(
  network: BundlesNetwork,
  common: Omit<Parameters<typeof climb>[0], "bundler" | "others">,
): Promise<Rung[]> {
  const blind = await network.startBlind();
  const bundler = await network.startBundler(blind);
  // It reads what was before, which is no part of any leg.
  await untilIdle(bundler, START_SECONDS);
  return climb({ ...common, bundler, others: blind.roles });
}

function report(prefix: string, rungs: readonly Rung[], plain: Plain): Measurement[] {
  const highest = rungs.findLast(isHeld);
  return [
    ...rungs.flatMap((rung) => rowsOf(prefix, rung, plain)),
    measurement({
      name: `${prefix}highest_rate`,
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
    ...(highest ? costsOfRung(prefix, highest, plain) : []),
  ];
}

const batchesOf = ({ perSecond, legs, cpu, parts }: Stored, plain: Plain): Measurement[] => [
  measurement({
    name: "bundles.legs_in_batches",
    value: perSecond,
    unit: "legs/s",
    reference: plain.perSecond,
    against: `transfers/s of a plain viem sender, 16 at once; ${legs} legs of one chain, ready before`,
  }),
  ...costsOf("bundles.", "batched", cpu, parts, plain),
];

function costsOfRung(prefix: string, { rate, cpu, parts }: Rung, plain: Plain): Measurement[] {
  const { bundler = 0, ...others } = cpu;
  return [
    ...costsOf(prefix, `at_${rate}`, bundler, parts, plain),
    ...Object.entries(others).map(([who, micros]) => costOf(prefix, `${who}_at_${rate}`, micros, plain)),
  ];
}

function rowsOf(prefix: string, rung: Rung, plain: Plain): Measurement[] {
  const { rate, p50, p95, executed, opened, load } = rung;
  const against = `a plain viem transfer on one of these chains in the same run, sent to mined; load ${load.toFixed(1)}`;
  const common = { unit: "s", smallerIsBetter: true };
  const isPromised = rate === PROMISED.atRate;
  return [
    measurement({
      ...common,
      name: `${prefix}p50_at_${rate}`,
      value: p50,
      reference: percentile(plain.seconds, 0.5),
      against,
    }),
    measurement({
      ...common,
      name: `${prefix}p95_at_${rate}`,
      value: p95,
      reference: isPromised ? PROMISED.p95 : percentile(plain.seconds, 0.95),
      against: isPromised ? `promised; load ${load.toFixed(1)}` : against,
      isLimit: isPromised,
    }),
    measurement({
      name: `${prefix}executed_at_${rate}`,
      value: executed,
      unit: "bundles",
      reference: opened,
      against: "opened; both legs of each ran well",
      isLimit: isHeld(rung),
    }),
  ];
}

/** The bundler's, whole and by part. */
const costsOf = (
  prefix: string,
  when: string,
  whole: number,
  parts: Record<string, number>,
  plain: Plain,
): Measurement[] => [
  costOf(prefix, `bundler_${when}`, whole, plain),
  ...Object.entries(parts)
    .filter(([, micros]) => micros >= 1)
    .map(([part, micros]) =>
      costOf(prefix, `bundler_${when}_${part.toLowerCase().replaceAll(/[^a-z]+/g, "_")}`, micros, plain),
    ),
];

const costOf = (prefix: string, name: string, value: number, plain: Plain): Measurement =>
  measurement({
    name: `${prefix}cpu_${name}`,
    value,
    unit: "µs/leg",
    reference: plain.cpu,
    against: "processor time of a plain viem sender a transfer",
    smallerIsBetter: true,
  });
