import type { Mode } from "./types.ts";

/** What is promised where an owner signs, and what is not: the page prints it word for word. */
export type Pledge = { id: `P${number}`; says: string; kept: boolean };

const ONCE: Pledge = {
  id: "P1",
  says: "Each leg runs at most once on its chain, whoever brings it and however often.",
  kept: true,
};
const COMMITTED: Pledge = {
  id: "P2",
  says: "Nothing runs that you did not sign for, byte for byte, value and gas included.",
  kept: true,
};
const NO_OPERATOR: Pledge = {
  id: "P6",
  says: "Your money comes home though nobody operates Sooth any more: after the deadline anybody can abort.",
  kept: true,
};
const TIMES: Pledge = {
  id: "P8",
  says: "The times shown are usual ones, with how long attesters wait for each chain by default: for tokens and calls until their chain calls a block final, which on Ethereum and its rollups takes 13 to 20 minutes for each step from chain to chain.",
  kept: true,
};

/** `kept: false` marks what is expressly not promised. */
export const PLEDGES: Readonly<Record<Mode, readonly Pledge[]>> = {
  ordered: [
    ONCE,
    COMMITTED,
    {
      id: "P3",
      says: "No leg runs before those it needs are attested to have run well, as final as attesters wait for that chain and for what hangs on the bundle.",
      kept: true,
    },
    {
      id: "P5",
      says: "Either all legs run, or what undoes each leg that ran is run too, or shown as owed until somebody runs it. A leg that nothing undoes stays.",
      kept: true,
    },
    NO_OPERATOR,
    {
      id: "P7",
      says: "This is not all at once: others see, and may use, what lies between the first leg and the last. No price and no completion is promised, and a chain that refuses transactions can hold a leg up.",
      kept: false,
    },
    TIMES,
  ],
  escrowed: [
    ONCE,
    COMMITTED,
    {
      id: "P4",
      says: "Everything held is paid, or everything is given back: while no more attesters lie than may, no chain takes back blocks that were believed, and every chain accepts a transaction within the escape time.",
      kept: true,
    },
    {
      ...NO_OPERATOR,
      says: `${NO_OPERATOR.says} After the escape time you take back what is held without anybody's signature.`,
    },
    {
      id: "P7",
      says: "No completion is promised: a chain that refuses transactions can keep the others from being paid, and then all is given back.",
      kept: false,
    },
    TIMES,
  ],
};
