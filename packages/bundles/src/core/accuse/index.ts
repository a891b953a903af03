export {
  contradicts,
  isOfHub,
  judgeFact,
  type KnownBundle,
  type KnownReceipt,
  type KnownSet,
  type Margins,
  type Shown,
  type Verdict,
} from "./judge.ts";
export {
  type Accusation,
  accusationIn,
  accusedBy,
  conflictCall,
  falsehoodCall,
  shownDay,
  shownOpening,
} from "./proofs.ts";
export { type Brought, broughtBy, type Reading } from "./signed-in.ts";
export { evidenceTracer, tracedPart } from "./tracer.ts";
export { type Claim, claimOf, partHash, type SignedPart, standsUnder } from "./signed-part.ts";
export { type WireFault, wireFault, wireFaults } from "./wire-faults.ts";
