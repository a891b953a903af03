import { isIPv6 } from "node:net";
import type { FastifyRequest, RouteOptions } from "fastify";
import { counter } from "../metrics.ts";
import { HttpError } from "./errors.ts";
import type { App } from "./options.ts";
import type { Buckets, Rate } from "./token-bucket.ts";

const requests = counter("http_callers_total", "Requests to routes that ask who calls, by class of caller", [
  "kind",
]);
const refusals = counter("http_callers_refused_total", "Such requests refused", ["kind", "why"]);

/** What a caller may use: a token bucket, and event streams open at once on one process. */
export type Allowance = Rate & { streams: number };
export type Caller = {
  /** What is counted under. */
  id: string;
  /** Few values: a label of metrics. */
  kind: string;
  scopes: readonly string[];
  allowance: Allowance;
};
export type CallerOptions = {
  /** Whoever shows no key, by address. */
  anonymous: { scopes: readonly string[]; allowance: Allowance };
  /** All keys of one address together: keys may cost nothing. */
  address: Rate;
  /** Who holds a key; throws what the caller is told when nobody may. */
  byKey(key: string): Promise<Caller>;
  /** How every key begins. No such text may stand in a URL: those are logged and shared. */
  keyPrefix: string;
};

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a key must be good for here. Routes without it never ask who calls. */
    scope?: string;
    /** Tokens that a request takes from the caller's bucket. Default 1. One that depends on the body is taken after reading it. */
    cost?: number | ((request: FastifyRequest) => number);
  }
  interface FastifyRequest {
    /** Set where the route has a scope. */
    caller: Caller | null;
  }
}

/** Finds out who calls the routes that have a scope, refuses who may not, and takes tokens from his bucket. */
export function meetCallers(app: App, options: CallerOptions, buckets: Buckets): void {
  app.decorateRequest("caller", null);
  app.addHook("onRequest", (request, _reply, done) => {
    if (request.url.includes(options.keyPrefix)) done(HttpError.key_in_url({}));
    else done();
  });
  const take = async (kind: string, id: string, cost: number, rate: Rate) => {
    const got = await buckets.take(id, cost, rate);
    if (got.ok) return;
    refusals.inc({ kind, why: "rate" });
    throw HttpError.too_many_requests({ retryAfterSeconds: got.retryAfterSeconds });
  };
  const identify = async (request: FastifyRequest): Promise<Caller> => {
    const place = addressGroup(request.ip);
    const key = shownKey(request);
    if (key === undefined) return { ...options.anonymous, id: `address:${place}`, kind: "anonymous" };
    // Before the key is looked at: guessing keys costs as much as using them.
    await take("key", `keys-of:${place}`, 1, options.address);
    try {
      return await options.byKey(key);
    } catch (error) {
      refusals.inc({ kind: "key", why: "key" });
      throw error;
    }
  };
  const meet = (scope: string, cost: number) => async (request: FastifyRequest) => {
    const caller = await identify(request);
    requests.inc({ kind: caller.kind });
    if (!caller.scopes.includes(scope)) {
      refusals.inc({ kind: caller.kind, why: "scope" });
      throw HttpError.out_of_scope({ scope });
    }
    if (cost > 0) await take(caller.kind, caller.id, cost, caller.allowance);
    request.caller = caller;
  };
  app.addHook("onRoute", (route: RouteOptions) => {
    const { scope, cost = 1 } = route.config ?? {};
    if (scope === undefined) return;
    route.onRequest = [route.onRequest ?? [], meet(scope, typeof cost === "number" ? cost : 0)].flat();
    if (typeof cost === "number") return;
    const charge = async (request: FastifyRequest) => {
      const { caller } = request;
      if (caller) await take(caller.kind, caller.id, cost(request), caller.allowance);
    };
    route.preHandler = [route.preHandler ?? [], charge].flat();
  });
}

/** Counts the open streams of each caller on this process. */
export function streamSeats(): { sit(caller: Caller): () => void } {
  const open = new Map<string, number>();
  return {
    /** @throws http.too_many_own_streams. Call what is returned once, when the stream has ended. */
    sit: ({ id, kind, allowance }) => {
      const count = open.get(id) ?? 0;
      if (count >= allowance.streams) {
        refusals.inc({ kind, why: "streams" });
        throw HttpError.too_many_own_streams({ most: allowance.streams, retryAfterSeconds: 15 });
      }
      open.set(id, count + 1);
      return () => {
        const left = (open.get(id) ?? 1) - 1;
        if (left > 0) open.set(id, left);
        else open.delete(id);
      };
    },
  };
}

/** Who has one address of IPv6 has at least 2^64 of them: they count as one. */
export function addressGroup(ip: string): string {
  if (!isIPv6(ip) || ip.toLowerCase().startsWith("::ffff:")) return ip;
  const [head = "", tail] = ip.split("%")[0]?.split("::") ?? [];
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const middle = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => "0");
  const words = [...front, ...middle, ...back].map((word) => Number.parseInt(word, 16).toString(16));
  return `${words.slice(0, 4).join(":")}::/64`;
}

/** The key that a request shows. @throws http.bad_authorization when it shows something else, or two */
function shownKey(request: FastifyRequest): string | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) return undefined;
  const names = request.raw.rawHeaders.filter((_, index) => index % 2 === 0);
  // Node keeps the first of two, a proxy may have kept the second: nobody shall choose which of them counts.
  const twice = names.filter((name) => name.toLowerCase() === "authorization").length > 1;
  const found = /^Bearer ([\w.~+/=-]{1,200})$/i.exec(authorization);
  if (twice || !found) throw HttpError.bad_authorization({});
  return found[1];
}
