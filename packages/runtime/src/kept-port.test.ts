import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { isFreePort, keptPort } from "./kept-port.ts";

afterEach(() => void vi.restoreAllMocks());

test.runIf(process.platform === "linux")(
  "a port is given to one alone, also before he listens on it",
  async () => {
    const chance = vi
      .spyOn(Math, "random")
      .mockReturnValueOnce(0.5)
      .mockReturnValueOnce(0.5)
      .mockReturnValue(0.25);
    const [one, other] = [await keptPort(), await keptPort()];
    expect(other).toBeLessThan(one);
    expect(chance).toHaveBeenCalledTimes(3);
  },
);

test("a kept port can be listened on, and lies below those that a system gives away", async () => {
  const port = await keptPort();
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(32_768);
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  expect(await isFreePort(port)).toBe(false);
  server.close();
  await once(server, "close");
  expect(await isFreePort(port)).toBe(true);
});

test("what somebody listens on is not free", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  expect(await isFreePort((server.address() as AddressInfo).port)).toBe(false);
  server.close();
});
