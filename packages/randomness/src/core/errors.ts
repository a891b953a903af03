import { defineErrors } from "@sooth/kernel";

/** The first three pair with the Solidity errors of the same name; a test pairs them all. */
export const RandomnessError = defineErrors("randomness", {
  bad_round: { status: 400, text: (d: { round: bigint }) => `the beacon has no round ${d.round}` },
  bad_proof: {
    status: 400,
    text: (d: { round: bigint }) => `that is no signature of the beacon over round ${d.round}`,
  },
  not_proved: {
    status: 409,
    retry: true,
    text: (d: { round: bigint }) => `nobody has proved round ${d.round} yet`,
  },

  // Without a counterpart on chain.
  beacon_unreachable: {
    status: 503,
    retry: true,
    text: (d: { round: string; tried: readonly string[] }) =>
      `no relay of the beacon gave round ${d.round}: ${d.tried.join("; ")}`,
  },
  bad_key: { status: 500, text: (d: { what: string }) => `that is no key of a beacon: ${d.what}` },
  bad_fault: {
    status: 400,
    text: (d: { found: string }) => `not a fault that this beacon can act out: ${d.found}`,
  },
  no_port: { status: 500, text: () => "the local beacon got no port to listen on" },
});
