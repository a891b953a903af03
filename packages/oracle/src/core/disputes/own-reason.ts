import type { Hex } from "@sooth/kernel";
import type { EvidenceBundle } from "../evidence.ts";
import { withoutHidden } from "../schema.ts";
import { cutReason } from "./reason.ts";

/** Why a node objects by itself, of what it saw and of nothing else: so that people and jurors can look at the same. */

/** What a node read in one look. `at`: chain time at its start, unix seconds. */
export type OwnLook = { at: number; sources: EvidenceBundle["sources"] };

/** Of each thing that strangers wrote. */
const MOST_CHARACTERS = 120;
/** Told one by one; of more only the number is. */
const MOST_SOURCES = 24;

/** Why a watcher objects to a silence: what its sources say now, and that they said the same before. */
export function silenceReason(o: {
  question: Hex;
  watcher: Hex;
  /** The value that it claims, for people. */
  claim: string;
  /** How it came to it. */
  finding: string;
  first: { value: string; at: number };
  look: OwnLook;
}): string {
  const { sources, at } = o.look;
  return cutReason(
    [
      `Nobody answered ${o.question}. ${o.watcher} read its sources and says ${plain(o.claim)}: ${plain(o.finding, 500)}.`,
      `It came to ${plain(o.first.value)} at ${time(o.first.at)}, and looked again at ${time(at)}:`,
      ...sources.slice(0, MOST_SOURCES).map(lineOf),
      ...(sources.length > MOST_SOURCES ? [`and ${sources.length - MOST_SOURCES} more`] : []),
    ].join("\n"),
  );
}

/** Why a watcher puts an answer off: what it read, and by which name its evidence is found. */
export function vetoReason(o: {
  question: Hex;
  watcher: Hex;
  /** Both for people. */
  answer: string;
  reading: string;
  /** How it came to its reading. */
  finding: string;
  /** sha256 of what it handed over. */
  evidence: Hex;
  sources: EvidenceBundle["sources"];
}): string {
  const { sources } = o;
  return cutReason(
    [
      `The answer to ${o.question} is ${plain(o.answer)}. ${o.watcher} read its sources and says ${plain(o.reading)}: ${plain(o.finding, 500)}.`,
      `It put the answer off, once, so that others look before it is final. Its evidence is ${o.evidence}:`,
      ...sources.slice(0, MOST_SOURCES).map(lineOf),
      ...(sources.length > MOST_SOURCES ? [`and ${sources.length - MOST_SOURCES} more`] : []),
    ].join("\n"),
  );
}

/** Why a provider objects to the root of a period: what the logs give, up to which block, and what it is of. */
export const rootReason = (o: {
  question: Hex;
  provider: Hex;
  domain: number;
  period: number;
  /** Of the period, unix seconds. */
  until: number;
  ours: { root: Hex; providers: number };
  theirs: Hex;
  /** Up to which logs were read. */
  head: { number: number; hash: Hex };
}): string =>
  cutReason(
    [
      `The logs give another root of period ${o.period} of domain ${o.domain} (question ${o.question}) than the answer.`,
      `${o.provider} worked out ${o.ours.root}, of ${o.ours.providers} providers and of what was final by ${time(o.until)}; the answer is ${o.theirs}.`,
      `It read all logs up to block ${o.head.number}, ${o.head.hash}. Who replays them comes to the same: sooth verify question ${o.question}`,
    ].join("\n"),
  );

function lineOf({ name, url, value, dropped, sha256, status }: EvidenceBundle["sources"][number]): string {
  const said = value === null ? "no figure" : plain(value);
  const left = dropped === null ? "" : `, which does not count: ${plain(dropped)}`;
  const proof = sha256 === null ? "" : `, sha256 ${sha256}`;
  const answered = status === null ? "" : `, HTTP ${status}`;
  return `- ${plain(name)} (${hostsOf(url)}): ${said}${left}${answered}${proof}`;
}

/** Hosts of one or several addresses; of a contract what names it. */
function hostsOf(url: string): string {
  const hosts = url
    .split(" ")
    .map((each) => (URL.canParse(each) && new URL(each).host !== "" ? new URL(each).host : each));
  return plain([...new Set(hosts)].join(" "));
}

/** In one line, without characters that nobody sees, and not without end: strangers choose names and figures. */
function plain(text: string, most = MOST_CHARACTERS): string {
  const line = withoutHidden(text.toWellFormed())
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line.length <= most ? line : `${line.slice(0, most).toWellFormed()}…`;
}

const time = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace(".000Z", "Z");
