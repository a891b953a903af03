import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** Everything that this process counts; `/metrics` prints it. */
export const registry = new Registry();

/** Labels of a metric, by name. Keep their values few: each combination is a time series of its own. */
type Named<M> = M & { readonly metric: string };

/** Something that only grows; its name ends in `_total`. A `const` above the function that counts. */
export const counter = <L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
): Named<Counter<L>> =>
  Object.assign(new Counter<L>({ name, help, labelNames: labels, registers: [registry] }), { metric: name });

/** Something that goes up and down. */
export const gauge = <L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
): Named<Gauge<L>> =>
  Object.assign(new Gauge<L>({ name, help, labelNames: labels, registers: [registry] }), { metric: name });

/** From half a millisecond to ten seconds, which covers a cached read and a slow chain. */
const DEFAULT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A spread of values; durations are in seconds and the name ends in `_seconds`. */
export const histogram = <L extends string = never>(
  name: string,
  help: string,
  labels: readonly L[] = [],
  buckets: readonly number[] = DEFAULT_SECONDS,
): Named<Histogram<L>> =>
  Object.assign(
    new Histogram<L>({ name, help, labelNames: labels, buckets: [...buckets], registers: [registry] }),
    {
      metric: name,
    },
  );

/** A condition that a person must hear of. It stands beside the metric that it watches and names it by reference. */
export type Alert = {
  /** `<slice>.<what is wrong>`. */
  id: string;
  /** A page wakes somebody; a ticket waits for the morning. */
  severity: "page" | "ticket";
  /** How long the condition must hold before anybody is told. */
  forSeconds: number;
  /** PromQL. */
  when: string;
  /** Path and heading: `docs/runbooks/oracle.md#reports-rejected`. */
  runbook: string;
};

/** Alerts of all loaded packages, in order of loading: docs/metrics.md is written from it. */
export const alerts: Alert[] = [];

export function alert(row: Alert): Alert {
  alerts.push(row);
  return row;
}

let started = false;

/** Adds the process's own figures (memory, event loop, garbage collection) to the registry, once. */
export function startProcessMetrics(): void {
  if (started) return;
  started = true;
  collectDefaultMetrics({ register: registry });
}

type Reading = () => Promise<void> | void;
const readings = new Set<Reading>();
/** Whoever scrapes gives up after about ten seconds; the other figures must not be lost with one. */
const READING_MILLISECONDS = 2_000;

/**
 * For what nothing tells of when it changes, such as the room on a disk: `read` sets its gauges whenever somebody is about to look.
 * A gauge whose reading fails is to show nothing, which `read` sees to. The function returned ends it.
 */
export function onScrape(read: Reading): () => void {
  readings.add(read);
  return () => readings.delete(read);
}

/** What `/metrics` prints: all that was counted, with what is read only now. */
export async function scraped(): Promise<string> {
  const all = Promise.allSettled([...readings].map(async (read) => read()));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, READING_MILLISECONDS);
  });
  await Promise.race([all, late]);
  clearTimeout(timer);
  return registry.metrics();
}
