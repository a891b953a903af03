/**
 * Writes packages/abi/src and contracts/snapshots/{abi,storage} from what the compiler made of contracts/src.
 * The same sources give the same bytes on every machine, so a difference after a run is a change of the contracts.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { contractsFolder, forge } from "./forge.ts";

type AbiInput = { name: string; type: string; indexed?: boolean; components?: AbiInput[] };
type AbiItem = {
  type: string;
  name?: string;
  inputs?: AbiInput[];
  outputs?: AbiInput[];
  stateMutability?: string;
};
type StorageLayout = {
  storage: { label: string; slot: string; offset: number; type: string; contract: string }[];
  types: Record<string, { label: string; numberOfBytes: string }> | null;
};
type Artifact = {
  abi: AbiItem[];
  bytecode: { object: string };
  deployedBytecode: { object: string };
  storageLayout: StorageLayout;
};

/** Contracts that are deployed: where they come from, and what they are called in TypeScript. */
const CONTRACTS = [
  { source: "oracle/StakeManager", name: "stakeManager", file: "stake-manager" },
  { source: "oracle/security/Wiring", name: "wiring", file: "wiring" },
  { source: "oracle/security/Timelock", name: "timelock", file: "timelock" },
  { source: "oracle/security/Policy", name: "policy", file: "policy" },
  { source: "oracle/security/Guard", name: "guard", file: "guard" },
  { source: "oracle/security/Slasher", name: "slasher", file: "slasher" },
  { source: "oracle/security/Epochs", name: "epochs", file: "epochs" },
  { source: "oracle/Oracle", name: "oracle", file: "oracle" },
  { source: "oracle/court/Court", name: "court", file: "court" },
  { source: "oracle/ladder/Ladder", name: "ladder", file: "ladder" },
  { source: "markets/Markets", name: "markets", file: "markets" },
  { source: "markets/opinions/Opinions", name: "opinions", file: "opinions" },
  { source: "markets/opinions/Committee", name: "committee", file: "committee" },
  { source: "markets/outcomes/OutcomeTokens", name: "outcomeTokens", file: "outcome-tokens" },
  { source: "randomness/DrandBeacon", name: "drandBeacon", file: "drand-beacon" },
  { source: "oracle/feeds/Feeds", name: "feeds", file: "feeds" },
  { source: "oracle/gateway/Gateway", name: "gateway", file: "gateway" },
  { source: "oracle/gateway/ChainlinkFeed", name: "chainlinkFeed", file: "chainlink-feed" },
  { source: "oracle/gateway/Assertions", name: "assertions", file: "assertions" },
  { source: "bundles/Attesters", name: "attesters", file: "attesters" },
  { source: "bundles/BundleHub", name: "bundleHub", file: "bundle-hub" },
  { source: "bundles/Settler", name: "settler", file: "settler" },
  { source: "bundles/Account", name: "account", file: "account" },
  { source: "bundles/Escrow", name: "escrow", file: "escrow" },
  { source: "bundles/orders/Orders", name: "orders", file: "orders" },
  { source: "bundles/orders/HashLocks", name: "hashLocks", file: "hash-locks" },
  { source: "bundles/views/BundleResolver", name: "bundleResolver", file: "bundle-resolver" },
  { source: "bundles/views/MessageGateway", name: "messageGateway", file: "message-gateway" },
  { source: "lib/TestDollar", name: "testDollar", file: "test-dollar" },
  { source: "lib/TestAccount", name: "testAccount", file: "test-account" },
] as const;

/** What a chain accepts as the code of one contract, bytes. Source: EIP-170. */
const MAX_CODE_BYTES = 24_576;

const abiFolder = path.resolve(contractsFolder, "../packages/abi/src");
const snapshots = path.join(contractsFolder, "snapshots");

const typeOf = (input: AbiInput): string =>
  input.components
    ? `(${input.components.map(typeOf).join(",")})${input.type.slice("tuple".length)}`
    : input.type;

/** One line per function, event and error, sorted: what a reviewer wants to see change. */
function describe(item: AbiItem): string {
  const inputs = (item.inputs ?? []).map(
    (one) => `${typeOf(one)}${one.indexed ? " indexed" : ""} ${one.name}`,
  );
  const outputs = (item.outputs ?? []).map((one) => `${typeOf(one)} ${one.name}`.trim());
  const head = [item.type, item.name].filter(Boolean).join(" ");
  const mutability = item.stateMutability?.replace("nonpayable", "");
  const returns = outputs.length > 0 ? `returns (${outputs.join(", ")})` : "";
  return [`${head}(${inputs.join(", ")})`, mutability, returns].filter(Boolean).join(" ");
}

function describeStorage(layout: StorageLayout): string[] {
  return layout.storage.map(({ label, slot, offset, type }) => {
    const kind = layout.types?.[type];
    return `slot ${slot} byte ${offset}: ${kind?.label ?? type} ${label} (${kind?.numberOfBytes ?? "?"} bytes)`;
  });
}

function artifact(source: string): Artifact {
  const name = path.basename(source);
  return JSON.parse(
    readFileSync(path.join(contractsFolder, "out", `${name}.sol`, `${name}.json`), "utf8"),
  ) as Artifact;
}

export function generateAbi(): void {
  const built = forge(["build", "--quiet", "src"]);
  if (built.status !== 0) throw new Error("forge build failed; its output stands above");
  for (const folder of [abiFolder, path.join(snapshots, "abi"), path.join(snapshots, "storage")])
    mkdirSync(folder, { recursive: true });

  for (const { source, name, file } of CONTRACTS) {
    const { abi, bytecode, deployedBytecode, storageLayout } = artifact(source);
    const size = (deployedBytecode.object.length - 2) / 2;
    if (size > MAX_CODE_BYTES)
      throw new Error(`${source} has ${size} bytes of code, ${MAX_CODE_BYTES} are allowed`);
    const header = `// Generated by scripts/gen-abi.ts from contracts/src/${source}.sol. Do not edit.\n`;
    const bodies = [
      `export const ${name}Abi = ${JSON.stringify(abi, null, 2)} as const;`,
      `export const ${name}Bytecode =\n  "${bytecode.object}" as const;`,
    ];
    writeFileSync(path.join(abiFolder, `${file}.ts`), `${header}\n${bodies.join("\n\n")}\n`);
    const contract = path.basename(source);
    writeFileSync(
      path.join(snapshots, "abi", `${contract}.txt`),
      `${abi.map(describe).toSorted().join("\n")}\n`,
    );
    writeFileSync(
      path.join(snapshots, "storage", `${contract}.txt`),
      `${describeStorage(storageLayout).join("\n")}\n`,
    );
  }
  const doors = CONTRACTS.map(
    ({ name, file }) => `export { ${name}Abi, ${name}Bytecode } from "./${file}.ts";`,
  );
  writeFileSync(
    path.join(abiFolder, "index.ts"),
    `// Generated by scripts/gen-abi.ts from contracts/src. Do not edit.\n${doors.join("\n")}\n`,
  );
}

if (import.meta.main) generateAbi();
