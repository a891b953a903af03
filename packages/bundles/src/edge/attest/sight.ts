import type { Chain } from "@sooth/chain";
import type { Address, Hex } from "@sooth/kernel";
import { stakeManagerAbi } from "@sooth/abi";
import {
  type Fact,
  type FactsView,
  type FinalityPolicy,
  factsShown,
  factText,
  type NodeHead,
  type Silence,
  trustedBlock,
  valueOf,
  type Wait,
  waitOf,
} from "../../core/index.ts";
import type { BundleWatch, SeatedSet, UpTo } from "../watch/index.ts";

/** One view of all chains. Of two, the second has URLs of its own for every chain where money is real. */
export type NodeView = {
  watch: BundleWatch;
  hub: Chain;
  /** The newest block of a chain that the chain itself calls safe or finalized. */
  markOf(chainId: number, word: "safe" | "finalized"): bigint | null;
};

export type Sighting = {
  views: readonly [NodeView, NodeView];
  hubChainId: number;
  stakeManager: Address;
  domain: number;
  policyOf(chainId: number): FinalityPolicy;
};

const DAY = 86_400;
/** Who asks waits two seconds: more blocks than this do not come in that time. */
const NEAR_BLOCKS = 2;

/** Of one bundle, in texts: what both views say at trusted blocks. */
type SeenOf = { said: ReadonlySet<string>; worst: Silence | null };
type Trust = { block: number; wait: Wait } | { silence: Silence };
/** `near`: blocks that are enough for it may come any moment. */
export type WhyNot = { why: Silence; near: boolean };

/**
 * Looks at facts with both views: what each of them shows at blocks that both call old enough and by the same hash. One look is
 * of one moment; whoever waits looks again.
 */
export class Look {
  readonly #o: Sighting;
  readonly #trusted = new Map<string, Trust>();
  readonly #seen = new Map<Hex, SeenOf>();
  /** By bundle, what both views show at their newest. */
  readonly #shown = new Map<Hex, ReadonlySet<string>>();
  /** By bundle, what would be said with a few blocks more. */
  readonly #near = new Map<Hex, ReadonlySet<string>>();
  /** What nodes were asked for: once a look, however many facts want it. */
  readonly #asked = new Map<string, Promise<number>>();

  constructor(sighting: Sighting) {
    this.#o = sighting;
  }

  /** Which bundle a fact is of, as far as it is known here. */
  idOf(fact: Fact): Hex | undefined {
    const [{ watch }] = this.#o.views;
    if (fact.kind === "prepared" || fact.kind === "decision") return fact.id;
    if (fact.kind === "opened") return watch.bundleAt(fact.base);
    return fact.kind === "receipt" ? watch.bundleAt(fact.ordinal) : undefined;
  }

  /** Why this is not to be said now; null: it is so. Only of sets it is to be waited for. */
  whyNot(fact: Fact): WhyNot | null | Promise<WhyNot | null> {
    if (fact.kind === "seated" || fact.kind === "current")
      return this.#whyNotSet(fact).then((why) => (why === null ? null : { why, near: false }));
    const id = this.idOf(fact);
    if (id === undefined) return { why: "not_seen", near: false };
    const { said, worst } = this.#ofBundle(id);
    const text = textOf(fact);
    if (said.has(text)) return null;
    // What the newest blocks show and older ones do not is a matter of waiting.
    if (this.#shownOf(id).has(text)) return { why: worst ?? "too_young", near: this.#nearOf(id).has(text) };
    return { why: worst === null || worst === "too_young" ? "not_seen" : worst, near: false };
  }

  #ofBundle(id: Hex): SeenOf {
    const known = this.#seen.get(id);
    if (known) return known;
    const value = this.#valueOf(id);
    let worst: Silence | null = null;
    // Asked for every log of it.
    const trusts = new Map<number, Trust>();
    const upTo = (chainId: number): number | null => {
      const trusted = trusts.get(chainId) ?? this.#trustedOn(chainId, value);
      trusts.set(chainId, trusted);
      if ("block" in trusted) return trusted.block;
      worst = trusted.silence;
      return null;
    };
    const found = { said: this.#textsOf(id, upTo), worst };
    this.#seen.set(id, found);
    return found;
  }

  #shownOf(id: Hex): ReadonlySet<string> {
    const shown = this.#shown.get(id) ?? this.#textsOf(id);
    this.#shown.set(id, shown);
    return shown;
  }

  #nearOf(id: Hex): ReadonlySet<string> {
    const known = this.#near.get(id);
    if (known) return known;
    const value = this.#valueOf(id);
    const near = this.#textsOf(id, (chainId) => {
      const trusted = this.#trustedOn(chainId, value);
      if (!("block" in trusted)) return null;
      // Chains call blocks safe or final minutes later, and many at once.
      return trusted.block + (typeof trusted.wait === "string" ? 0 : NEAR_BLOCKS);
    });
    this.#near.set(id, near);
    return near;
  }

  #valueOf(id: Hex): bigint | null {
    const [one, other] = this.#o.views;
    const legs = one.watch.legsOf(id);
    // Of most it is not known, whatever their fees: they need not be worked out.
    if (valueOf(legs, 0n) === null) return null;
    // What was added to the fee is so by either view's word: the more there is, the longer the wait.
    const fees = [one, other].map(({ watch }) => watch.factsView(id)?.hub.fee ?? 0n);
    return valueOf(
      legs,
      fees.reduce((most, fee) => (fee > most ? fee : most), 0n),
    );
  }

  /** What both views show by the blocks that count. */
  #textsOf(id: Hex, upTo?: UpTo): Set<string> {
    const [one, other] = this.#o.views;
    const textsBy = ({ watch }: NodeView): Set<string> => {
      const view: FactsView | undefined = watch.factsView(id, upTo);
      return new Set(view && factsShown(view).map(textOf));
    };
    const texts = textsBy(one);
    // A chain of this machine has one node, which is both views.
    return other === one ? texts : texts.intersection(textsBy(other));
  }

  #trustedOn(chainId: number, value: bigint | null): Trust {
    let wait: Wait;
    try {
      wait = waitOf(this.#o.policyOf(chainId), value);
    } catch {
      return { silence: "no_policy" };
    }
    const key = `${chainId} ${typeof wait === "string" ? wait : wait.blocks}`;
    const known = this.#trusted.get(key) ?? this.#trust(chainId, wait);
    this.#trusted.set(key, known);
    return known;
  }

  #trust(chainId: number, wait: Wait): Trust {
    const heads = this.#o.views.map(({ watch, markOf }): NodeHead | null => {
      const head = watch.head(chainId);
      if (head === null) return null;
      return {
        latest: BigInt(head.number),
        safe: markOf(chainId, "safe") ?? -1n,
        finalized: markOf(chainId, "finalized") ?? -1n,
        hashOf: (block) => watch.hashOf(chainId, Number(block)),
      };
    });
    const [one, other] = heads;
    if (!one || !other) return { silence: "not_seen" };
    const trusted = trustedBlock(wait, [one, other]);
    if ("block" in trusted) return { block: Number(trusted.block), wait };
    return { silence: trusted.refused === "nodes_disagree" ? "nodes_disagree" : "too_young" };
  }

  /** Of a signer set nothing is said but what the hub says of its current one, and the stake manager with it. */
  async #whyNotSet(fact: Extract<Fact, { kind: "seated" | "current" }>): Promise<Silence | null> {
    const { hubChainId, views } = this.#o;
    const trusted = this.#trustedOn(hubChainId, null);
    if ("silence" in trusted) return trusted.silence;
    for (const [place, view] of views.entries()) {
      const once = (what: string, ask: () => Promise<number>) => this.#once(`${place} ${what}`, ask);
      const sets = view.watch.sets(() => trusted.block);
      const current = sets.at(-1);
      if (current === undefined) return "not_seen";
      if (current.epoch !== (await once("epoch", () => this.#epochOf(view)))) return "not_theirs";
      if (fact.kind === "seated") {
        const own: Fact = { ...current, kind: "seated" };
        if (textOf(own) !== textOf(fact)) return "not_theirs";
      } else {
        const silence = await this.#whyNotDay(fact, sets, trusted.block, (block) =>
          once(`time of ${block}`, () => timeOf(view, block)),
        );
        if (silence !== null) return silence;
      }
    }
    return null;
  }

  /** Whether this epoch was the hub's in the first second of that day, with a trusted block behind it. */
  async #whyNotDay(
    { day, epoch }: Extract<Fact, { kind: "current" }>,
    sets: readonly SeatedSet[],
    trusted: number,
    timeOf: (block: number) => Promise<number>,
  ): Promise<Silence | null> {
    if ((await timeOf(trusted)) < day * DAY) return "too_young";
    for (const set of sets.toReversed()) {
      if ((await timeOf(set.block)) > day * DAY) continue;
      return set.epoch === epoch ? null : "not_theirs";
    }
    return "not_theirs";
  }

  #once(what: string, ask: () => Promise<number>): Promise<number> {
    const asked = this.#asked.get(what) ?? ask();
    this.#asked.set(what, asked);
    return asked;
  }

  async #epochOf({ hub }: NodeView): Promise<number> {
    const [, epoch] = await hub.client.readContract({
      address: this.#o.stakeManager,
      abi: stakeManagerAbi,
      functionName: "signerSet",
      args: [this.#o.domain],
    });
    return epoch;
  }
}

async function timeOf({ hub }: NodeView, block: number): Promise<number> {
  return Number((await hub.client.getBlock({ blockNumber: BigInt(block) })).timestamp);
}

function textOf(fact: Fact): string {
  const { subject, content } = factText(fact);
  return `${subject} = ${content}`;
}
