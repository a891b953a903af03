import { expect, test } from "vitest";
import { failure } from "./data-dir.ts";

test.each([
  ["store.disk_full", 'PANIC:  could not write to file "pg_wal/xlogtemp.9": No space left on device'],
  ["store.disk_full", 'initdb: error: could not create directory "x": Disk quota exceeded'],
  [
    "store.disk_full",
    'FATAL:  could not extend file "base/1/2691": wrote only 4096 of 8192 bytes at block 5\nHINT:  Check free disk space.\nPANIC:  cannot abort transaction 1, it was already committed',
  ],
  ["store.folder_denied", 'initdb: error: could not access directory "/data": Permission denied'],
  ["store.folder_denied", 'FATAL:  data directory "/data" has invalid permissions'],
  ["store.start_failed", "postgres: error while loading shared libraries: libicuuc.so.60: cannot open"],
  ["store.data_corrupt", "FATAL:  incorrect checksum in control file"],
  ["store.data_corrupt", ""],
])("%s: %s", (code, output) => {
  expect(failure("/data", output)).toMatchObject({ code });
});

test("tells what Postgres said last, without its time stamp", () => {
  const output =
    "2026-01-01 UTC [7] LOG:  starting\n2026-01-01 UTC [7] FATAL:  incorrect checksum in control file\n";
  expect(failure("/data", output).message).toContain("(incorrect checksum in control file)");
});
