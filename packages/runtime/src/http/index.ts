export { createApp } from "./app.ts";
export type { Allowance, Caller, CallerOptions } from "./callers.ts";
export { HttpError, errorEnvelope } from "./errors.ts";
export { escapeHtml } from "./escape-html.ts";
export { nameSchemas, openApiDocument } from "./openapi.ts";
export type { PageRow } from "./first-pages.ts";
export type { App, HttpOptions, PreviewTags, WebAppOptions } from "./options.ts";
export { originOf } from "./origin-of.ts";
export { serve, type Served } from "./serve.ts";
