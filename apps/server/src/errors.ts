import { defineErrors } from "@sooth/kernel";

export const ServerError = defineErrors("server", {
  already_running: {
    status: 409,
    text: (d: { dataDir: string; pid: number }) =>
      `Sooth is running already on ${d.dataDir} (process ${d.pid}). Stop that one, or start this one with --data-dir OTHER --port OTHER.`,
  },
  key_in_use: {
    status: 409,
    text: (d: { address: string; pid: number }) =>
      `process ${d.pid} signs with the key ${d.address} already, and two nodes with one key would sign twice and lose the stake. Stop that one first.`,
  },
  port_busy: {
    status: 409,
    text: (d: { port: number; what: string; hint: string }) =>
      `port ${d.port}, which ${d.what} needs, is in use by another program. ${d.hint}`,
  },
  disk_full: {
    status: 507,
    text: (d: { folder: string; freeMb: number; needMb: number }) =>
      `only ${d.freeMb} MB are free where ${d.folder} lies, and ${d.needMb} MB are needed. Free some space, or choose another place with --data-dir.`,
  },
  folder_not_writable: {
    status: 403,
    text: (d: { folder: string; reason: string }) =>
      `cannot write to ${d.folder} (${d.reason}). Make it writable for this user, or choose another place with --data-dir.`,
  },
  data_unreadable: {
    status: 500,
    text: (d: { file: string }) => `${d.file} is damaged. Start over with: npm start -- --fresh`,
  },
  bad_arguments: { status: 400, text: (d: { what: string }) => `${d.what}. Try: npm start -- --help` },
  missing_setting: {
    status: 500,
    text: (d: { key: string; why: string }) => `${d.key} is not set, and it is needed: ${d.why}.`,
  },
  no_deployment: {
    status: 500,
    text: (d: { file: string; chainId: number }) =>
      `there are no addresses for chain ${d.chainId}: ${d.file} is missing. Deploy first, or set DEPLOYMENT_FILE.`,
  },
  other_committee: {
    status: 409,
    text: () =>
      "the contracts of this data folder were built with another LAPTOP_COMMITTEE. Set it as it was, or start over with: npm start -- --fresh",
  },
  no_server: {
    status: 502,
    text: (d: { url: string; reason: string }) =>
      `no Sooth server answers at ${d.url} (${d.reason}). Start it first with npm start, or correct the address after --join.`,
  },
  other_chain: {
    status: 409,
    text: (d: { url: string; told: number; wanted: number }) =>
      `the server at ${d.url} serves chain ${d.told}, and this node is set to chain ${d.wanted}: set HUB_CHAIN_ID=${d.told} if that is meant.`,
  },
  not_named: {
    status: 500,
    text: (d: { url: string; keys: string }) =>
      `${d.url} is not on this machine, and of a chain a node believes no server elsewhere: set ${d.keys}. Contracts come from DEPLOYMENT_FILE or the folder deployments, and only origins in PROVIDER_ALLOWED_ORIGINS are read.`,
  },
  starter_failed: {
    status: 500,
    text: (d: { what: string }) => `no market was opened to start with: ${d.what}`,
  },
  web_build_failed: {
    status: 500,
    text: (d: { reason: string }) => `the web app could not be built: ${d.reason}`,
  },
});
