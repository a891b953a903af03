import type { Address } from "@sooth/kernel";
import type { FastifyRequest } from "fastify";
import { SessionError } from "../core/index.ts";
import { shownToken } from "./cookie.ts";
import { type ReadDeps, serverTime } from "./deps.ts";
import { needSameOrigin, originHere } from "./origin.ts";
import { type Session, sessionBy } from "./store.ts";

/** Who reads, for answers that differ by it; null for whoever is not signed in, wherever he is. */
export async function whoReads(
  { store, config }: ReadDeps,
  request: FastifyRequest,
): Promise<Session | null> {
  // Most readers show no cookie at all: nothing is looked up for them.
  if (request.headers.cookie === undefined) return null;
  const origin = originOrNone(request, config);
  const token = origin === null ? undefined : shownToken(request, origin);
  return token === undefined ? null : ((await sessionBy(store.db, token, serverTime())) ?? null);
}

/** Who acts: his wallet, lower-case. @throws session.unknown_origin, session.cross_site, session.not_signed_in */
export const signedIn = async (deps: ReadDeps, request: FastifyRequest): Promise<Address> =>
  (await sessionOf(deps, request)).address;

/** The same with his session, and the origin of the page that he acts from. */
export async function sessionOf(
  { store, config }: ReadDeps,
  request: FastifyRequest,
): Promise<Session & { origin: string }> {
  const origin = needSameOrigin(request, config);
  const token = shownToken(request, origin);
  const session = token === undefined ? undefined : await sessionBy(store.db, token, serverTime());
  if (!session) throw SessionError.not_signed_in({});
  return { ...session, origin };
}

/** Where nobody can sign in nobody is: that is no error of a reader. */
function originOrNone(request: FastifyRequest, config: ReadDeps["config"]): string | null {
  try {
    return originHere(request, config);
  } catch {
    return null;
  }
}
