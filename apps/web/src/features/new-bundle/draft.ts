import { msg } from "@lingui/core/macro";
import { fitted } from "../drafts/fitted.ts";
import { shelfOf } from "../drafts/shelf.ts";

/** As typed. `chainId` is a text, as a select has it. */
export type Side = { chainId: string; token: string; amount: string };
/** A value, or what another step returned: `from` is that step's number, "" for a value. */
export type Input = { text: string; from: string; output: string };
export type CallDraft = { target: string; signature: string; inputs: Input[]; value: string; gas: string };
export type Step = {
  kind: "call" | "value";
  chainId: string;
  call: CallDraft;
  fromAccount: boolean;
  /** Steps that must have run well before, by their numbers. */
  after: string[];
  hasCondition: boolean;
  condition: { from: string; output: string; comparison: "equal" | "at_least" | "at_most"; value: string };
  hasUndo: boolean;
  undo: CallDraft;
};
export type Draft = {
  template: "swap" | "steps";
  gives: Side;
  wants: Side;
  /** Who is on the other side of a swap. */
  partner: string;
  steps: Step[];
  /** Until the deadline; {AS_NEEDED}: as the quote says. */
  seconds: number;
  /** In the hub's coin; empty: as quoted. */
  fee: string;
  isPrivate: boolean;
};

export const DURATIONS = [
  { seconds: 600, label: msg`10 minutes` },
  { seconds: 1_800, label: msg`30 minutes` },
  { seconds: 3_600, label: msg`1 hour` },
  { seconds: 7_200, label: msg`2 hours` },
  { seconds: 21_600, label: msg`6 hours` },
  { seconds: 86_400, label: msg`1 day` },
  { seconds: 3 * 86_400, label: msg`3 days` },
] as const;
export const LOCAL_DURATIONS = [
  { seconds: 45, label: msg`45 seconds` },
  { seconds: 120, label: msg`2 minutes` },
] as const;

export const AS_NEEDED = 0;
/** Time to read it, to send the link, and for the other side to read it too. */
const TO_AGREE = { local: 1_800, elsewhere: 3_600 };
/** What is taken for a bundle of which nothing is quoted yet. */
export const LONGEST = Math.max(...DURATIONS.map(({ seconds }) => seconds));

/** The shortest duration that leaves time to agree, and twice what it usually takes. @param quoted seconds from opening to the end */
export function durationFor(quoted: number, isLocal: boolean): number {
  const wanted = Math.max(isLocal ? TO_AGREE.local : TO_AGREE.elsewhere, 2 * quoted);
  return DURATIONS.find(({ seconds }) => seconds >= wanted)?.seconds ?? LONGEST;
}

const input: Input = { text: "", from: "", output: "0" };
const call: CallDraft = { target: "", signature: "", inputs: [], value: "0", gas: "200000" };
export const newStep = (chainId: string, number: number): Step => ({
  kind: "call",
  chainId,
  call,
  fromAccount: false,
  after: number === 0 ? [] : [String(number - 1)],
  hasCondition: false,
  condition: { from: "", output: "0", comparison: "at_least", value: "" },
  hasUndo: false,
  undo: call,
});

export type Place = { chains: readonly number[]; token: string };

/** `chains`: rollups before the hub, for that is where legs belong. */
export function newDraft({ chains, token }: Place): Draft {
  const [first = "", second = first] = chains.map(String);
  return {
    template: "swap",
    gives: { chainId: first, token, amount: "" },
    wants: { chainId: second, token, amount: "" },
    partner: "",
    steps: [newStep(first, 0), newStep(second, 1)],
    seconds: AS_NEEDED,
    fee: "",
    isPrivate: false,
  };
}

const oneOf = <T>(values: readonly T[], value: T, otherwise: T) =>
  values.includes(value) ? value : otherwise;

/** A draft as today's form has it, of whatever was kept. */
export function readDraft(kept: unknown): Draft {
  const fresh = newDraft({ chains: [], token: "" });
  const filled = { ...call, inputs: [input] };
  const step = { ...newStep("", 0), call: filled, undo: filled, after: [""] };
  const draft = fitted(kept, fresh, { ...fresh, steps: [step] });
  return {
    ...draft,
    template: oneOf(["swap", "steps"], draft.template, "swap"),
    steps: draft.steps.map((one) => ({
      ...one,
      kind: oneOf(["call", "value"], one.kind, "call"),
      condition: {
        ...one.condition,
        comparison: oneOf(["equal", "at_least", "at_most"], one.condition.comparison, "at_least"),
      },
    })),
  };
}

export const bundleShelf = shelfOf("bundle", readDraft);

/** Without this step; those after it move up, and nothing names it any more. */
export function withoutStep(steps: readonly Step[], gone: number): Step[] {
  const moved = (number: string) =>
    number === "" || Number(number) < gone
      ? number
      : Number(number) === gone
        ? ""
        : String(Number(number) - 1);
  const inputsOf = (one: CallDraft): CallDraft => ({
    ...one,
    inputs: one.inputs.map((each) => ({ ...each, from: moved(each.from) })),
  });
  return steps
    .filter((_, index) => index !== gone)
    .map((step) => ({
      ...step,
      call: inputsOf(step.call),
      undo: inputsOf(step.undo),
      after: step.after.map(moved).filter((number) => number !== ""),
      hasCondition: step.hasCondition && moved(step.condition.from) !== "",
      condition: { ...step.condition, from: moved(step.condition.from) },
    }));
}
