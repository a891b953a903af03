import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { OpsError } from "../ops-error.ts";
import { type BenchPart, type Measurement, measurement } from "./measurement.ts";
import { PEERS } from "./peers.ts";

const SNAPSHOT = path.resolve(import.meta.dirname, "../../../../contracts/snapshots/gas.json");
const snapshotFile = z.record(z.string(), z.coerce.number().int().nonnegative());

/** The committed gas figures of our contracts beside those of peers. The contracts' tests fail when one has moved. */
export const gas: BenchPart = {
  name: "gas",
  about: "gas of the contracts beside their peers, from contracts/snapshots/gas.json",
  run: () => {
    const figures = readSnapshot();
    return Promise.resolve(PEERS.flatMap((row) => compare(row, figures[row.snapshot])));
  },
};

export function readSnapshot(file: string = SNAPSHOT): Record<string, number> {
  try {
    return snapshotFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw OpsError.unreadable(
      { file, why: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}

function compare(row: (typeof PEERS)[number], used: number | undefined): Measurement[] {
  if (used === undefined) return [];
  return row.peers.map((peer, index) =>
    measurement({
      // The best peer gives the row its plain name; the others are told apart by theirs.
      name: index === 0 ? `gas.${row.key}` : `gas.${row.key}.${slug(peer.name)}`,
      value: used,
      unit: "gas",
      reference: peer.gas,
      against: `${peer.name}${index === 0 ? ` (our ceiling: ${row.target.toLocaleString("en-US")})` : ""}`,
      smallerIsBetter: true,
    }),
  );
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
