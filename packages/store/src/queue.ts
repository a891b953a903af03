import { randomUUID } from "node:crypto";
import { counter, gauge, logger, onScrape } from "@sooth/runtime";
import { sql } from "kysely";
import { fromKysely, type Job, type JobResult, PgBoss } from "pg-boss";
import { StoreError } from "./store-error.ts";
import { type Executor, rows, type Store } from "./store.ts";
import { asStoreError } from "./unreachable.ts";

export type SendOptions = {
  /** At most one job of this key waits; a second one is the same job, run at the earlier of the two times. */
  key?: string;
  startAfterSeconds?: number;
};
export type Depth = { queued: number; active: number; failed: number; dead: number };
export type DeadJob = { id: string; job: string; data: unknown; diedAt: Date; error: unknown };
export type Queue = {
  /** Puts the job into the caller's transaction: it exists once that commits. @throws store.unknown_job */
  send(db: Executor, job: string, data: object, options?: SendOptions): Promise<void>;
  /** Runs jobs of this name, up to twenty at once. A handler may be called twice for one job: it looks before it acts. */
  work(job: string, handler: (data: unknown, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Jobs by name; `failed` of the last hour, `dead` all that nobody has retried. */
  depth(): Promise<Record<string, Depth>>;
  /** Jobs that failed every time, oldest first. */
  dead(limit?: number): Promise<DeadJob[]>;
  /** Puts dead jobs of this name back as new ones; how many. One whose key waits already is dropped for it. */
  retryDead(job: string): Promise<number>;
  /** Tells the handlers by their signal, waits up to 4 s for them; what is not done then is retried by the next worker. */
  stop(): Promise<void>;
};

const SCHEMA = "pgboss";
const DEAD = "dead-letters";
const HOUR = 3600;
const STOP_MILLISECONDS = 4_000;
/** Retried after about 2, 4 and 8 s; a worker that died is noticed after its heartbeat. */
const RETRYING = {
  retryLimit: 3,
  retryDelay: 2,
  retryBackoff: true,
  heartbeatSeconds: 10,
  expireInSeconds: 300,
  // Jobs that waited this long were forgotten by somebody; completed ones only fill the table.
  retentionSeconds: 30 * 24 * HOUR,
  deleteAfterSeconds: HOUR,
};
const log = logger("queue");
const deep = gauge("queue_jobs", "Jobs of the queue, whoever put them there; `failed` of the last hour", [
  "job",
  "state",
]);
const jobsDone = counter("queue_jobs_total", "Jobs that a worker ran", ["job", "outcome"]);

/**
 * Opens the job queue; several processes may do so at once. A job that fails is retried 3 times, ever later, and is
 * then kept among the dead. @throws store.unreachable
 */
export async function openQueue(store: Store, { jobs }: { jobs: readonly string[] }): Promise<Queue> {
  const stopping = new AbortController();
  const boss = new PgBoss({
    connectionString: store.pool.options.connectionString,
    application_name: "sooth-queue",
    schema: SCHEMA,
    max: 4,
    schedule: false,
    useListenNotify: true,
    // Together with the heartbeat: a job of a killed worker runs again about 10 s later, instead of a minute.
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on("error", (error) => log.warn({ err: error }, "the queue met an error"));
  boss.on("warning", (warning) => log.warn({ warning }, "the queue warns"));
  await boss.start().catch(asStoreError);
  await boss.createQueue(DEAD, { retentionSeconds: 365 * 24 * HOUR });
  for (const job of jobs) await declare(boss, job);

  const known = (job: string) => {
    if (!jobs.includes(job)) throw StoreError.unknown_job({ job });
  };
  const stopTelling = onScrape(() => tellDepth(store, jobs));
  return {
    send: async (db, job, data, options = {}) => {
      known(job);
      await send(boss, db, job, data, options);
    },
    work: async (job, handler) => {
      known(job);
      await boss.work(
        job,
        // One at a time would drain a backlog at one job per poll.
        { batchSize: 10, localConcurrency: 2, burstWhenBatchFull: true, perJobResults: true, ...POLLING },
        (batch) => Promise.all(batch.map((each) => runJob(each, handler, stopping.signal))),
      );
    },
    depth: () => depth(store, jobs),
    dead: (limit = 100) => listDead(store, limit),
    retryDead: (job) => boss.redrive(DEAD, { sourceName: job }),
    stop: async () => {
      stopping.abort();
      stopTelling();
      deep.reset();
      await boss.stop({ graceful: true, timeout: STOP_MILLISECONDS, close: true });
    },
  };
}

// A notification wakes workers within milliseconds; polling is for jobs whose time comes, and for a lost notification.
const POLLING = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 };

async function declare(boss: PgBoss, job: string): Promise<void> {
  const settings = { ...RETRYING, deadLetter: DEAD, notify: true };
  // "short": no two waiting jobs of one key.
  await boss.createQueue(job, { ...settings, policy: "short" });
  // Creating leaves an existing queue as it was.
  await boss.updateQueue(job, settings);
}

async function send(
  boss: PgBoss,
  db: Executor,
  job: string,
  data: object,
  options: SendOptions,
): Promise<void> {
  const startAfter = options.startAfterSeconds ?? 0;
  // The queue counts no key as a key too; jobs without one must not exclude each other.
  const singletonKey = options.key ?? randomUUID();
  for (;;) {
    const id = await boss
      .send(job, data, { singletonKey, startAfter, db: fromKysely(db) })
      .catch(asStoreError);
    if (id) return;
    // One waits already. A worker could take it before our transaction commits, see none of our rows, and nobody would
    // look again. Writing to it holds it back until we are done; if it was taken meanwhile, we send our own.
    const held = await rows(
      db,
      sql`update pgboss.job set start_after = least(start_after, now() + make_interval(secs => ${startAfter}))
        where name = ${job} and coalesce(singleton_key, '') = ${singletonKey} and policy = 'short' and state = 'created'
        returning id`,
    );
    if (held.length > 0) return;
  }
}

async function runJob(
  { id, name, data, signal }: Job<unknown>,
  handler: (data: unknown, signal: AbortSignal) => Promise<void>,
  stopping: AbortSignal,
): Promise<JobResult> {
  try {
    await handler(data, AbortSignal.any([signal, stopping]));
    jobsDone.inc({ job: name, outcome: "completed" });
    return { id, status: "completed" };
  } catch (error) {
    jobsDone.inc({ job: name, outcome: "failed" });
    log.warn({ job: name, id, err: error }, "a job failed");
    const { message, code } = error as { message?: string; code?: string };
    return { id, status: "failed", output: { message: message ?? String(error), code } };
  }
}

async function depth(store: Store, jobs: readonly string[]): Promise<Record<string, Depth>> {
  const counted = await rows<Depth & { job: string }>(
    store.db,
    sql`select coalesce(source_name, name) as job,
        count(*) filter (where name <> ${DEAD} and state in ('created', 'retry')) as queued,
        count(*) filter (where name <> ${DEAD} and state = 'active') as active,
        count(*) filter (where name <> ${DEAD} and state = 'failed') as failed,
        count(*) filter (where name = ${DEAD} and state = 'created') as dead
      from pgboss.job where state in ('created', 'retry', 'active', 'failed') group by 1`,
  );
  const byJob = new Map(counted.map(({ job, ...counts }) => [job, counts]));
  const none: Depth = { queued: 0, active: 0, failed: 0, dead: 0 };
  return Object.fromEntries(jobs.map((job) => [job, byJob.get(job) ?? none]));
}

/** Other processes put jobs in and take them out: only the table knows, and it is asked when somebody looks. */
async function tellDepth(store: Store, jobs: readonly string[]): Promise<void> {
  try {
    const found = await depth(store, jobs);
    for (const [job, counts] of Object.entries(found))
      for (const [state, count] of Object.entries(counts)) deep.set({ job, state }, count);
  } catch {
    // A database that is away has figures of its own; how deep the queue is nobody knows then.
    deep.reset();
  }
}

const listDead = (store: Store, limit: number): Promise<DeadJob[]> =>
  rows<DeadJob>(
    store.db,
    sql`select id, source_name as job, data, created_on as "diedAt", source_output as error from pgboss.job
      where name = ${DEAD} and state = 'created' order by created_on, id limit ${limit}`,
  );
