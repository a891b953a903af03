#!/usr/bin/env node
// forge wants a native solc: standard JSON in, standard JSON out. This answers with the npm package solc.
import { readFileSync, writeSync } from "node:fs";
import path from "node:path";
import solc from "solc";

// forge sends every source along but those that a library in node_modules imports by a relative path.
const contracts = import.meta.dirname;
const readImport = (name) => {
  try {
    return { contents: readFileSync(path.resolve(contracts, name), "utf8") };
  } catch (error) {
    return { error: error.message };
  }
};

if (process.argv.includes("--version")) {
  const version = solc.version().split(".Emscripten")[0];
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}.Linux.g++\n`);
} else {
  const answer = Buffer.from(solc.compile(readFileSync(0, "utf8"), { import: readImport }));
  // A pipe takes 64 KiB at a time, and an asynchronous write is cut off when the process ends.
  for (let at = 0; at < answer.length; ) {
    try {
      at += writeSync(1, answer, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}
