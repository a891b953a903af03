import { canonicalJson, type Hex, type UnixSeconds } from "@sooth/kernel";
import { keccak256, stringToHex } from "viem";
import { OracleError } from "../errors.ts";

/** 1 worth knowing, 2 look this week, 3 look today, 4 look now, 5 money is at risk while you read this. */
export type EventSeverity = 1 | 2 | 3 | 4 | 5;

/** What a rule saw. `subject` is what it is about: a question, a provider, a source, a domain. */
export type SecurityEvent = {
  rule: string;
  severity: EventSeverity;
  subject: string;
  /** Figures as text, so that the record has one canonical form. */
  evidence: Readonly<Record<string, string>>;
  at: UnixSeconds;
};

export type EventState = "open" | "triaged" | "closed";
export type EventStep = { to: EventState; who: string; why: string; at: UnixSeconds };
/** An event and what people did about it; `state` is where the last step led. */
export type EventRecord = SecurityEvent & { id: Hex; state: EventState; steps: readonly EventStep[] };

const MOVES: Record<EventState, readonly EventState[]> = {
  open: ["triaged", "closed"],
  triaged: ["closed"],
  // What was closed by mistake, or came back.
  closed: ["open"],
};

/** The same sight has the same id, however often the rules run: it opens one record. */
export const eventId = ({ rule, subject, evidence }: SecurityEvent): Hex =>
  keccak256(stringToHex(canonicalJson({ rule, subject, evidence })));

export const openEvent = (event: SecurityEvent): EventRecord => ({
  ...event,
  id: eventId(event),
  state: "open",
  steps: [],
});

/** The record after `step`. Who moves it says so and says why. @throws oracle.event_not_movable, oracle.event_without_reason */
export function moveEvent(record: EventRecord, step: EventStep): EventRecord {
  if (!MOVES[record.state].includes(step.to))
    throw OracleError.event_not_movable({ id: record.id, from: record.state, to: step.to });
  if (step.who.trim() === "" || step.why.trim() === "")
    throw OracleError.event_without_reason({ id: record.id });
  return { ...record, state: step.to, steps: [...record.steps, step] };
}
