/**
 * Tools for a language model, made of the API's own description: what the document says is what the model is told, and there
 * is no second list to keep. Whatever moves something stays out: a model may read, and have transactions prepared for
 * somebody to sign.
 */

type Schema = Record<string, unknown>;
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema };
type Operation = {
  operationId?: string;
  tags?: string[];
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, { content?: Record<string, unknown> }>;
};
export type ApiDocument = {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
};

export type Tool = {
  name: string;
  /** As the API groups them: "markets", "oracle". */
  tags: readonly string[];
  description: string;
  /** JSON Schema of one object: parameters by their names, the request's body under `body`. */
  inputSchema: Schema & { type: "object" };
  /** Nothing changes by it, not even what the server keeps. */
  readOnly: boolean;
  request: { method: "GET" | "POST"; path: string; query: readonly string[]; hasBody: boolean };
};

const JSON_TYPE = "application/json";
/** Of a wallet that is signed in, or of an operator: no model signs in. */
const NOT_FOR_MODELS = new Set(["session", "notifications", "keys"]);

/** The operations that read JSON, and those that prepare what somebody else may sign; by name. */
export function toolsOf(document: ApiDocument): Tool[] {
  const schemas = document.components?.schemas ?? {};
  return Object.entries(document.paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) => toolOf(path, method, operation, schemas)),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function toolOf(path: string, method: string, operation: Operation, schemas: Record<string, Schema>): Tool[] {
  const { operationId: name, tags = [], parameters = [], responses = {} } = operation;
  if (name === undefined || tags.some((tag) => NOT_FOR_MODELS.has(tag))) return [];
  const answers = Object.entries(responses).filter(([status]) => status.startsWith("2"));
  if (!answers.some(([, { content }]) => content?.[JSON_TYPE])) return [];
  const readOnly = method === "get";
  if (!readOnly && !(method === "post" && path.split("/").includes("prepare"))) return [];
  const named = parameters.filter((one) => one.in === "path" || one.in === "query");
  const body = operation.requestBody?.content?.[JSON_TYPE]?.schema;
  const described = named.map(({ name: parameter, schema = {}, description }) => [
    parameter,
    description === undefined ? schema : { ...schema, description },
  ]);
  const inputSchema = {
    type: "object" as const,
    properties: { ...Object.fromEntries(described), ...(body && { body }) } as Schema,
    required: [
      ...named.filter((one) => one.required === true).map((one) => one.name),
      ...(body ? ["body"] : []),
    ],
    additionalProperties: false,
  };
  const says = [operation.summary, operation.description, readOnly ? undefined : PREPARES];
  return [
    {
      name,
      tags,
      description: says.filter((text) => text !== undefined).join(". "),
      inputSchema: whole(inputSchema, schemas),
      readOnly,
      request: {
        method: readOnly ? "GET" : "POST",
        path,
        query: named.filter((one) => one.in === "query").map((one) => one.name),
        hasBody: body !== undefined,
      },
    },
  ];
}

const PREPARES = "Sends nothing: the answer is what a person may sign and send with a wallet";
const REF = "#/components/schemas/";

/** The schema with all that it refers to in itself: a tool's schema stands alone. */
function whole<T extends Schema>(schema: T, schemas: Record<string, Schema>): T {
  const defs: Record<string, unknown> = {};
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key !== "$ref" || typeof inner !== "string" || !inner.startsWith(REF)) return [key, moved(inner)];
        const name = inner.slice(REF.length);
        if (!(name in defs)) {
          // Named before it is walked: shapes may refer to themselves.
          defs[name] = {};
          defs[name] = moved(schemas[name] ?? {});
        }
        return [key, `#/$defs/${name}`];
      }),
    );
  };
  const result = moved(schema) as T;
  return Object.keys(defs).length > 0 ? { ...result, $defs: defs } : result;
}

/** Where a call of `tool` goes. Arguments have been checked against its schema. */
export function requestOf({ request }: Tool, args: Record<string, unknown>): { path: string; body: unknown } {
  const path = request.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(args[name])),
  );
  const query = new URLSearchParams();
  for (const name of request.query) {
    const value = args[name];
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) query.append(name, String(one));
  }
  const asked = query.toString();
  return { path: asked === "" ? path : `${path}?${asked}`, body: request.hasBody ? args.body : undefined };
}
