import { need } from "@sooth/kernel";
import type { Action } from "../decide/index.ts";
import { type Fact, factText } from "../facts.ts";
import { addressOf } from "./addresses.ts";
import { type Actor, attester, liar, owner, relayer, stranger } from "./actors.ts";
import { borrower } from "./borrower.ts";
import { type Included, SimChain, type Weather } from "./chain.ts";
import { checkLimits } from "./check-limits.ts";
import { checkBundleStates, checkOrdinals, checkStep, short, type Violation } from "./invariants.ts";
import type { Sight } from "./look.ts";
import { boundsOf } from "./limit-text.ts";
import { ALL_RULES, type Call, type Known, type Rules, type Setting, type State } from "./model/index.ts";
import { ATTESTERS, type Fault, type Plan, QUORUM, RELAYERS, SECONDS } from "./plan.ts";
import { Pool } from "./pool.ts";
import { type Chance, chance } from "./random.ts";

/** How those who act keep to the protocol; mutants do not. */
export type Habits = {
  finality: boolean;
  journal: boolean;
  twoNodes: boolean;
  /** Whether others than the relayers send what anybody may. */
  strangers: boolean;
  relay: (actions: Action[]) => Action[];
};
export const GOOD_HABITS: Habits = {
  finality: true,
  journal: true,
  twoNodes: true,
  strangers: true,
  relay: (actions) => actions,
};
export type Twist = { rules?: Partial<Rules>; habits?: Partial<Habits>; quorum?: number };

/** A fact in the words of a trace. */
function saidText(fact: Fact): string {
  if (fact.kind === "decision") return `that ${short(fact.id)} is ${fact.outcome}`;
  if (fact.kind === "prepared") return `that all of ${short(fact.id)} is held`;
  if (fact.kind === "opened")
    return `that leg ${fact.index} is open at ordinal ${fact.base + BigInt(fact.index)}`;
  return fact.kind === "receipt" ? `that ordinal ${fact.ordinal} is ${fact.status}` : factText(fact).subject;
}

/** Chains, those who act on them, and what befalls both. */
export class World {
  readonly plan: Plan;
  readonly chains: SimChain[];
  readonly pool = new Pool();
  readonly setting: Setting;
  readonly habits: Habits;
  readonly actors: Actor[];
  readonly hubChain: number;
  readonly trace: string[] | null;
  violation: Violation | null = null;
  /** When something last happened, and how much has. */
  stirred = 0;
  changes = 0;
  /** Why escrows let something not in, and how often. */
  readonly refusals: Record<string, number> = {};
  #deep = false;
  readonly #said = new Map<string, string>();
  readonly #struck = new Set<Fault>();

  constructor(plan: Plan, twist: Twist = {}, traced = false) {
    this.plan = plan;
    this.trace = traced ? [] : null;
    this.chains = plan.chains.map((one) => new SimChain(one, chance(plan.seed, `chain ${one.chainId}`)));
    this.hubChain = need(plan.chains[0], "hub").chainId;
    this.habits = { ...GOOD_HABITS, ...twist.habits };
    const planned = (known: Known) =>
      need(
        plan.bundles.find((one) => one.known.id === known.id),
        "bundle",
      );
    this.setting = {
      quorum: twist.quorum ?? QUORUM,
      times: SECONDS,
      rules: { ...ALL_RULES, ...twist.rules },
      succeeds: (known, place, failures, now) => {
        const { fails, undoFailures, failsUntil } = planned(known);
        const leg = need(known.legs[place], "leg");
        if (leg.kind === "participant" && now < failsUntil) return false;
        const isTriedAgain = leg.undoes !== null || leg.kind === "participant";
        return isTriedAgain ? failures >= undoFailures : !fails.includes(place);
      },
      authorised: (known, place) => !planned(known).refuses.includes(place),
      bounds: boundsOf(plan),
    };
    const dice = (role: string): Chance => chance(plan.seed, role);
    this.actors = [
      owner(dice("owner")),
      ...Array.from({ length: RELAYERS }, (_, i) =>
        relayer(`relayer ${i}`, addressOf(0x11 + i), dice(`relayer ${i}`)),
      ),
      ...Array.from({ length: ATTESTERS }, (_, i) =>
        i < plan.liars ? liar(`attester ${i}`, i) : attester(`attester ${i}`, i, dice(`attester ${i}`)),
      ),
      ...(this.habits.strangers ? [stranger(addressOf(0x66), dice("stranger"))] : []),
      ...(plan.limits.length > 0 ? [borrower(addressOf(0x67), dice("borrower"))] : []),
    ];
  }

  #stir(now: number): void {
    this.stirred = now;
    this.changes++;
  }

  tell(now: number, text: () => string): void {
    this.trace?.push(`${String(now).padStart(5)} s  ${text()}`);
  }

  newest(change: (state: State) => State = (state) => state): Map<number, Sight> {
    return new Map(
      this.chains.map(({ plan, head }) => [
        plan.chainId,
        { state: change(head.state), now: head.now, paused: head.paused },
      ]),
    );
  }

  #faults(now: number, ...kinds: Fault["kind"][]): Fault[] {
    return this.plan.faults.filter(({ kind, from, to }) => kinds.includes(kind) && from <= now && now < to);
  }
  isLyingTo(role: string, now: number): boolean {
    return this.#faults(now, "lying_node").some((one) => "role" in one && one.role === role);
  }
  isDown(role: string, now: number): boolean {
    return this.#faults(now, "crash").some((one) => "role" in one && one.role === role);
  }
  /** Somebody who will be down soon may go down in the middle of what he does. */
  goesDown(role: string, now: number, dice: Chance): boolean {
    const soon = this.plan.faults.some(
      (one) => one.kind === "crash" && one.role === role && now >= one.from - 60 && now < one.to,
    );
    return soon && dice.is(0.3);
  }
  weather(index: number, now: number): Weather {
    const has = (kind: Fault["kind"]) =>
      this.#faults(now, kind).some((one) => "chain" in one && one.chain === index);
    return { paused: has("pause"), halted: has("halt"), censored: has("censor"), slow: has("slow") };
  }

  send(role: string, call: Call, now: number, dice: Chance): void {
    const wanted = call.to === "hub" ? this.hubChain : need(call.bundle.legs[call.leg], "leg").chainId;
    const index = this.plan.chains.findIndex(({ chainId }) => chainId === wanted);
    const delay = this.weather(index, now).slow ? 20 + dice.below(60) : dice.below(6);
    need(this.chains[index], "chain").send({ call, from: role, readyAt: now + delay });
  }

  /** @param honest whether it is one who must never contradict himself */
  sign(seat: number, fact: Fact, now: number, honest: boolean): void {
    if (!this.pool.sign(seat, fact, now)) return;
    this.#stir(now);
    if (!honest) return;
    const { subject, content } = factText(fact);
    const before = this.#said.get(`${seat} ${subject}`);
    if (before !== undefined && before !== content)
      this.#fail({ rule: "I15", what: `attester ${seat} said ${subject}: ${before}, then ${content}` }, now);
    this.#said.set(`${seat} ${subject}`, content);
    this.tell(now, () => `attester ${seat} says ${saidText(fact)}`);
  }

  /** The next block of a chain, and what the checks make of it. */
  step(index: number, now: number): void {
    const chain = need(this.chains[index], "chain");
    this.#strike(now);
    const weather = this.weather(index, now);
    if (weather.halted) return;
    const before = chain.head.state;
    const included = chain.produce(now, weather, this.setting);
    for (const one of included) {
      const { tx, refused, changed } = one;
      if (changed) this.#stir(now);
      const { call } = tx;
      if (refused !== null && call.to === "escrow" && call.do !== "finish")
        this.refusals[refused] = (this.refusals[refused] ?? 0) + 1;
      if (changed || tx.from !== "stranger")
        this.tell(now, () => {
          const leg = "leg" in call ? ` leg ${call.leg}` : "";
          return `chain ${chain.plan.chainId}: ${tx.from} ${call.do}${leg} of ${short(call.bundle.id)}${refused ? `, refused: ${refused}` : changed ? "" : ", done before"}`;
        });
    }
    this.#checkLimits(chain, included, now);
    if (chain.head.state !== before) this.#check(before, chain.head.state, now);
  }

  #checkLimits({ plan, head }: SimChain, included: readonly Included[], now: number): void {
    if (!this.setting.bounds.limits.has(plan.chainId)) return;
    const block = { chainId: plan.chainId, now, height: head.height, paused: head.paused };
    for (const one of included) {
      const found = checkLimits(one, block, this.setting);
      if (found) return this.#fail(found, now);
    }
  }

  #strike(now: number): void {
    for (const fault of this.plan.faults) {
      if (fault.from > now || this.#struck.has(fault)) continue;
      this.#struck.add(fault);
      this.#stir(now);
      if (fault.kind === "crash") this.actors.find(({ role }) => role === fault.role)?.crash();
      if (fault.kind === "reorg") {
        const chain = need(this.chains[fault.chain], "chain");
        const isDeep = fault.depth > chain.plan.wait;
        if (isDeep) this.#deep = true;
        const gone = chain.takeBack(isDeep ? fault.depth : Math.min(fault.depth, chain.spare), now);
        this.tell(now, () => `chain ${chain.plan.chainId} takes back ${gone} blocks`);
      } else
        this.tell(
          now,
          () =>
            `${fault.kind} of ${"role" in fault ? fault.role : `chain ${this.plan.chains[fault.chain]?.chainId}`} until ${fault.to} s`,
        );
    }
  }

  #check(before: State, after: State, now: number): void {
    const found = checkStep(before, after);
    if (found) return this.#fail(found, now);
    // Nobody promises anything over chains when one takes back what was final.
    if (this.#deep) return;
    const hub = need(this.chains[0], "hub").head.state;
    const states = (chainId: number) =>
      need(
        this.chains.find(({ plan }) => plan.chainId === chainId),
        "chain",
      ).head.state;
    const all = this.plan.bundles.map(({ known }) => known);
    const wrong =
      checkOrdinals(all, hub) ?? all.map((one) => checkBundleStates(one, hub, states)).find(Boolean);
    if (wrong) this.#fail(wrong, now);
  }

  fail(violation: Violation, now: number): void {
    this.#fail(violation, now);
  }
  get isDeep(): boolean {
    return this.#deep;
  }
  #fail(violation: Violation, now: number): void {
    this.violation ??= violation;
    this.tell(now, () => `VIOLATED ${violation.rule}: ${violation.what}`);
  }
}
