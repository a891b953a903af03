import { t } from "@lingui/core/macro";
import "../bundle/error-words.ts";
import {
  bundle,
  type BundleBuilder,
  type Built,
  type Demand,
  type Handle,
  type Hub,
  legToWire,
} from "@sooth/bundles/core";
import { AppError } from "@sooth/kernel";
import type { AbiFunction, AbiParameter, Hex } from "viem";
import { sentence, sentenceFor } from "../../error-text.ts";
import { parseAmount } from "../../format/amount.ts";
import { addressOf, argumentOf, functionOf, NotReadable } from "./argument.ts";
import type { CallDraft, Draft, Input, Side, Step } from "./draft.ts";

/** What is not in the form. `random`: 32 bytes that nobody else knows. */
export type Means = {
  hub: Hub;
  owner: Hex;
  /** The hub's clock, unix seconds. */
  now: number;
  /** Wei. */
  fee: bigint;
  salt: bigint;
  random: Hex;
  /** Digits after the point of a token, undefined while they are not known. */
  decimalsOf: (side: Side) => number | undefined;
};
/** By field, as in `steps.0.call.inputs.1`; `form` for what is no single field's. */
export type Problems = Readonly<Record<string, string>>;
export type Plan = { built: Built | undefined; problems: Problems };

type AnyResult = ReturnType<Handle<readonly AbiParameter[]>["result"]>;
/** A step as the builder has it, and what it returns. */
type Placed = { handle: Handle<readonly AbiParameter[]>; outputs: readonly AbiParameter[] };

/** The bundle that this draft is, or what is wrong with it. */
export function planOf(draft: Draft, means: Means): Plan {
  const problems: Record<string, string> = {};
  /** Undefined where it cannot be read; the field then says why. */
  const read = <T>(field: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      problems[field] ??= wordsOf(error);
      return undefined;
    }
  };
  const builder = bundle({
    hub: means.hub,
    owner: means.owner,
    mode: draft.template === "swap" ? "escrowed" : "ordered",
    deadline: means.now + draft.seconds,
    fee: means.fee,
    salt: means.salt,
    secret: means.random,
  });
  if (draft.template === "swap") addSwap(builder, draft, means, read);
  else addSteps(builder, draft.steps, read);
  if (Object.keys(problems).length > 0) return { built: undefined, problems };
  const built = read("form", () => builder.build(means.now));
  return { built, problems };
}

type Read = <T>(field: string, work: () => T) => T | undefined;

function addSwap(builder: BundleBuilder, { gives, wants, partner }: Draft, means: Means, read: Read): void {
  const sideOf = (name: string, side: Side) => {
    const token = read(`${name}.token`, () => addressOf(side.token));
    const amount = read(`${name}.amount`, () => {
      const decimals = means.decimalsOf(side);
      if (decimals === undefined) throw new NotReadable(t`This token does not answer on that chain.`);
      const value = parseAmount(side.amount, decimals);
      if (value === 0n) throw new NotReadable(t`More than 0.`);
      return value;
    });
    return token === undefined || amount === undefined
      ? undefined
      : { chainId: Number(side.chainId), token, amount };
  };
  const other = read("partner", () => {
    const address = addressOf(partner);
    if (address === means.owner.toLowerCase())
      throw new NotReadable(t`This is your own address. Name the other side.`);
    return address;
  });
  const [mine, theirs] = [sideOf("gives", gives), sideOf("wants", wants)];
  if (!other || !mine || !theirs) return;
  builder.escrow({ ...mine, from: means.owner, to: other });
  builder.escrow({ ...theirs, from: other, to: means.owner });
}

function addSteps(builder: BundleBuilder, steps: readonly Step[], read: Read): void {
  if (steps.length === 0) read("form", () => fail(t`Add a step.`));
  const placed: (Placed | undefined)[] = [];
  for (const [number, step] of steps.entries()) {
    const field = `steps.${number}`;
    placed.push(
      step.kind === "value"
        ? addValue(builder, step, placed, field, read)
        : addCall(builder, step, placed, field, read),
    );
  }
  for (const [number, step] of steps.entries()) {
    const own = placed[number];
    if (!step.hasUndo || own === undefined) continue;
    const call = callOf(step.undo, placed.slice(0, number + 1), `steps.${number}.undo`, read);
    if (call) read(`steps.${number}.undo.signature`, () => builder.undo(own.handle, onChain(step, call)));
  }
}

type Call = {
  target: Hex;
  method: AbiFunction;
  args: readonly unknown[];
  value: bigint;
  gasLimit: number;
};

function addCall(
  builder: BundleBuilder,
  step: Step,
  placed: readonly (Placed | undefined)[],
  field: string,
  read: Read,
): Placed | undefined {
  const call = callOf(step.call, placed, `${field}.call`, read);
  const when = conditionOf(step, placed, field, read);
  if (!call || !when) return undefined;
  return read(`${field}.call.signature`, () => {
    const handle = builder.leg({ ...onChain(step, call), after: afterOf(step, placed), when });
    return { handle: handle as Placed["handle"], outputs: call.method.outputs };
  });
}

function addValue(
  builder: BundleBuilder,
  step: Step,
  placed: readonly (Placed | undefined)[],
  field: string,
  read: Read,
): Placed | undefined {
  const to = read(`${field}.call.target`, () => addressOf(step.call.target));
  const value = read(`${field}.call.value`, () => parseAmount(step.call.value, 18));
  const gasLimit = read(`${field}.call.gas`, () => gasOf(step.call.gas));
  const when = conditionOf(step, placed, field, read);
  if (to === undefined || value === undefined || gasLimit === undefined || !when) return undefined;
  const chainId = Number(step.chainId);
  const { place } = builder.value({ chainId, to, value, gasLimit, after: afterOf(step, placed), when });
  return { handle: { place, result: () => fail(t`Value alone returns nothing.`) }, outputs: [] };
}

function callOf(
  draft: CallDraft,
  placed: readonly (Placed | undefined)[],
  field: string,
  read: Read,
): Call | undefined {
  const target = read(`${field}.target`, () => addressOf(draft.target));
  const method = read(`${field}.signature`, () => functionOf(draft.signature));
  const value = read(`${field}.value`, () => parseAmount(draft.value, 18));
  const gasLimit = read(`${field}.gas`, () => gasOf(draft.gas));
  const args = method?.inputs.map((parameter, index) =>
    read(`${field}.inputs.${index}`, () => inputOf(draft.inputs[index], parameter, placed)),
  );
  const isWhole = args?.every((one) => one !== undefined) ?? false;
  if (target === undefined || !method || value === undefined || gasLimit === undefined || !args || !isWhole)
    return undefined;
  return { target, method, args, value, gasLimit };
}

const onChain = ({ chainId, fromAccount }: Step, { method, ...call }: Call) => ({
  ...call,
  chainId: Number(chainId),
  // What is written here is called, and it is this very function: whoever typed `view` may still want it run.
  abi: [{ ...method, stateMutability: "payable" as const }],
  functionName: method.name,
  args: call.args as never,
  fromAccount,
});

function inputOf(
  input: Input | undefined,
  parameter: AbiParameter,
  placed: readonly (Placed | undefined)[],
): unknown {
  if (input === undefined) throw new NotReadable(t`Fill this in.`);
  if (input.from === "") return argumentOf(parameter, input.text);
  return resultOf(placed, input.from, input.output);
}

function resultOf(placed: readonly (Placed | undefined)[], from: string, output: string): AnyResult {
  const step = placed[Number(from)];
  if (!step) throw new NotReadable(t`Step ${Number(from) + 1} is not complete yet.`);
  return step.handle.result(Number(output));
}

/** None, or one; undefined where it cannot be read. */
function conditionOf(
  { hasCondition, condition }: Step,
  placed: readonly (Placed | undefined)[],
  field: string,
  read: Read,
): Demand[] | undefined {
  if (!hasCondition) return [];
  const demand = read(`${field}.condition`, () => {
    const { from, output, comparison, value } = condition;
    if (from === "") throw new NotReadable(t`Choose the step whose result is looked at.`);
    const result = resultOf(placed, from, output);
    const wanted = argumentOf(result.parameter, value) as never;
    if (comparison === "equal") return result.equals(wanted);
    return comparison === "at_least" ? result.atLeast(wanted) : result.atMost(wanted);
  });
  return demand && [demand];
}

const afterOf = ({ after }: Step, placed: readonly (Placed | undefined)[]) =>
  after.flatMap((number) => placed[Number(number)]?.handle ?? []);

function gasOf(text: string): number {
  const typed = text.trim().replaceAll(",", "");
  if (!/^\d{1,9}$/.test(typed)) throw new NotReadable(t`Units of gas, a whole number.`);
  return Number(typed);
}

const fail = (message: string): never => {
  throw new NotReadable(message);
};

/** Its sentence, with the code for whoever is asked about it. */
function wordsOf(error: unknown): string {
  if (!(error instanceof AppError)) return error instanceof Error ? error.message : String(error);
  const text = sentenceFor(error.code, error.data, NO_COLLATERAL) ?? sentence(error.message);
  return /^(?:amount|wallet)\./.test(error.code) ? text : `${text} Code ${error.code}`;
}
/** What is wrong with a draft never names an amount of it. */
const NO_COLLATERAL = { decimals: 0, symbol: "" };

/** Of a draft that was read whole: each of its functions is one. */
export const typedIn = ({ template, steps }: Draft): AbiFunction[] =>
  template === "swap"
    ? []
    : steps
        .flatMap(({ kind, call, hasUndo, undo }) => [
          ...(kind === "call" ? [call.signature] : []),
          ...(hasUndo ? [undo.signature] : []),
        ])
        .map(functionOf);

/** What a quote is asked for. */
export const askedOf = ({ bundle: { owner, mode, deadline, salt }, legs }: Built, isPrivate: boolean) => ({
  owner,
  mode,
  deadline,
  salt: String(salt),
  private: isPrivate,
  legs: legs.map(legToWire),
});
