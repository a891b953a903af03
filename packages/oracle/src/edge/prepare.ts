import { randomBytes } from "node:crypto";
import { oracleAbi, testDollarAbi } from "@sooth/abi";
import type { Address, Amount, Hex } from "@sooth/kernel";
import { encodeFunctionData } from "viem";
import { z } from "zod";
import {
  areFixed,
  baseWindow,
  type Bounds,
  commitsFirst,
  kindOf,
  leastLiveness,
  leastSpan,
  OracleError,
  parseDecimal,
  questionId,
  type QuestionSchema,
  questionSchema,
  schemaComplaint,
  schemaHash,
  schemaText,
  type Terms,
  termsComplaint,
  termsToChain,
  termsToWire,
  USUAL_DOMAIN,
  wireAddress,
  wireCall,
  wireHex32,
  wireInteger,
  wireSeconds,
  wireTerms,
} from "../core/index.ts";
import { chainTime } from "./clock.ts";
import { commitLimits, type OracleLimits, oracleLimits, purseOf } from "./contract.ts";
import type { ApiDeps } from "./deps.ts";

const decimal = z.string().min(1).max(60);

export const wirePrepareQuestion = z.object({
  schema: questionSchema,
  opensAt: wireSeconds,
  deadline: wireSeconds,
  /** Seconds between answer and finality. */
  liveness: z.number().int().min(0).max(2_592_000),
  /** Collateral, smallest unit. */
  reward: wireInteger,
  asker: wireAddress,
  /** Whose signer set answers. */
  domain: z.number().int().min(0).max(15).default(USUAL_DOMAIN),
  /** May be answered before opensAt, by more weight. */
  endsEarly: z.boolean().default(false),
  /** The most collateral that will depend on the answer: its signers stake three times as much. */
  secures: wireInteger.default("0"),
  /** Of kinds without bounds of their own, in the question's unit. Without them a number is zero to ten to the twelfth. */
  min: decimal.optional(),
  max: decimal.optional(),
  /** In the unit: a report this close to the answer counts towards its confidence. Without it, what the schema says. */
  tolerance: decimal.optional(),
  /** May put off its answer, once, by one liveness. Named in a call of its own, before the question opens. */
  watcher: wireAddress.optional(),
});
export const wirePreparedQuestion = z.object({
  id: wireHex32,
  terms: wireTerms,
  schemaText: z.string(),
  /** In this order. */
  calls: z.array(wireCall),
});

const MAX_UINT96 = (1n << 96n) - 1n;
/** Until the asker's wallet has sent it, the question must still be askable. */
const MARGIN_SECONDS = 30;

/** Builds a question from its schema and says what the asker's wallet must sign. @throws oracle.bad_schema, oracle.bad_terms, oracle.window_too_short, oracle.reward_too_small */
export async function prepareQuestion(
  deps: ApiDeps,
  asked: z.infer<typeof wirePrepareQuestion>,
): Promise<z.infer<typeof wirePreparedQuestion>> {
  const { schema, opensAt, deadline, liveness } = asked;
  const complaint = schemaComplaint(schema);
  if (complaint !== null) throw OracleError.bad_schema({ what: complaint });
  const text = schemaText(schema);
  const terms: Terms = {
    asker: asked.asker as Address,
    schema: schemaHash(text),
    aggregation: kindOf(schema).aggregation,
    ...boundsOf(schema, asked),
    tolerance: toleranceOf(schema, asked.tolerance),
    opensAt,
    deadline,
    liveness,
    reward: BigInt(asked.reward),
    nonce: BigInt(`0x${randomBytes(8).toString("hex")}`),
    domain: asked.domain,
    endsEarly: asked.endsEarly,
    secures: BigInt(asked.secures),
  };
  await checkTerms(deps, terms, schema);
  if (asked.watcher !== undefined) await checkTimeToName(deps, terms);
  return {
    id: questionId(terms),
    terms: termsToWire(terms),
    schemaText: text,
    calls: [
      ...(await callsFor(deps, terms, text)),
      ...(asked.watcher === undefined ? [] : [watcherCall(deps, terms, asked.watcher as Address)]),
    ],
  };
}

function boundsOf(schema: QuestionSchema, asked: { min?: string; max?: string }): Bounds {
  const kind = kindOf(schema);
  if (!kind.boundsOf) {
    if (asked.min !== undefined || asked.max !== undefined)
      throw OracleError.bad_terms({ what: `a ${schema.kind} question has bounds of its own` });
    return kind.bounds(schema);
  }
  const written = {
    ...(asked.min === undefined ? {} : { min: parseDecimal(asked.min) }),
    ...(asked.max === undefined ? {} : { max: parseDecimal(asked.max) }),
  };
  const bounds = kind.boundsOf(written, schema);
  if (bounds.min > bounds.max) throw refuse("min lies above max");
  return bounds;
}

function toleranceOf(schema: QuestionSchema, asked: string | undefined): bigint {
  const kind = kindOf(schema);
  const text = asked ?? schema.tolerance;
  if (text === undefined) return 0n;
  if (!kind.toleranceOf) throw refuse(`a ${schema.kind} question has no tolerance`);
  const tolerance = kind.toleranceOf(parseDecimal(text), schema);
  if (parseDecimal(text).digits < 0n || tolerance > MAX_UINT96)
    throw refuse("the tolerance is negative or does not fit 96 bits");
  return tolerance;
}

const refuse = (what: string) => OracleError.bad_terms({ what });

async function checkTerms(deps: ApiDeps, terms: Terms, schema: QuestionSchema): Promise<void> {
  const [now, limits] = await Promise.all([chainTime(deps.hub), oracleLimits(deps.hub, deps.addresses)]);
  const misfit = termsComplaint(terms, schema);
  if (misfit !== null) throw refuse(misfit);
  if (terms.reward < 0n || terms.reward > MAX_UINT96)
    throw refuse("the reward is negative or does not fit 96 bits");
  if (terms.secures < 0n || terms.secures > MAX_UINT96)
    throw refuse("what the answer secures is negative or does not fit 96 bits");
  await checkTimeToCommit(deps, terms, schema);
  const least = deps.config.ORACLE_MIN_REWARD;
  if (terms.reward < least) throw OracleError.reward_too_small({ reward: terms.reward, least });
  if (terms.opensAt < schema.observeAt)
    throw refuse(`opensAt ${terms.opensAt} lies before the moment that is asked about, ${schema.observeAt}`);
  if (schema.discloseBy !== undefined && terms.opensAt < schema.discloseBy)
    throw refuse(`opensAt ${terms.opensAt} lies before the cut-off of what counts, ${schema.discloseBy}`);
  if (terms.endsEarly && schema.endsEarly === undefined)
    throw refuse("it may end early, and its schema does not say what ends it");
  if (terms.deadline <= terms.opensAt)
    throw refuse(`the deadline ${terms.deadline} is not after opensAt ${terms.opensAt}`);
  if (terms.deadline <= now + MARGIN_SECONDS)
    throw refuse(`the deadline ${terms.deadline} is over or about to be: it is ${now} on chain`);
  if (terms.deadline - now > limits.maxQuestionSeconds)
    throw refuse(`the deadline is more than ${limits.maxQuestionSeconds} seconds away`);
  checkLiveness(terms, schema, limits);
}

/** The contract takes half of the base window from anyone; whether the sources are such that it may be, it cannot read. */
function checkLiveness(
  { liveness, secures, opensAt }: Terms,
  schema: QuestionSchema,
  limits: OracleLimits,
): void {
  const base = baseWindow(secures as Amount, limits.unit, limits.lowestWindow);
  const isFixed = schema.sources.length > 0 && areFixed(schema, opensAt);
  const least = isFixed ? leastLiveness(base) : base;
  if (liveness < least) throw OracleError.window_too_short({ liveness, least, secures });
  if (liveness > limits.maxLiveness)
    throw refuse(`a liveness of ${liveness} seconds is more than ${limits.maxLiveness}`);
}

/** The last quarter of the time to report is late. Source: lateFrom. */
const LATE_PART = 4;

/** What secures much must be given the time to commit to it and to reveal it, also for what is told late only. */
async function checkTimeToCommit(deps: ApiDeps, terms: Terms, schema: QuestionSchema): Promise<void> {
  const { tier, seconds } = await commitLimits(deps.hub, deps.addresses);
  if (!commitsFirst(terms, tier)) return;
  const isToldLate =
    schema.default !== "invalid" || schema.order === "first" || schema.secondary !== undefined;
  const span = leastSpan(seconds) * (isToldLate ? LATE_PART : 1);
  if (terms.deadline - terms.opensAt < span)
    throw refuse(
      `it secures ${terms.secures}: from ${tier} on reports are committed before they are shown, which takes ${span} seconds from opening to deadline`,
    );
}

/** His wallet sends two calls, the second of which must be in a block before the question opens. */
async function checkTimeToName({ hub }: Pick<ApiDeps, "hub">, { opensAt }: Terms): Promise<void> {
  const now = await chainTime(hub);
  if (opensAt < now + MARGIN_SECONDS)
    throw refuse(
      `a watcher is named before it opens, which takes until ${now + MARGIN_SECONDS}: opensAt is ${opensAt}`,
    );
}

function watcherCall({ hub, addresses }: Pick<ApiDeps, "hub" | "addresses">, terms: Terms, watcher: Address) {
  const args = [termsToChain(terms), watcher] as const;
  return {
    chainId: hub.definition.id,
    to: addresses.oracle,
    data: encodeFunctionData({ abi: oracleAbi, functionName: "setWatcher", args }),
    value: "0",
    purpose: "Name who may put off the answer",
  };
}

async function callsFor(deps: ApiDeps, terms: Terms, text: string): Promise<z.infer<typeof wireCall>[]> {
  const { hub, addresses } = deps;
  const purse = await purseOf(hub, addresses, terms.asker);
  const missing = terms.reward > purse.credit ? terms.reward - purse.credit : 0n;
  const chainId = hub.definition.id;
  const ask = {
    chainId,
    to: addresses.oracle,
    data: encodeFunctionData({ abi: oracleAbi, functionName: "ask", args: [termsToChain(terms), text] }),
    value: "0",
    purpose: "Ask the question",
  };
  if (purse.allowance >= missing) return [ask];
  const data: Hex = encodeFunctionData({
    abi: testDollarAbi,
    functionName: "approve",
    args: [addresses.oracle, missing],
  });
  return [
    { chainId, to: addresses.collateral, data, value: "0", purpose: "Let the oracle take the reward" },
    ask,
  ];
}
