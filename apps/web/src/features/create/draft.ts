import { need } from "@sooth/kernel";
import { type Asked, FORM_KINDS, type KindForm, type KindName, kindOf } from "@sooth/oracle/core";
import { absoluteInEnglish, fromInputTime, toInputTime } from "../../format/time.ts";

export type DraftSource = {
  name: string;
  url: string;
  path: string;
  unit: string;
  scale: string;
  /** Where the answer tells when its figure became public; empty: it does not. */
  timePath?: string;
};
/** The form as it is typed: every field a text, so that half a number is no error yet. Times are UTC. */
export type Draft = {
  kind: KindName;
  /** The same question of each of these things, all answered at once, and without a market; none: of one thing. */
  items: string[];
  text: string;
  description: string;
  /** What the kind's own fields hold, of all kinds: who looks at another one finds what he typed. */
  typed: Record<string, string | readonly string[]>;
  /** Edges between a market's brackets of a size. */
  edges: string[];
  /** Bounds of a number, and how close to the answer a report still agrees with it; empty: the API's own. */
  min: string;
  max: string;
  tolerance: string;
  observeAt: string;
  closesAt: string;
  /** Minutes that providers have to report; half minutes are fine. */
  reportMinutes: string;
  /** Minutes between answer and finality. */
  livenessMinutes: string;
  sources: DraftSource[];
  /** Read instead by who cannot read the others once it is late. */
  secondary: DraftSource[];
  /** Whether more than half of the sources decide, or the first in their order that says anything. */
  order: "all" | "first";
  /** What became public later does not count; empty: everything does. */
  discloseBy: string;
  /** Taken as said when no source says anything; empty: the question is invalid then. */
  fallback: string;
  /** Percent of the losing stakes. */
  fee: string;
  /** Collateral for those who answer. */
  reward: string;
  /** The most collateral that will hang on the answer besides the market; empty: none is named. */
  secures: string;
  /** Who may put the answer off once, so that others look; empty: nobody. */
  watcher: string;
};
/** A field of the draft, of its kind, or `source0` and so on. */
export type Field = string;
export type Problems = Partial<Record<Field, string>>;
export const newDraft = (now: number, local: boolean): Draft => {
  // Test networks are for watching the whole path: a few minutes instead of a day.
  const ahead = local ? 180 : 86_400;
  const at = Math.ceil((now + ahead) / 60) * 60;
  return {
    kind: "bool",
    items: [],
    text: "",
    description: "",
    typed: Object.assign({}, ...FORM_KINDS.map((kind) => kindOf({ kind }).form?.initial)) as Draft["typed"],
    edges: ["", ""],
    min: "",
    max: "",
    tolerance: "",
    observeAt: toInputTime(at),
    closesAt: toInputTime(at),
    reportMinutes: local ? "10" : "120",
    livenessMinutes: "",
    sources: [],
    secondary: [],
    order: "all",
    discloseBy: "",
    fallback: "",
    fee: "2",
    reward: "10",
    secures: "",
    watcher: "",
  };
};

type Template = { name: string; url: string; path: string; unit: string };

/** A whole draft for a local network: what its simulated exchanges say in a few minutes. */
export function sampleDraft(now: number, templates: readonly Template[]): Draft {
  const draft = newDraft(now, true);
  const at = fromInputTime(draft.observeAt) ?? now;
  return {
    ...draft,
    text: `Will the simulated ETH/USD close at or above 3,000 in the minute that ends on ${absoluteInEnglish(at)}?`,
    description:
      "The middle of what the simulated exchanges of this network say. Nobody ever paid these prices.",
    typed: { ...draft.typed, threshold: "3000" },
    sources: templates.map(({ name, url, path, unit }) => ({ name, url, path, unit, scale: "0" })),
    reward: "5",
  };
}
/** Whether the question is asked of a list of things. */
export const isMany = ({ items }: Pick<Draft, "items">): boolean => items.length > 0;
/** A number that is ordered, so that a market cuts it into brackets. */
export const isSize = ({ kind }: Pick<Draft, "kind">): boolean => kindOf({ kind }).sizeOf !== undefined;

/** How the draft's kind is asked for. Every kind that can be chosen has a form. */
export const formOf = ({ kind }: Pick<Draft, "kind">): KindForm =>
  need(kindOf({ kind }).form, `a form for ${kind}`);

export const askedOf = ({ sources }: Pick<Draft, "sources">): Asked => ({
  hasSources: sources.length > 0,
  sourceUnit: sources[0]?.unit.trim() ?? "",
});
