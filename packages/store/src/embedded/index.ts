export { postgresBinaries } from "./binaries.ts";
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from "./postgres.ts";
export { type TestDatabase, testDatabase } from "./test-database.ts";
