import type { Action } from "../decide/index.ts";
import type { Rules } from "./model/index.ts";
import type { Twist } from "./world.ts";

/** A rule broken on purpose, to see that the checks notice. `deep`: only where a chain takes back what was final. */
export type Mutant = { name: string; twist: Twist; finds: RegExp; deep?: boolean };

const without = (rule: keyof Rules): Twist => ({ rules: { [rule]: false } });
const idle = (...left: Action["do"][]): Twist => ({
  habits: { strangers: false, relay: (actions) => actions.filter((action) => !left.includes(action.do)) },
});

export const MUTANTS: readonly Mutant[] = [
  { name: "a leg runs again", twist: without("replayBit"), finds: /I1/ },
  { name: "a leg runs after the deadline", twist: without("runBeforeDeadline"), finds: /deadline/ },
  { name: "a leg does not wait for others", twist: without("dependencies"), finds: /P3/ },
  { name: "legs of an open bundle are cancelled", twist: without("cancelNeedsDecision"), finds: /P5/ },
  { name: "compensations of an open bundle run", twist: without("undoNeedsAbort"), finds: /P5|P3/ },
  { name: "what never ran is undone", twist: without("undoNeedsOk"), finds: /P5/ },
  { name: "a decision is changed", twist: without("firstDecisionWins"), finds: /I2/ },
  { name: "the hub commits after the deadline", twist: without("commitBeforeDeadline"), finds: /I4/ },
  { name: "the hub commits when one leg ran", twist: without("commitNeedsAll"), finds: /P5/ },
  { name: "an escrow pays without a decision", twist: without("finishNeedsDecision"), finds: /I2/ },
  { name: "an escrow pays twice", twist: without("finishOnce"), finds: /I[235]/ },
  {
    name: "what is held is taken back before the escape",
    twist: without("takeBackAfterEscape"),
    finds: /I[245]/,
  },
  {
    name: "what may still be opened is written down as unopened",
    twist: without("unopenedAfterDeadline"),
    finds: /opening/,
  },
  { name: "a participant that failed ends otherwise", twist: without("dueStands"), finds: /I[25]/ },
  { name: "tokens are taken twice", twist: without("prepareOnce"), finds: /I[23]/ },
  { name: "ordinals of bundles meet", twist: without("ordinalsApart"), finds: /I6/ },
  { name: "fees are paid twice", twist: without("feesOnce"), finds: /I3/ },
  { name: "two of five are a quorum", twist: { quorum: 2 }, finds: /I[25]|P[345]/ },
  {
    name: "attesters sign without finality",
    twist: { habits: { finality: false } },
    finds: /I[25]|P[345]|liveness/,
  },
  {
    name: "attesters believe one node",
    twist: { habits: { twoNodes: false } },
    finds: /I[25]|P[345]|liveness/,
  },
  {
    name: "attesters forget what they said",
    twist: { habits: { journal: false } },
    finds: /I15/,
    deep: true,
  },
  { name: "an escrow takes in more than its limits let", twist: without("limitsHold"), finds: /I14/ },
  { name: "a limit counts what enters twice", twist: without("countsOnce"), finds: /room/ },
  { name: "a limit never drains", twist: without("drains"), finds: /room/ },
  { name: "what goes back makes room again", twist: without("keepsWhatLeft"), finds: /I14/ },
  { name: "a bundle counts on one of its lanes", twist: without("countsOnEveryLane"), finds: /I14/ },
  {
    name: "what a limit refuses is held without tokens",
    twist: without("refusedIsNotHeld"),
    finds: /I3|I14/,
  },
  { name: "a lane never rests", twist: without("lanesRest"), finds: /I14/ },
  { name: "a lane that rests never wakes", twist: without("lanesWake"), finds: /room/ },
  { name: "a lane rests though more was paid", twist: without("weighsWhatIsPaid"), finds: /room/ },
  { name: "a lane that rests pays nothing", twist: without("finishAtRest"), finds: /leaving/ },
  { name: "a full limit gives nothing back", twist: without("finishWhenFull"), finds: /leaving/ },
  {
    name: "a bounded lane has nothing taken back",
    twist: without("takeBackAcross"),
    finds: /leaving/,
  },
  {
    name: "a lane that rests gives back what was to be paid",
    twist: without("outcomeAtRest"),
    finds: /I[25]/,
  },
  {
    name: "what counts leaves in the transaction that held it",
    twist: without("leavesInAnother"),
    finds: /borrowed/,
  },
  { name: "nobody aborts", twist: idle("abort"), finds: /liveness/ },
  { name: "nobody cancels", twist: idle("cancel"), finds: /liveness/ },
  { name: "nobody compensates", twist: idle("compensate"), finds: /liveness/ },
  { name: "nobody finishes", twist: idle("finish", "take_back"), finds: /liveness/ },
  { name: "nobody settles", twist: idle("settle"), finds: /liveness/ },
];
