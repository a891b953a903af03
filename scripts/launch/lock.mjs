import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/**
 * Waits until nobody else sets up `root`, then holds that for this process. The lock is a socket: whoever waits is told
 * by the system the moment the holder ends, however it ends, and no file is left to go stale.
 */
export async function lockSetup(root, onWait) {
  const name = `sooth-setup-${createHash("sha256").update(root).digest("hex").slice(0, 24)}`;
  // On Linux an abstract address, which is no file at all.
  const address = process.platform === "linux" ? `\0${name}` : path.join(os.tmpdir(), `${name}.sock`);
  for (let told = false; ;) {
    const server = await hold(address);
    if (server) return () => server.close();
    if (!told) onWait();
    told = true;
    await holderEnds(address);
  }
}

function hold(address) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(address, () => resolve(server));
    server.unref();
  });
}

function holderEnds(address) {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.on("error", () => {
      // A file without a holder: it was killed. (An abstract address cannot outlive its holder.)
      if (!address.startsWith("\0")) rmSync(address, { force: true });
    });
    socket.on("close", () => setTimeout(resolve, 50));
  });
}
