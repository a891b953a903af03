import Fastify from "fastify";

/** The same HTTP library with one route and nothing else: what the API is measured against. Runs in its own process. */
const app = Fastify();
const [size = "1000"] = process.argv.slice(2);
const body = { items: "x".repeat(Number(size)) };
app.get("/", () => body);
const url = await app.listen({ port: 0, host: "127.0.0.1" });
process.on("disconnect", () => process.exit(0));
process.send?.(url);
