import type { FastifySerializerCompiler } from "fastify/types/schema.js";
import { ResponseSerializationError } from "fastify-type-provider-zod";
import { z } from "zod";

/**
 * Checks an answer against its schema and writes it as JSON; members that the schema does not name stay inside.
 * Parses forwards, where zod runs compiled code; the type provider's own serializer encodes backwards, which does not.
 */
export const compileSerializer: FastifySerializerCompiler<z.ZodType | { properties: z.ZodType }> = ({
  schema: given,
  method,
  url,
}) => {
  const schema = given instanceof z.ZodType ? given : given.properties;
  return (data) => {
    const result = schema.safeParse(data);
    if (!result.success) throw new ResponseSerializationError(method, url, { cause: result.error });
    return JSON.stringify(result.data);
  };
};
