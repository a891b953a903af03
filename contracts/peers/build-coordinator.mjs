// Builds Chainlink's own VRF coordinator, which wants a compiler older than ours: `built/VRFCoordinatorV2_5.json`, for vm.getCode.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import solc from "solc";

const peers = import.meta.dirname;
const SOURCE = "@chainlink/contracts/src/v0.8/vrf/dev/VRFCoordinatorV2_5.sol";
const source = (name) => readFileSync(path.join(peers, "node_modules", name), "utf8");
const readImport = (name) => {
  try {
    return { contents: source(name) };
  } catch (error) {
    return { error: error.message };
  }
};

const answer = JSON.parse(
  solc.compile(
    JSON.stringify({
      language: "Solidity",
      sources: { [SOURCE]: { content: source(SOURCE) } },
      settings: {
        // Fewer runs than a contract so often called would want: more of them and it exceeds what a contract may weigh.
        optimizer: { enabled: true, runs: 500 },
        outputSelection: { "*": { VRFCoordinatorV2_5: ["abi", "evm.bytecode.object"] } },
      },
    }),
    { import: readImport },
  ),
);
const errors = (answer.errors ?? []).filter(({ severity }) => severity === "error");
if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
const { abi, evm } = answer.contracts[SOURCE].VRFCoordinatorV2_5;
mkdirSync(path.join(peers, "built"), { recursive: true });
writeFileSync(
  path.join(peers, "built/VRFCoordinatorV2_5.json"),
  JSON.stringify({ abi, bytecode: { object: `0x${evm.bytecode.object}` } }),
);
