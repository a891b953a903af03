import { AppError, type Hex } from "@sooth/kernel";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { sha256 } from "viem";
import { latestRound, publicKeyOf, RandomnessError, type Schedule, sign } from "../core/index.ts";
import { type BeaconFault, beaconFault } from "./fault.ts";

export type LocalBeaconOptions = Schedule & {
  secretKey: bigint;
  /** 0 or not given: a free one. */
  port?: number;
  /** Unix seconds by which rounds are published: the clock of the chain that they are for. */
  now: () => number | Promise<number>;
  /** Serves `/__control`: GET tells the fault and the count of requests, PUT sets a fault. For tests and drills. */
  control?: boolean;
};

export type LocalBeacon = {
  /** Base URL by drand's second protocol, `.../v2/beacons/local`. */
  url: string;
  /** The same by the first one, `.../<chain hash>`. */
  firstUrl: string;
  publicKey: Hex;
  /** From the next request on. */
  fail(next: BeaconFault): void;
  requests(): number;
  stop(): Promise<void>;
};

type Reply = { status: number; body: object };

const HOST = "127.0.0.1";
const CONTROL_PATH = "/__control";

/**
 * A beacon of one key, in drand's evmnet scheme and behind drand's HTTP protocols: to a client it differs from the real
 * one by its key alone. Signs a round when it is asked for, and none before its time.
 * @throws randomness.no_port
 */
export async function startLocalBeacon(o: LocalBeaconOptions): Promise<LocalBeacon> {
  const publicKey = publicKeyOf(o.secretKey);
  const chainHash = sha256(publicKey).slice(2);
  let active: BeaconFault = { kind: "none" };
  let requests = 0;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", `http://${HOST}`);
    const serve = async () => {
      if (o.control && pathname === CONTROL_PATH) {
        if (request.method === "PUT") active = await readFault(request);
        return send(response, { status: 200, body: { fault: active, requests } });
      }
      requests += 1;
      if (active.kind === "down") return void response.socket?.resetAndDestroy();
      if (active.kind === "stall") return;
      if (active.kind === "broken") return send(response, { status: 500, body: { error: "out of order" } });
      const now = Math.floor(await o.now()) - (active.kind === "late" ? active.seconds : 0);
      const reply = answer({ ...o, publicKey, chainHash, active, now }, pathname);
      send(response, reply, active.kind === "garbage");
    };
    serve().catch((error: unknown) => refuse(response, error));
  });
  await listen(server, o.port ?? 0);
  const address = server.address();
  if (address === null || typeof address === "string") throw RandomnessError.no_port(undefined);
  const origin = `http://${HOST}:${address.port}`;
  return {
    url: `${origin}/v2/beacons/local`,
    firstUrl: `${origin}/${chainHash}`,
    publicKey,
    fail: (next) => {
      active = next;
    },
    requests: () => requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) =>
        server.close((error) => (error ? reject(error) : resolve())),
      );
    },
  };
}

type Speaking = Schedule & {
  secretKey: bigint;
  publicKey: Hex;
  chainHash: string;
  active: BeaconFault;
  /** By which rounds are published. */
  now: number;
};

/** What is said at a path of either protocol. */
function answer(o: Speaking, pathname: string): Reply {
  const second = /^\/v2\/beacons\/local\/(?:rounds\/(?<round>\d+|latest)|info)$/.exec(pathname);
  const first = new RegExp(`^/${o.chainHash}/(?:public/(?<round>\\d+|latest)|info)$`).exec(pathname);
  const path = second ?? first;
  if (!path) return { status: 404, body: { error: "not found" } };
  const asked = path.groups?.["round"];
  if (asked === undefined) return { status: 200, body: infoOf(o) };
  const newest = latestRound(o, o.now);
  const round = asked === "latest" ? newest : BigInt(asked);
  // The protocols say "not yet" in different words.
  if (round < 1n || round > newest) return { status: second ? 425 : 404, body: { error: "not there yet" } };
  const told = o.active.kind === "wrong_round" && round > 1n ? round - 1n : round;
  const signature = sign(o.secretKey, o.active.kind === "wrong_signature" ? told + 1n : told);
  const body = { round: Number(told), signature: signature.slice(2) };
  return { status: 200, body: second ? body : { ...body, randomness: sha256(signature).slice(2) } };
}

const infoOf = (o: Speaking): object => ({
  public_key: o.publicKey.slice(2),
  period: o.period,
  genesis_time: o.genesis,
  chain_hash: o.chainHash,
  scheme: "bls-bn254-unchained-on-g1",
  beacon_id: "local",
});

function send(response: ServerResponse, { status, body }: Reply, half = false): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(half ? text.slice(0, Math.ceil(text.length / 2)) : text);
}

async function readFault(request: IncomingMessage): Promise<BeaconFault> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  try {
    return beaconFault.parse(JSON.parse(text));
  } catch (error) {
    throw RandomnessError.bad_fault({ found: text.slice(0, 100) }, { cause: error });
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const status = error instanceof AppError ? error.status : 500;
  send(response, { status, body: { error: error instanceof Error ? error.message : String(error) } });
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      resolve();
    });
  });
