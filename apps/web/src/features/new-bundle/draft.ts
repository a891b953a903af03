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
  seconds: number;
  /** In the hub's coin; empty: as quoted. */
  fee: string;
  isPrivate: boolean;
};

export const DURATIONS = [
  { seconds: 600, label: "10 minutes" },
  { seconds: 1_800, label: "30 minutes" },
  { seconds: 3_600, label: "1 hour" },
  { seconds: 21_600, label: "6 hours" },
  { seconds: 86_400, label: "1 day" },
  { seconds: 3 * 86_400, label: "3 days" },
] as const;
export const LOCAL_DURATIONS = [
  { seconds: 45, label: "45 seconds" },
  { seconds: 120, label: "2 minutes" },
] as const;

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

export type Place = { isLocal: boolean; chains: readonly number[]; token: string };

/** `chains`: rollups before the hub, for that is where legs belong. */
export function newDraft({ isLocal, chains, token }: Place): Draft {
  const [first = "", second = first] = chains.map(String);
  return {
    template: "swap",
    gives: { chainId: first, token, amount: "" },
    wants: { chainId: second, token, amount: "" },
    partner: "",
    steps: [newStep(first, 0), newStep(second, 1)],
    // Time to read it, to send the link, and for the other side to read it too.
    seconds: isLocal ? 1_800 : 3_600,
    fee: "",
    isPrivate: false,
  };
}

const oneOf = <T>(values: readonly T[], value: T, otherwise: T) =>
  values.includes(value) ? value : otherwise;

/** A draft as today's form has it, of whatever was kept. */
export function readDraft(kept: unknown): Draft {
  const fresh = newDraft({ isLocal: false, chains: [], token: "" });
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
