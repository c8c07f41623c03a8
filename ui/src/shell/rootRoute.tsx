import { createRootRoute } from "@tanstack/react-router";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

/** The parent of every page; pages import it to make their routes. */
export const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });
