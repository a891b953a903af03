import { placeOf, type LogPlace, type ProofFinding } from "./decode-logs.ts";

/** One thing that was checked and found right, with its numbers. */
export type ProofLine = { where: string; subject: string | null; what: string };
/** Everything that a replay has to say, in the order of the chain. */
export type ProofRecord = { lines: ProofLine[]; findings: ProofFinding[] };

/** What a check writes to: bound to one log and to what it is about. */
export type Note = {
  tell: (what: string) => void;
  differ: (what: string) => void;
  /** Told when both are the same, a finding when not. */
  compare: <T extends string | number | bigint | boolean>(what: string, recomputed: T, logged: T) => void;
};

export function noteOn(record: ProofRecord, log: LogPlace, subject: string | null): Note {
  const where = placeOf(log);
  const tell = (what: string) => void record.lines.push({ where, subject, what });
  const differ = (what: string) => void record.findings.push({ where, subject, what });
  return {
    tell,
    differ,
    compare: (what, recomputed, logged) =>
      recomputed === logged
        ? tell(`${what}: ${recomputed}`)
        : differ(`${what}: it is ${recomputed}, the log says ${logged}`),
  };
}
