export { DEV_ACCOUNTS, DEV_MNEMONIC, devAccount } from "./dev-accounts.ts";
export { type Anvil, type AnvilOptions, startAnvil } from "./start-anvil.ts";
export { turnClock } from "./turn-clock.ts";
