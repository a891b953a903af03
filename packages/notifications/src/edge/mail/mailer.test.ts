import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { mailerOf } from "./mailer.ts";

const MAIL = {
  to: "alice@mail.example",
  messageId: "<a@sooth.example>",
  letter: { subject: "a", text: "a", html: "a" },
  unsubscribe: "http://localhost/stop",
};

test("a server that says a little now and then does not hold a letter for longer than one may take", async () => {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.write("220 ready\r\n");
    // An answer that never ends: no silence is long enough to be noticed.
    let drip: NodeJS.Timeout | undefined;
    socket.once("data", () => {
      drip = setInterval(() => socket.write("250-wait\r\n"), 20);
    });
    socket.on("close", () => {
      clearInterval(drip);
      open.delete(socket);
    });
    socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const mailer = mailerOf({ MAIL_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: "news@sooth.example" }, 300);
  const outcome = await mailer?.send(MAIL);
  expect(outcome?.kind).toBe("failed");
  await expect.poll(() => open.size).toBe(0);
  server.close();
});

test.each(["smtp://127.0.0.1", "smtps://127.0.0.1"])(
  "%s goes to the port of its scheme, and fails like any other that nobody listens at",
  async (url) => {
    const mailer = mailerOf({ MAIL_URL: url, MAIL_FROM: "news@sooth.example" });
    expect(await mailer?.send(MAIL)).toMatchObject({ kind: "failed" });
  },
);
