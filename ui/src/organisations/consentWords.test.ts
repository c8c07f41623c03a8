import { describe, expect, it } from "vitest";
import type { Organisation } from "../host/generated";
import { consentWords, initials } from "./consentWords";

const now = new Date("2026-11-19T14:45:00Z");
const organisation = (part: Partial<Organisation>): Organisation => ({
  id: "1",
  name: "Kestrel Logistics",
  wholesale: false,
  contactCenter: false,
  contactCenterRegion: null,
  accountNumber: null,
  internalId: null,
  adminEmail: null,
  httpProxy: null,
  httpsProxy: null,
  caFile: null,
  defaultCallingBehaviour: null,
  emailDomain: null,
  directorySyncEnabled: false,
  syncOnCreate: true,
  notes: null,
  environment: { kind: "commercial" },
  consent: { state: "granted" },
  clientId: null,
  hasClientSecret: false,
  accessTokenExpiresAt: "2026-12-03T09:12:00Z",
  refreshTokenExpiresAt: "2027-02-10T09:12:00Z",
  consentedAt: null,
  consentedBy: null,
  unexpectedAdmin: false,
  refreshedAt: null,
  refreshTokenSince: null,
  refreshes: [],
  permissions: [],
  lastSyncAt: null,
  createdAt: "2026-08-27T09:00:00Z",
  ...part,
});

describe("consentWords", () => {
  it("counts the days of the refresh token", () => {
    expect(consentWords(organisation({}), now)).toMatchObject({ tone: "ok", words: "Consent: 83 days left" });
  });
  it("warns when it ends soon", () => {
    expect(consentWords(organisation({ refreshTokenExpiresAt: "2026-11-25T09:12:00Z" }), now)).toMatchObject({ tone: "warn", shape: "warn", words: "Consent: 6 days left" });
    expect(consentWords(organisation({ refreshTokenExpiresAt: "2026-11-19T20:00:00Z" }), now)).toMatchObject({ words: "Consent: ends today" });
  });
  it("warns on the days that are set", () => {
    const ends = organisation({ refreshTokenExpiresAt: "2026-11-25T15:00:00Z" });
    expect(consentWords(ends, now, 3).tone).toBe("ok");
    expect(consentWords(ends, now, 30).tone).toBe("warn");
  });
  it("says when it is over, whoever noticed it", () => {
    expect(consentWords(organisation({ refreshTokenExpiresAt: "2026-11-18T15:00:00Z" }), now)).toMatchObject({ tone: "bad", words: "Consent has ended" });
    expect(consentWords(organisation({ consent: { state: "needed", reason: "refused", since: "2026-11-18T15:00:00Z" } }), now)).toMatchObject({ tone: "bad", words: "Consent needed" });
  });
  it("does not warn of a demo or of what was never connected", () => {
    expect(consentWords(organisation({ environment: { kind: "demo" } }), now).tone).toBe("idle");
    expect(consentWords(organisation({ consent: { state: "none" } }), now).words).toBe("Not connected");
  });
});

describe("initials", () => {
  it.each([
    ["Kestrel Logistics", "KL"],
    ["Sable & Tern Legal", "ST"],
    ["Ardmore", "AR"],
    ["  élan  ", "ÉL"],
    ["", "?"],
  ])("%s", (name, letters) => expect(initials(name)).toBe(letters));
});
