#!/usr/bin/env node
// `npx sooth …` in this repository. Like the npm scripts it goes through the launcher, which installs what is missing
// and runs the tools under the pinned Node, whatever Node this machine has. So this file is old JavaScript on purpose.
process.argv.splice(2, 0, "apps/ops/src/main.ts");
void import("../../../scripts/launch.mjs");
