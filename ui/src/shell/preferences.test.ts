import { expect, test, vi } from "vitest";
import { commandKey, type Preferences, queryClient } from "../host";
import { type Host, setHost } from "../host/host";
import { changePreferences } from "./preferences";

vi.mock("../ui", () => ({ toastFailure: (failure: unknown) => expect.fail(String(failure)) }));

const KEY = commandKey("preferences.get", {});

test("quick changes of one setting never show an older one, and each is written as it was meant", async () => {
  let stored = { theme: "light", density: "comfortable", views: { a: "1" } } as unknown as Preferences;
  const written: Preferences[] = [];
  const answers: (() => void)[] = [];
  setHost({
    call: async (command: string, request: unknown) => {
      if (command === "preferences.get") return stored;
      await new Promise<void>((answer) => answers.push(answer));
      stored = request as Preferences;
      written.push(stored);
      return stored;
    },
  } as unknown as Host);
  const shown: string[] = [];
  const see = () => shown.push(queryClient.getQueryData<Preferences>(KEY)?.theme ?? "none");
  queryClient.setQueryData(KEY, stored);
  const end = queryClient.getQueryCache().subscribe(see);
  const changes = [changePreferences(() => ({ theme: "dark" })), changePreferences(() => ({ theme: "system" })), changePreferences(({ views }) => ({ theme: "light", views: { ...views, b: "2" } }))];
  shown.length = 0;
  for (const change of changes) {
    while (answers.length === 0) await new Promise((turn) => setTimeout(turn));
    answers.shift()?.();
    await change;
  }
  end();
  expect(new Set(shown)).toEqual(new Set(["light"]));
  expect(written.map(({ theme }) => theme)).toEqual(["dark", "system", "light"]);
  expect(stored).toMatchObject({ density: "comfortable", views: { a: "1", b: "2" } });
});
