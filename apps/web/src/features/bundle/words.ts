import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import type { BundleCall, BundleDetail, BundleStatus, LegShown } from "../../api.ts";

type Tone = "live" | "wait" | "done" | "off";
type Words = { tone: Tone; text: string };

/** What a mode is called, and what it does. */
export const modeWords = (mode: "ordered" | "escrowed"): { name: string; about: string } =>
  mode === "ordered"
    ? {
        name: t`Ordered`,
        about: t`Legs run one after the other. When one fails, what has an undo is undone; the rest stays as it is.`,
      }
    : { name: t`Escrowed`, about: t`Everything is held first; then all is paid, or all given back.` };

const STATUS: Record<BundleStatus["kind"], { tone: Tone; text: MessageDescriptor }> = {
  unopened: { tone: "wait", text: msg`Not opened yet` },
  buffered: { tone: "wait", text: msg`Open, its chains are being told` },
  ready: { tone: "live", text: msg`Ready to run` },
  running: { tone: "live", text: msg`Running` },
  compensating: { tone: "wait", text: msg`Being undone` },
  stuck: { tone: "wait", text: msg`Stuck: something is owed` },
  compensated: { tone: "off", text: msg`Undone` },
  preparing: { tone: "live", text: msg`Being collected` },
  prepared: { tone: "live", text: msg`All is held` },
  decided: { tone: "wait", text: msg`Decided, being paid out` },
  refunded: { tone: "off", text: msg`Given back` },
  completed: { tone: "done", text: msg`Done` },
};

/** Relayers try all of it before they begin: with a leg that would fail they tell its chains nothing. */
function isLeft(status: BundleStatus, failing: readonly number[]): boolean {
  if (status.kind === "buffered") return failing.length > 0;
  return (
    status.kind === "ready" && status.legs.length > 0 && status.legs.every((leg) => failing.includes(leg))
  );
}

/** `failing`: places that were tried, and would fail as things stand. */
export function statusWords(status: BundleStatus, failing: readonly number[] = []): Words {
  if (isLeft(status, failing)) return { tone: "wait", text: t`It would fail now` };
  if (status.kind === "decided" && status.outcome === "aborted")
    return status.held.length === 0
      ? { tone: "off", text: t`Called off` }
      : { tone: "wait", text: t`Called off, being given back` };
  const { tone } = STATUS[status.kind];
  return { tone, text: statusText(status.kind) };
}
export const statusText = (kind: BundleStatus["kind"]): string => i18n._(STATUS[kind].text);

/** People count from one. */
export const legName = (place: number): string => t`Leg ${place + 1}`;
export function legNames(places: readonly number[]): string {
  const numbers = places.map((place) => String(place + 1));
  const last = numbers.pop() ?? "";
  return numbers.length === 0 ? t`leg ${last}` : t`legs ${numbers.join(", ")} and ${last}`;
}

/** `A`, `A and B`, `A, B and C`, as the page's language joins them. */
export const listed = (parts: readonly string[]): string =>
  new Intl.ListFormat(i18n.locale === "en" ? "en-GB" : i18n.locale).format(parts);

/** Where it stands, in a sentence, and what comes next. */
export function statusSentence(status: BundleStatus, failing: readonly number[] = []): string {
  const able = (places: readonly number[]) => places.filter((place) => !failing.includes(place));
  if (isLeft(status, failing))
    return t`As things stand ${legNames(failing)} would fail, so relayers leave it alone until that changes.`;
  switch (status.kind) {
    case "unopened":
      return t`The hub has not opened it. Until then nothing of it counts.`;
    case "buffered":
      return t`The hub has opened it. Attesters are telling its chains.`;
    case "ready":
      return status.legs.length === 0
        ? t`It can run as soon as a chain takes its first leg.`
        : t`A relayer can bring ${legNames(able(status.legs))} now.`;
    case "running": {
      const { ran, waiting } = status;
      if (waiting.length === 0) return t`Every leg has ended. The hub decides as soon as it is told.`;
      const wait = plural(waiting.length, { one: "waits", other: "wait" });
      return t`Of its legs ${ran.length} ended; ${legNames(waiting)} ${wait}.`;
    }
    case "compensating":
      return status.due.length === 0
        ? t`The hub called it off. What ran is being undone.`
        : t`The hub called it off. Still due: ${legNames(status.due)}.`;
    case "stuck":
      return t`What would undo it failed: ${legNames(status.legs)}. It stays owed, and anybody may try it again, for ever.`;
    case "compensated":
      return status.stays.length === 0
        ? t`It was called off, and whatever had run was undone.`
        : staying(status.stays);
    case "preparing":
      return status.missing.length === 0
        ? t`Everything is held.`
        : t`Of what it wants held, this is missing: ${legNames(status.missing)}.`;
    case "prepared":
      return t`Everything is held. The hub commits as soon as attesters say so.`;
    case "decided":
      return decidedSentence(status);
    case "refunded":
      return t`It was called off, and whatever was held went back.`;
    case "completed":
      return t`Everything happened as it was signed.`;
  }
}

function staying(places: readonly number[]): string {
  const legs = capital(legNames(places));
  return plural(places.length, {
    one: `It was called off. ${legs} ran and stays: nothing undoes it.`,
    other: `It was called off. ${legs} ran and stay: nothing undoes them.`,
  });
}

function decidedSentence({ outcome, held }: Extract<BundleStatus, { kind: "decided" }>): string {
  if (held.length === 0)
    return outcome === "committed"
      ? t`The hub committed, and nothing is held any more.`
      : t`The hub called it off, and nothing of it is held.`;
  return outcome === "committed"
    ? t`The hub committed. Still to be paid: ${legNames(held)}.`
    : t`The hub called it off. Still to be given back: ${legNames(held)}.`;
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A shape of its own for each, so that colour is never alone. */
export type LegShape = "ring" | "check" | "cross" | "bar" | "clock" | "lock" | "back" | "owed";
export type LegLook = { shape: LegShape; tone: "wait" | "good" | "held" | "bad" | "off"; text: string };

export function legLook(
  { state, failures }: Pick<LegShown, "state" | "failures">,
  { isEscrowed, undoes }: { isEscrowed: boolean; undoes: boolean },
): LegLook {
  switch (state) {
    case "none":
      if (failures > 0)
        return {
          shape: "owed",
          tone: "bad",
          text: plural(failures, { one: "Owed, failed once", other: "Owed, failed # times" }),
        };
      return {
        shape: "ring",
        tone: "wait",
        text: undoes ? t`Only if it is called off` : isEscrowed ? t`Not held yet` : t`Waiting`,
      };
    case "ok":
      return { shape: "check", tone: "good", text: undoes ? t`Undone` : isEscrowed ? t`Paid` : t`Ran` };
    case "failed":
      return { shape: "cross", tone: "bad", text: t`Failed` };
    case "cancelled":
      return {
        shape: isEscrowed ? "back" : "bar",
        tone: "off",
        text: isEscrowed ? t`Given back` : undoes ? t`Not needed` : t`Will not run`,
      };
    case "missed":
      return { shape: "clock", tone: "bad", text: t`Missed its time` };
    case "held":
      return { shape: "lock", tone: "held", text: t({ message: "Held", context: "leg of a bundle" }) };
    case "taken_back":
      return { shape: "back", tone: "off", text: t`Taken back` };
  }
}

/** What somebody does by sending it. `one`: to a single leg. */
const CALLS: Record<BundleCall["what"], MessageDescriptor> = {
  open: msg`Open it at the hub`,
  approve: msg`Allow the escrow to take the tokens`,
  prepare: msg`Put in what is paid`,
  run: msg`Run`,
  cancel: msg`Write down that it will not run`,
  compensate: msg`Undo: try again`,
  finish: msg`Pay out what was decided`,
  take_back: msg`Take back what is held`,
  commit: msg`Have the hub commit`,
  abort: msg`Call it off`,
  expire: msg`Abort it, its time is over`,
  settle: msg`Pay the relayers’ shares`,
  reclaim: msg`Take back what is left of the fee`,
};

/** `outcome`: a call that finishes a leg gives back what was called off. */
export function callWords(what: BundleCall["what"], outcome: string): string {
  if (what === "finish" && outcome === "aborted") return t`Give back what is held`;
  return i18n._(CALLS[what]);
}

/** One thing to press, whatever number of transactions it takes. */
export type Turn = { what: BundleCall["what"]; own: boolean; text: string; calls: BundleCall[] };

/** In the order in which somebody would want them: his money first. */
const WANTED: readonly BundleCall["what"][] = [
  "take_back",
  "finish",
  "compensate",
  "prepare",
  "open",
  "abort",
  "expire",
  "reclaim",
  "run",
  "commit",
  "cancel",
  "settle",
];

/**
 * What this account can do now: what is its own to do, and what anybody may. Nothing that is another's. What is left of a fee comes
 * back to the owner whoever asks for it, so it is the owner's to ask.
 */
export function turnsOf(
  { calls, owner, outcome }: Pick<BundleDetail, "calls" | "owner" | "outcome">,
  account: string | undefined,
): Turn[] {
  const isHis = (address: string) => address.toLowerCase() === account?.toLowerCase();
  const isOwn = ({ by, what }: BundleCall) => (by === null ? what === "reclaim" && isHis(owner) : isHis(by));
  const mine = calls.filter((call) => call.by === null || isOwn(call));
  return WANTED.flatMap((what) => {
    const all = mine.filter((call) => call.what === what);
    if (all.length === 0) return [];
    // What is one's own is not mixed with what one may do for others.
    const its = all.some(isOwn) ? all.filter(isOwn) : all;
    return { what, own: its.some(isOwn), text: callWords(what, outcome), calls: its };
  });
}
