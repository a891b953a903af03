export { createApp } from "./app.ts";
export { HttpError, errorEnvelope } from "./errors.ts";
export { nameSchemas, openApiDocument } from "./openapi.ts";
export type { App, HttpOptions, PreviewTags, WebAppOptions } from "./options.ts";
export { serve, type Served } from "./serve.ts";
