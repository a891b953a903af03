export { type NotificationsConfig, notificationsConfig } from "./edge/config.ts";
export { lettersHealth } from "./edge/checks.ts";
export { notifications } from "./edge/slice.ts";
