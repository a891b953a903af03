/** Under this name the browser remembers which test wallet was taken. */
export const STORED_TEST_WALLET = "sooth.testWallet";
