import { defineErrors } from "@sooth/kernel";

/** What can be wrong with the database. Each sentence ends in what to do about it. */
export const StoreError = defineErrors("store", {
  port_busy: {
    status: 500,
    text: (d: { port: number }) =>
      `port ${d.port} is taken, so the database cannot start: stop the program that uses it, or choose another port`,
  },
  disk_full: {
    status: 507,
    text: (d: { dataDir: string }) =>
      `the disk that holds ${d.dataDir} is full: free some space, then start again`,
  },
  data_corrupt: {
    status: 500,
    text: (d: { dataDir: string; found: string }) =>
      `the database in ${d.dataDir} cannot be used (${d.found}): move that folder away, or start with --fresh to begin anew`,
  },
  folder_denied: {
    status: 500,
    text: (d: { dataDir: string; found: string }) =>
      `the database may not write to ${d.dataDir} (${d.found}): make the folder writable for this user, or choose another`,
  },
  folder_in_use: {
    status: 409,
    text: (d: { dataDir: string; pid: number }) =>
      `the database in ${d.dataDir} is in use by process ${d.pid}: stop that one first, or choose another folder`,
  },
  no_binaries: {
    status: 500,
    text: (d: { platform: string }) =>
      `there is no embedded Postgres for ${d.platform}: set DATABASE_URL to a Postgres 15 or newer`,
  },
  start_failed: {
    status: 500,
    text: (d: { found: string }) =>
      `the embedded database did not start (${d.found}): set DATABASE_URL to a Postgres 15 or newer instead`,
  },
  unreachable: {
    status: 503,
    retry: true,
    text: (d: { found: string }) =>
      `the database cannot be reached (${d.found}): check that it runs and that DATABASE_URL is right`,
  },
  too_slow: {
    status: 503,
    retry: true,
    text: (d: { milliseconds: number }) =>
      `the database was not done within ${d.milliseconds} ms, and was stopped: ask for less, or again later`,
  },
  refused: {
    status: 500,
    text: (d: { found: string }) =>
      `the database does not let Sooth in (${d.found}): check user, password and database name in DATABASE_URL`,
  },
  unsafe_integer: {
    status: 500,
    text: (d: { value: string }) => `the integer ${d.value} is too large to be exact: select it as numeric`,
  },
  bad_migration_name: {
    status: 500,
    text: (d: { slice: string; file: string }) =>
      `migration ${d.slice}/${d.file} has a bad name: name it like 0002_what_it_does.sql, numbered without a gap`,
  },
  migration_changed: {
    status: 500,
    text: (d: { name: string }) =>
      `migration ${d.name} was changed after it had been applied: restore the file, and put the change in a new one`,
  },
  migration_newer: {
    status: 500,
    text: (d: { name: string }) =>
      `the database has migration ${d.name}, which this version does not know: start the newer version of Sooth`,
  },
  migration_failed: {
    status: 500,
    text: (d: { name: string; found: string }) =>
      `migration ${d.name} failed and was undone (${d.found}): nothing was changed by it, mend the file and start again`,
  },
  unknown_job: {
    status: 500,
    text: (d: { job: string }) => `no queue was opened for the job ${d.job}: name it in openQueue`,
  },
  event_too_large: {
    status: 500,
    text: (d: { topic: string; bytes: number }) =>
      `a live event on ${d.topic} has an id of ${d.bytes} bytes, too large to be sent: send a shorter id`,
  },
  no_test_server: {
    status: 500,
    text: () =>
      "testDatabase needs the test server of vitest.config.ts: name the file *.db.test.ts or *.chain.test.ts",
  },
});
