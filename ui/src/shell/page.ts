// What pages use of the shell.

export { announce } from "./announce";
export { Page, PageBar, PageHead } from "./Page";
export { useOwnAddress, usePageView } from "./pageView";
export { changePreferences, useCurrentOrganisation, usePreferences, useView } from "./preferences";
export { type Shortcut, useShortcuts } from "./shortcuts";
