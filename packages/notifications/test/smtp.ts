import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export type Received = {
  to: string[];
  from: string;
  headers: Record<string, string>;
  text: string;
  html: string;
};
/** What the server does with the next letters: takes them, says this code at that step, stalls, or hangs up when it has the text. */
export type SmtpFault =
  | null
  /** `says`: its enhanced code, RFC 3463. */
  | { at: "mail" | "rcpt" | "data"; code: number; says?: string }
  | "stall"
  | "drop after data";
export type SmtpSimulator = { url: string; received: Received[]; fault: SmtpFault; close(): Promise<void> };

/** As real ones do, it repeats the address. */
const refuse = ({ code, says = "" }: Refusal, address: string): Error =>
  Object.assign(new Error(`${says} <${address}> is not taken`.trimStart()), { responseCode: code });
type Refusal = { code: number; says?: string };

/** A real SMTP server on this machine that keeps what it is given, and fails on command. */
export async function startSmtp(): Promise<SmtpSimulator> {
  const received: Received[] = [];
  const at = (step: "mail" | "rcpt" | "data") =>
    simulator.fault !== null && typeof simulator.fault === "object" && simulator.fault.at === step
      ? simulator.fault
      : undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect: (_session, done) => {
      if (simulator.fault !== "stall") done();
    },
    onMailFrom: ({ address }, _session, done) => {
      const fault = at("mail");
      done(fault && refuse(fault, address));
    },
    onRcptTo: ({ address }, _session, done) => {
      const fault = at("rcpt");
      done(fault && refuse(fault, address));
    },
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const fault = at("data");
        if (fault) return done(refuse(fault, envelope.rcptTo[0]?.address ?? ""));
        received.push({
          to: envelope.rcptTo.map(({ address }) => address),
          from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
          ...readMessage(Buffer.concat(parts).toString("utf8")),
        });
        if (simulator.fault !== "drop after data") return done();
        for (const { _socket } of server.connections as unknown as Set<{ _socket: { destroy(): void } }>)
          _socket.destroy();
      });
    },
  });
  // Clients that hang up are what is tried.
  server.on("error", () => {});
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  const simulator: SmtpSimulator = {
    url: `smtp://127.0.0.1:${port}`,
    received,
    fault: null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return simulator;
}

/** A message of a text and an HTML part, as RFC 5322 and MIME write it. */
function readMessage(raw: string): Pick<Received, "headers" | "text" | "html"> {
  const { headers, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers["content-type"] ?? "")?.[1] ?? "";
  const parts = body.split(`--${boundary}`).map((part) => split(part.trimStart()));
  const of = (type: string) => {
    const part = parts.find((each) => each.headers["content-type"]?.startsWith(type));
    return part ? decode(part.body, part.headers["content-transfer-encoding"]) : "";
  };
  return { headers, text: of("text/plain"), html: of("text/html") };
}

function split(raw: string): { headers: Record<string, string>; body: string } {
  const end = raw.indexOf("\r\n\r\n");
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, " ")
    .split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
  return { headers, body: raw.slice(end + 4) };
}

function decode(body: string, encoding = "7bit"): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body;
  const bytes = body
    .replaceAll("=\r\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}
