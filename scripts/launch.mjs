// Started by every npm script: installs what is missing, then runs its first argument under the pinned Node.
// Needs nothing but the Node and npm of this machine. What stands here is old on purpose: a Node too old for the
// rest must still be able to say so.
const OLDEST = 18;
const [target, ...args] = process.argv.slice(2);
const parent = process.ppid;

if (Number(process.versions.node.split(".")[0]) < OLDEST) {
  console.error(
    `[setup] This is Node ${process.versions.node}, and the installer needs ${OLDEST} or newer: ` +
      "install a current Node from https://nodejs.org, then try again.",
  );
  process.exit(1);
}

import("./launch/setup.mjs")
  .then(({ setUp }) => setUp())
  .then((node) => import("./launch/run.mjs").then(({ run }) => run({ node, target, args, parent })))
  .catch((error) => {
    // What the installer expects to go wrong has a sentence; anything else is a defect and shows where it is.
    console.error(`[setup] ${error.sentence || error.stack}`);
    process.exit(1);
  });
