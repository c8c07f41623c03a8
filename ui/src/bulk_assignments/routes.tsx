/** The feature's addresses. The shell mounts them. */
import { createRoute } from "@tanstack/react-router";
import { rootRoute } from "../shell/rootRoute";
import { CheckPage } from "./check/CheckPage";
import { PlanPage } from "./plan/PlanPage";
import { ReportPage } from "./report/ReportPage";
import { RunPage } from "./run/RunPage";
import { TemplatesPage } from "./templates/TemplatesPage";
import { NewTemplatePage, UploadPage } from "./upload/UploadPage";
import { checkView, planView, reportView, templatesView } from "./views";

const templates = createRoute({ getParentRoute: () => rootRoute, path: "/bulk", validateSearch: templatesView, component: TemplatesPage });
const created = createRoute({ getParentRoute: () => rootRoute, path: "/bulk/new", component: NewTemplatePage });
const upload = createRoute({ getParentRoute: () => rootRoute, path: "/bulk/$template/upload", component: UploadPage });
const check = createRoute({ getParentRoute: () => rootRoute, path: "/bulk/$template/check", validateSearch: checkView, component: CheckPage });
const plan = createRoute({ getParentRoute: () => rootRoute, path: "/bulk/$template/plan", validateSearch: planView, component: PlanPage });
const run = createRoute({ getParentRoute: () => rootRoute, path: "/bulk/$template/run", component: RunPage });
const report = createRoute({ getParentRoute: () => rootRoute, path: "/bulk/$template/report", validateSearch: reportView, component: ReportPage });

export const bulkRoutes = [templates, created, upload, check, plan, run, report] as const;
