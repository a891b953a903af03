/** The part of JSON Schema 2020-12 that zod writes. */
export type JsonSchema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  description?: string;
  nullable?: boolean;
};

const PLAIN: Record<string, string> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  null: "null",
};

/** A schema as a TypeScript type. Limits (lengths, patterns) are the server's to check. */
export function typeText(schema: JsonSchema): string {
  if (schema.nullable) return union([typeText({ ...schema, nullable: false }), "null"]);
  if (schema.$ref !== undefined) return schema.$ref.replace("#/components/schemas/", "");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return union(either.map(typeText));
  if (schema.allOf) return schema.allOf.map((part) => `(${typeText(part)})`).join(" & ");
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeText({ ...schema, type })));
  if (schema.type === "array") return arrayText(schema);
  if (schema.type === "object") return objectText(schema);
  if (schema.type === undefined) return "unknown";
  const plain = PLAIN[schema.type];
  if (plain === undefined) throw new Error(`a schema of type ${schema.type} is not understood`);
  return plain;
}

const union = (parts: string[]): string => {
  const members = [...new Set(parts)];
  return members.includes("unknown") ? "unknown" : members.join(" | ");
};

function arrayText(schema: JsonSchema): string {
  if (schema.prefixItems) return `[${schema.prefixItems.map(typeText).join(", ")}]`;
  return `Array<${typeof schema.items === "object" ? typeText(schema.items) : "unknown"}>`;
}

function objectText(schema: JsonSchema): string {
  const required = new Set(schema.required);
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
    const about = member.description ? `/** ${member.description.replaceAll("*/", "* /")} */ ` : "";
    return `${about}${key}${required.has(name) ? "" : "?"}: ${typeText(member)}`;
  });
  const others = schema.additionalProperties;
  if (typeof others === "object" && members.length === 0) return `Record<string, ${typeText(others)}>`;
  if (members.length === 0) return others === false ? "Record<string, never>" : "Record<string, unknown>";
  return `{ ${members.join("; ")} }`;
}
