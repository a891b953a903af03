import { alert, counter, gauge } from "@sooth/runtime";

export const faultsFound = counter(
  "bundles_faults_found_total",
  "What was found against attesters: two facts of one subject, one that the hub shows to be false, or one that another chain contradicts",
  ["how"],
);
// A series that begins with one does not increase.
for (const how of ["conflict", "false", "unproven"]) faultsFound.inc({ how }, 0);

export const proofs = counter(
  "bundles_fault_proofs_total",
  "Proofs against attesters: sent, or the contract's error by which they were refused",
  ["outcome"],
);
/** Told from rows. */
export const unread = gauge(
  "bundles_calldata_unread",
  "Transactions that reached our contracts through another one, whose calls no node told yet; they are asked for again",
  ["chain"],
);
export const lost = counter(
  "bundles_signatures_lost_total",
  "Signatures of attesters that could not be written down before there were too many; those that are used stand in transactions",
);
/** Told from rows, so a restart forgets none. */
export const open = gauge(
  "bundles_faults",
  "Faults of attesters by how they are known, and what came of them",
  ["how", "state"],
);

alert({
  id: "bundles.attester_lied",
  severity: "page",
  forSeconds: 0,
  when: `increase(${faultsFound.metric}[1h]) > 0`,
  runbook: "docs/runbooks/bundles.md#an-attester-lied",
});
alert({
  id: "bundles.fault_unpunished",
  severity: "page",
  forSeconds: 1_800,
  when: `${open.metric}{how!="unproven",state!="punished"} > 0`,
  runbook: "docs/runbooks/bundles.md#an-attester-lied",
});
alert({
  id: "bundles.calldata_unread",
  severity: "ticket",
  forSeconds: 900,
  when: `${unread.metric} > 0`,
  runbook: "docs/runbooks/bundles.md#an-attester-lied",
});
