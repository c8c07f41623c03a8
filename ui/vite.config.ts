import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => {
  // `PATCHBAY_BRIDGE` is where `patchbay-cli bridge` listens; only the development server uses it.
  const bridge = loadEnv(mode, ".", "PATCHBAY_")["PATCHBAY_BRIDGE"] ?? "http://127.0.0.1:4599";
  return {
    base: "./",
    clearScreen: false,
    plugins: [react()],
    server: {
      host: "127.0.0.1",
      port: 5173,
      strictPort: true,
      proxy: { "/rpc": bridge, "/events": bridge },
    },
    build: {
      target: ["es2022", "chrome111", "safari16.4"],
      // The content security policy has no `data:`: every asset stays a file, and nothing is injected inline.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 1500,
    },
    test: { environment: "node", include: ["src/**/*.test.ts"] },
  };
});
