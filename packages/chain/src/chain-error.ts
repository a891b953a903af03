import { defineErrors } from "@sooth/kernel";

export const ChainError = defineErrors("chain", {
  unknown: {
    status: 500,
    text: (d: { chainId: number; known: readonly number[] }) =>
      `chain ${d.chainId} is not one of ${d.known.join(", ")}`,
  },
  no_rpc: { status: 500, text: (d: { chain: string }) => `no RPC URL is given for ${d.chain}` },
  rpc_unreachable: {
    status: 503,
    retry: true,
    text: (d: { chain: string; tried: readonly string[] }) =>
      `no RPC of ${d.chain} answers: ${d.tried.join("; ")}`,
  },
  wrong_chain: {
    status: 503,
    text: (d: { rpc: string; expected: number; found: number }) =>
      `${d.rpc} serves chain ${d.found}, not ${d.expected}: correct the RPC URL`,
  },
  rpc_behind: {
    status: 503,
    retry: true,
    text: (d: { rpc: string; head: number; best: number }) =>
      `${d.rpc} is at block ${d.head} while another RPC is at ${d.best}`,
  },
  rpc_disagrees: {
    status: 503,
    retry: true,
    text: (d: { chain: string; block: number; hashes: readonly string[] }) =>
      `RPCs of ${d.chain} disagree on block ${d.block}: ${d.hashes.join(", ")}`,
  },
  rpc_lied: {
    status: 503,
    retry: true,
    text: (d: { rpc: string; block: number; found: string }) =>
      `${d.rpc} contradicts itself at block ${d.block}: ${d.found}`,
  },
  /** The chain moved between two reads of one range: read again. */
  moved: {
    status: 503,
    retry: true,
    text: (d: { chain: string; block: number }) => `${d.chain} changed at block ${d.block} while it was read`,
  },
  reorg_too_deep: {
    status: 500,
    text: (d: { chain: string; from: number; kept: number }) =>
      `${d.chain} changed at or below block ${d.from}, but changes can be undone only from block ${d.kept} on: ` +
      `check the RPC URL; if the chain is right, drop the tables fed by logs and follow from the start`,
  },
  port_busy: {
    status: 500,
    text: (d: { port: number }) =>
      `port ${d.port} is in use: stop the program that holds it, or choose another port`,
  },
  node_failed: {
    status: 500,
    text: (d: { chainId: number; output: string }) =>
      `the local node of chain ${d.chainId} did not start: ${d.output}`,
  },
  no_binary: {
    status: 500,
    text: (d: { platform: string }) =>
      `no anvil for ${d.platform} is installed: give RPC URLs of chains that run elsewhere`,
  },
  no_proxy: {
    status: 500,
    text: (d: { chain: string; address: string }) =>
      `${d.chain} lacks the deterministic deployment proxy at ${d.address}`,
  },
  deploy_failed: {
    status: 500,
    text: (d: { contract: string; reason: string }) => `${d.contract} was not deployed: ${d.reason}`,
  },
});
