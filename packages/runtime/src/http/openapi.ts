import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import { errorEnvelope } from "./errors.ts";
import type { App } from "./options.ts";

/** The web app's mark, and with its name beside it. */
const RING = `<g fill="none" stroke-width="4.4" stroke="#f1f4f3"><path d="M17.6 6.3a9.8 9.8 0 0 1 8.1 8.1"/><path d="M25.7 17.6a9.8 9.8 0 0 1-8.1 8.1"/><path d="M14.4 25.7a9.8 9.8 0 0 1-8.1-8.1"/><path d="M6.3 14.4a9.8 9.8 0 0 1 8.1-8.1" stroke="#e8a72c"/></g>`;
const MARK = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0c4f46"/>${RING}</svg>`;
const WORDMARK = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 32" height="40" role="img" aria-label="Sooth, to the web app">${RING}<text x="38" y="24" font-family="Georgia, serif" font-size="23" font-weight="600" fill="#f1f4f3">Sooth API</text></svg>`;

type Operation = { responses?: Record<string, unknown> };
type OpenApiDocument = { openapi: string; paths: Record<string, Record<string, Operation>> };

const ERROR_RESPONSE = {
  description: "Any error: its code is stable, its message is for people",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};

/**
 * Gives the wire schemas of a module their names in the OpenAPI document: the export `wireMarket` becomes `Market`.
 * Other exports are left alone; naming twice changes nothing.
 */
export function nameSchemas(module: Record<string, unknown>): void {
  for (const [name, schema] of Object.entries(module)) {
    if (!/^wire[A-Z]/.test(name) || !(schema instanceof z.ZodObject)) continue;
    if (z.globalRegistry.get(schema)?.id === undefined)
      z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id: name.slice("wire".length) });
  }
}

/** Collects the routes that are added from here on, and serves their description and a page to try them. */
export async function describeRoutes(
  app: App,
  version: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  if (z.globalRegistry.get(errorEnvelope)?.id === undefined)
    z.globalRegistry.add(errorEnvelope, { id: "Error" });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Sooth",
        version,
        description: "Questions, answers, markets. Amounts are decimal strings.",
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  let text: string | undefined;
  // Where the routes stand it is looked for too.
  for (const where of ["/openapi.json", "/v1/openapi.json"])
    app.get(where, { schema: { hide: true } }, (_request, reply) => {
      text ??= JSON.stringify(openApiDocument(app));
      return reply
        .type("application/json; charset=utf-8")
        .serializer((body) => body as string)
        .send(text);
    });
  await app.register(swaggerUi, {
    routePrefix: "/docs",
    // A hundred and thirty routes: their groups first, which a browser can also search.
    uiConfig: { deepLinking: true, docExpansion: "none" },
    logo: { type: "image/svg+xml", content: Buffer.from(WORDMARK), href: "/", target: "_self" },
    theme: {
      title: "Sooth API",
      favicon: [
        {
          filename: "mark.svg",
          rel: "icon",
          sizes: "any",
          type: "image/svg+xml",
          content: Buffer.from(MARK),
        },
      ],
      css: [{ filename: "sooth.css", content: ".swagger-ui .topbar { background: #0c4f46; }" }],
    },
    uiHooks: {
      onRequest: (_request, reply, done) => {
        reply.headers(headers);
        done();
      },
    },
  });
}

/** The OpenAPI 3.1 document of all routes, each with the one shape of errors. Call after `app.ready()`. */
export function openApiDocument(app: App): object {
  const document = structuredClone(app.swagger()) as unknown as OpenApiDocument;
  for (const operations of Object.values(document.paths))
    for (const operation of Object.values(operations))
      operation.responses = { ...operation.responses, default: ERROR_RESPONSE };
  return document;
}
