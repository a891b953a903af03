import type { FastifyRequest } from "fastify";

/** Where whoever asked reached this server. A name that could not be one is left out: it comes from the request. */
export const originOf = ({ protocol, host }: Pick<FastifyRequest, "protocol" | "host">): string | undefined =>
  /^[a-z0-9.-]+(:\d+)?$/i.test(host) ? `${protocol}://${host}` : undefined;
