export { buildApiDocument } from "./api-document.ts";
export { configShape, loadConfig, loadEnvironment, type ServerConfig } from "./config.ts";
export { localBeaconUrl } from "./laptop/beacon.ts";
export { laptopAccounts, privateKeyOf, type LaptopAccounts } from "./laptop/accounts.ts";
export { prepareLaptop, type Laptop, type LaptopOptions } from "./laptop/prepare.ts";
export { buildWeb } from "./laptop/web-build.ts";
export { openNetwork, type Network } from "./network.ts";
export { checksOf, MIGRATIONS, SLICES, type Context, type Slice } from "./slices.ts";
export { startStack, type Stack, type StackOptions } from "./stack.ts";
