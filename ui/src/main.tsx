import "./styles/tokens.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient, setHost, host, topicsPublished } from "./host";
import { bridgeHost } from "./host/bridge";
import { windowHost } from "./host/window";
import { router } from "./shell/routes";
import { askSavePath } from "./shell/SavePathDialog";
import { listenToKeys } from "./shell/shortcuts";

setHost("__TAURI_INTERNALS__" in window ? windowHost() : bridgeHost(askSavePath));
host().onTopics((topics) => void topicsPublished(topics));
listenToKeys();

const place = document.getElementById("app");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
